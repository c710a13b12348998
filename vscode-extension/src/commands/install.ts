// Getting the server and the embedded Lean: the offer, the progress, and the words when something is missing.

import { basename, delimiter, dirname, join } from 'node:path'
import * as vscode from 'vscode'
import type { Session } from '../session'
import { install } from '../server/install'
import { choose, findPythons, usualFolders } from '../server/python'
import { run } from '../server/process'
import { activePython, privateEnvironment, surroundings } from '../server/surroundings'
import { compareVersions } from '../server/version'

const INSTALL = 'Install'
const SET_COMMAND = 'Set Its Command'
const LATER = 'Not Now'

export class Installer {
  private offered = false

  constructor(
    private readonly session: Session,
    private readonly context: vscode.ExtensionContext,
  ) {
    session.onMissing = () => void this.offer()
    session.onRunning = (version) => void this.offerUpdate(version)
  }

  /** Install the bundled server into the extension's own environment, and start it. */
  async server(): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showInformationMessage('Ghostproof starts nothing until this workspace is trusted.')
      return
    }
    const at = surroundings(this.context)
    const folders = [...at.path.split(delimiter).filter(Boolean), ...usualFolders(at.home, at.platform)]
    const active = activePython()
    const chosen = active !== undefined && /python[\d.]*(\.exe)?$/i.test(basename(active)) ? active : undefined
    const choice = choose(await findPythons({ platform: at.platform, folders, chosen }), at.platform)
    if ('problem' in choice) {
      this.session.missing(choice.problem)
      await this.tell(choice.problem)
      return
    }
    const { python } = choice
    this.session.channel.info(
      `Installing the server with ${python.command.join(' ')} (Python ${python.version.join('.')})`,
    )
    const parts = join(this.context.extensionPath, 'dist', 'server')
    const environment = privateEnvironment(this.context)
    await this.session.install(() =>
      this.withProgress('Installing the Ghostproof server', (signal, onProgress) =>
        install({ python: python.command, environment, parts, signal, onProgress }),
      ),
    )
  }

  /** Install the embedded Lean into the user's cache, with the server's own command. */
  async lean(): Promise<void> {
    const { command } = this.session
    if (command === undefined) {
      await this.offer(true)
      return
    }
    const done = await this.withProgress('Installing the embedded Lean', async (signal, onLine) => {
      const { code, stderr } = await run([...command, 'toolchain', 'install'], { signal, onLine })
      if (code !== 0) throw new Error(stderr.trim().split('\n').slice(-2).join(' '))
      return true
    })
    if (done) await this.session.restartLean()
  }

  private async offer(again = false): Promise<void> {
    if (this.offered && !again) return
    this.offered = true
    const text = 'Ghostproof needs its server. Install it into an environment of its own? Nothing else is touched.'
    const chosen = await vscode.window.showInformationMessage(text, INSTALL, SET_COMMAND, LATER)
    if (chosen === INSTALL) await this.server()
    if (chosen === SET_COMMAND) await openSetting('ghostproof.server.command')
  }

  /** A server that the extension has installed is brought to the extension's own version when the user wants it. */
  private async offerUpdate(running: string | undefined): Promise<void> {
    const { version } = this.context.extension.packageJSON as { version: string }
    const ours = this.session.command?.[0] && isInside(this.session.command[0], privateEnvironment(this.context))
    if (!ours || this.offered || running === undefined || compareVersions(running, version) >= 0) return
    this.offered = true
    const text = `The Ghostproof server ${running} is older than the extension (${version}).`
    if ((await vscode.window.showInformationMessage(text, 'Update', LATER)) === 'Update') await this.server()
  }

  /** Run with a cancel button; failures are said, not thrown. */
  private async withProgress<T>(
    title: string,
    work: (signal: AbortSignal, onProgress: (message: string) => void) => Promise<T>,
  ): Promise<T | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true }
    return vscode.window.withProgress(options, async (progress, token) => {
      const abort = new AbortController()
      token.onCancellationRequested(() => abort.abort())
      try {
        return await work(abort.signal, (message) => {
          this.session.channel.info(message)
          progress.report({ message })
        })
      } catch (problem) {
        if (!abort.signal.aborted)
          void this.tell(`${title} failed: ${problem instanceof Error ? problem.message : String(problem)}`)
        return undefined
      }
    })
  }

  private async tell(problem: string): Promise<void> {
    this.session.channel.error(problem)
    if ((await vscode.window.showErrorMessage(problem, 'Show Log')) === 'Show Log') this.session.channel.show()
  }
}

export async function openSetting(query: string): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', query)
}

function isInside(path: string, folder: string): boolean {
  return dirname(dirname(path)) === folder
}
