// Runs exthost/index.cjs inside the extension host, as the editor's own test runner does.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { E2E } from '../harness/places.ts'
import { check } from '../harness/session.ts'

describe('inside the extension host', () => {
  check('the extension answers as it promises', async (session) => {
    session.profile.set({ 'security.workspace.trust.enabled': false })
    session.profile.file('Host.lean', 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n')
    const said: string[] = []
    let ended: (code: number) => void = () => undefined
    const code = new Promise<number>((resolve) => (ended = resolve))
    const place = (...names: string[]): object => {
      return { scheme: 'vscode-remote', authority: session.server.host, path: path.join(E2E, ...names) }
    }
    await session.open({
      prepare: async (page) => {
        await page.exposeFunction('codeAutomationLog', (_kind: string, words: unknown[]) => said.push(words.join(' ')))
        await page.exposeFunction('codeAutomationExit', (status: number) => ended(status))
        // Tests are run for an extension under development alone; the stand-in is one.
        const extensions = [place('stand-in')]
        await develop(page, { extensions, extensionTestsPath: place('exthost', 'index.cjs') })
      },
    })
    assert.equal(await code, 0, said.join('\n'))
  })
})

/** The release build takes these options from its page's configuration alone. */
async function develop(page: Page, developmentOptions: object): Promise<void> {
  await page.addInitScript((options) => {
    const get = Document.prototype.getElementById
    const patched = new WeakSet<HTMLElement>()
    Document.prototype.getElementById = function (id: string): HTMLElement | null {
      const found = get.call(this, id)
      if (id === 'vscode-workbench-web-configuration' && found && !patched.has(found)) {
        patched.add(found)
        const settings = JSON.parse(found.getAttribute('data-settings') ?? '{}') as Record<string, unknown>
        found.setAttribute('data-settings', JSON.stringify({ ...settings, developmentOptions: options }))
      }
      return found
    }
  }, developmentOptions)
}
