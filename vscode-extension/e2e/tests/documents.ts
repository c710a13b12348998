// Documents that are in no file, or that nobody can edit: served from their text, or told why not.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe } from 'node:test'
import { leanSays } from '../harness/places.ts'
import { check } from '../harness/session.ts'

const SWAP = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by'
/** A folder of their own, with a history of its own. */
const FOLDER = 'history'
const MINE = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false']

describe('a document that is in no file', () => {
  check('gets ghost text, and hover tells what it leaves', async ({ workbench }) => {
    await workbench.newDocument()
    await workbench.language('Lean 4')
    await workbench.type(SWAP)
    await workbench.press('Enter')
    await workbench.type('  ')
    await workbench.ghostText(/\w/)
    await workbench.press('Escape')
    await workbench.noGhost()
    const told = await workbench.hover(/closes the goal/)
    await workbench.picture('untitled-hover')
    assert.match(told, /constructor\s+→ 2 goals[^]*⊢ q[^]*⊢ p/)
  })

  check('goes on where it is saved, as the file that it is then', async ({ profile, workbench }) => {
    const file = path.join(profile.workspace, 'Saved.lean')
    await workbench.saveAs(file)
    await workbench.press('Control+End')
    const text = (await workbench.ghostText(/\w/)).trim()
    await workbench.change('Tab')
    assert.equal(profile.read('Saved.lean').trimEnd(), `${SWAP}\n  ${text}`)
    assert.equal(leanSays(file), '')
  })
})

describe('hover', () => {
  check('over the place tells the suggestions with the goals that each leaves', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Hover.lean', `${SWAP}\n  sorry\n`))
    await workbench.goTo(2, 4)
    await workbench.replacement(/[a-z]/)
    await workbench.point('sorry')
    const told = await workbench.hovered(/closes the goal/)
    await workbench.picture('hover')
    assert.match(told, /constructor\s+→ 2 goals[^]*⊢ q[^]*⊢ p/)
  })
})

describe('an older version of a file', () => {
  check('is told to be read-only, in the status bar and in the list', async ({ profile, workbench }) => {
    const file = profile.file(`${FOLDER}/Old.lean`, `${SWAP}\n  sorry\n`)
    const git = (...words: string[]): unknown => execFileSync('git', [...MINE, ...words], { cwd: path.dirname(file) })
    git('init', '--quiet')
    git('add', '--all')
    git('commit', '--quiet', '--message', 'Old')
    profile.file(`${FOLDER}/Old.lean`, `${SWAP}\n  exact h.symm\n`)
    await workbench.open(file)
    await workbench.says(/Ready|Searching/)
    await workbench.openChanges('Old.lean')
    await workbench.older('sorry').click()
    await workbench.says(/This document is read-only: there is nothing to suggest/)
    await workbench.statusBar('read-only').waitFor()
    await workbench.command('Ghostproof: Show the Suggestions Beside the Editor')
    await workbench.older('sorry').click()
    await workbench.page.locator('.pane-body', { hasText: 'This document is read-only' }).waitFor()
    assert.equal(await workbench.ghost.count(), 0)
    await workbench.picture('read-only')
    await workbench.open(file)
    await workbench.command('View: Toggle Primary Side Bar Visibility')
    await workbench.says(/Ready|Searching/)
  })
})
