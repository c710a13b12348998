// Puts a suggestion into a document, with the cursor behind it.

import * as vscode from 'vscode'

/** Replace a range by a text; false where the editor refuses. */
export async function insert(editor: vscode.TextEditor, range: vscode.Range, text: string): Promise<boolean> {
  const done = await editor.edit((edit) => edit.replace(range, text))
  if (done) {
    const lines = text.split(/\r\n|\n/)
    const last = lines.at(-1) ?? ''
    const column = lines.length === 1 ? range.start.character + last.length : last.length
    const end = new vscode.Position(range.start.line + lines.length - 1, column)
    editor.selection = new vscode.Selection(end, end)
  }
  return done
}
