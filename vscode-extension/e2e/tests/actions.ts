// The menu of code actions: titles, applying one, and standing beside another Lean extension's "Try this".

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { leanSays } from '../harness/places.ts'
import { check } from '../harness/session.ts'

const BETWEEN = "theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by"
const SWAP = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by'

describe('the menu of code actions', () => {
  check('says what each suggestion does, and applies one', async ({ profile, workbench }) => {
    const file = profile.file('Menu.lean', `${SWAP}\n  sorry\n`)
    await workbench.open(file)
    await workbench.goTo(2, 4)
    const titles = await workbench.actions(/✓ closes the goal/)
    await workbench.picture('actions')
    for (const title of titles.slice(0, -1)) assert.match(title, /^\S.* (✓ closes the goal|→ \d+ goals?)$/)
    assert.equal(titles.at(-1), 'Prove this lemma')
    await workbench
      .action(/✓ closes the goal/)
      .first()
      .click()
    await workbench.page.locator('.tab.active.dirty').waitFor()
    await workbench.save()
    const closing = titles.find((title) => title.includes('✓')) ?? ''
    assert.equal(profile.read('Menu.lean'), `${SWAP}\n  ${closing.replace(/\s+✓ closes the goal$/, '')}\n`)
    assert.equal(leanSays(file), '')
  })

  check("leaves another extension's preferred quick fix preferred", async ({ profile, workbench }) => {
    await workbench.open(profile.file('Beside.lean', `${SWAP}\n  sorry -- try this: exact h.symm\n`))
    await workbench.goTo(2, 4)
    const titles = await workbench.actions(/✓ closes the goal/)
    assert.equal(titles[0], 'Try this: exact h.symm')
    await workbench.picture('beside')
    await workbench.press('Escape', 'Alt+Shift+.')
    await workbench.page.locator('.tab.active.dirty').waitFor()
    await workbench.save()
    assert.equal(profile.read('Beside.lean'), `${SWAP}\n  exact h.symm -- try this: exact h.symm\n`)
  })

  check('is empty where there is nothing to prove', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Nothing.lean', `-- nothing here\n${BETWEEN}\n  omega\n`))
    await workbench.goTo(1, 6)
    await workbench.noActions()
  })
})
