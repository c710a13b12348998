// Real virtual environments, made of a wheel that needs nothing else: no network.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { versionOf } from '../../src/server/find'
import { inWords, install, type Installation } from '../../src/server/install'
import { PYTHON, script, temporaryFolder } from '../programs'

const MAKE_WHEEL = `
import sys, zipfile
info = "ghostproof-9.9.0.dist-info"
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("ghostproof_stub.py", "def main():\\n    print('ghostproof 9.9.0')\\n")
    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: ghostproof\\nVersion: 9.9.0\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\\nghostproof = ghostproof_stub:main\\n")
    wheel.writestr(f"{info}/RECORD", "")
`

let parts: string
let environment: string
let said: string[]

function installation(changes: Partial<Installation> = {}): Installation {
  const { signal } = new AbortController()
  return { python: [PYTHON], environment, parts, signal, onProgress: (message) => said.push(message), ...changes }
}

beforeEach(async () => {
  const root = await temporaryFolder()
  parts = join(root, 'parts')
  environment = join(root, 'storage', 'server')
  said = []
  await mkdir(parts)
  await writeFile(join(parts, 'constraints.txt'), 'pygls==2.1.1\n')
})

describe('the private environment', () => {
  test('holds a server that runs', async () => {
    await promisify(execFile)(PYTHON, ['-c', MAKE_WHEEL, join(parts, 'ghostproof-9.9.0-py3-none-any.whl')])
    const executable = await install(installation())
    expect(await versionOf([executable])).toBe('9.9.0')
    expect(said).toEqual(['Making a virtual environment', 'Reading ghostproof', 'Installing'])
    expect(existsSync(`${environment}.before`)).toBe(false)
  })

  test('is as it was before when an installation fails', async () => {
    const old = await script(join(environment, 'bin', 'ghostproof'), 'echo ghostproof 0.1.0')
    await writeFile(join(parts, 'ghostproof-9.9.0-py3-none-any.whl'), 'no zip file')
    await expect(install(installation())).rejects.toThrow(/wheel|zip|ERROR/i)
    expect(await versionOf([old])).toBe('0.1.0')
  })

  test('is not left half made when the user cancels', async () => {
    await writeFile(join(parts, 'ghostproof-9.9.0-py3-none-any.whl'), '')
    const abort = new AbortController()
    const sleeper = await script(join(await temporaryFolder(), 'python'), 'exec sleep 600')
    const done = install(installation({ python: [sleeper], signal: abort.signal, onProgress: () => abort.abort() }))
    await expect(done).rejects.toThrow(/abort/i)
    expect(existsSync(environment)).toBe(false)
  })

  test('is not made where the extension brings no server', async () => {
    await expect(install(installation())).rejects.toThrow('brings no server')
  })
})

test.each([
  ['Collecting lsprotocol==2025.0.0 (from ghostproof==0.1.0)', 'Fetching lsprotocol'],
  ['Processing /a/b/ghostproof-0.1.0-py3-none-any.whl', 'Reading ghostproof'],
  ['Installing collected packages: attrs, rich', 'Installing'],
  ['  Using cached rich-14.2-py3-none-any.whl (243 kB)', undefined],
])('pip says %j', (line, words) => {
  expect(inWords(line)).toBe(words)
})
