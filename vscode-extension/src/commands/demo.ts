// The demo: a copy of the project's example that the user may edit.

import * as vscode from 'vscode'

export async function openDemo(context: vscode.ExtensionContext): Promise<void> {
  const folder = vscode.Uri.joinPath(context.globalStorageUri, 'demo')
  const file = vscode.Uri.joinPath(folder, 'Demo.lean')
  await vscode.workspace.fs.createDirectory(folder)
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(context.extensionUri, 'dist', 'Demo.lean'), file, {
    overwrite: true,
  })
  const document = await vscode.workspace.openTextDocument(file)
  const editor = await vscode.window.showTextDocument(document)
  const first = document.positionAt(document.getText().indexOf('  sorry') + 2)
  editor.selection = new vscode.Selection(first, first)
  editor.revealRange(new vscode.Range(first, first), vscode.TextEditorRevealType.InCenterIfOutsideViewport)
}
