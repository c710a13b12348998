import { afterEach, expect, test } from 'vitest'
import { chosenSettings, commandSetting } from '../src/settings'
import { userSettings } from './fakes/vscode'

afterEach(() => userSettings.clear())

test('only what the user has set is handed over: defaults would hide the configuration file', () => {
  userSettings.set('ghostproof.lean.toolchain', 'embedded')
  userSettings.set('ghostproof.lsp.automatic', false)
  expect(chosenSettings(['lean.toolchain', 'lean.checker', 'lsp.automatic', 'suggest.limit'])).toEqual({
    lean: { toolchain: 'embedded' },
    lsp: { automatic: false },
  })
})

test.each<[unknown, readonly string[] | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['  ', undefined],
  [[], undefined],
  ['/opt/my tools/ghostproof', ['/opt/my tools/ghostproof']],
  [
    ['python3', '-m', 'ghostproof'],
    ['python3', '-m', 'ghostproof'],
  ],
])('the command %j is %j', (value, words) => {
  if (value !== undefined) userSettings.set('ghostproof.server.command', value)
  expect(commandSetting()).toEqual(words)
})
