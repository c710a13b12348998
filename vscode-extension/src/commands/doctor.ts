// `ghostproof doctor`, shown as a page that can be read and copied.

import * as vscode from 'vscode'
import { isServed } from '../documents'
import { run } from '../server/process'
import type { Session } from '../session'

const SCHEME = 'ghostproof-doctor'

interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly value: string
  readonly cure: string
}

/** Findings as text, one to a line, with what to do below those that are not well. */
export function report(output: string): string {
  const said: unknown = JSON.parse(output)
  if (!Array.isArray(said)) {
    const { error } = said as { error: { message: string; hint: string } }
    return `✗ ${error.message}\n${error.hint ? `  → ${error.hint}\n` : ''}`
  }
  const findings = said as Finding[]
  const width = Math.max(...findings.map(({ name }) => name.length))
  return findings
    .map(({ name, ok, value, cure }) => {
      const line = `${ok ? '✓' : '✗'} ${name.padEnd(width)}  ${value}\n`
      return cure ? `${line}  ${' '.repeat(width)}  → ${cure}\n` : line
    })
    .join('')
}

export class Doctor implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this)
  private readonly changed = new vscode.EventEmitter<vscode.Uri>()
  private readonly page = vscode.Uri.parse(`${SCHEME}:Ghostproof%20Doctor.txt`)
  private text = ''
  readonly onDidChange = this.changed.event

  constructor(private readonly session: Session) {}

  provideTextDocumentContent(): string {
    return this.text
  }

  /** Examine what suggestions for the file at hand need, Lean included, and show the findings. */
  async show(): Promise<void> {
    const { command } = this.session
    if (command === undefined) {
      await vscode.commands.executeCommand('ghostproof.installServer')
      return
    }
    const options = { location: vscode.ProgressLocation.Notification, title: 'Ghostproof Doctor', cancellable: true }
    await vscode.window.withProgress(options, async (progress, token) => {
      progress.report({ message: 'proving something small with each checker' })
      const abort = new AbortController()
      token.onCancellationRequested(() => abort.abort())
      try {
        const { stdout, stderr } = await run([...command, 'doctor', '--json', ...place()], { signal: abort.signal })
        this.session.channel.info(stdout)
        this.text = stdout ? report(stdout) : `✗ ${stderr.trim()}\n`
      } catch (problem) {
        if (abort.signal.aborted) return
        this.text = `✗ ${command.join(' ')} cannot be run: ${String(problem)}\n`
      }
      this.changed.fire(this.page)
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(this.page), { preview: true })
    })
  }

  dispose(): void {
    this.registration.dispose()
    this.changed.dispose()
  }
}

/** The file at hand, or else the first folder, as an argument. */
function place(): string[] {
  const document = vscode.window.activeTextEditor?.document
  const uri = isServed(document) ? document.uri : vscode.workspace.workspaceFolders?.[0]?.uri
  return uri?.scheme === 'file' ? [uri.fsPath] : []
}
