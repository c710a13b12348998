// Shows what a document would be with a proof in it, as a comparison, until the user has decided.

import * as vscode from 'vscode'

export const SCHEME = 'ghostproof-proof'

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
    range: vscode.Range,
    newText: string,
    said = 'Lean accepts it.',
  ): Promise<boolean> {
    this.decide(false)
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), range.start))
    const text =
      before +
      newText +
      document.getText(new vscode.Range(range.end, document.lineAt(document.lineCount - 1).range.end))
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
