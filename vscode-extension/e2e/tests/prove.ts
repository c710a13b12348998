// Whole proofs: asked for by the code action and the command, compared, put in where they hold, given up.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { leanSays } from '../harness/places.ts'
import { check } from '../harness/session.ts'

const REV = `def rev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => rev xs (x :: acc)

theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = xs.reverse ++ acc := by
  sorry
`
// Neither provable nor refuted: its search goes on until it is given up.
const ENDLESS = `opaque score : Nat → Nat

theorem endless (m n : Nat) (h : m ≤ n) : score m ≤ score n := by
  sorry
`
const BROKEN = `theorem both (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := by
  constructor
  · exact hp
  · exact gone
`
const PROVED = /\+\+ acc := by\n {2}(?!sorry)\S/

describe('proving a lemma', () => {
  check('is a code action at the statement; the proof is compared and put in', async ({ profile, workbench }) => {
    const file = profile.file('Prove.lean', REV)
    await workbench.open(file)
    await workbench.goTo(5, 10)
    await workbench.actions(/^Prove this lemma$/)
    await workbench.action(/^Prove this lemma$/).click()
    await workbench.comparison(/^Proof of rev_spec/)
    await workbench.picture('proof')
    await workbench.says(/Ready|Searching/)
    assert.equal(profile.read('Prove.lean'), REV)
    await workbench.notice(/Proof of rev_spec: Lean accepts it/, 'Insert')
    await workbench.page.locator('.tab.active.dirty[data-resource-name="Prove.lean"]').waitFor()
    await workbench.save()
    assert.match(profile.read('Prove.lean'), PROVED)
    assert.equal(leanSays(file), '')
  })

  check('moves with what is typed above while it is compared', async ({ profile, workbench }) => {
    const file = profile.file('Moved.lean', REV)
    await workbench.open(file)
    await workbench.goTo(6, 4)
    await workbench.command('Ghostproof: Prove This Lemma')
    await workbench.comparison(/^Proof of rev_spec/)
    await workbench.open(file)
    await workbench.press('Control+Home')
    await workbench.type('-- a line above')
    await workbench.press('Enter')
    await workbench.save()
    await workbench.notice(/Proof of rev_spec: Lean accepts it/, 'Insert')
    await workbench.page.locator('.tab.active.dirty[data-resource-name="Moved.lean"]').waitFor()
    await workbench.save()
    const text = profile.read('Moved.lean')
    assert.ok(text.startsWith(`-- a line above\n${REV.split('\n').slice(0, 5).join('\n')}\n`), text)
    assert.match(text, PROVED)
    assert.equal(leanSays(file), '')
  })

  check('puts in nothing that is declined', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Declined.lean', REV))
    await workbench.goTo(6, 4)
    await workbench.command('Ghostproof: Prove This Lemma')
    await workbench.comparison(/^Proof of rev_spec/)
    await workbench.command('Ghostproof: Discard This Proof')
    await workbench.page.locator('.tab', { hasText: 'Proof of rev_spec' }).waitFor({ state: 'hidden' })
    assert.equal(profile.read('Declined.lean'), REV)
    assert.equal(await workbench.page.locator('.tab.dirty[data-resource-name="Declined.lean"]').count(), 0)
  })

  check('that Lean refuses repairs it, and keeps what works', async ({ profile, workbench }) => {
    const file = profile.file('Broken.lean', BROKEN)
    await workbench.open(file)
    await workbench.goTo(4, 6)
    await workbench.command('Ghostproof: Repair This Proof')
    await workbench.comparison(/^Proof of both/)
    await workbench.notice(/Proof of both: Lean accepts it/, 'Insert')
    await workbench.page.locator('.tab.active.dirty[data-resource-name="Broken.lean"]').waitFor()
    await workbench.save()
    const text = profile.read('Broken.lean')
    assert.ok(text.startsWith(BROKEN.split('\n').slice(0, 3).join('\n')), text)
    assert.doesNotMatch(text, /gone/)
    assert.equal(leanSays(file), '')
  })

  check('says what it tries, and is given up at once', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Endless.lean', ENDLESS))
    await workbench.goTo(4, 4)
    await workbench.command('Ghostproof: Prove This Lemma')
    const searching = workbench.notification(/proving.*\d+ steps?, \d+ goals?: \S/)
    await searching.waitFor()
    await workbench.picture('proving')
    await workbench.notice(/proving/, 'Cancel')
    await searching.waitFor({ state: 'hidden' })
    // Lean is free for the next question.
    await workbench.open(profile.file('After.lean', REV))
    await workbench.goTo(6, 4)
    await workbench.command('Ghostproof: Prove This Lemma')
    await workbench.comparison(/^Proof of rev_spec/)
    await workbench.command('Ghostproof: Discard This Proof')
    assert.equal(profile.read('Endless.lean'), ENDLESS)
  })
})
