// What the server adds to LSP: its status notification, its commands, and what it announces as experimental.

export const STATUS = 'ghostproof/status'
export const PROVE = 'ghostproof/prove'
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
