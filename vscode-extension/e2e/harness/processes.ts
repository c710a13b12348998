// The processes below one of ours: which servers and which Leans run, and ending one from outside.

import { execFileSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'

const POLL_MS = 200

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

/** Everything that `root` has started, directly or not. */
export function descendants(root: number): Process[] {
  const all = list()
  const found: Process[] = []
  const parents = new Set([root])
  for (let before = -1; before !== found.length;) {
    before = found.length
    for (const each of all) {
      if (!parents.has(each.parent) || parents.has(each.pid)) continue
      parents.add(each.pid)
      found.push(each)
    }
  }
  return found
}

/** Ids of the language servers below `root`. */
export function servers(root: number): number[] {
  return descendants(root).flatMap(({ pid, command }) => (/\bghostproof serve\b/.test(command) ? [pid] : []))
}

/** End a process, if it is still there. */
export function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem
  }
}

/** Wait until none of the processes is left. */
export async function gone(pids: readonly number[], patienceMs: number): Promise<void> {
  const last = Date.now() + patienceMs
  for (;;) {
    const left = list().filter(({ pid }) => pids.includes(pid))
    if (left.length === 0) return
    if (Date.now() > last) throw new Error(`still running: ${left.map(({ command }) => command).join('; ')}`)
    await setTimeout(POLL_MS)
  }
}

function list(): Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n')
  return lines.flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }]
  })
}
