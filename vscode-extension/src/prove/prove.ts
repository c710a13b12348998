// Proves what is missing, or repairs what is refused: asked of the server, shown, and put in where it still holds.

import * as vscode from 'vscode'
import type { LanguageClient, Range, TextEdit } from 'vscode-languageclient/node'
import { runJob } from '../commands/job'
import { isServed } from '../documents'
import { PROOF, type Place, type ProofAnswer, PROVE } from '../protocol'
import { showsProofs } from '../settings'
import type { Preview } from './preview'

/** Who types faster than the server answers is asked to prove again. */
const ROUNDS = 8
const DETAILS = 'Show What Was Tried'

export interface Needs {
  readonly client: LanguageClient | undefined
  readonly channel: vscode.LogOutputChannel
  readonly preview: Preview
}

/** Prove or repair at a place, as a code action names it, or else at the cursor. */
export async function prove({ client, channel, preview }: Needs, place?: Place, method = PROVE): Promise<void> {
  const at = place ?? cursor(client)
  if (client === undefined || at === undefined) return
  try {
    const uri = client.protocol2CodeConverter.asUri(at.textDocument.uri)
    const document = await vscode.workspace.openTextDocument(uri)
    let answer = await runJob<ProofAnswer>(
      client,
      `Ghostproof: ${method === PROVE ? 'proving' : 'repairing'}`,
      method,
      { ...at },
    )
    if (answer?.edit && showsProofs()) {
      const { range, newText } = change(answer)
      const title = `Proof of ${answer.declaration ?? ''}`
      if (!(await preview.accepts(document, title, asRange(range), newText))) return
    }
    answer = answer && (await put(client, document, answer))
    if (answer?.message !== undefined) await tell(channel, answer)
  } catch (problem) {
    void vscode.window.showErrorMessage(`Ghostproof: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

/** Put a proof in where the document is what the server says it is for; else hear where it stands now. */
async function put(client: LanguageClient, document: vscode.TextDocument, found: ProofAnswer): Promise<ProofAnswer> {
  let answer = found
  for (let round = 0; answer.edit && round < ROUNDS; round += 1) {
    if (document.version === answer.version) {
      const { range, newText } = change(answer)
      const edit = new vscode.WorkspaceEdit()
      edit.replace(document.uri, asRange(range), newText)
      // The editor refuses it where the document has changed on the way.
      if (await vscode.workspace.applyEdit(edit)) return {}
    }
    answer = await client.sendRequest<ProofAnswer>(PROOF, { name: answer.name })
  }
  return answer.edit
    ? { message: 'A proof was found, but the document did not keep still. Nothing was changed.' }
    : answer
}

async function tell(
  channel: vscode.LogOutputChannel,
  { message = '', tried = [], left = [] }: ProofAnswer,
): Promise<void> {
  const details = [...left.map((goal) => `left to be proved:\n${goal}`), ...tried.map((each) => `tried: ${each}`)]
  const chosen = await vscode.window.showInformationMessage(message, ...(details.length > 0 ? [DETAILS] : []))
  if (chosen !== DETAILS) return
  channel.appendLine([message, ...details].join('\n'))
  channel.show()
}

function cursor(client: LanguageClient | undefined): Place | undefined {
  const editor = vscode.window.activeTextEditor
  if (client === undefined || editor === undefined || !isServed(editor.document)) return undefined
  const { line, character } = editor.selection.active
  return {
    textDocument: { uri: client.code2ProtocolConverter.asUri(editor.document.uri) },
    position: { line, character },
  }
}

function change({ edit }: ProofAnswer): TextEdit {
  const [made] = Object.values(edit?.changes ?? {}).flat()
  if (made === undefined) throw new Error('The server sent an edit that is none.')
  return made
}

function asRange({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character)
}
