// The menu behind the status bar item.

import * as vscode from 'vscode'
import { present, proverInWords, type Status } from '../status'

export interface Entry {
  readonly label: string
  readonly description?: string
  readonly command: string
}

/** What can be done now, the likeliest first. */
export function entries({ activity, paused, server }: Status): Entry[] {
  const running = activity.kind === 'running'
  return [
    ...(activity.kind === 'missing'
      ? [{ label: '$(cloud-download) Install the server', command: 'ghostproof.installServer' }]
      : []),
    ...(activity.kind === 'untrusted'
      ? [{ label: '$(shield) Manage workspace trust', command: 'workbench.trust.manage' }]
      : []),
    ...(running && !paused ? [{ label: '$(debug-pause) Pause', command: 'ghostproof.pause' }] : []),
    ...(running && paused ? [{ label: '$(debug-start) Resume', command: 'ghostproof.resume' }] : []),
    { label: '$(arrow-swap) Switch prover', description: proverInWords(server), command: 'ghostproof.switchProver' },
    { label: '$(debug-restart) Restart server', command: 'ghostproof.restart' },
    { label: '$(pulse) Doctor', description: 'what is there, what is missing', command: 'ghostproof.doctor' },
    { label: '$(output) Show log', command: 'ghostproof.showLog' },
    { label: '$(gear) Open settings', command: 'ghostproof.openSettings' },
  ]
}

export async function showMenu(status: Status): Promise<void> {
  const { summary, details } = present(status)
  const placeHolder = [summary, ...details.slice(0, 2).map(([name, value]) => `${name}: ${value}`)].join('  ·  ')
  const chosen = await vscode.window.showQuickPick(entries(status), { title: 'Ghostproof', placeHolder })
  if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command)
}
