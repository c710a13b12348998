// The manifest against what it speaks of: the server's settings, the commands, the files.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OWN_SECTIONS, type Manifest, serverSettings } from '../src/settings'
import { PYTHON } from './programs'

interface Full extends Manifest {
  version: string
  activationEvents: string[]
  contributes: Manifest['contributes'] & {
    commands: { command: string; title: string }[]
    keybindings: { command: string; when: string }[]
    menus: Record<string, { command: string; when: string }[]>
    walkthroughs: { steps: { description: string; media: Record<string, string> }[] }[]
  }
  capabilities: { untrustedWorkspaces: { supported: unknown; restrictedConfigurations: string[] } }
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Full
const sources = readFileSync('src/commands/register.ts', 'utf8')

describe('settings', () => {
  test('are those that the server declares; `npm run settings` writes them anew', () => {
    const declared: unknown = JSON.parse(execFileSync(PYTHON, ['scripts/settings.py'], { encoding: 'utf8' }))
    expect(manifest.contributes.configuration.slice(1)).toEqual(declared)
  })

  test('of the extension have sections of their own', () => {
    const own = Object.keys(manifest.contributes.configuration[0]?.properties ?? {})
    expect(own.map((id) => id.split('.')[1])).toEqual(['server', 'editor', 'prove'])
    expect(serverSettings(manifest)).toContain('lsp.automatic')
    expect(serverSettings(manifest).some((name) => OWN_SECTIONS.includes(name.split('.')[0] ?? ''))).toBe(false)
  })

  test('that an untrusted workspace may not make are settings', () => {
    const known = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties))
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces
    expect(supported).toBe('limited')
    expect(known).toEqual(expect.arrayContaining(restrictedConfigurations))
    expect(restrictedConfigurations).toContain('ghostproof.server.command')
  })
})

describe('commands', () => {
  const contributed = manifest.contributes.commands.map(({ command }) => command)

  test('are what is registered', () => {
    const registered = [...sources.matchAll(/^ {4}'(ghostproof\.\w+)':/gm)].map(([, id]) => id)
    expect(registered.sort()).toEqual([...contributed].sort())
  })

  test('are what keys and menus and the walkthrough call', () => {
    const { keybindings, menus, walkthroughs } = manifest.contributes
    const called = [...keybindings, ...Object.values(menus).flat()].map(({ command }) => command)
    const linked = walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ description }) => [...description.matchAll(/command:([\w.]+)/g)].map(([, id]) => id)),
    )
    expect(contributed).toEqual(expect.arrayContaining([...called, ...linked]))
  })

  test('of keys wait while an abbreviation is typed and leave the editor its own ghost text', () => {
    const tab = manifest.contributes.keybindings.find(({ command }) => command === 'ghostproof.accept')
    for (const context of ['!lean4.input.isActive', '!inlineSuggestionVisible', '!suggestWidgetVisible'])
      expect(tab?.when).toContain(context)
  })

  test('to prove is offered only where the server can', () => {
    expect(manifest.contributes.menus['commandPalette']).toContainEqual({
      command: 'ghostproof.prove',
      when: 'ghostproof.canProve',
    })
  })
})

test('nothing happens before a Lean document is open', () => {
  expect(manifest.activationEvents).toEqual(['onLanguage:lean4', 'onLanguage:lean'])
})

test('the version is the server’s', () => {
  expect(readFileSync('../pyproject.toml', 'utf8')).toContain(`\nversion = "${manifest.version}"\n`)
})

test('the licence is the project’s', () => {
  expect(readFileSync('LICENSE', 'utf8')).toBe(readFileSync('../LICENSE', 'utf8'))
})

test('the pages of the walkthrough are there', () => {
  const pages = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media['markdown']))
  for (const page of pages.filter((name) => name !== undefined)) expect(existsSync(page), page).toBe(true)
})

test('the lock file names no registry', () => {
  expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"')
})
