import type * as vscode from 'vscode'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LanguageClient } from 'vscode-languageclient/node'
import { Preview } from '../../src/prove/preview'
import { prove } from '../../src/prove/prove'
import type { ProofAnswer } from '../../src/protocol'
import {
  CancellationTokenSource,
  commands,
  FakeDocument,
  FakeEditor,
  tabs,
  userSettings,
  window,
  workspace,
  WorkspaceEdit,
} from '../fakes/vscode'

const TEXT = 'theorem t : p := by\n  sorry\n'
const PROVED = 'theorem t : p := by\n  simp\n'
const SHOWN = 'Proof of t: Lean accepts it.'
const RANGE = { start: { line: 1, character: 2 }, end: { line: 1, character: 7 } }

type Work = (progress: { report(value: unknown): void }, token: unknown) => Promise<unknown>

let document: FakeDocument
let answers: ProofAnswer[]
let asked: { method: string; params: unknown }[]
let preview: Preview
const channel = { appendLine: vi.fn(), show: vi.fn() }

function found(version: number, line = 1): ProofAnswer {
  const range = { start: { ...RANGE.start, line }, end: { ...RANGE.end, line } }
  return {
    name: 'n',
    version,
    declaration: 't',
    edit: { changes: { 'file:///project/File.lean': [{ range, newText: 'simp' }] } },
  }
}

const client = {
  onProgress: () => ({ dispose: () => undefined }),
  code2ProtocolConverter: { asUri: String },
  protocol2CodeConverter: { asUri: (text: string) => text },
  sendRequest: (method: string, params: unknown) => {
    asked.push({ method, params })
    const answer = answers.shift()
    return answer === undefined ? Promise.reject(new Error('The server is gone.')) : Promise.resolve(answer)
  },
} as unknown as LanguageClient

function run(place?: Parameters<typeof prove>[1]): Promise<void> {
  return prove({ client, channel: channel as unknown as vscode.LogOutputChannel, preview }, place)
}

/** What the user presses in the next notification that says this; every other one is left alone. */
function press(message: string, button: string | undefined, meanwhile: () => void = () => undefined): void {
  window.showInformationMessage.mockImplementation((said: string) => {
    if (said !== message) return Promise.resolve(undefined)
    meanwhile()
    return button === undefined ? new Promise(() => undefined) : Promise.resolve(button)
  })
}

function above(): void {
  document.replace({ start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } as never, '-- above\n')
}

beforeEach(() => {
  vi.clearAllMocks()
  asked = []
  answers = []
  document = new FakeDocument(TEXT)
  window.activeTextEditor = new FakeEditor(document)
  window.activeTextEditor.move(1, 3)
  workspace.openTextDocument.mockResolvedValue(document)
  WorkspaceEdit.documents = [document]
  window.withProgress.mockImplementation((_: unknown, work: Work) =>
    work({ report: () => undefined }, new CancellationTokenSource().token),
  )
  preview = new Preview()
})

afterEach(() => {
  preview.dispose()
  userSettings.clear()
  tabs.open = []
})

