// Activation: puts the parts together and says what other extensions and tests may use.

import type * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { registerCommands } from './commands/register'
import { Session } from './session'
import type { Status } from './status'

export interface Api {
  /** Resolves when the server has answered for the first time. */
  readonly ready: Promise<void>
  status(): Status
  client(): LanguageClient | undefined
}

let session: Session | undefined

export function activate(context: vscode.ExtensionContext): Api {
  const made = (session = new Session(context))
  context.subscriptions.push(made, ...registerCommands(made, context))
  void made.begin()
  return { ready: made.ready, status: () => made.status, client: () => made.client }
}

export async function deactivate(): Promise<void> {
  await session?.stop()
}
