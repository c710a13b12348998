import { describe, expect, test, vi } from 'vitest'
import type { LanguageClient } from 'vscode-languageclient/node'
import { report } from '../../src/commands/doctor'
import { runJob } from '../../src/commands/job'
import { entries } from '../../src/commands/menu'
import { isAddress } from '../../src/commands/prover'
import { experimental } from '../../src/protocol'
import { CancellationTokenSource, window } from '../fakes/vscode'

describe('the doctor', () => {
  test('says what is well, and what to do about what is not', () => {
    const findings = [
      { name: 'lean', ok: true, value: '4.28.0', cure: '' },
      { name: 'embedded', ok: false, value: 'not installed', cure: 'ghostproof toolchain install' },
    ]
    expect(report(JSON.stringify(findings))).toBe(
      '✓ lean      4.28.0\n✗ embedded  not installed\n            → ghostproof toolchain install\n',
    )
  })

  test('says what it could not do', () => {
    const output = JSON.stringify({ error: { message: 'There is no X.', hint: 'Give a file.' } })
    expect(report(output)).toBe('✗ There is no X.\n  → Give a file.\n')
  })
})

describe('the menu', () => {
  const labels = (kind: 'running' | 'untrusted' | 'stopped', paused = false): string[] =>
    entries({ activity: { kind }, paused, server: undefined }).map(({ label }) => label.replace(/^\$\(\S+\) /, ''))

  test('offers what can be done', () => {
    expect(labels('running')).toEqual([
      'Pause',
      'Switch prover',
      'Restart server',
      'Doctor',
      'Show log',
      'Open settings',
    ])
    expect(labels('running', true)[0]).toBe('Resume')
    expect(labels('untrusted')[0]).toBe('Manage workspace trust')
    expect(labels('stopped')[0]).toBe('Switch prover')
  })

  test('offers the installation where the server is missing', () => {
    const [first] = entries({ activity: { kind: 'missing', message: '' }, paused: false, server: undefined })
    expect(first?.command).toBe('ghostproof.installServer')
  })
})

describe('a long job of the server', () => {
  interface Answer {
    message?: string
  }

  type Work = (progress: { report(value: unknown): void }, token: unknown) => Promise<Answer | undefined>

  /** Runs a job under a progress notification whose reports and cancel button are a test's. */
  function start(client: Partial<Record<keyof LanguageClient, unknown>>): {
    done: Thenable<Answer | undefined>
    reports: unknown[]
    cancel: CancellationTokenSource
  } {
    const reports: unknown[] = []
    const cancel = new CancellationTokenSource()
    window.withProgress.mockImplementation((_options: unknown, work: Work) =>
      work({ report: (value) => reports.push(value) }, cancel.token),
    )
    const done = runJob<Answer>(client as unknown as LanguageClient, 'Proving', 'ghostproof/prove', {
      textDocument: {},
    })
    return { done, reports, cancel }
  }

  test('shows its progress and gives its answer', async () => {
    const listening = { dispose: vi.fn() }
    let tell: (value: unknown) => void = () => undefined
    const { done, reports } = start({
      onProgress: (_type: unknown, _token: unknown, handler: typeof tell) => {
        tell = handler
        return listening
      },
      sendRequest: (method: string, params: { workDoneToken: string }) => {
        expect(method).toBe('ghostproof/prove')
        expect(params.workDoneToken).toMatch(/^[0-9a-f-]{36}$/)
        tell({ kind: 'begin', title: 'Proving', percentage: 0 })
        tell({ kind: 'report', message: '12 goals', percentage: 40 })
        tell({ kind: 'end' })
        return Promise.resolve({ message: 'proved' })
      },
    })
    expect(await done).toEqual({ message: 'proved' })
    expect(reports).toEqual([{ increment: 0 }, { increment: 40, message: '12 goals' }])
    expect(listening.dispose).toHaveBeenCalledOnce()
  })

  test('ends without an answer when the user cancels it, and fails aloud otherwise', async () => {
    const onProgress = (): unknown => ({ dispose: () => undefined })
    let fail: (problem: Error) => void = () => undefined
    const sendRequest = (): Promise<never> => new Promise((_, reject) => (fail = reject))
    const cancelled = start({ onProgress, sendRequest })
    cancelled.cancel.cancel()
    fail(new Error('Request cancelled'))
    expect(await cancelled.done).toBeUndefined()
    const late = start({ onProgress, sendRequest: () => Promise.resolve('an answer that was on its way') })
    late.cancel.cancel()
    expect(await late.done).toBeUndefined()
    const failed = start({ onProgress, sendRequest })
    fail(new Error('The model is gone.'))
    await expect(failed.done).rejects.toThrow('The model is gone.')
  })
})

test.each([
  [undefined, {}],
  [{}, {}],
  [{ experimental: null }, {}],
  [{ experimental: { ghostproof: true } }, {}],
  [{ experimental: { ghostproof: { prove: true } } }, { prove: true }],
])('of the capabilities %j, %j is ours', (capabilities, ours) => {
  expect(experimental(capabilities)).toEqual(ours)
})

test.each([
  ['http://127.0.0.1:8000/v1', true],
  ['https://models.example', true],
  ['localhost:8000', false],
  ['', false],
])('%j is an address: %s', (text, is) => {
  expect(isAddress(text)).toBe(is)
})
