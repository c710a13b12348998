// The real server with the real (embedded) Lean, asked as the extension asks it.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HoverRequest, TextDocumentEdit } from 'vscode-languageserver-protocol/node'
import manifest from '../../package.json'
import { experimental, PROOF, type ProofAnswer, PROVE, RESTART_LEAN } from '../../src/protocol'
import { serverSettings } from '../../src/settings'
import { LspClient } from './lspClient'

const BLANK = 'theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  \n'
const SORRY = 'theorem between (a b c : Nat) (h : a < b) (k : b < c) : a + 2 ≤ c := by\n  sorry\n'
const embedded = { lean: { toolchain: 'embedded' } }

let root: string
let server: LspClient

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ghostproof-'))
  for (const folder of ['one', 'two']) await mkdir(join(root, folder))
  for (const [name, text] of Object.entries({ 'one/Blank.lean': BLANK, 'two/Sorry.lean': SORRY }))
    await writeFile(join(root, name), text)
  server = await LspClient.start(embedded, [join(root, 'one'), join(root, 'two')])
})

afterAll(async () => {
  expect(await server.stop()).toBe(0)
  await rm(root, { recursive: true, force: true })
})

test('the server can what the extension needs of it', () => {
  const { capabilities, serverInfo } = server.initialized
  expect(capabilities.inlineCompletionProvider).toBeTruthy()
  expect(capabilities.codeActionProvider).toMatchObject({ codeActionKinds: ['quickfix', 'quickfix.ghostproof.prove'] })
  expect(capabilities.executeCommandProvider?.commands).toContain(RESTART_LEAN)
  expect(serverInfo).toEqual({ name: 'ghostproof', version: manifest.version })
  expect(typeof (experimental(capabilities).prove ?? false)).toBe('boolean')
})

describe('one server for all folders', () => {
  test('offers ghost text that only adds to an empty line', async () => {
    const uri = await server.open(join(root, 'one', 'Blank.lean'), BLANK)
    const [item] = await server.inline(uri, 1, 2)
    const at = { line: 1, character: 2 }
    expect(item?.range).toEqual({ start: at, end: at })
    expect(item?.insertText).toMatch(/^\w/)
  })

  test('offers what stands in for a `sorry`, in a document of either language id', async () => {
    const uri = await server.open(join(root, 'two', 'Sorry.lean'), SORRY, 'lean')
    const [item] = await server.inline(uri, 1, 4)
    expect(item?.range).toEqual({ start: { line: 1, character: 2 }, end: { line: 1, character: 7 } })
    expect(item?.insertText).not.toContain('sorry')
  })

  test('names its actions by what they do, and prefers none over Lean’s own', async () => {
    const uri = await server.open(join(root, 'two', 'Sorry.lean'), SORRY)
    const actions = await server.actions(uri, 1, 4)
    expect(actions[0]?.title).toMatch(/✓ closes the goal$/)
    const [prove, ...suggested] = actions.toReversed()
    expect(suggested.map(({ kind }) => kind)).toEqual(suggested.map(() => 'quickfix'))
    expect(prove).toMatchObject({
      title: 'Prove this lemma',
      kind: 'quickfix.ghostproof.prove',
      command: { command: 'ghostproof.prove', arguments: [{ position: { line: 1, character: 2 } }] },
    })
    expect(actions.some(({ isPreferred }) => isPreferred)).toBe(false)
    const [change] = actions[0]?.edit?.documentChanges ?? []
    expect(TextDocumentEdit.is(change) && change.edits[0]).toMatchObject({
      range: { start: { line: 1, character: 2 } },
    })
  })

  test('serves a document that is in no file from its text, and tells what is on offer where it has been asked', async () => {
    const uri = 'untitled:Untitled-1'
    const textDocument = { uri, languageId: 'lean4', version: 1, text: SORRY }
    await server.connection.sendNotification('textDocument/didOpen', { textDocument })
    const asked = { textDocument: { uri }, position: { line: 1, character: 4 } }
    expect(await server.connection.sendRequest(HoverRequest.type, asked)).toBeNull()
    const [item] = await server.inline(uri, 1, 4)
    const told = await server.connection.sendRequest(HoverRequest.type, asked)
    expect(told?.contents).toMatchObject({ value: expect.stringContaining(item?.insertText as string) as string })
  })

  test('proves, and tells where a proof stands once something was typed above it', async () => {
    const uri = await server.open(join(root, 'two', 'Prove.lean'), SORRY)
    const at = { textDocument: { uri }, position: { line: 0, character: 9 } }
    const found = await server.connection.sendRequest<ProofAnswer>(PROVE, at)
    expect(found.edit?.changes?.[uri]).toMatchObject([{ range: { start: { line: 1, character: 2 } } }])
    const start = { line: 0, character: 0 }
    await server.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start, end: start }, text: '-- above\n' }],
    })
    const moved = await server.connection.sendRequest<ProofAnswer>(PROOF, { name: found.name })
    expect(moved).toMatchObject({ name: found.name, version: 2 })
    expect(moved.edit?.changes?.[uri]).toMatchObject([{ range: { start: { line: 2, character: 2 } } }])
  })

  test('offers nothing while an abbreviation is typed', async () => {
    const text = BLANK.replace('  \n', '  exact \\an\n')
    const path = join(root, 'one', 'Abbreviation.lean')
    await writeFile(path, text)
    const uri = await server.open(path, text)
    const context = { triggerKind: 1 as const }
    const params = { textDocument: { uri }, position: { line: 1, character: 11 }, context }
    expect(await server.connection.sendRequest('textDocument/inlineCompletion', params)).toEqual({ items: [] })
  })

  test('tells its status: Lean and the checker', async () => {
    await server.until(() => server.statuses.some(({ toolchain, checker }) => toolchain !== '' && checker !== ''))
    expect(server.statuses.at(-1)?.toolchain).toMatch(/^Lean 4\.\S+ \(embedded\)$/)
  })

  test('starts Lean anew on demand', async () => {
    await server.connection.sendRequest('workspace/executeCommand', { command: RESTART_LEAN })
    const uri = await server.open(join(root, 'one', 'Blank.lean'), BLANK)
    expect(await server.inline(uri, 1, 2)).not.toEqual([])
  })
})

describe('settings', () => {
  test('of the manifest are known to the server, one and all, with their defaults', async () => {
    const properties = Object.assign(
      {},
      ...manifest.contributes.configuration.map((each) => each.properties),
    ) as Record<string, { default: unknown }>
    const nested: Record<string, Record<string, unknown>> = {}
    for (const name of serverSettings(manifest)) {
      const [section = '', key = ''] = name.split('.')
      ;(nested[section] ??= {})[key] = properties[`ghostproof.${name}`]?.default
    }
    const said = server.messages.length
    const settings = { ghostproof: { ...nested, lean: { ...nested['lean'], toolchain: 'embedded' } } }
    await server.connection.sendNotification('workspace/didChangeConfiguration', { settings })
    await server.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { ghostproof: { suggest: { nonsense: 1 } } },
    })
    await server.until(() => server.messages.length > said)
    expect(server.messages.slice(said)).toEqual([expect.stringContaining('`suggest.nonsense` is not a setting')])
  })
})
