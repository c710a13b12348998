// A fresh user profile of the editor: its settings, its extensions, and the folder with Lean files that is opened.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { artifact, E2E, GHOSTPROOF, type Programs, vsix } from './places.ts'

export type Settings = Readonly<Record<string, unknown>>

/** Quiet, offline, and with waits that no slow machine exceeds: tests wait for answers. */
const SETTINGS: Settings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.editor.useModal': 'off',
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  'files.autoSave': 'off',
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
  'editor.fontFamily': "'DejaVu Sans Mono'",
  'editor.fontSize': 14,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'editor.inlineSuggest.enabled': true,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
  'editor.wordBasedSuggestions': 'off',
  'ghostproof.lean.toolchain': 'embedded',
  'ghostproof.lean.document_s': 300,
  'ghostproof.suggest.budget_s': 120,
  'ghostproof.lsp.ghost_budget_s': 120,
  'ghostproof.lsp.action_budget_s': 120,
}

export class Profile {
  readonly root = mkdtempSync(path.join(tmpdir(), 'ghostproof-e2e-'))
  readonly data = path.join(this.root, 'data')
  readonly extensions = path.join(this.root, 'extensions')
  readonly workspace = path.join(this.root, 'tour')
  readonly config = path.join(this.root, 'config.yaml')

  constructor(settings: Settings = {}) {
    mkdirSync(this.workspace)
    this.set(settings)
    // A setting that names a program is the machine's, and code-server counts as a remote machine.
    this.write('Machine', { 'ghostproof.server.command': [GHOSTPROOF] })
    writeFileSync(this.config, '')
  }

  /** The user's settings beside the usual ones, for windows that are opened from now on. */
  set(settings: Settings): void {
    this.write('User', { ...SETTINGS, ...settings })
  }

  /** Put a file into the opened folder. */
  file(name: string, text: string): string {
    const place = path.join(this.workspace, name)
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, text)
    return place
  }

  read(name: string): string {
    return readFileSync(path.join(this.workspace, name), 'utf8')
  }

  /** Install the packaged extension, and the one that stands in for another Lean extension. */
  install({ node, codeServer }: Programs): void {
    cpSync(path.join(E2E, 'stand-in'), path.join(this.extensions, 'stand-in.beside-0.0.1'), { recursive: true })
    execFileSync(node, [codeServer, ...this.options, '--install-extension', vsix()], { stdio: 'pipe' })
  }

  get options(): readonly string[] {
    return ['--config', this.config, '--user-data-dir', this.data, '--extensions-dir', this.extensions]
  }

  /** Keep what the editor and the extensions have logged. */
  keepLogs(): void {
    const logs = path.join(this.data, 'logs')
    const kept = artifact('logs')
    rmSync(kept, { recursive: true, force: true })
    if (existsSync(logs)) cpSync(logs, kept, { recursive: true })
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 })
  }

  private write(scope: 'User' | 'Machine', settings: Settings): void {
    const folder = path.join(this.data, scope)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2))
  }
}
