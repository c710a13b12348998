// An untrusted folder: checking Lean code runs code, so that nothing is started before the folder is trusted.

import assert from 'node:assert/strict'
import path from 'node:path'
import { describe } from 'node:test'
import { servers } from '../harness/processes.ts'
import { check } from '../harness/session.ts'

describe('an untrusted folder', () => {
  check('starts nothing', async (session) => {
    const { profile, server } = session
    const window = await session.open()
    await window.open(profile.file('Trust.lean', 'theorem one : 1 + 1 = 2 := by\n  \n'))
    await window.statusBar('∀').waitFor()
    await window.says(/Off in this workspace until you trust it/)
    await window.noActions()
    assert.deepEqual(servers(server.pid), [])
    await window.picture('untrusted')
  })

  check('starts the server once it is trusted', async ({ profile, server, workbench }) => {
    await workbench.trust()
    await workbench.says(/Ready|Searching/)
    await workbench.open(path.join(profile.workspace, 'Trust.lean'))
    await workbench.goTo(2, 3)
    await workbench.ghostText(/\w/)
    assert.equal(servers(server.pid).length, 1)
  })
})
