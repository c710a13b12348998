// Ghost text: what the editor asks for, and what is asked for when the cursor rests without anything being typed.

import * as vscode from 'vscode'
import { InlineCompletionRequest, type LanguageClient, type Middleware } from 'vscode-languageclient/node'
import { isServed } from '../documents'
import { automatic, showsReplacements } from '../settings'
import { isEmpty, type Offer, sortOut } from './items'
import type { Replacements } from './replacements'

/** The editor asks by itself after typing; what it has not asked about by then, the cursor has only come to. */
const REST_MS = 120
/** Nothing may be all there is: so often a place is asked about again when the server comes to rest. */
const MOST_REPEATS = 2
/** The command by which the editor asks its providers; an editor that knows no arguments asks all, as if the user had. */
const TRIGGER = 'editor.action.inlineSuggest.trigger'
/** Every provider of this extension, and no other. */
const OURS = 'ghostproof.ghostproof:*'

export interface GhostNeeds {
  readonly client: () => LanguageClient | undefined
  readonly paused: () => boolean
  readonly replacements: Replacements
}

interface Asking {
  readonly place: Place
  readonly offer: Promise<Offer>
  readonly cancel: vscode.CancellationTokenSource
  /** Whether the editor has been given the answer. */
  handedOn: boolean
}

/** Why the server is asked: only at rest it may take its time. */
export type Reason = 'asked for' | 'accepted' | 'at rest'

interface Place {
  readonly uri: string
  readonly version: number
  readonly position: vscode.Position
}

export class Ghost implements vscode.Disposable {
  private readonly watches: vscode.Disposable[]
  private timer: NodeJS.Timeout | undefined
  /** The request on its way, which the editor may come to want as well. */
  private asking: Asking | undefined
  /** The place that was last asked about, by the editor or here. */
  private asked: Place | undefined
  /** The place that nothing was known for, and how often it was asked about again. */
  private missed: { readonly place: Place; readonly times: number } | undefined
  /** An answer that waits for the editor to ask for it. */
  private ready: { readonly place: Place; readonly offer: Offer } | undefined

  constructor(private readonly needs: GhostNeeds) {
    this.watches = [
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.moved(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.moved(editor)),
    ]
  }

  /** The editor's own requests pass through here. */
  readonly middleware: Pick<Middleware, 'provideInlineCompletionItems'> = {
    provideInlineCompletionItems: async (document, position, context, token, next) => {
      if (this.needs.paused() || !isServed(document)) return undefined
      const place = placeOf(document, position)
      this.asked = place
      const offer =
        this.taken(place) ??
        (await this.onItsWay(place, token)) ??
        sortOut(document, await next(document, position, context, token))
      if (token.isCancellationRequested) return undefined
      this.take(place, offer)
      return offer.additions
    },
  }

  /**
   * Ask at the cursor, and show what comes.
   *
   * @returns whether there was anything to show.
   */
  async ask(editor: vscode.TextEditor, why: Reason): Promise<boolean> {
    clearTimeout(this.timer)
    this.cancel()
    const client = this.needs.client()
    const { document, selection } = editor
    if (client === undefined || this.needs.paused() || !isServed(document) || !selection.isEmpty) return false
    const place = placeOf(document, selection.active)
    const cancel = new vscode.CancellationTokenSource()
    const offer = request(client, document, place.position, why, cancel.token)
    const asking: Asking = (this.asking = { place, offer, cancel, handedOn: false })
    this.asked = place
    const found = await offer
    if (cancel.token.isCancellationRequested || !samePlace(place, here(editor))) return false
    this.asking = undefined
    this.take(place, found)
    if (found.additions.length > 0 && !asking.handedOn) await this.show(place, found, why === 'asked for')
    return !isEmpty(found)
  }

  dispose(): void {
    clearTimeout(this.timer)
    this.cancel()
    for (const watch of this.watches) watch.dispose()
  }

