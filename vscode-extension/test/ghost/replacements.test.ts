import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as vscode from 'vscode'
import { Replacements, SHOWN_CONTEXT } from '../../src/ghost/replacements'
import { FakeDocument, FakeEditor, Range } from '../fakes/vscode'

const TEXT = 'theorem t : p := by\n  sorry\n'
const SORRY = new Range(1, 2, 1, 7) as unknown as vscode.Range
const choices = [
  { range: SORRY, text: 'omega' },
  { range: SORRY, text: 'cases h with\n  | inl h => exact h' },
]

let editor: FakeEditor
let replacements: Replacements

const show = (): void => replacements.show(editor as unknown as vscode.TextEditor, choices)

/** What is drawn behind the text. */
function drawn(): string[] {
  const all = [...editor.drawn.values()].flat() as { renderOptions?: { after: { contentText: string } } }[]
  return all.flatMap(({ renderOptions }) => (renderOptions ? [renderOptions.after.contentText] : []))
}

const lastContext = (): unknown[] | undefined =>
  (vscode.commands.executeCommand as unknown as { mock: { calls: unknown[][] } }).mock.calls.at(-1)

beforeEach(() => {
  editor = new FakeEditor(new FakeDocument(TEXT))
  editor.move(1, 4)
  replacements = new Replacements()
})
afterEach(() => replacements.dispose())

describe('a suggestion in place of a `sorry`', () => {
  test('is drawn behind it, with its number', () => {
    show()
    expect(drawn()).toEqual([' omega  1/2'])
    expect(lastContext()).toEqual(['setContext', SHOWN_CONTEXT, true])
  })

  test('is put in its place, with the cursor behind it', async () => {
    show()
    expect(await replacements.accept()).toBe(true)
    expect(editor.document.text).toBe('theorem t : p := by\n  omega\n')
    expect(editor.selection.active).toMatchObject({ line: 1, character: 7 })
    expect(drawn()).toEqual([])
    expect(lastContext()).toEqual(['setContext', SHOWN_CONTEXT, false])
  })

  test('is one of several, in a circle', async () => {
    show()
    replacements.cycle(1)
    expect(drawn()).toEqual([' cases h with ⏎ | inl h => exact h  2/2'])
    replacements.cycle(1)
    replacements.cycle(-1)
    await replacements.accept()
    expect(editor.document.text).toBe('theorem t : p := by\n  cases h with\n  | inl h => exact h\n')
    expect(editor.selection.active).toMatchObject({ line: 2, character: 20 })
  })

  test('stays the chosen one when more come', () => {
    show()
    replacements.cycle(1)
    const more = [{ range: SORRY, text: 'grind' }, ...choices]
    replacements.show(editor as unknown as vscode.TextEditor, more)
    expect(replacements.current?.text).toBe(choices[1]?.text)
  })

  test('stays while the cursor moves in it, and goes when it leaves', () => {
    show()
    editor.move(1, 7)
    expect(drawn()).toHaveLength(1)
    editor.move(0, 0)
    expect(drawn()).toEqual([])
  })

  test('goes when the document changes, and cannot be accepted any more', async () => {
    show()
    editor.document.replace(new Range(0, 0, 0, 0), ' ')
    expect(drawn()).toEqual([])
    expect(await replacements.accept()).toBe(false)
  })
})
