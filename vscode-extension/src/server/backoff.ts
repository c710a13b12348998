// When a server that has died is started again.

const FIRST_MS = 500
const LONGEST_MS = 15_000
const MOST = 6
/** A server that was up so long has died of something else than the last time. */
const STABLE_MS = 60_000

export class Backoff {
  private failures = 0
  private startedAt = 0

  constructor(private readonly now: () => number = Date.now) {}

  started(): void {
    this.startedAt = this.now()
  }

  /** Milliseconds until the next start; undefined when it is no use to go on. */
  next(): number | undefined {
    if (this.startedAt > 0 && this.now() - this.startedAt >= STABLE_MS) this.failures = 0
    this.startedAt = 0
    this.failures += 1
    return this.failures > MOST ? undefined : Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.failures - 1))
  }

  /** Forget every failure: the user asked for a new start. */
  reset(): void {
    this.failures = 0
    this.startedAt = 0
  }
}
