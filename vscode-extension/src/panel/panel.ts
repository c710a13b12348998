// The suggestions at the cursor as a list beside the editor. It follows the cursor while it can be seen.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { isLean, isServed } from '../documents'
import { insert } from '../insert'
import { PANEL, type PanelAnswer } from '../protocol'
import { READ_ONLY } from '../status'
import { goals, headline, item, type Node, nodes, type SuggestionNode } from './nodes'

export const VIEW = 'ghostproof.suggestions'
/** Rest of the cursor before the server is asked: it searches wherever it is asked about. */
const REST_MS = 250

export interface Surroundings {
  readonly client: () => LanguageClient | undefined
  readonly paused: () => boolean
}

export class Panel implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>()
  readonly onDidChangeTreeData = this.changed.event
  private readonly view: vscode.TreeView<Node>
  private readonly watches: vscode.Disposable[]
  private shown: readonly Node[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private request: vscode.CancellationTokenSource | undefined

  constructor(private readonly around: Surroundings) {
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this })
    this.watches = [
      this.view.onDidChangeVisibility(() => this.moved()),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) this.moved()
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.moved()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document !== vscode.window.activeTextEditor?.document || contentChanges.length === 0) return
        this.show([], '')
        this.moved()
      }),
    ]
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return item(node)
  }

  getChildren(node?: Node): Node[] {
    return node === undefined ? [...this.shown] : goals(node)
  }

  /** Ask anew once the cursor rests: it moved, or something else changed. */
  moved(): void {
    clearTimeout(this.timer)
    this.request?.cancel()
    if (this.view.visible) this.timer = setTimeout(() => void this.follow(), REST_MS)
  }

  /** Put a suggestion of the list into the document; false if that is not what it was verified for any more. */
  async insert(node: SuggestionNode): Promise<boolean> {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === node.uri)
    if (editor?.document.version !== node.version) {
      this.moved()
      return false
    }
    const { range, newText } = node.suggestion
    const where = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character)
    await vscode.window.showTextDocument(editor.document, editor.viewColumn, false)
    return insert(editor, where, newText)
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.request?.cancel()
    for (const each of [...this.watches, this.view, this.changed]) each.dispose()
  }

  private async follow(): Promise<void> {
    const editor = vscode.window.activeTextEditor
    const client = this.around.client()
    if (editor === undefined || !isLean(editor.document)) return
    if (!isServed(editor.document)) {
      this.show([], READ_ONLY)
      return
    }
    if (client === undefined || this.around.paused()) {
      this.show([], client === undefined ? 'The server is not running.' : 'Ghostproof is paused.')
      return
    }
    const request = (this.request = new vscode.CancellationTokenSource())
    try {
      await this.hear(client, editor, request.token)
    } catch (problem) {
      if (!request.token.isCancellationRequested) this.show([], problem instanceof Error ? problem.message : '')
    } finally {
      request.dispose()
    }
  }

  /** Ask until the search is over; the server answers whenever there is news. */
  private async hear(
    client: LanguageClient,
    { document, selection }: vscode.TextEditor,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { line, character } = selection.active
    const at = {
      textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
      position: { line, character },
    }
    let answer: PanelAnswer | undefined
    while (answer?.done !== true) {
      const known = answer?.known
      answer = await client.sendRequest<PanelAnswer>(PANEL, known === undefined ? at : { ...at, known }, token)
      if (token.isCancellationRequested) return
      // A newer text is on its way: its change asks again.
      if (answer.version !== null && answer.version !== document.version) return
      this.show(nodes(document.uri, answer), headline(answer))
    }
  }

  private show(shown: readonly Node[], message: string): void {
    this.shown = shown
    this.view.message = message
    this.changed.fire()
  }
}
