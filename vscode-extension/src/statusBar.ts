// The status bar item: shows the status while a Lean document has the focus.

import * as vscode from 'vscode'
import { isLean, isReadOnly } from './documents'
import { SCHEME } from './prove/preview'
import { present, type Shown, type Status } from './status'

const COLOURS = { none: undefined, warning: 'statusBarItem.warningBackground', error: 'statusBarItem.errorBackground' }

export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem
  private readonly watch: vscode.Disposable
  private status: Status | undefined

  constructor() {
    this.item = vscode.window.createStatusBarItem('ghostproof.status', vscode.StatusBarAlignment.Right, 100)
    this.item.name = 'Ghostproof'
    this.item.command = 'ghostproof.menu'
    this.watch = vscode.window.onDidChangeActiveTextEditor(() => this.draw())
  }

  show(status: Status): void {
    this.status = status
    this.draw()
  }

  dispose(): void {
    this.watch.dispose()
    this.item.dispose()
  }

  private draw(): void {
    if (this.status === undefined) return
    const document = vscode.window.activeTextEditor?.document
    const ours = document?.uri.scheme === SCHEME
    const shown = present(this.status, isLean(document) && isReadOnly(document) && !ours)
    const colour = COLOURS[shown.severity]
    this.item.text = shown.text
    this.item.tooltip = tooltip(shown)
    this.item.backgroundColor = colour === undefined ? undefined : new vscode.ThemeColor(colour)
    this.item.accessibilityInformation = { label: `Ghostproof: ${shown.summary}` }
    this.place()
  }

  /** Panels have no text editor: there the item stays as it was. */
  private place(): void {
    const editor = vscode.window.activeTextEditor
    if (editor === undefined || isLean(editor.document)) this.item.show()
    else this.item.hide()
  }
}

function tooltip(shown: Shown): vscode.MarkdownString {
  const text = new vscode.MarkdownString()
  text.appendMarkdown('**Ghostproof**  \n').appendText(shown.summary).appendMarkdown('\n\n')
  if (shown.details.length > 0) text.appendMarkdown('| | |\n|:--|:--|\n')
  for (const [name, value] of shown.details) {
    text.appendMarkdown(`| ${name} | ${value.replace(/[\\`*_{}[\]()#+!|<>~-]/g, '\\$&').replace(/\s+/g, ' ')} |\n`)
  }
  return text
}
