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
const UNFINISHED = 'Show Unfinished Proof'

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
    const above = new vscode.Range(new vscode.Position(0, 0), asPosition(at.position))
    const title = `Ghostproof: ${method === PROVE ? 'proving' : 'repairing'}`
    let more = true
    while (more) {
      more = false
      const before = document.getText(above)
      let answer = await runJob<ProofAnswer>(client, title, method, { ...at })
      while (answer !== undefined) {
        if (answer.edit && (showsProofs() || isPart(answer)) && !(await isWanted(preview, document, answer))) return
        const goesOn = answer.more === true
        answer = await put(client, document, answer)
        // Of what the user has moved meanwhile, the place says nothing any more.
        more = goesOn && answer.message === undefined && document.getText(above) === before
        const part = answer.message === undefined ? undefined : await tell(channel, answer)
        answer = part === undefined ? undefined : await client.sendRequest<ProofAnswer>(PROOF, { name: part })
      }
    }
  } catch (problem) {
    void vscode.window.showErrorMessage(`Ghostproof: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

/** Whether it is only a part of a proof, which nobody gets without having seen it. */
function isPart({ left }: ProofAnswer): boolean {
  return left !== undefined
}

function isWanted(preview: Preview, document: vscode.TextDocument, answer: ProofAnswer): Promise<boolean> {
  const { range, newText } = change(answer)
  const [where, of] = [asRange(range), answer.declaration ?? '']
  if (!isPart(answer)) return preview.accepts(document, `Proof of ${of}`, where, newText)
  const count = answer.left?.length ?? 0
  const said = `${String(count)} goal${count === 1 ? ' is' : 's are'} left as “sorry”.`
  return preview.accepts(document, `Unfinished proof of ${of}`, where, newText, said)
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

/** Say why there is no proof; the name of the best part of one where the user wants that. */
async function tell(
  channel: vscode.LogOutputChannel,
  { message = '', tried = [], left = [], unfinished }: ProofAnswer,
): Promise<string | undefined> {
  const details = [...left.map((goal) => `left to be proved:\n${goal}`), ...tried.map((each) => `tried: ${each}`)]
  const buttons = [...(unfinished === undefined ? [] : [UNFINISHED]), ...(details.length > 0 ? [DETAILS] : [])]
  const chosen = await vscode.window.showInformationMessage(message, ...buttons)
  if (chosen === UNFINISHED) return unfinished
  if (chosen === DETAILS) {
    channel.appendLine([message, ...details].join('\n'))
    channel.show()
  }
  return undefined
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
  return new vscode.Range(asPosition(start), asPosition(end))
}

function asPosition({ line, character }: Place['position']): vscode.Position {
  return new vscode.Position(line, character)
}
