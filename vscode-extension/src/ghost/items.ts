// What of the server's inline completions the editor can draw as ghost text, and what stands in for other text.

import type * as vscode from 'vscode'

/** A suggestion that takes the place of text that it does not go on with, such as `sorry`. */
export interface Replacement {
  readonly range: vscode.Range
  readonly text: string
}

export interface Offer {
  /** Drawn as ghost text: each only adds to what stands in its range. */
  readonly additions: vscode.InlineCompletionItem[]
  readonly replacements: Replacement[]
}

export type Items = vscode.InlineCompletionItem[] | vscode.InlineCompletionList | null | undefined

/** Run after a suggestion was accepted, so that the next one comes at once. */
export const ACCEPTED = 'ghostproof.accepted'

export function sortOut(document: vscode.TextDocument, items: Items): Offer {
  const offer: Offer = { additions: [], replacements: [] }
  for (const item of items === null || items === undefined ? [] : Array.isArray(items) ? items : items.items) {
    const text = typeof item.insertText === 'string' ? item.insertText : item.insertText.value
    if (item.range === undefined || text.startsWith(document.getText(item.range))) {
      item.command = { command: ACCEPTED, title: 'Ghostproof: next suggestion' }
      offer.additions.push(item)
    } else {
      offer.replacements.push({ range: item.range, text })
    }
  }
  return offer
}

export function isEmpty(offer: Offer): boolean {
  return offer.additions.length === 0 && offer.replacements.length === 0
}
