import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { choose, findPythons, type Python } from '../../src/server/python'
import { PYTHON, script, temporaryFolder } from '../programs'

const python = (version: string, complete = true): Python => ({
  command: [`/usr/bin/python${version}`],
  version: version.split('.').map(Number),
  complete,
})
const says = (version: string, complete: boolean): string =>
  `echo '{"version": [${version.replaceAll('.', ', ')}], "complete": ${complete}}'`

describe('the Python to install with', () => {
  test('is the one that the user has chosen, if it is new enough', async () => {
    const bin = await temporaryFolder()
    await script(join(bin, 'python3.12'), says('3.12.1', true))
    const chosen = await script(join(await temporaryFolder(), 'python'), says('3.11.4', true))
    const [first] = await findPythons({ platform: 'linux', folders: [bin], chosen })
    expect(first?.command).toEqual([chosen])
  })

  test('is complete before it is anything else', async () => {
    const bin = await temporaryFolder()
    await script(join(bin, 'python3.13'), says('3.13.0', false))
    await script(join(bin, 'python3.12'), 'exit 1')
    const whole = await script(join(bin, 'python3.11'), says('3.11.0', true))
    await script(join(bin, 'python3'), says('3.9.2', true))
    const found = await findPythons({ platform: 'linux', folders: [bin], chosen: undefined })
    expect(found.map(({ version }) => version[1])).toEqual([11, 13, 9])
    expect(choose(found, 'linux')).toMatchObject({ python: { command: [whole] } })
  })

  test('may be a real one', async () => {
    const [real] = await findPythons({ platform: 'linux', folders: [], chosen: PYTHON })
    expect(real?.complete).toBe(true)
  })

  test('is not the one of macOS, which would open a dialog', async () => {
    expect(await findPythons({ platform: 'darwin', folders: ['/usr/bin'], chosen: undefined })).toEqual([])
  })
})

describe('without a good Python there are clear words', () => {
  test.each<[string, Python[], NodeJS.Platform, string]>([
    ['none', [], 'linux', 'sudo apt install python3 python3-venv'],
    ['none on macOS', [], 'darwin', 'brew install python'],
    ['none on Windows', [], 'win32', 'python.org'],
    [
      'old ones',
      [python('3.9.2'), python('3.8.1')],
      'linux',
      'needs Python 3.11 or newer; there is only 3.9.2, 3.8.1.',
    ],
    ['half of one', [python('3.11.2', false)], 'linux', 'sudo apt install python3.11-venv'],
  ])('%s', (_, pythons, platform, words) => {
    expect(choose(pythons, platform)).toEqual({ problem: expect.stringContaining(words) as string })
  })
})
