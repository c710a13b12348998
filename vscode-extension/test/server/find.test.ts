import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findServer } from '../../src/server/find'
import { folders, type Surroundings } from '../../src/server/places'
import { compareVersions } from '../../src/server/version'
import { script, temporaryFolder } from '../programs'

async function nowhere(changes: Partial<Surroundings> = {}): Promise<Surroundings> {
  const home = await temporaryFolder()
  const privateEnvironment = join(home, 'private')
  return { platform: 'linux', home, path: '', folders: [], pythonPrograms: undefined, privateEnvironment, ...changes }
}

const reports = (version: string): string => `[ "$1" = --version ] && echo "ghostproof ${version}"`

describe('the server', () => {
  test('is not found where there is none', async () => {
    expect(await findServer(await nowhere())).toBeUndefined()
  })

  test('is the only one there is, which is not even asked', async () => {
    const at = await nowhere()
    const path = await script(join(at.privateEnvironment, 'bin', 'ghostproof'), 'exit 1')
    expect(await findServer(at)).toEqual({ command: [path], version: undefined })
  })

  test('is the newest of those in the project, on PATH and of our own', async () => {
    const project = await temporaryFolder()
    const bin = await temporaryFolder()
    const at = await nowhere({ folders: [project], path: bin })
    await script(join(project, '.venv', 'bin', 'ghostproof'), reports('0.9.0'))
    const newest = await script(join(bin, 'ghostproof'), reports('0.10.0'))
    await script(join(at.privateEnvironment, 'bin', 'ghostproof'), reports('0.10.0rc1'))
    expect(await findServer(at)).toEqual({ command: [newest], version: '0.10.0' })
  })

  test('is not a broken one', async () => {
    const bin = await temporaryFolder()
    const at = await nowhere({ path: bin })
    await script(join(bin, 'ghostproof'), 'echo "ModuleNotFoundError" >&2; exit 1')
    const whole = await script(join(at.home, '.local', 'bin', 'ghostproof'), reports('0.1.0'))
    expect(await findServer(at)).toEqual({ command: [whole], version: '0.1.0' })
  })

  test('is the same however many links lead to it', async () => {
    const bin = await temporaryFolder()
    const at = await nowhere({ path: bin })
    const real = await script(join(at.home, 'pipx', 'venvs', 'ghostproof', 'bin', 'ghostproof'), 'exit 1')
    await symlink(real, join(bin, 'ghostproof'))
    expect(await findServer(at)).toEqual({ command: [join(bin, 'ghostproof')], version: undefined })
  })

  test('is looked for in the project first, and in our own place last', async () => {
    const at = await nowhere({ folders: ['/project'], path: '/usr/bin', pythonPrograms: '/conda/bin' })
    const where = folders(at)
    expect(where.slice(0, 4)).toEqual(['/project/.venv/bin', '/project/venv/bin', '/conda/bin', '/usr/bin'])
    expect(where.at(-1)).toBe(join(at.privateEnvironment, 'bin'))
  })
})

test.each([
  ['0.9.0', '0.10.0'],
  ['1.0.dev3', '1.0a1'],
  ['1.0a1', '1.0b1'],
  ['1.0rc1', '1.0'],
  ['1.0', '1.0.post1'],
  ['1.0', '1.0.1'],
])('%s is older than %s', (older, newer) => {
  expect(compareVersions(older, newer)).toBeLessThan(0)
  expect(compareVersions(newer, older)).toBeGreaterThan(0)
  expect(compareVersions(newer, newer)).toBe(0)
})
