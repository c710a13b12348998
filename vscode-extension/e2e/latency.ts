// Measures what the bench prints, and writes it as one JSON object: `node latency.ts ROUNDS`.
//
// Warm: the probe is up, the file is elaborated, and one round that does not count has been there; the cache is off.
// A time is from the key that takes a `sorry` of the demo away to the first ghost text on the screen, the page's clock.

import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { errors, type Locator } from 'playwright-core'
import { DEMO, EXTENSION } from './harness/places.ts'
import { Session } from './harness/session.ts'
import type { Workbench } from './harness/workbench.ts'

/** Beyond the server's own budgets: what has not come by then does not come. */
const NOTHING_MS = 6_000
const WARM_MS = 180_000
const BUNDLE = path.join(EXTENSION, 'dist', 'extension.js')

interface Goal {
  readonly line: number
  /** Behind the `sorry`. */
  readonly column: number
}

interface Sample extends Goal {
  /** Null where no ghost text came. */
  readonly seconds: number | null
}

const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'ghostproof.lean.checker': 'probe',
  'ghostproof.suggest.cached': 0,
  'ghostproof.suggest.budget_s': 10,
  'ghostproof.lsp.ghost_budget_s': 1.5,
}

const rounds = Number(process.argv[2] ?? 1)
const session = await Session.start(SETTINGS)
try {
  const text = readFileSync(DEMO, 'utf8')
  const demo = session.profile.file('Demo.lean', text)
  const activations: number[] = []
  for (let window = 0; window < rounds; window += 1) activations.push(await activationMs(await freshWindow(), demo))
  const window = session.workbench
  await window.open(demo)
  await watch(window)
  const goals = sorries(text)
  await warm(window, goals)
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const goal of goals) samples.push({ ...goal, seconds: await ghostSeconds(window, goal, NOTHING_MS) })
  }
  console.log(JSON.stringify({ samples, activations, bundle: statSync(BUNDLE).size }))
} finally {
  await session.stop()
}

function sorries(text: string): Goal[] {
  return text.split('\n').flatMap((content, index) => {
    const match = /(?:^\s*|by |=> )sorry$/.exec(content)
    return match ? [{ line: index + 1, column: content.length + 1 }] : []
  })
}

/** From now on, the page takes the time from the last key to the first ghost text after it. */
async function watch(window: Workbench): Promise<void> {
  await window.page.evaluate(() => {
    const clock = { pressed: 0, shown: 0 }
    Object.assign(globalThis, { clock })
    addEventListener('keydown', () => Object.assign(clock, { pressed: performance.now(), shown: 0 }), true)
    new MutationObserver(() => {
      const ghost = document.querySelector('.editor-group-container.active [class*="ghost-text"]')
      if (clock.shown === 0 && ghost?.textContent) clock.shown = performance.now()
    }).observe(document.body, { childList: true, subtree: true, characterData: true })
  })
}

async function warm(window: Workbench, goals: readonly Goal[]): Promise<void> {
  const end = Date.now() + WARM_MS
  const [first] = goals
  if (first === undefined) throw new Error('the demo has no sorry')
  while ((await ghostSeconds(window, first, NOTHING_MS)) === null) {
    if (Date.now() > end) throw new Error('no ghost text came')
  }
  for (const goal of goals) await ghostSeconds(window, goal, NOTHING_MS)
}

/** Take a goal's `sorry` away, wait for ghost text, and put the `sorry` back. */
async function ghostSeconds(window: Workbench, { line, column }: Goal, patienceMs: number): Promise<number | null> {
  await window.goTo(line, column)
  await window.press('Control+Backspace')
  try {
    const seconds = await window.page.waitForFunction(
      () => {
        const { pressed, shown } = (globalThis as unknown as { clock: { pressed: number; shown: number } }).clock
        return shown > pressed && (shown - pressed) / 1000
      },
      undefined,
      { timeout: patienceMs },
    )
    return (await seconds.jsonValue()) || null
  } catch (problem) {
    if (problem instanceof errors.TimeoutError) return null
    throw problem
  } finally {
    await window.press('Escape', 'Control+z')
    await window.page.locator('.tab.active:not(.dirty)').waitFor()
  }
}

/** A window that has come to rest: extensions that wait for the end of its start have been activated. */
async function freshWindow(): Promise<Workbench> {
  const window = await session.open({ height: 900 })
  await window.command('Developer: Show Running Extensions')
  await runningExtension(window, 'Merge Conflict').waitFor()
  return window
}

/** What the editor itself says of the time that our activation took in the extension host. */
async function activationMs(window: Workbench, file: string): Promise<number> {
  await window.open(file)
  await window.says(/Ready|Searching/)
  await window.command('Developer: Show Running Extensions')
  const words = await runningExtension(window, 'Ghostproof').locator('.activation-time').innerText()
  return Number(/(\d+)\s*ms/.exec(words)?.[1])
}

function runningExtension(window: Workbench, name: string): Locator {
  return window.page.locator('.runtime-extensions-editor .extension', { hasText: name })
}
