// One editor window with its server: which server is run, in which state all is, and what is handed to it.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { isServed } from './documents'
import { Ghost } from './ghost/ghost'
import { Replacements } from './ghost/replacements'
import { Panel } from './panel/panel'
import { Preview } from './prove/preview'
import { experimental, RESTART_LEAN, type ServerStatus } from './protocol'
import { Client } from './server/client'
import { findServer } from './server/find'
import { type Phase, Supervisor } from './server/supervisor'
import { surroundings } from './server/surroundings'
import { chosenSettings, commandSetting, type Manifest, SECTION, serverSettings } from './settings'
import type { Activity, Status } from './status'
import { StatusBar } from './statusBar'

export const CAN_PROVE = 'ghostproof.canProve'
export const RUNNING = 'ghostproof.running'
export const PAUSED = 'ghostproof.paused'

const NOT_INSTALLED = 'The Ghostproof server is not installed.'

export class Session implements vscode.Disposable {
  readonly channel = vscode.window.createOutputChannel('Ghostproof', { log: true })
  readonly replacements = new Replacements()
  readonly ghost: Ghost
  readonly panel: Panel
  readonly preview = new Preview()
  readonly ready: Promise<void>
  private readonly statusBar = new StatusBar()
  private readonly names: readonly string[]
  private readonly supervisor: Supervisor<Client>
  private readonly watches: vscode.Disposable[]
  private activity: Activity = { kind: 'looking' }
  private server: ServerStatus | undefined
  private paused = false
  private found: readonly string[] | undefined
  private up: () => void = () => undefined

  /** Called when no server was found; set by whoever can install one. */
  onMissing: () => void = () => undefined
  /** Called with the version of a server that has come up. */
  onRunning: (version: string | undefined) => void = () => undefined

  constructor(private readonly context: vscode.ExtensionContext) {
    this.ready = new Promise((resolve) => (this.up = resolve))
    this.names = serverSettings(context.extension.packageJSON as Manifest)
    const paused = (): boolean => this.paused
    this.ghost = new Ghost({ client: () => this.client, paused, replacements: this.replacements })
    this.panel = new Panel({ client: () => this.client, paused })
    this.supervisor = new Supervisor(
      (died) => this.launch(died),
      (phase) => this.onPhase(phase),
    )
    this.watches = [
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.begin()),
      vscode.workspace.onDidChangeConfiguration((event) => void this.onSettings(event)),
    ]
    this.refresh()
  }

  get status(): Status {
    return { activity: this.activity, paused: this.paused, server: this.server }
  }

  get client(): LanguageClient | undefined {
    return this.supervisor.running?.language
  }

  /** The command that runs the server, up to its subcommand; undefined while none is known. */
  get command(): readonly string[] | undefined {
    return this.found
  }

  /** Look for the server and start it, unless the workspace is not trusted: checking Lean code runs code. */
  async begin(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      this.enter({ kind: 'untrusted' })
      return
    }
    if (!(await this.look())) {
      await this.supervisor.stop()
      this.missing(NOT_INSTALLED)
      this.onMissing()
      return
    }
    await this.supervisor.restart()
  }

  /** Make everything new: the server process, and every Lean behind it. */
  async restart(): Promise<void> {
    await this.begin()
  }

  /** End Lean's processes alone; the server starts new ones. */
  async restartLean(): Promise<void> {
    await this.client?.sendRequest('workspace/executeCommand', { command: RESTART_LEAN })
  }

  stop(): Promise<void> {
    return this.supervisor.stop()
  }

  /** Show that there is no server to run, and why. */
  missing(message: string): void {
    this.enter({ kind: 'missing', message })
  }

  /** Let an installation have the place to itself; it ends by a new `begin`. */
  async install(work: () => Promise<unknown>): Promise<void> {
    await this.supervisor.stop()
    this.enter({ kind: 'installing' })
    try {
      await work()
    } finally {
      await this.begin()
    }
  }

  pause(paused: boolean): void {
    this.paused = paused
    if (paused) this.replacements.hide()
    this.panel.moved()
    void vscode.commands.executeCommand('setContext', PAUSED, paused)
    this.refresh()
  }

  dispose(): void {
    for (const each of [
      ...this.watches,
      this.ghost,
      this.panel,
      this.preview,
      this.replacements,
      this.statusBar,
      this.channel,
    ])
      each.dispose()
  }

  private async look(): Promise<boolean> {
    this.enter({ kind: 'looking' })
    this.found = commandSetting() ?? (await findServer(surroundings(this.context)))?.command
    return this.found !== undefined
  }

  private launch(died: () => void): Promise<Client> {
    return Client.start({
      command: this.found ?? [],
      channel: this.channel,
      settings: () => ({ [SECTION]: chosenSettings(this.names) }),
      middleware: {
        ...this.ghost.middleware,
        provideCodeActions: (document, range, context, token, next) =>
          this.paused || !isServed(document) ? [] : next(document, range, context, token),
        provideHover: (document, position, token, next) =>
          this.paused || !isServed(document) ? undefined : next(document, position, token),
      },
      onStatus: (status) => {
        const ended = this.server?.state === 'busy' && status.state === 'idle'
        this.server = status
        this.refresh()
        if (ended) this.ghost.searchEnded()
      },
      died,
    })
  }

  private onPhase(phase: Phase): void {
    if (phase.kind !== 'running') this.server = undefined
    if (phase.kind === 'waiting' || phase.kind === 'failed') this.replacements.hide()
    this.enter(phase)
    void vscode.commands.executeCommand('setContext', RUNNING, phase.kind === 'running')
    if (phase.kind === 'running') {
      this.up()
      this.ghost.serverStarted()
      this.panel.moved()
      this.onRunning(this.client?.initializeResult?.serverInfo?.version)
    }
    const can = experimental(this.client?.initializeResult?.capabilities).prove === true
    void vscode.commands.executeCommand('setContext', CAN_PROVE, can)
    if (phase.kind === 'failed') void this.tellFailed(phase.message)
  }

  private async tellFailed(message: string): Promise<void> {
    const restart = 'Restart'
    const log = 'Show Log'
    const chosen = await vscode.window.showErrorMessage(`Ghostproof's server keeps ending. ${message}`, restart, log)
    if (chosen === restart) await this.restart()
    if (chosen === log) this.channel.show()
  }

  private async onSettings(event: vscode.ConfigurationChangeEvent): Promise<void> {
    if (!event.affectsConfiguration(SECTION)) return
    if (event.affectsConfiguration(`${SECTION}.server.command`)) await this.begin()
    else await this.supervisor.running?.configure()
  }

  private enter(activity: Activity): void {
    this.activity = activity
    this.refresh()
  }

  private refresh(): void {
    this.statusBar.show(this.status)
  }
}
