import type * as vscode from 'vscode'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LanguageClient } from 'vscode-languageclient/node'
import { goals, headline, item, nodes, type SuggestionNode } from '../../src/panel/nodes'
import { Panel } from '../../src/panel/panel'
import type { PanelAnswer, PanelSuggestion } from '../../src/protocol'
import { FakeDocument, FakeEditor, FakeTreeView, Uri, events, window } from '../fakes/vscode'

const TEXT = 'theorem t : p := by\n  sorry\n'

function suggestion(text: string, outcome: string, ...left: string[]): PanelSuggestion {
  const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 7 } }
  const verdict = left.length === 0 ? 'proved' : 'progress'
  return { text, outcome, verdict, goals: left, source: 'test', ms: 12.4, range, newText: text }
}

const SIMP = suggestion('simp', '✓ closes the goal')
const CASES = suggestion(
  'cases n with\n| zero => _\n| succ n => _',
  '→ 2 goals',
  'case zero\n⊢ p 0',
  'case succ\nn : Nat\n⊢ p (n + 1)',
)

function answer(more: Partial<PanelAnswer> = {}): PanelAnswer {
  return { version: 1, done: true, known: 'k', message: '', goals: [], checked: 9, suggestions: [], ...more }
}

describe('the list', () => {
  const [first, second] = [SIMP, CASES].map((each): SuggestionNode => ({
    kind: 'suggestion',
    suggestion: each,
    uri: 'file:///a',
    version: 1,
  }))

  test('says of each suggestion what it does and costs, and shows the goals that it leaves', () => {
    expect(first && item(first)).toMatchObject({
      label: 'simp',
      description: '✓ closes the goal · test · 12 ms',
      contextValue: 'suggestion',
      collapsibleState: 0,
    })
    expect(second && item(second)).toMatchObject({
      label: 'cases n with …',
      collapsibleState: 2,
      command: { command: 'ghostproof.insert', arguments: [second] },
    })
    expect(first && item({ ...first, suggestion: { ...SIMP, source: 'simp' } }).description).toBe(
      '✓ closes the goal · 12 ms',
    )
    const below = second ? goals(second).map(item) : []
    expect(below).toMatchObject([
      { label: '⊢ p 0', description: 'case zero' },
      { label: '⊢ p (n + 1)', description: 'case succ' },
    ])
    expect(below[1]?.tooltip).toMatchObject({ value: expect.stringContaining('n : Nat') as string })
  })

  test('tells of an error above the goal first, and leads to it', () => {
    const uri = Uri.parse('file:///a') as unknown as vscode.Uri
    const error = {
      line: 2,
      message: "unknown identifier 'q'",
      told: "Line 3 above has an error: unknown identifier 'q'.",
    }
    const [above, simp] = nodes(uri, answer({ errorAbove: error, suggestions: [SIMP] }))
    expect(above && item(above)).toMatchObject({
      label: 'Line 3 above has an error',
      description: error.message,
      tooltip: error.told,
      command: { command: 'vscode.open', arguments: [uri, { selection: { start: { line: 2, character: 0 } } }] },
    })
    expect(above && goals(above)).toEqual([])
    expect(simp && item(simp).label).toBe('simp')
    expect(nodes(uri, answer({ errorAbove: null, suggestions: [SIMP] }))).toHaveLength(1)
  })

  test.each([
    ['Searching…', answer({ done: false })],
    ['Searching for more…', answer({ done: false, suggestions: [SIMP] })],
    ['', answer({ suggestions: [SIMP] })],
    ['9 candidates were checked; Lean accepted none.', answer()],
    ['No tactic can go at the cursor.', answer({ message: 'No tactic can go at the cursor.' })],
  ])('has the headline "%s"', (text, given) => {
    expect(headline(given)).toBe(text)
  })
})

