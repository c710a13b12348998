import { describe, expect, test } from 'vitest'
import type { ServerStatus } from '../src/protocol'
import { type Activity, present, proverInWords } from '../src/status'

const idle: ServerStatus = { toolchain: 'Lean 4.28.0 (project)', checker: 'probe', state: 'idle', message: '' }
const show = (activity: Activity, server?: ServerStatus, paused = false): ReturnType<typeof present> =>
  present({ activity, paused, server })

describe('the status bar', () => {
  test.each<[Activity, string, string]>([
    [{ kind: 'untrusted' }, '$(shield) Ghostproof', 'none'],
    [{ kind: 'missing', message: 'Not there.' }, '$(warning) Ghostproof not installed', 'warning'],
    [{ kind: 'installing' }, '$(sync~spin) Ghostproof installing', 'none'],
    [{ kind: 'starting' }, '$(sync~spin) Ghostproof', 'none'],
    [{ kind: 'waiting', milliseconds: 1500 }, '$(error) Ghostproof restarting', 'error'],
    [{ kind: 'failed', message: 'It died.' }, '$(error) Ghostproof stopped', 'error'],
    [{ kind: 'stopped' }, '$(circle-slash) Ghostproof stopped', 'none'],
    [{ kind: 'running' }, '$(check) Ghostproof', 'none'],
  ])('of %o is %s', (activity, text, severity) => {
    expect(show(activity)).toMatchObject({ text, severity })
  })

  test('says why, and what happens next', () => {
    expect(show({ kind: 'waiting', milliseconds: 1500 }).summary).toBe('The server died and is started again in 2 s.')
    expect(show({ kind: 'failed', message: 'It died.' }).summary).toBe('It died.')
  })

  test('names Lean, the checker and the prover', () => {
    expect(show({ kind: 'running' }, idle).details).toEqual([
      ['Toolchain', 'Lean 4.28.0 (project)'],
      ['Checker', 'probe'],
      ['Prover', 'automation only'],
    ])
  })

  test('says where prompts go', () => {
    const prover = { state: 'ready', model: 'm', promptsGoTo: 'https://host' } as const
    const shown = show({ kind: 'running' }, { ...idle, prover })
    expect(shown.summary).toBe('Ready. Prompts go to https://host.')
    expect(shown.details).toContainEqual(['Prompts go to', 'https://host'])
  })

  test('says that a document is read-only, where there is nothing worse to say', () => {
    const readOnly = { text: '$(lock) Ghostproof read-only', severity: 'none' }
    const running: Activity = { kind: 'running' }
    expect(present({ activity: running, paused: false, server: idle }, true)).toMatchObject(readOnly)
    expect(present({ activity: running, paused: true, server: idle }, true).summary).toBe('Paused.')
    const broken = { ...idle, state: 'error', message: 'No Lean.' } as const
    expect(present({ activity: running, paused: false, server: broken }, true).summary).toBe('No Lean.')
    expect(present({ activity: { kind: 'starting' }, paused: false, server: undefined }, true)).toEqual(
      show({ kind: 'starting' }),
    )
  })

  test('shows work, errors and pauses', () => {
    expect(show({ kind: 'running' }, { ...idle, state: 'busy' }).text).toBe('$(sync~spin) Ghostproof')
    const broken = show({ kind: 'running' }, { ...idle, state: 'error', message: 'No Lean.' })
    expect(broken).toMatchObject({ severity: 'error', summary: 'No Lean.' })
    expect(show({ kind: 'running' }, idle, true).text).toBe('$(debug-pause) Ghostproof paused')
  })

  test('shows the speed of a model while it works', () => {
    const prover = { state: 'ready', model: 'small', device: 'cuda', tokensPerSecond: 41.6 } as const
    expect(show({ kind: 'running' }, { ...idle, state: 'busy', prover }).text).toBe('$(sync~spin) Ghostproof 42 tok/s')
  })

  test('warns when the prover has failed and automation goes on', () => {
    const prover = { state: 'error', message: 'Out of memory.' } as const
    expect(show({ kind: 'running' }, { ...idle, prover })).toMatchObject({
      text: '$(warning) Ghostproof automation only',
      severity: 'warning',
      summary: 'Out of memory.',
    })
  })
})

test.each([
  [undefined, 'automation only'],
  [{ state: 'off' }, 'automation only'],
  [{ state: 'starting', model: 'small' }, 'small (starting)'],
  [{ state: 'loading', model: 'small', device: 'cpu' }, 'small on cpu (loading)'],
  [{ state: 'ready', model: 'small', device: 'cpu', tokensPerSecond: 12.4 }, 'small on cpu, 12 tokens/s'],
  [{ state: 'error', message: 'No such model.' }, 'automation only: No such model.'],
] as const)('the prover %o is %s', (prover, words) => {
  expect(proverInWords(prover === undefined ? idle : { ...idle, prover })).toBe(words)
})
