// Proves what is missing, or repairs what is refused: asked of the server, shown, and put in where it still holds.

import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { runJob } from '../commands/job'
import { isServed } from '../documents'
import { PROOF, type Place, type ProofAnswer, PROVE } from '../protocol'
import { showsProofs } from '../settings'
import type { Change, Preview } from './preview'

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
    const title = `Ghostproof: ${method === PROVE ? 'proving' : 'repairing'}`
    let more = true
    let after: string | undefined
    while (more) {
      let answer = await runJob<ProofAnswer>(client, title, method, { ...at, after })
      more = false
      while (answer !== undefined) {
        if (answer.edit && (showsProofs() || isSeen(answer)) && !(await isWanted(preview, document, answer))) return
        const goesOn = answer.more === true
        after = answer.name
        answer = await put(client, document, answer)
        more = goesOn && answer.message === undefined
        const part = answer.message === undefined ? undefined : await tell(channel, answer)
        answer = part === undefined ? undefined : await client.sendRequest<ProofAnswer>(PROOF, { name: part })
      }
    }
  } catch (problem) {
    void vscode.window.showErrorMessage(`Ghostproof: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

/** Whether nobody gets it without having seen it: it is only a part of a proof, or brings lemmas along. */
function isSeen({ left, above }: ProofAnswer): boolean {
  return (left ?? above) !== undefined
}

function isWanted(preview: Preview, document: vscode.TextDocument, answer: ProofAnswer): Promise<boolean> {
  const { declaration: of = '', left, above } = answer
  let [title, said] = [`Proof of ${of}`, `Lean accepts it${above === undefined ? '' : ', with what goes in above'}.`]
  if (left) {
    title = `Unfinished proof of ${of}`
    said = `${String(left.length)} goal${left.length === 1 ? ' is' : 's are'} left as “sorry”.`
  }
  return preview.accepts(document, title, edits(answer), said)
}

/** Put a proof in where the document is what the server says it is for; else hear where it stands now. */
async function put(client: LanguageClient, document: vscode.TextDocument, found: ProofAnswer): Promise<ProofAnswer> {
  let answer = found
  for (let round = 0; answer.edit && round < ROUNDS; round += 1) {
    if (document.version === answer.version) {
      const edit = new vscode.WorkspaceEdit()
      for (const { range, newText } of edits(answer)) edit.replace(document.uri, range, newText)
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

/** What changes, from the top. */
function edits({ edit }: ProofAnswer): Change[] {
  const made = Object.values(edit?.changes ?? {}).flat()
  if (made.length === 0) throw new Error('The server sent an edit that is none.')
  return made.map(({ range: { start, end }, newText }) => {
    return { range: new vscode.Range(asPosition(start), asPosition(end)), newText }
  })
}

function asPosition({ line, character }: Place['position']): vscode.Position {
  return new vscode.Position(line, character)
}