describe('the panel', () => {
  let panel: Panel
  let view: FakeTreeView
  let editor: FakeEditor
  let paused: boolean
  let asked: { known?: string; position: unknown; token: { isCancellationRequested: boolean } }[]
  let answers: ((given: PanelAnswer) => void)[]
  const client = {
    code2ProtocolConverter: { asUri: String },
    sendRequest: (
      _: string,
      params: { known?: string; position: unknown },
      token: { isCancellationRequested: boolean },
    ) => {
      asked.push({ ...params, token })
      return new Promise<PanelAnswer>((resolve) => answers.push(resolve))
    },
  } as unknown as LanguageClient
  const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000)
  const labels = (): unknown[] => panel.getChildren().map((node) => item(node).label)
  async function say(given: PanelAnswer): Promise<void> {
    answers.shift()?.(given)
    await vi.advanceTimersByTimeAsync(0)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    answers = []
    paused = false
    editor = new FakeEditor(new FakeDocument(TEXT))
    window.activeTextEditor = editor
    window.visibleTextEditors = [editor]
    panel = new Panel({ client: () => client, paused: () => paused })
    view = FakeTreeView.last
    view.show(true)
  })

  afterEach(() => {
    panel.dispose()
    vi.useRealTimers()
  })

  test('follows the cursor, and hears more until the search is over', async () => {
    editor.move(1, 3)
    await rest()
    expect(asked).toMatchObject([{ position: { line: 1, character: 3 } }])
    await say(answer({ done: false, known: 'one', suggestions: [CASES] }))
    expect(view.message).toBe('Searching for more…')
    expect(asked[1]?.known).toBe('one')
    await say(answer({ suggestions: [SIMP, CASES] }))
    expect(labels()).toEqual(['simp', 'cases n with …'])
    expect(view.message).toBe('')
    expect(asked).toHaveLength(2)
  })

  test('asks nothing while it is hidden, and begins when it is seen', async () => {
    view.show(false)
    editor.move(1, 3)
    await rest()
    expect(asked).toEqual([])
    view.show(true)
    await rest()
    expect(asked).toHaveLength(1)
  })

  test('gives up what it asked about another place', async () => {
    await rest()
    editor.move(0, 1)
    expect(asked[0]?.token.isCancellationRequested).toBe(true)
    await say(answer({ suggestions: [SIMP] }))
    expect(labels()).toEqual([])
  })

  test('shows nothing of another text', async () => {
    await rest()
    await say(answer({ version: 0, suggestions: [SIMP] }))
    expect(labels()).toEqual([])
    await rest()
    editor.move(1, 2)
    await rest()
    await say(answer({ suggestions: [SIMP] }))
    expect(labels()).toEqual(['simp'])
    events.changed.fire({ document: editor.document, contentChanges: [{}] })
    expect(labels()).toEqual([])
  })

  test('puts a suggestion where it was verified, and nowhere else', async () => {
    await rest()
    await say(answer({ suggestions: [SIMP] }))
    const [node] = panel.getChildren() as SuggestionNode[]
    expect(node && (await panel.insert(node))).toBe(true)
    expect(editor.document.text).toBe('theorem t : p := by\n  simp\n')
    expect(editor.selection.active).toMatchObject({ line: 1, character: 6 })
    expect(node && (await panel.insert(node))).toBe(false)
    expect(editor.document.text).toBe('theorem t : p := by\n  simp\n')
  })

  test('says so of a document that is read-only, and does not ask', async () => {
    await rest()
    await say(answer({ suggestions: [SIMP] }))
    asked = []
    const old = (window.activeTextEditor = new FakeEditor(new FakeDocument(TEXT, 'lean4', 'git:/project/File.lean?x')))
    events.activated.fire(old)
    await rest()
    expect(asked).toEqual([])
    expect(labels()).toEqual([])
    expect(view.message).toBe('This document is read-only: there is nothing to suggest.')
  })

  test('is quiet while Ghostproof is paused', async () => {
    paused = true
    panel.moved()
    await rest()
    expect(asked).toEqual([])
    expect(view.message).toBe('Ghostproof is paused.')
  })
})
