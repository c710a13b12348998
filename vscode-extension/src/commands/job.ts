// A long job of the server: its progress in a notification, with a cancel button.

import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import { type LanguageClient, WorkDoneProgress } from 'vscode-languageclient/node'

/**
 * Ask the server for something that takes long.
 *
 * @returns its answer; undefined where the user cancelled it.
 */
export function runJob<Result>(
  client: LanguageClient,
  title: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Thenable<Result | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true }
  return vscode.window.withProgress(options, async (progress, token) => {
    const workDoneToken = randomUUID()
    let percentage = 0
    const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === 'end') return
      const increment = value.percentage === undefined ? 0 : value.percentage - percentage
      percentage += increment
      progress.report({ increment, ...(value.message !== undefined && { message: value.message }) })
    })
    try {
      const answer = await client.sendRequest<Result | undefined>(method, { ...params, workDoneToken }, token)
      return token.isCancellationRequested ? undefined : answer // which was on its way when the user cancelled
    } catch (problem) {
      if (token.isCancellationRequested) return undefined
      throw problem
    } finally {
      listening.dispose()
    }
  })
}
