// The list of suggestions beside the editor: what each leaves, following the cursor, and putting one in.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { check } from '../harness/session.ts'

const TYPES = `inductive Shape where
  | dot
  | pair (s t : Shape)

opaque Good : Shape → Prop

`
const OPEN = 'theorem all_good (s : Shape) : Good s := by\n  sorry\n'
const CLOSED = '\ntheorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n'

describe('the list beside the editor', () => {
  check('shows the goals that a suggestion leaves, before it is chosen', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Panel.lean', TYPES + OPEN + CLOSED))
    await workbench.command('Ghostproof: Show the Suggestions Beside the Editor')
    await workbench.focusEditor()
    await workbench.goTo(8, 4)
    await workbench.listed(/^induction s with/).waitFor()
    await workbench.listed(/Good \(s\.pair t\)/).first().waitFor()
    await workbench.picture('panel')
  })

  check('follows the cursor, and puts the chosen one where it was verified', async ({ profile, workbench }) => {
    await workbench.goTo(11, 4)
    const proof = workbench.listed(/✓ closes the goal/).first()
    await proof.waitFor()
    await proof.click()
    await workbench.page.locator('.tab.active.dirty').waitFor()
    await workbench.save()
    const text = profile.read('Panel.lean')
    assert.ok(text.startsWith(TYPES + OPEN))
    assert.match(text, /q ∧ p := by\n {2}(?!sorry)\S/)
  })

  check('tells of an error above the goal, and leads to it', async ({ profile, workbench }) => {
    const wrong = 'theorem wrong : 1 = 2 := nothing\n'
    await workbench.open(profile.file('Above.lean', wrong + CLOSED))
    await workbench.goTo(4, 4)
    await workbench.listed(/✓ closes the goal/).first().waitFor()
    await workbench.picture('error-above')
    await workbench.listed(/^Line 1 above has an error.*nothing/).click()
    await workbench.statusBar('Ln 1, Col 1').waitFor()
    await workbench.focusEditor()
    await workbench.command('View: Toggle Primary Side Bar Visibility')
  })
})