describe('a proof', () => {
  test('is compared and put in once the user says so', async () => {
    answers = [found(1)]
    press(SHOWN, 'Insert', () => expect(preview.provideTextDocumentContent()).toBe(PROVED))
    await run()
    expect(asked).toMatchObject([{ method: 'ghostproof/prove', params: { position: { line: 1, character: 3 } } }])
    const [[command, , right, title] = []] = commands.executeCommand.mock.calls
    expect([command, String(right), title]).toEqual([
      'vscode.diff',
      'ghostproof-proof:/project/File.lean?1',
      'Proof of t',
    ])
    expect(document.text).toBe(PROVED)
    expect(tabs.open).toEqual([])
  })

  test.each([
    ['the button', () => press(SHOWN, 'Discard')],
    ['closing the comparison', () => press(SHOWN, undefined, () => tabs.closeAll())],
    ['the command', () => press(SHOWN, undefined, () => preview.decide(false))],
    ['another comparison', () => press(SHOWN, undefined, () => void preview.accepts(document as never, 'x', [], ''))],
  ])('is declined by %s', async (_, decline) => {
    answers = [found(1)]
    decline()
    await run()
    expect(document.text).toBe(TEXT)
  })

  test('is put in at once where the user wants it so', async () => {
    userSettings.set('ghostproof.prove.preview', false)
    answers = [found(1)]
    await run()
    expect(document.text).toBe(PROVED)
    expect(commands.executeCommand).not.toHaveBeenCalled()
  })

  test('is put in where it stands once the text has changed', async () => {
    answers = [found(1), found(2, 2)]
    press(SHOWN, 'Insert', above)
    await run()
    expect(asked[1]).toEqual({ method: 'ghostproof/proof', params: { name: 'n' } })
    expect(document.text).toBe(`-- above\n${PROVED}`)
  })

  test('is dropped with a message where it does not hold any more', async () => {
    const message = 'A proof was found, but its declaration has changed meanwhile. Nothing was changed.'
    answers = [found(7), { message, tried: [], left: [] }]
    press(SHOWN, 'Insert')
    await run()
    expect(document.text).toBe(TEXT)
    expect(window.showInformationMessage).toHaveBeenLastCalledWith(message)
  })

  test('is not forced into a document that does not keep still', async () => {
    answers = Array.from({ length: 9 }, () => found(7))
    press(SHOWN, 'Insert')
    await run()
    expect(document.text).toBe(TEXT)
    expect(window.showInformationMessage.mock.lastCall?.[0]).toContain('did not keep still')
  })

  test('of a declaration with more that is missing is followed by the next', async () => {
    userSettings.set('ghostproof.prove.preview', false)
    window.activeTextEditor?.move(0, 3)
    document.text = 'theorem t : p := by\n  sorry\n  sorry\n'
    answers = [{ ...found(1), more: true }, found(2, 2)]
    await run()
    expect(document.text).toBe('theorem t : p := by\n  simp\n  simp\n')
    expect(asked[0]?.params).not.toMatchObject({ after: 'n' })
    expect(asked[1]).toMatchObject({ method: 'ghostproof/prove', params: { after: 'n' } })
  })

  const LEMMA = 'theorem key : q\n\n'
  const WITH_LEMMA = `Proof of t: Lean accepts it, with what goes in above.`

  function withLemma(version: number): ProofAnswer {
    const top = { line: 0, character: 0 }
    const above = { range: { start: top, end: top }, newText: LEMMA }
    const [own] = Object.values(found(version).edit?.changes ?? {}).flat()
    const edit = { changes: { 'file:///project/File.lean': [above, ...(own ? [own] : [])] } }
    return { ...found(version), edit, above: LEMMA.trim() }
  }

  test.each([true, false])('with a lemma above it is seen before it is put in (preview %s)', async (shows) => {
    userSettings.set('ghostproof.prove.preview', shows)
    answers = [withLemma(1)]
    press(WITH_LEMMA, 'Insert', () => expect(preview.provideTextDocumentContent()).toBe(LEMMA + PROVED))
    await run()
    expect(document.text).toBe(LEMMA + PROVED)
  })

  test('with a lemma above is refused as a whole', async () => {
    answers = [withLemma(1)]
    press(WITH_LEMMA, 'Discard')
    await run()
    expect(document.text).toBe(TEXT)
  })

  test('with a lemma above is followed by what is missing further down', async () => {
    document.text = 'theorem t : p := by\n  sorry\n  sorry\n'
    window.activeTextEditor?.move(0, 3)
    answers = [{ ...withLemma(1), more: true }, found(2, 4)]
    window.showInformationMessage.mockImplementation(() => Promise.resolve('Insert'))
    await run()
    expect(document.text).toBe(`${LEMMA}theorem t : p := by\n  simp\n  simp\n`)
    expect(asked[1]).toMatchObject({ method: 'ghostproof/prove', params: { after: 'n' } })
  })

  test('is followed by the next where the place has moved meanwhile', async () => {
    document.text = 'theorem t : p := by\n  sorry\n  sorry\n'
    answers = [{ ...found(1), more: true }, { ...found(2, 2), more: true }, found(3, 3)]
    press(SHOWN, 'Insert', () => {
      if (asked.length === 1) above()
    })
    await run()
    expect(asked.map(({ method }) => method)).toEqual(['ghostproof/prove', 'ghostproof/proof', 'ghostproof/prove'])
    expect(document.text).toBe('-- above\ntheorem t : p := by\n  simp\n  simp\n')
  })

  test('is followed by no other where it is declined', async () => {
    answers = [{ ...found(1), more: true }]
    press(SHOWN, 'Discard')
    await run()
    expect(asked.length).toBe(1)
  })

  test('is followed in the end by what is left, with the best part of it on request', async () => {
    userSettings.set('ghostproof.prove.preview', false)
    const message = 'Not proved:\nline 3: No proof was found.'
    answers = [{ ...found(1), more: true }, { message, tried: [], left: [], unfinished: 'u' }, { message: 'Gone.' }]
    press(message, 'Show Unfinished Proof')
    await run()
    expect(asked.slice(1)).toMatchObject([
      { method: 'ghostproof/prove', params: { after: 'n' } },
      { method: 'ghostproof/proof', params: { name: 'u' } },
    ])
    expect(document.text).toBe(PROVED)
  })

  test('is followed by nothing where the user cancels the next', async () => {
    userSettings.set('ghostproof.prove.preview', false)
    answers = [{ ...found(1), more: true }, {}]
    await run()
    expect(asked.length).toBe(2)
    expect(document.text).toBe(PROVED)
    expect(window.showInformationMessage).not.toHaveBeenCalled()
  })

  test('that repairs is asked for by its own request', async () => {
    answers = [found(1)]
    press(SHOWN, 'Insert')
    await prove(
      { client, channel: channel as unknown as vscode.LogOutputChannel, preview },
      undefined,
      'ghostproof/repair',
    )
    expect(asked).toMatchObject([{ method: 'ghostproof/repair', params: { position: { line: 1, character: 3 } } }])
    expect(window.withProgress.mock.lastCall?.[0]).toMatchObject({ title: 'Ghostproof: repairing', cancellable: true })
    expect(document.text).toBe(PROVED)
  })

  test('of a place that a code action names', async () => {
    const place = { textDocument: { uri: 'file:///project/File.lean' }, position: { line: 0, character: 3 } }
    window.activeTextEditor = undefined
    answers = [found(1)]
    press(SHOWN, 'Insert')
    await run(place)
    expect(asked[0]?.params).toMatchObject(place)
    expect(document.text).toBe(PROVED)
  })
})

