// What the list shows of an answer: an error above the goal, then a line for each suggestion with the goals that it
// leaves below it.

import * as vscode from 'vscode'
import type { ErrorAbove, PanelAnswer, PanelSuggestion } from '../protocol'

export const SUGGESTION = 'suggestion'
/** Run when a suggestion of the list is chosen. */
export const INSERT = 'ghostproof.insert'

export interface SuggestionNode {
  readonly kind: 'suggestion'
  readonly suggestion: PanelSuggestion
  /** Where and when it was verified. */
  readonly uri: string
  readonly version: number
}

export interface GoalNode {
  readonly kind: 'goal'
  readonly goal: string
}

export interface ErrorNode {
  readonly kind: 'error'
  readonly error: ErrorAbove
  readonly uri: vscode.Uri
}

export type Node = SuggestionNode | GoalNode | ErrorNode

export function nodes(uri: vscode.Uri, answer: PanelAnswer): Node[] {
  const { version, suggestions, errorAbove } = answer
  if (version === null) return []
  const above: readonly Node[] = errorAbove ? [{ kind: 'error', error: errorAbove, uri }] : []
  const name = uri.toString()
  return [...above, ...suggestions.map((suggestion): Node => ({ kind: 'suggestion', suggestion, uri: name, version }))]
}

export function goals(node: Node): GoalNode[] {
  return node.kind === 'suggestion' ? node.suggestion.goals.map((goal) => ({ kind: 'goal', goal })) : []
}

export function item(node: Node): vscode.TreeItem {
  if (node.kind === 'goal') return goalItem(node.goal)
  return node.kind === 'error' ? errorItem(node) : suggestionItem(node)
}

/** What stands above the list: how far the search is, or why there is nothing. */
export function headline(answer: PanelAnswer): string {
  const { done, message, suggestions, checked } = answer
  if (message !== '') return message
  if (suggestions.length > 0) return done ? '' : 'Searching for more…'
  if (!done) return 'Searching…'
  return checked > 0 ? `${checked} candidates were checked; Lean accepted none.` : 'Nothing was found.'
}

function suggestionItem(node: SuggestionNode): vscode.TreeItem {
  const { suggestion } = node
  const closes = suggestion.outcome.startsWith('✓')
  const open = suggestion.goals.length === 0 ? 'None' : closes ? 'Collapsed' : 'Expanded'
  const [first = '', ...further] = suggestion.text.split('\n')
  const label = further.length === 0 ? first : `${first} …`
  const made = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState[open])
  // Most of Lean's automation is named by its own first words.
  const source = suggestion.text.startsWith(suggestion.source) ? '' : ` · ${suggestion.source}`
  made.description = `${suggestion.outcome}${source} · ${Math.round(suggestion.ms)} ms`
  made.iconPath = new vscode.ThemeIcon(closes ? 'pass' : 'arrow-right', new vscode.ThemeColor(colour(closes)))
  made.tooltip = hover([suggestion.text, ...suggestion.goals])
  made.contextValue = SUGGESTION
  made.command = { command: INSERT, title: 'Insert', arguments: [node] }
  made.accessibilityInformation = { label: `${oneLine(suggestion.text)}, ${suggestion.outcome}` }
  return made
}

/** Chosen, it leads to the error. */
function errorItem({ error, uri }: ErrorNode): vscode.TreeItem {
  const made = new vscode.TreeItem(`Line ${error.line + 1} above has an error`)
  made.description = error.message
  made.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'))
  made.tooltip = error.told
  const selection = new vscode.Range(error.line, 0, error.line, 0)
  made.command = { command: 'vscode.open', title: 'Show', arguments: [uri, { selection }] }
  made.accessibilityInformation = { label: error.told }
  return made
}

function goalItem(goal: string): vscode.TreeItem {
  const lines = goal.split('\n')
  const target = lines.findIndex((line) => line.startsWith('⊢'))
  const made = new vscode.TreeItem(oneLine(lines.slice(Math.max(0, target)).join('\n')))
  made.description = lines[0]?.startsWith('case ') === true ? lines[0] : ''
  made.iconPath = new vscode.ThemeIcon('circle-outline')
  made.tooltip = hover([goal])
  return made
}

function colour(closes: boolean): string {
  return closes ? 'testing.iconPassed' : 'descriptionForeground'
}

/** Lean's text as code; nothing in it is read as Markdown. */
function hover(parts: readonly string[]): vscode.MarkdownString {
  const made = new vscode.MarkdownString()
  for (const part of parts) made.appendCodeblock(part, 'lean4')
  return made
}

function oneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.filter(Boolean).join(' ⏎ ')
}
