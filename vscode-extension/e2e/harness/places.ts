// Where everything is: this repository's parts, and the programs that the tests run.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

export const E2E = path.dirname(import.meta.dirname)
export const EXTENSION = path.dirname(E2E)
export const REPOSITORY = path.dirname(EXTENSION)
export const ARTIFACTS = path.join(E2E, 'artifacts')
export const IMAGES = path.join(EXTENSION, 'images')
export const DEMO = path.join(REPOSITORY, 'examples', 'Demo.lean')
export const VSIX = path.join(EXTENSION, 'dist', 'ghostproof.vsix')

/** The programs of the Python environment; another one can be named. */
const BIN = process.env['GHOSTPROOF_BIN'] ?? path.join(REPOSITORY, '.venv', 'bin')
export const GHOSTPROOF = path.join(BIN, 'ghostproof')

export interface Programs {
  readonly node: string
  readonly codeServer: string
  readonly chromium: string
}

/** The editor and the browser, installed on first use. */
export function programs(): Programs {
  const script = path.join(REPOSITORY, 'tests', 'editors', 'install_code_server.py')
  const shown = execFileSync(path.join(BIN, 'python'), [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(shown) as Programs
}

/** What Lean says about a file, without us: "" where it accepts all of it. */
export function leanSays(file: string): string {
  const toolchain = execFileSync(GHOSTPROOF, ['toolchain', 'path'], { encoding: 'utf8' }).trim()
  const { stdout, stderr } = spawnSync(path.join(toolchain, 'bin', 'lean'), [file], { encoding: 'utf8' })
  return (stdout + stderr).trim()
}

/** The packaged extension; `GHOSTPROOF_VSIX` names another one. */
export function vsix(): string {
  const file = process.env['GHOSTPROOF_VSIX'] ?? VSIX
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run package\` in ${EXTENSION}.`)
  return file
}

export function artifact(name: string): string {
  mkdirSync(ARTIFACTS, { recursive: true })
  return path.join(ARTIFACTS, name)
}
