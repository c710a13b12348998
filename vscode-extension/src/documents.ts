// Which documents are Lean's.

import type * as vscode from 'vscode'

export const LANGUAGES: readonly string[] = ['lean4', 'lean']

export const SELECTOR = LANGUAGES.map((language) => ({ scheme: 'file', language }))

export function isLean(document: vscode.TextDocument | undefined): document is vscode.TextDocument {
  return document !== undefined && LANGUAGES.includes(document.languageId)
}

/** Whether the server is asked about a document: it checks files on disk. */
export function isServed(document: vscode.TextDocument | undefined): document is vscode.TextDocument {
  return isLean(document) && document.uri.scheme === 'file'
}
