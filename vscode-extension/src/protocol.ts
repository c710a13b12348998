// What the server adds to LSP: its status notification, its commands, and what it announces as experimental.

import type { WorkspaceEdit } from 'vscode-languageclient/node'

export const STATUS = 'ghostproof/status'
export const PANEL = 'ghostproof/panel'
export const PROVE = 'ghostproof/prove'
export const REPAIR = 'ghostproof/repair'
export const PROOF = 'ghostproof/proof'
export const RESTART_LEAN = 'ghostproof.restart'

export interface ProverStatus {
  readonly state: 'off' | 'starting' | 'loading' | 'ready' | 'error'
  readonly model: string
  readonly device: string
  readonly tokensPerSecond: number
  readonly message: string
  /** The server that prompts are sent to, where that is no engine of ours on this machine. */
  readonly promptsGoTo?: string
}

export interface ServerStatus {
  /** `Lean 4.28.0 (embedded)`, or "" while none is known. */
  readonly toolchain: string
  /** `probe`, `scratch`, or "". */
  readonly checker: string
  readonly state: 'idle' | 'busy' | 'error'
  readonly message: string
  /** Absent where the server knows no prover. */
  readonly prover?: Partial<ProverStatus>
}

interface WirePosition {
  readonly line: number
  readonly character: number
}

export interface PanelSuggestion {
  readonly text: string
  /** `✓ closes the goal`, `→ 2 goals`. */
  readonly outcome: string
  readonly verdict: 'proved' | 'progress'
  /** What remains to be proved after it. */
  readonly goals: readonly string[]
  readonly source: string
  readonly ms: number
  readonly range: { readonly start: WirePosition; readonly end: WirePosition }
  readonly newText: string
}

/** The first error of the file above a goal. */
export interface ErrorAbove {
  /** Counted from 0. */
  readonly line: number
  readonly message: string
  /** The sentence to show beside the suggestions. */
  readonly told: string
}

export interface PanelAnswer {
  /** Of the document that it is about; null where it is about none. */
  readonly version: number | null
  readonly done: boolean
  /** Sent back with the next request, which is answered once there is more to know. */
  readonly known: string
  readonly message: string
  readonly errorAbove?: ErrorAbove | null
  readonly goals: readonly string[]
  readonly checked: number
  readonly suggestions: readonly PanelSuggestion[]
}

/** A place in a document, as the server writes it. */
export interface Place {
  readonly textDocument: { readonly uri: string }
  readonly position: WirePosition
}

/** What proving and repairing answer; nothing at all where it was cancelled. */
export interface ProofAnswer {
  /** What the server is asked by, where the proof stands now. */
  readonly name?: string
  /** Of the document, for which `edit` is. */
  readonly version?: number
  readonly declaration?: string
  readonly edit?: WorkspaceEdit
  /** Theorems that the first of the changes puts in above the declaration. */
  readonly above?: string
  /** Asked again with this name for `after`, the server goes on further down, or says in the end what is left. */
  readonly more?: boolean
  /** Why there is no proof. */
  readonly message?: string
  readonly tried?: readonly string[]
  /** Goals that stayed open; beside an `edit`: those that it leaves as `sorry`, as it is only a part of a proof. */
  readonly left?: readonly string[]
  /** Beside a `message`: the name by which the server tells the best part of a proof. */
  readonly unfinished?: string
}

/** What a server may announce under `capabilities.experimental.ghostproof`. */
export interface Experimental {
  /** Whole-lemma proving: the request `ghostproof/prove`. */
  readonly prove?: boolean
}

export function experimental(capabilities: { experimental?: unknown } | undefined): Experimental {
  const all = capabilities?.experimental
  if (typeof all !== 'object' || all === null || !('ghostproof' in all)) return {}
  const ours = all.ghostproof
  return typeof ours === 'object' && ours !== null ? ours : {}
}
