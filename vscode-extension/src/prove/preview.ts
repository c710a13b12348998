// Shows what a document would be with a proof in it, as a comparison, until the user has decided.

import * as vscode from 'vscode'

export const SCHEME = 'ghostproof-proof'

/** What replaces a piece of a document. */
export interface Change {
  readonly range: vscode.Range
  readonly newText: string
}

export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly watches: vscode.Disposable[]
  private count = 0
  private shown: { readonly name: string; readonly text: string; decide(put: boolean): void } | undefined

  constructor() {
    this.watches = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => this.isOurs(tab))) this.decide(false)
      }),
    ]
  }

  provideTextDocumentContent(): string {
    return this.shown?.text ?? ''
  }

  /** Whether the user wants the change; a comparison that is still open is given up. */
  async accepts(
    document: vscode.TextDocument,
    title: string,
    edits: readonly Change[],
    said: string,
  ): Promise<boolean> {
    this.decide(false)
    const text = edited(document, document.getText(), edits)
    const uri = vscode.Uri.from({ scheme: SCHEME, path: document.uri.path, query: String((this.count += 1)) })
    const decided = new Promise<boolean>((decide) => (this.shown = { name: uri.toString(), text, decide }))
    await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title)
    const put = 'Insert'
    void vscode.window.showInformationMessage(`${title}: ${said}`, put, 'Discard').then((chosen) => {
      if (chosen !== undefined && this.shown?.name === uri.toString()) this.decide(chosen === put)
    })
    return decided
  }

  /** End the comparison that is open, if there is one. */
  decide(put: boolean): void {
    const { shown } = this
    if (shown === undefined) return
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => this.isOurs(tab))
    this.shown = undefined
    void vscode.window.tabGroups.close(tabs).then(() => shown.decide(put))
  }

  dispose(): void {
    this.decide(false)
    for (const each of this.watches) each.dispose()
  }

  private isOurs({ input }: vscode.Tab): boolean {
    return input instanceof vscode.TabInputTextDiff && input.modified.toString() === this.shown?.name
  }
}

/** A text that begins as the document does, after edits from the top down. */
function edited(document: vscode.TextDocument, text: string, edits: readonly Change[]): string {
  return edits.reduceRight(
    (made, { range, newText }) =>
      made.slice(0, document.offsetAt(range.start)) + newText + made.slice(document.offsetAt(range.end)),
    text,
  )
}
