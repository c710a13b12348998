// What the status bar says, as plain data: no editor in here.

import type { ServerStatus } from './protocol'
import type { Phase } from './server/supervisor'

export const READ_ONLY = 'This document is read-only: there is nothing to suggest.'

/** What the extension is doing about its server. */
export type Activity =
  | Phase
  | { readonly kind: 'untrusted' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'installing' }

export interface Status {
  readonly activity: Activity
  readonly paused: boolean
  /** The server's own report; undefined until it has made one, and after it has died. */
  readonly server: ServerStatus | undefined
}

export type Severity = 'none' | 'warning' | 'error'

export interface Shown {
  /** Begins `$(icon) Ghostproof`. */
  readonly text: string
  readonly severity: Severity
  /** One sentence about what goes on. */
  readonly summary: string
  /** Names and values, for the tooltip. */
  readonly details: readonly (readonly [string, string])[]
}

/** @param readOnly whether nobody can type into the document in front. */
export function present(status: Status, readOnly = false): Shown {
  const { icon, severity, summary, short } = readOnly && isAtWork(status) ? ONLY_READ : describe(status)
  const text = `$(${icon}) Ghostproof${short ? ` ${short}` : ''}`
  return { text, severity, summary, details: details(status) }
}

interface Description {
  readonly icon: string
  readonly severity: Severity
  readonly summary: string
  readonly short?: string
}

const ONLY_READ: Description = { icon: 'lock', severity: 'none', summary: READ_ONLY, short: 'read-only' }

/** Whether there would be suggestions in a document that can be edited. */
function isAtWork({ activity, paused, server }: Status): boolean {
  return activity.kind === 'running' && !paused && server?.state !== 'error'
}

function describe({ activity, paused, server }: Status): Description {
  switch (activity.kind) {
    case 'untrusted':
      return {
        icon: 'shield',
        severity: 'none',
        summary: 'Off in this workspace until you trust it: checking Lean code runs code.',
      }
    case 'missing':
      return { icon: 'warning', severity: 'warning', summary: activity.message, short: 'not installed' }
    case 'installing':
      return { icon: 'sync~spin', severity: 'none', summary: 'The server is being installed.', short: 'installing' }
    case 'looking':
    case 'starting':
      return { icon: 'sync~spin', severity: 'none', summary: 'The server is starting.' }
    case 'waiting': {
      const seconds = Math.ceil(activity.milliseconds / 1000)
      return {
        icon: 'error',
        severity: 'error',
        summary: `The server died and is started again in ${seconds} s.`,
        short: 'restarting',
      }
    }
    case 'failed':
      return { icon: 'error', severity: 'error', summary: activity.message, short: 'stopped' }
    case 'stopped':
      return { icon: 'circle-slash', severity: 'none', summary: 'The server is stopped.', short: 'stopped' }
    case 'running':
      return paused
        ? { icon: 'debug-pause', severity: 'none', summary: 'Paused.', short: 'paused' }
        : describeServer(server)
  }
}

function describeServer(server: ServerStatus | undefined): Description {
  if (server === undefined) return { icon: 'check', severity: 'none', summary: 'Ready.' }
  const short = pace(server)
  switch (server.state) {
    case 'error':
      return { icon: 'error', severity: 'error', summary: server.message || 'Something went wrong.' }
    case 'busy':
      return { icon: 'sync~spin', severity: 'none', summary: 'Searching.', ...(short && { short }) }
    case 'idle':
      return server.prover?.state === 'error'
        ? {
            icon: 'warning',
            severity: 'warning',
            summary: server.prover.message || 'The prover failed.',
            short: 'automation only',
          }
        : { icon: 'check', severity: 'none', summary: `Ready.${whereTo(server)}` }
  }
}

/** The model's speed while it works, "" otherwise. */
function pace(server: ServerStatus): string {
  const speed = server.prover?.state === 'ready' ? (server.prover.tokensPerSecond ?? 0) : 0
  return speed > 0 ? `${Math.round(speed)} tok/s` : ''
}

/** That prompts leave for a server, in a sentence; "" where they do not. */
function whereTo(server: ServerStatus): string {
  return server.prover?.promptsGoTo ? ` Prompts go to ${server.prover.promptsGoTo}.` : ''
}

/** What proposes tactics beside Lean's automation, in words. */
export function proverInWords(server: ServerStatus | undefined): string {
  const prover = server?.prover
  const named = [prover?.model, prover?.device && `on ${prover.device}`].filter(Boolean).join(' ')
  const speed = prover?.tokensPerSecond ? `, ${Math.round(prover.tokensPerSecond)} tokens/s` : ''
  switch (prover?.state) {
    case 'starting':
      return `${named || 'prover'} (starting)`
    case 'loading':
      return `${named || 'prover'} (loading)`
    case 'ready':
      return `${named || 'prover'}${speed}`
    case 'error':
      return `automation only: ${prover.message || 'the prover failed'}`
    default:
      return 'automation only'
  }
}

function details({ activity, server }: Status): (readonly [string, string])[] {
  if (activity.kind !== 'running') return []
  return [
    ['Toolchain', server?.toolchain || 'not started yet'],
    ['Checker', server?.checker || 'not started yet'],
    ['Prover', proverInWords(server)],
    ...(server?.prover?.promptsGoTo ? [['Prompts go to', server.prover.promptsGoTo] as const] : []),
  ]
}
