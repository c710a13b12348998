// Makes dist/ghostproof.vsix: the bundle, the server as a wheel, what it is installed with, and the demo.

import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createVSIX } from '@vscode/vsce'

const ROOT = '..'
const SERVER = 'dist/server'
const environments = ['.venv/bin/python', '.venv/Scripts/python.exe'].map((path) => resolve(ROOT, path))
const python = process.env['GHOSTPROOF_PYTHON'] ?? environments.find(existsSync) ?? 'python3'

rmSync('dist', { recursive: true, force: true })
mkdirSync(SERVER, { recursive: true })
execFileSync(process.execPath, ['scripts/bundle.mjs'], { stdio: 'inherit' })
const wheels = ['-m', 'hatchling', 'build', '--target', 'wheel', '--directory', `vscode-extension/${SERVER}`]
execFileSync(python, wheels, { cwd: ROOT, stdio: 'pipe' })
writeFileSync(`${SERVER}/constraints.txt`, execFileSync(python, ['scripts/constraints.py']))
copyFileSync(`${ROOT}/examples/Demo.lean`, 'dist/Demo.lean')
copyFileSync(`${ROOT}/LICENSE`, 'LICENSE')

await createVSIX({ packagePath: 'dist/ghostproof.vsix', dependencies: false })
