// Child processes that are run to their end, and what is left of them in words.

import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { createInterface } from 'node:readline'

export interface RunOptions {
  /** Ends the process when it aborts. */
  readonly signal?: AbortSignal
  /** Longest time, in milliseconds. */
  readonly timeout?: number
  /** Called for every line of standard output and standard error. */
  readonly onLine?: (line: string) => void
}

export interface Ended {
  /** undefined where a signal or the time limit ended it. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

/** Where processes are started: never in a project, whose files could stand in for modules of ours. */
export const NEUTRAL_FOLDER = homedir()

/** Run a command to its end. Rejects where it cannot be started, and when `signal` aborts. */
export function run(command: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [executable, ...words] = command
  return new Promise((resolve, reject) => {
    if (executable === undefined) {
      reject(new Error('The command is empty.'))
      return
    }
    const child = spawn(executable, words, {
      cwd: NEUTRAL_FOLDER,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, PYTHONUTF8: '1', PYTHONUNBUFFERED: '1' },
      ...(options.signal && { signal: options.signal }),
      ...(options.timeout && { timeout: options.timeout }),
    })
    const taken = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = child[name]
      stream.setEncoding('utf8')
      stream.on('data', (chunk: string) => (taken[name] += chunk))
      if (options.onLine) createInterface({ input: stream }).on('line', options.onLine)
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? undefined, ...taken }))
  })
}
