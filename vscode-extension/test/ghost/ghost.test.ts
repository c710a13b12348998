import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { Ghost } from '../../src/ghost/ghost'
import { Replacements } from '../../src/ghost/replacements'
import type { Position } from '../fakes/vscode'
import {
  CancellationTokenSource,
  commands,
  events,
  FakeDocument,
  FakeEditor,
  InlineCompletionItem,
  Range,
  userSettings,
  window,
} from '../fakes/vscode'

const TEXT = 'theorem t : p := by\n  \n  sorry\n'
const AUTOMATIC = 1
const INVOKE = 0

/** A server that offers what a test says, at one place each. */
class Server {
  readonly asked: { line: number; kind: number }[] = []
  offers = new Map<number, InlineCompletionItem[]>([
    [
      1,
      [
        new InlineCompletionItem('omega', new Range(1, 2, 1, 2)),
        new InlineCompletionItem('simp', new Range(1, 2, 1, 2)),
      ],
    ],
    [2, [new InlineCompletionItem('omega', new Range(2, 2, 2, 7))]],
  ])
  readonly code2ProtocolConverter = {
    asInlineCompletionParams: (_: unknown, at: Position, context: { triggerKind: number }) => ({ at, context }),
  }
  readonly protocol2CodeConverter = { asInlineCompletionResult: (items: unknown) => Promise.resolve(items) }
  sendRequest(_: unknown, { at, context }: { at: Position; context: { triggerKind: number } }): Promise<unknown> {
    return Promise.resolve(this.answer(at, context.triggerKind))
  }
  answer(at: Position, kind: number): InlineCompletionItem[] {
    this.asked.push({ line: at.line, kind })
    return this.offers.get(at.line) ?? []
  }
}

let server: Server
let editor: FakeEditor
let ghost: Ghost
let replacements: Replacements
let paused: boolean
/** What the editor shows since it was told to ask. */
let shown: string[]
/** Where the editor has asked: it does so a second time only if the user does. */
let editorAsked: Set<string>

/** The editor asks for ghost text at the cursor, as it does after typing. */
async function editorAsks(token = new CancellationTokenSource().token): Promise<string[]> {
  const { document, selection } = editor
  editorAsked.add(where())
  const items = await ghost.middleware.provideInlineCompletionItems?.(
    document as unknown as vscode.TextDocument,
    selection.active as unknown as vscode.Position,
    { triggerKind: AUTOMATIC, selectedCompletionInfo: undefined },
    token,
    (_document, position) => server.answer(position, AUTOMATIC) as never,
  )
  return ((items ?? []) as { insertText: string }[]).map(({ insertText }) => insertText)
}

const where = (): string => JSON.stringify([editor.document.version, editor.selection.active])
const triggers = (): unknown[][] => commands.executeCommand.mock.calls.filter(([id]) => id.endsWith('.trigger'))
const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000)

beforeEach(() => {
  vi.useFakeTimers()
  commands.executeCommand.mockClear()
  commands.executeCommand.mockImplementation(async (...[id, how]: unknown[]) => {
    const { explicit } = { ...(how as { explicit?: boolean }) }
    if (String(id).endsWith('.trigger') && (explicit || !editorAsked.has(where()))) shown = await editorAsks()
  })
  server = new Server()
  paused = false
  shown = []
  editorAsked = new Set()
  editor = window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT))
  replacements = new Replacements()
  ghost = new Ghost({ client: () => server as unknown as LanguageClient, paused: () => paused, replacements })
})

afterEach(() => {
  ghost.dispose()
  replacements.dispose()
  userSettings.clear()
  vi.useRealTimers()
})

describe('ghost text', () => {
  test('is what only adds text; what stands in for text is drawn behind it', async () => {
    editor.move(1, 2)
    expect(await editorAsks()).toEqual(['omega', 'simp'])
    expect(replacements.current).toBeUndefined()
    editor.move(2, 4)
    expect(await editorAsks()).toEqual([])
    expect(replacements.current?.text).toBe('omega')
  })

  test('calls for the next one when it is accepted', async () => {
    editor.move(1, 2)
    await editorAsks()
    expect(server.offers.get(1)?.map(({ command }) => command)).toEqual([
      expect.objectContaining({ command: 'ghostproof.accepted' }),
      expect.objectContaining({ command: 'ghostproof.accepted' }),
    ])
  })

  test('is none while paused', async () => {
    paused = true
    editor.move(1, 2)
    expect(await editorAsks()).toEqual([])
    await rest()
    expect(server.asked).toEqual([])
  })
})

