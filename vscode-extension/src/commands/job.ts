// A long job of the server: its progress in a notification, with a cancel button.

import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import { type LanguageClient, WorkDoneProgress, type WorkspaceEdit } from 'vscode-languageclient/node'
import { isServed } from '../documents'
import { PROVE } from '../protocol'

/** What a job may answer. */
export interface JobResult {
  readonly edit?: WorkspaceEdit
  /** Said to the user. */
  readonly message?: string
}

/**
 * Ask the server for something that takes long.
 *
 * @returns its answer; undefined where the user cancelled it.
 */
export function runJob(
  client: LanguageClient,
  title: string,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Thenable<JobResult | undefined> {
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
      return await client.sendRequest<JobResult | undefined>(method, { ...params, workDoneToken }, token)
    } catch (problem) {
      if (token.isCancellationRequested) return undefined
      throw problem
    } finally {
      listening.dispose()
    }
  })
}

/** Whole-lemma proving of the declaration at the cursor, where the server can do it. */
export async function prove(client: LanguageClient | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor
  if (client === undefined || editor === undefined || !isServed(editor.document)) return
  const { document, selection } = editor
  const convert = client.code2ProtocolConverter
  const params = {
    textDocument: convert.asTextDocumentIdentifier(document),
    position: convert.asPosition(selection.active),
  }
  const { version } = document
  try {
    const result = await runJob(client, 'Ghostproof: proving', PROVE, params)
    if (result?.edit && document.version === version) {
      await vscode.workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(result.edit))
    }
    if (result?.message) void vscode.window.showInformationMessage(result.message)
  } catch (problem) {
    void vscode.window.showErrorMessage(`Ghostproof: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}
