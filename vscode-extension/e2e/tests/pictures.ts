// The pictures of the extension's README and walkthrough, taken of what the real editor shows.

import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { describe } from 'node:test'
import path from 'node:path'
import { IMAGES } from '../harness/places.ts'
import { check } from '../harness/session.ts'
import type { Box, Workbench } from '../harness/workbench.ts'

const LARGEST = 200_000
const UPDATE = process.env['GHOSTPROOF_PICTURES'] === 'update'
/** A folder of their own: the others come with files that were left open. */
const FOLDER = 'pictures'
const STATUS_BAR = 24

const PLAIN = {
  'security.workspace.trust.enabled': false,
  'workbench.activityBar.location': 'hidden',
  'breadcrumbs.enabled': false,
  'editor.fontSize': 15,
}

const ABOVE = `theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  omega

`
const SWAP = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  '

describe('the pictures', () => {
  check('show ghost text', async (session) => {
    session.profile.set(PLAIN)
    const file = session.profile.file(`${FOLDER}/Demo.lean`, `${ABOVE}${SWAP}\n`)
    const window = await session.open({ folder: FOLDER, width: 800, height: 420, scale: 2 })
    await window.open(file)
    await window.command('View: Toggle Primary Side Bar Visibility')
    await window.goTo(5, 3)
    await window.ghostText(/\w/)
    await keep(window, 'ghost-text', await editorPart(window, 8))
  })

  check('show the menu of code actions', async ({ profile, workbench }) => {
    await workbench.open(profile.file(`${FOLDER}/Swap.lean`, `${ABOVE}${SWAP}sorry\n`))
    await workbench.goTo(5, 5)
    await workbench.replacement(/[a-z]/)
    await workbench.actions(/closes the goal/)
    await keep(workbench, 'actions', await editorPart(workbench, 11))
    await workbench.press('Escape')
  })

  check('show the menu behind the status bar', async ({ workbench }) => {
    await workbench.status.click()
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Switch prover' }).waitFor()
    await workbench.status.hover()
    await keep(workbench, 'status')
  })
})

/** The editor from its tabs down to a number of lines. */
async function editorPart(window: Workbench, lines: number): Promise<Box> {
  const box = await window.page.locator('.part.editor').boundingBox()
  const line = await window.editor.locator('.view-line').first().boundingBox()
  assert.ok(box && line)
  return { ...box, height: Math.min(line.y - box.y + line.height * lines, box.height - STATUS_BAR) }
}

async function keep(window: Workbench, name: string, part?: Box): Promise<void> {
  const taken = await window.picture(`picture-${name}`, part)
  assert.ok(statSync(taken).size < LARGEST, `${taken} is too large for a README`)
  if (!UPDATE) return
  mkdirSync(IMAGES, { recursive: true })
  copyFileSync(taken, path.join(IMAGES, `${name}.png`))
}