describe('when the cursor only comes to a place', () => {
  test('the server is asked once it rests, and the editor takes that answer', async () => {
    editor.move(0, 0)
    editor.move(1, 2)
    await rest()
    expect(server.asked).toEqual([{ line: 1, kind: AUTOMATIC }])
    expect(triggers()).toEqual([['editor.action.inlineSuggest.trigger', { explicit: false }]])
    expect(shown).toEqual(['omega', 'simp'])
    expect(server.asked).toHaveLength(1)
    expect(await editorAsks()).toEqual(['omega', 'simp'])
    expect(server.asked).toHaveLength(2)
  })

  test('other providers are left alone where there is nothing', async () => {
    editor.move(0, 3)
    await rest()
    expect(server.asked).toEqual([{ line: 0, kind: AUTOMATIC }])
    expect(triggers()).toEqual([])
  })

  test('the editor, which asks after typing, is not asked for twice', async () => {
    editor.document.replace(new Range(1, 2, 1, 2), ' ')
    editor.move(1, 3)
    await editorAsks()
    await rest()
    expect(server.asked).toHaveLength(1)
    expect(triggers()).toEqual([])
  })

  test('the place is asked about again when the cursor has been elsewhere', async () => {
    editor.move(2, 4)
    await rest()
    editor.move(0, 0)
    editor.move(2, 4)
    await rest()
    expect(replacements.current?.text).toBe('omega')
  })

  test.each(['ghostproof.lsp.automatic', 'editor.inlineSuggest.enabled'])('%s turns it off', async (setting) => {
    userSettings.set(setting, false)
    editor.move(1, 2)
    await rest()
    expect(server.asked).toEqual([])
  })

  test('documents of other languages are none of ours', async () => {
    editor = window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT, 'markdown'))
    editor.move(1, 2)
    await rest()
    expect(server.asked).toEqual([])
  })
})

describe('a document that nobody can edit', () => {
  test('is not asked about, by the editor or at rest', async () => {
    editor = window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT, 'lean4', 'git:/project/File.lean?HEAD'))
    editor.move(1, 2)
    await rest()
    expect(await editorAsks()).toEqual([])
    expect(server.asked).toEqual([])
  })

  test('is none that has only not been saved yet', async () => {
    editor = window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT, 'lean4', 'untitled:Untitled-1'))
    editor.move(1, 2)
    await rest()
    expect(shown).toEqual(['omega', 'simp'])
  })
})

describe('asking', () => {
  const ask = (): Promise<boolean> => ghost.ask(editor as unknown as vscode.TextEditor, 'asked for')

  test('says whether there was anything', async () => {
    editor.move(1, 2)
    expect(await ask()).toBe(true)
    expect(server.asked).toEqual([{ line: 1, kind: INVOKE }])
    expect(triggers()).toEqual([['editor.action.inlineSuggest.trigger', { explicit: true }]])
    editor.move(0, 0)
    expect(await ask()).toBe(false)
  })

  test('shares its answer with the editor, which asks as well when a suggestion was accepted', async () => {
    editor.move(1, 2)
    const asked = ghost.ask(editor as unknown as vscode.TextEditor, 'accepted')
    editor.move(1, 2)
    expect(await editorAsks()).toEqual(['omega', 'simp'])
    expect(await asked).toBe(true)
    expect(server.asked).toEqual([{ line: 1, kind: INVOKE }])
    expect(triggers()).toEqual([])
  })

  test('is forgotten when the cursor has gone on', async () => {
    editor.move(2, 4)
    const asked = ask()
    editor.move(0, 0)
    expect(await asked).toBe(false)
    expect(replacements.current).toBeUndefined()
  })

  test('is done again when the server comes to rest, but not for ever', async () => {
    server.offers.clear()
    editor.move(1, 2)
    await rest()
    for (let i = 0; i < 5; i++) {
      ghost.searchEnded()
      await rest()
    }
    expect(server.asked).toHaveLength(3)
  })

  test('finds what came late', async () => {
    server.offers.clear()
    editor.move(1, 2)
    await rest()
    server.offers.set(1, [new InlineCompletionItem('grind', new Range(1, 2, 1, 2))])
    ghost.searchEnded()
    await rest()
    expect(triggers()).toHaveLength(1)
    expect(shown).toEqual(['grind'])
  })

  test('shows what came late where the editor has been given nothing, and asks nobody else then', async () => {
    server.offers.clear()
    editor.document.replace(new Range(1, 2, 1, 2), ' ')
    editor.move(1, 3)
    expect(await editorAsks()).toEqual([])
    server.offers.set(1, [new InlineCompletionItem('grind', new Range(1, 3, 1, 3))])
    ghost.searchEnded()
    await rest()
    expect(shown).toEqual(['grind'])
    expect(triggers().map(([, how]) => how)).toEqual([
      { explicit: false },
      { explicit: true, providerId: 'ghostproof.ghostproof:*' },
    ])
  })

  test('has the editor ask once more where it gave up the request that was on its way', async () => {
    editor.move(1, 2)
    const asked = ghost.ask(editor as unknown as vscode.TextEditor, 'at rest')
    const gaveUp = new CancellationTokenSource()
    const given = editorAsks(gaveUp.token)
    gaveUp.cancel()
    await Promise.all([asked, given])
    expect(shown).toEqual(['omega', 'simp'])
    expect(server.asked).toHaveLength(1)
  })

  test('begins when the server comes up', async () => {
    editor.move(1, 2)
    await rest()
    ghost.serverStarted()
    await rest()
    expect(server.asked).toHaveLength(2)
  })
})

test('a change of the editor in front is a move of the cursor', async () => {
  editor.move(1, 2)
  await rest()
  const other = (window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT, 'lean', 'file:///project/Other.lean')))
  events.activated.fire(other)
  await rest()
  expect(server.asked.map(({ line }) => line)).toEqual([1, 0])
})
