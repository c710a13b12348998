import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Backoff } from '../../src/server/backoff'
import { type Phase, type Running, Supervisor, Unstartable } from '../../src/server/supervisor'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Servers that a test lets die, and what was said about them. */
class World {
  readonly phases: Phase['kind'][] = []
  readonly stopped: number[] = []
  readonly deaths: (() => void)[] = []
  failure: Error | undefined
  readonly supervisor = new Supervisor<Running>(
    (died) => {
      if (this.failure) return Promise.reject(this.failure)
      const number = this.deaths.push(died)
      return Promise.resolve({ stop: () => Promise.resolve(void this.stopped.push(number)) })
    },
    (phase) => this.phases.push(phase.kind),
    new Backoff(),
  )
  die(): void {
    this.deaths.at(-1)?.()
  }
}

describe('a server', () => {
  test('is started, and stopped once', async () => {
    const world = new World()
    await world.supervisor.restart()
    expect(world.supervisor.running).toBeDefined()
    await world.supervisor.stop()
    expect(world.phases).toEqual(['starting', 'running', 'stopped'])
    expect(world.stopped).toEqual([1])
  })

  test('that died is started again after a while', async () => {
    const world = new World()
    await world.supervisor.restart()
    world.die()
    expect(world.supervisor.phase).toEqual({ kind: 'waiting', milliseconds: 500 })
    expect(world.supervisor.running).toBeUndefined()
    await vi.runAllTimersAsync()
    expect(world.phases).toEqual(['starting', 'running', 'waiting', 'starting', 'running'])
  })

  test('that keeps dying is waited for longer and longer, and given up in the end', async () => {
    const world = new World()
    await world.supervisor.restart()
    const waits: number[] = []
    for (let i = 0; i < 6; i++) {
      world.die()
      if (world.supervisor.phase.kind === 'waiting') waits.push(world.supervisor.phase.milliseconds)
      await vi.runAllTimersAsync()
    }
    world.die()
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000])
    expect(world.supervisor.phase).toEqual({ kind: 'failed', message: 'It ended unexpectedly.' })
  })

  test('that was up for long starts with a clean record', async () => {
    const world = new World()
    await world.supervisor.restart()
    world.die()
    await vi.runAllTimersAsync()
    await vi.advanceTimersByTimeAsync(60_000)
    world.die()
    expect(world.supervisor.phase).toEqual({ kind: 'waiting', milliseconds: 500 })
  })

  test('that cannot be started at all is not tried again', async () => {
    const world = new World()
    world.failure = new Unstartable('No such file.')
    await world.supervisor.restart()
    expect(world.supervisor.phase).toEqual({ kind: 'failed', message: 'No such file.' })
  })

  test('that failed to start is tried again, and the wait is over when the user restarts it', async () => {
    const world = new World()
    world.failure = new Error('It ended while it was starting.')
    await world.supervisor.restart()
    expect(world.supervisor.phase.kind).toBe('waiting')
    world.failure = undefined
    await world.supervisor.restart()
    await vi.runAllTimersAsync()
    expect(world.deaths).toHaveLength(1)
    expect(world.supervisor.phase.kind).toBe('running')
  })

  test('replaces the one before, whose death is of no interest any more', async () => {
    const world = new World()
    await world.supervisor.restart()
    await world.supervisor.restart()
    world.deaths[0]?.()
    expect(world.stopped).toEqual([1])
    expect(world.supervisor.phase.kind).toBe('running')
  })

  test('asked for twice at once is started one after the other', async () => {
    const world = new World()
    await Promise.all([world.supervisor.restart(), world.supervisor.restart()])
    expect(world.stopped).toEqual([1])
    expect(world.deaths).toHaveLength(2)
  })
})
