// Keeps one server running: start, stop, restart, and starts with back-off after a crash. Knows no protocol.

import { Backoff } from './backoff'

export interface Running {
  stop(): Promise<void>
}

export type Phase =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'waiting'; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly message: string }

/** A server that cannot be started at all: trying again is no use. */
export class Unstartable extends Error {}

/** Starts a server; `died` is called at most once, when it ends without having been told to. Rejects if it cannot start. */
export type Launch<S extends Running> = (died: () => void) => Promise<S>

export class Supervisor<S extends Running> {
  private server: S | undefined
  private timer: NodeJS.Timeout | undefined
  private generation = 0
  private queue: Promise<void> = Promise.resolve()
  private current: Phase = { kind: 'stopped' }

  constructor(
    private readonly launch: Launch<S>,
    private readonly onPhase: (phase: Phase) => void,
    private readonly backoff = new Backoff(),
  ) {}

  get running(): S | undefined {
    return this.current.kind === 'running' ? this.server : undefined
  }

  get phase(): Phase {
    return this.current
  }

  /** Start afresh, whatever is going on; resolves when the first attempt has ended. */
  restart(): Promise<void> {
    this.backoff.reset()
    return this.enqueue(async () => {
      await this.end()
      await this.attempt()
    })
  }

  stop(): Promise<void> {
    return this.enqueue(async () => {
      await this.end()
      this.enter({ kind: 'stopped' })
    })
  }

  private async attempt(): Promise<void> {
    const generation = ++this.generation
    const life = { ended: false }
    const failed = (why: Error): void => {
      if (life.ended || generation !== this.generation) return
      life.ended = true
      this.server = undefined
      this.again(why)
    }
    this.enter({ kind: 'starting' })
    try {
      const server = await this.launch(() => failed(new Error('It ended unexpectedly.')))
      if (life.ended || generation !== this.generation) return
      this.server = server
      this.backoff.started()
      this.enter({ kind: 'running' })
    } catch (problem) {
      failed(problem instanceof Error ? problem : new Error(String(problem)))
    }
  }

  private again(why: Error): void {
    const milliseconds = why instanceof Unstartable ? undefined : this.backoff.next()
    if (milliseconds === undefined) {
      this.enter({ kind: 'failed', message: why.message })
      return
    }
    this.enter({ kind: 'waiting', milliseconds })
    const generation = this.generation
    const retry = async (): Promise<void> => {
      if (generation === this.generation) await this.attempt()
    }
    this.timer = setTimeout(() => void this.enqueue(retry), milliseconds)
  }

  private async end(): Promise<void> {
    clearTimeout(this.timer)
    this.generation += 1
    const server = this.server
    this.server = undefined
    await server?.stop()
  }

  private enter(phase: Phase): void {
    this.current = phase
    this.onPhase(phase)
  }

  /** One operation at a time, in the order asked for. */
  private enqueue(operation: () => Promise<void>): Promise<void> {
    const done = this.queue.then(operation)
    this.queue = done.catch(() => undefined)
    return done
  }
}
