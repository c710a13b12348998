// Which documents are Lean's, and in which of them there is something to suggest.

import * as vscode from 'vscode'

export const LANGUAGES: readonly string[] = ['lean4', 'lean']

/** Of every scheme: the server takes a document as the editor has it, and needs no file. */
export const SELECTOR = LANGUAGES.map((language) => ({ language }))

/** Can be edited, though there may be no file system behind them that says so. */
const EDITED: readonly string[] = ['file', 'untitled', 'vscode-notebook-cell']

export function isLean(document: vscode.TextDocument | undefined): document is vscode.TextDocument {
  return document !== undefined && LANGUAGES.includes(document.languageId)
}

/** Whether nobody can type into a document, as into the older side of a comparison. */
export function isReadOnly({ uri }: vscode.TextDocument): boolean {
  return !EDITED.includes(uri.scheme) && vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== true
}

/** Whether the server is told of a document, and asked about it. */
export function isServed(document: vscode.TextDocument | undefined): document is vscode.TextDocument {
  return isLean(document) && !isReadOnly(document)
}
