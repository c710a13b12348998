// The server's life as the user sees it: paused and resumed, killed and back again, and the menu of the status bar.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { descendants, end, gone, servers } from '../harness/processes.ts'
import { check } from '../harness/session.ts'

const SWAP = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by'
const PATIENCE_MS = 120_000

describe('the server', () => {
  check('is silent while paused', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Paused.lean', `${SWAP}\n  \n`))
    await workbench.command('Ghostproof: Pause')
    await workbench.says(/Paused/)
    await workbench.goTo(2, 3)
    await workbench.type(' ')
    await workbench.press('Backspace')
    await workbench.noActions()
    assert.equal(await workbench.ghost.count(), 0)
    await workbench.command('Ghostproof: Resume')
    await workbench.says(/Ready|Searching/)
    await workbench.type(' ')
    await workbench.ghostText(/\w/)
  })

  check('that was killed is shown, and comes back', async ({ profile, server, workbench }) => {
    await workbench.open(profile.file('Killed.lean', `${SWAP}\n  \n`))
    await workbench.says(/Ready|Searching/)
    const said = await workbench.recordStatus()
    const killed = servers(server.pid)
    const family = killed.flatMap((pid) => [pid, ...descendants(pid).map((child) => child.pid)])
    killed.forEach(end)
    await gone(killed, PATIENCE_MS)
    await workbench.goTo(2, 3)
    await workbench.type(' ')
    await workbench.ghostText(/\w/)
    assert.equal(servers(server.pid).length, 1)
    assert.match((await said()).join('\n'), /restarting/)
    // A Lean that hangs at its start does not notice that nobody is there any more.
    family.forEach(end)
  })

  check('can be restarted, and its log is shown', async ({ profile, server, workbench }) => {
    const before = servers(server.pid)
    await workbench.open(profile.file('Idle.lean', `${SWAP}\n  exact h.symm\n`))
    await workbench.command('Ghostproof: Restart Server')
    await gone(before, PATIENCE_MS)
    await workbench.says(/Ready|Searching/)
    await workbench.command('Ghostproof: Show Log')
    await workbench.page.locator('.panel .view-lines', { hasText: /Starting\s.*serve/ }).waitFor()
    await workbench.command('View: Hide Panel')
  })

  check('has a menu in the status bar', async ({ profile, workbench }) => {
    await workbench.open(profile.file('Idle.lean', `${SWAP}\n  exact h.symm\n`))
    await workbench.status.click()
    const entries = workbench.page.locator('.quick-input-list .monaco-list-row')
    for (const name of [/Restart server/, /Doctor/, /Switch prover/, /Open settings/, /Pause/]) {
      await entries.filter({ hasText: name }).waitFor()
    }
    await workbench.picture('status')
    await workbench.press('Escape')
  })
})
