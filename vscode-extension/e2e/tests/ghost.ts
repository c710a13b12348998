// Ghost text: shown, accepted, cycled through, and not shown where it must not be.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { leanSays } from '../harness/places.ts'
import { check } from '../harness/session.ts'

const BETWEEN = "theorem between (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by"
const SWAP = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by'

describe('ghost text', () => {
  check('appears while typing and is accepted with Tab; Lean accepts the file', async ({ profile, workbench }) => {
    const file = profile.file('Typing.lean', BETWEEN)
    await workbench.open(file)
    await workbench.press('Control+End', 'Enter')
    await workbench.type('  ')
    const text = await workbench.ghostText(/\w/)
    await workbench.picture('ghost-text')
    await workbench.press('Tab')
    await workbench.noGhost()
    await workbench.save()
    assert.equal(profile.read('Typing.lean').trimEnd(), `${BETWEEN}\n  ${text.trim()}`)
    assert.equal(leanSays(file), '')
  })

  check('goes on with what is typed along it', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Along.lean', `${BETWEEN}\n  \n`))
    await workbench.goTo(2, 3)
    const text = (await workbench.ghostText(/\w{3}/)).trim()
    await workbench.type(text.slice(0, 2))
    await workbench.ghostText(new RegExp(`^${text.slice(2)}$`))
  })

  check('can be cycled through', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Cycle.lean', `${SWAP}\n  \n`))
    await workbench.goTo(2, 3)
    await workbench.ghostText(/\w/)
    await workbench.cycleTo(/^constructor$/)
    await workbench.press('Alt+[')
    await workbench.ghostText(/^(?!constructor$)\w+/)
  })

  check('follows an accepted step without anything being typed', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Steps.lean', `${SWAP}\n  \n`))
    await workbench.goTo(2, 3)
    await workbench.ghostText(/\w/)
    await workbench.cycleTo(/^constructor$/)
    await workbench.press('Tab')
    await workbench.ghostText(/^\s*(?!constructor$)\w+/)
    await workbench.picture('next-step')
  })

  check('stays away while an abbreviation is typed', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Abbreviation.lean', `${BETWEEN}\n  \n`))
    await workbench.goTo(2, 3)
    await workbench.ghostText(/\w/)
    await workbench.type('\\al')
    // The answer to a later request tells that the one for ghost text has been answered.
    await workbench.actions(/closes the goal/)
    assert.equal(await workbench.ghost.count(), 0)
    await workbench.press('Escape', 'Backspace', 'Backspace', 'Backspace')
    await workbench.ghostText(/\w/)
  })

  check('stands behind a sorry, and Tab puts it in its place', async ({ profile, workbench }) => {
    const file = profile.file('Sorry.lean', `${BETWEEN}\n  sorry\n`)
    await workbench.open(file)
    await workbench.goTo(2, 4)
    const text = await workbench.replacement(/[a-z]/)
    await workbench.picture('sorry')
    await workbench.change('Tab')
    assert.equal(profile.read('Sorry.lean'), `${BETWEEN}\n  ${text.replace(/ {2}\d+\/\d+$/, '')}\n`)
    assert.equal(leanSays(file), '')
  })

  check('comes only when asked for, where the user wants it so', async ({ profile, workbench }) => {
    // What can be seen of the change tells when the window has taken it.
    const settings = { 'ghostproof.lsp.automatic': false, 'editor.lineNumbers': 'off' }
    profile.file('.vscode/settings.json', JSON.stringify(settings))
    await workbench.open(profile.file('Asked.lean', `${SWAP}\n  \n`))
    await workbench.page.locator('.editor-instance .line-numbers').first().waitFor({ state: 'hidden' })
    await workbench.goTo(2, 3)
    await workbench.type(' ')
    await workbench.press('Backspace')
    await workbench.actions(/closes the goal/)
    await workbench.press('Escape')
    assert.equal(await workbench.ghost.count(), 0)
    await workbench.press('Control+Alt+Enter')
    await workbench.ghostText(/\w/)
    profile.file('.vscode/settings.json', '{}')
    await workbench.page.locator('.editor-instance .line-numbers').first().waitFor()
  })
})
