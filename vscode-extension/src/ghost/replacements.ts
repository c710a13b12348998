// Suggestions in place of text, such as `sorry`: drawn behind it, as ghost text cannot show them.

import * as vscode from 'vscode'
import { insert } from '../insert'
import type { Replacement } from './items'

/** True while a replacement is shown: what the keys that accept, dismiss and change it ask for. */
export const SHOWN_CONTEXT = 'ghostproof.replacementShown'
const WIDTH = 100

interface Showing {
  readonly editor: vscode.TextEditor
  readonly version: number
  readonly choices: readonly Replacement[]
  chosen: number
}

export class Replacements implements vscode.Disposable {
  private readonly faded = vscode.window.createTextEditorDecorationType({
    opacity: '0.6',
    textDecoration: 'line-through',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  })
  private readonly drawn = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  })
  private readonly watches: vscode.Disposable[]
  private showing: Showing | undefined

  constructor() {
    this.watches = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document === this.showing?.editor.document && contentChanges.length > 0) this.hide()
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        const shown = this.current
        const on = selections.length === 1 && selections[0]?.isEmpty && shown?.range.contains(selections[0].active)
        if (textEditor === this.showing?.editor && !on) this.hide()
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== this.showing?.editor) this.hide()
      }),
    ]
  }

  /** The replacement on show. */
  get current(): Replacement | undefined {
    return this.showing?.choices[this.showing.chosen]
  }

  show(editor: vscode.TextEditor, choices: readonly Replacement[]): void {
    if (choices.length === 0) {
      this.hide()
      return
    }
    // The same list with more behind it keeps the user's choice.
    const before = this.current
    const chosen = Math.max(0, before ? choices.findIndex((choice) => choice.text === before.text) : 0)
    this.showing = { editor, version: editor.document.version, choices, chosen }
    this.draw()
    void vscode.commands.executeCommand('setContext', SHOWN_CONTEXT, true)
  }

  /** Show the next choice, or with -1 the one before. */
  cycle(step: 1 | -1): void {
    if (this.showing === undefined) return
    const { choices, chosen } = this.showing
    this.showing.chosen = (chosen + step + choices.length) % choices.length
    this.draw()
  }

  /** Put the replacement on show into the document; false where none is shown or the document has changed. */
  async accept(): Promise<boolean> {
    const { showing, current } = this
    if (showing === undefined || current === undefined || showing.editor.document.version !== showing.version)
      return false
    this.hide()
    return insert(showing.editor, current.range, current.text)
  }

  hide(): void {
    if (this.showing === undefined) return
    this.showing.editor.setDecorations(this.faded, [])
    this.showing.editor.setDecorations(this.drawn, [])
    this.showing = undefined
    void vscode.commands.executeCommand('setContext', SHOWN_CONTEXT, false)
  }

  dispose(): void {
    this.hide()
    for (const each of [...this.watches, this.faded, this.drawn]) each.dispose()
  }

  private draw(): void {
    const { showing, current } = this
    if (showing === undefined || current === undefined) return
    const counter = showing.choices.length > 1 ? `  ${showing.chosen + 1}/${showing.choices.length}` : ''
    const after = {
      contentText: ` ${oneLine(current.text)}${counter}`,
      color: new vscode.ThemeColor('editorGhostText.foreground'),
      fontStyle: 'italic',
    }
    showing.editor.setDecorations(this.faded, [current.range])
    const end = new vscode.Range(current.range.end, current.range.end)
    showing.editor.setDecorations(this.drawn, [{ range: end, renderOptions: { after } }])
  }
}

function oneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  const joined = lines.filter(Boolean).join(' ⏎ ')
  return joined.length > WIDTH ? `${joined.slice(0, WIDTH - 1)}…` : joined
}