describe('where there is none', () => {
  test('it says why, and on request what was tried', async () => {
    answers = [{ message: 'No proof.', tried: ['simp', 'omega'], left: ['⊢ p'] }]
    press('No proof.', 'Show What Was Tried')
    await run()
    expect(channel.appendLine).toHaveBeenCalledWith('No proof.\nleft to be proved:\n⊢ p\ntried: simp\ntried: omega')
    expect(channel.show).toHaveBeenCalledOnce()
  })

  const PART = { name: 'u', version: 1, declaration: 't', left: ['⊢ q'] }
  const ONLY = 'Unfinished proof of t: 1 goal is left as “sorry”.'

  function part(): ProofAnswer {
    const edit = { range: RANGE, newText: 'constructor\n  · simp\n  · sorry' }
    return { ...PART, edit: { changes: { 'file:///project/File.lean': [edit] } } }
  }

  function pressed(...buttons: [message: string, button: string][]): void {
    const known = new Map(buttons)
    window.showInformationMessage.mockImplementation((said: string) => Promise.resolve(known.get(said)))
  }

  test.each([true, false])(
    'the best part is shown to whoever asks, and put in on request (preview %s)',
    async (shows) => {
      userSettings.set('ghostproof.prove.preview', shows)
      answers = [{ message: 'No proof.', tried: [], left: ['⊢ p'], unfinished: 'u' }, part()]
      pressed(['No proof.', 'Show Unfinished Proof'], [ONLY, 'Insert'])
      await run()
      expect(asked[1]).toEqual({ method: 'ghostproof/proof', params: { name: 'u' } })
      expect(commands.executeCommand.mock.calls[0]?.[3]).toBe('Unfinished proof of t')
      expect(document.text).toBe('theorem t : p := by\n  constructor\n  · simp\n  · sorry\n')
    },
  )

  test('the best part stays away where nobody wants it', async () => {
    pressed()
    answers = [{ message: 'No proof.', tried: [], left: [], unfinished: 'u' }]
    await run()
    expect(asked.length).toBe(1)
    answers = [{ message: 'No proof.', tried: [], left: [], unfinished: 'u' }, part()]
    pressed(['No proof.', 'Show Unfinished Proof'], [ONLY, 'Discard'])
    await run()
    expect(document.text).toBe(TEXT)
  })

  test('a part that does not hold any more is told', async () => {
    answers = [
      { message: 'No proof.', tried: [], left: [], unfinished: 'u' },
      { message: 'It does not hold.', tried: [], left: [] },
    ]
    pressed(['No proof.', 'Show Unfinished Proof'])
    await run()
    expect(window.showInformationMessage).toHaveBeenLastCalledWith('It does not hold.')
    expect(document.text).toBe(TEXT)
  })

  test('nothing more is offered where nothing was tried', async () => {
    answers = [{ message: 'There is nothing to prove at the cursor.', tried: [], left: [] }]
    press('', undefined)
    await run()
    expect(window.showInformationMessage.mock.calls).toEqual([['There is nothing to prove at the cursor.']])
  })

  test('nothing is said after a cancel, and a failure is told', async () => {
    answers = [{}]
    await run()
    expect(window.showInformationMessage).not.toHaveBeenCalled()
    await run()
    expect(window.showErrorMessage).toHaveBeenCalledWith('Ghostproof: The server is gone.')
  })
})