  /** The server has come to rest: what it found too late for its answer can be had now. */
  searchEnded(): void {
    const editor = vscode.window.activeTextEditor
    if (editor === undefined || !samePlace(this.missed?.place, here(editor)) || !automatic(editor.document)) return
    if (this.missed !== undefined && this.missed.times < MOST_REPEATS) {
      void this.ask(editor, 'at rest')
    }
  }

  /** The server has come up: it has not been asked about the place where the cursor is. */
  serverStarted(): void {
    this.asked = undefined
    this.missed = undefined
    this.moved(vscode.window.activeTextEditor)
  }

  private moved(editor: vscode.TextEditor | undefined): void {
    clearTimeout(this.timer)
    if (editor === undefined || !samePlace(this.asking?.place, here(editor))) this.cancel()
    if (editor === undefined || !samePlace(this.ready?.place, here(editor))) this.ready = undefined
    if (editor === undefined || editor !== vscode.window.activeTextEditor || !isServed(editor.document)) return
    if (!samePlace(this.asked, here(editor))) this.asked = undefined
    if (!automatic(editor.document)) return
    this.timer = setTimeout(() => {
      if (samePlace(this.asked, here(editor))) return
      void this.ask(editor, 'at rest')
    }, REST_MS)
  }

  private cancel(): void {
    this.asking?.cancel.cancel()
    this.asking = undefined
  }

  /** Have the editor ask for what is there to be shown. */
  private async show(place: Place, offer: Offer, explicit: boolean): Promise<void> {
    const ready = (this.ready = { place, offer })
    await vscode.commands.executeCommand(TRIGGER, { explicit })
    // Unless the user asks, the editor does not ask a second time where it was given nothing at first.
    if (explicit || this.ready !== ready) return
    await vscode.commands.executeCommand(TRIGGER, { explicit: true, providerId: OURS })
  }

  private async onItsWay(place: Place, token: vscode.CancellationToken): Promise<Offer | undefined> {
    const asking = this.asking
    if (asking === undefined || !samePlace(asking.place, place)) return undefined
    asking.handedOn = true
    token.onCancellationRequested(() => (asking.handedOn = false))
    return asking.offer
  }

  private taken(place: Place): Offer | undefined {
    const ready = this.ready
    this.ready = undefined
    return samePlace(ready?.place, place) ? ready?.offer : undefined
  }

  private take(place: Place, offer: Offer): void {
    const again = samePlace(this.missed?.place, place) ? (this.missed?.times ?? 0) + 1 : 0
    this.missed = isEmpty(offer) ? { place, times: again } : undefined
    const editor = vscode.window.activeTextEditor
    if (editor === undefined || !samePlace(place, here(editor))) return
    this.needs.replacements.show(editor, showsReplacements() ? offer.replacements : [])
  }
}

async function request(
  client: LanguageClient,
  document: vscode.TextDocument,
  position: vscode.Position,
  why: Reason,
  token: vscode.CancellationToken,
): Promise<Offer> {
  const { Automatic, Invoke } = vscode.InlineCompletionTriggerKind
  const context = { triggerKind: why === 'at rest' ? Automatic : Invoke, selectedCompletionInfo: undefined }
  const params = client.code2ProtocolConverter.asInlineCompletionParams(document, position, context)
  try {
    const answer = await client.sendRequest(InlineCompletionRequest.type, params, token)
    return sortOut(document, await client.protocol2CodeConverter.asInlineCompletionResult(answer, token))
  } catch (problem) {
    if (!token.isCancellationRequested) client.warn(`Asking for a suggestion failed: ${String(problem)}`)
    return { additions: [], replacements: [] }
  }
}

function placeOf(document: vscode.TextDocument, position: vscode.Position): Place {
  return { uri: document.uri.toString(), version: document.version, position }
}

function here(editor: vscode.TextEditor): Place {
  return placeOf(editor.document, editor.selection.active)
}

function samePlace(a: Place | undefined, b: Place): boolean {
  return a?.uri === b.uri && a.version === b.version && a.position.isEqual(b.position)
}
