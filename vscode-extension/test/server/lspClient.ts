// A language client without an editor, at the other end of a real server process.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import * as lsp from 'vscode-languageserver-protocol/node'
import { STATUS, type ServerStatus } from '../../src/protocol'
import { PYTHON } from '../programs'

export class LspClient {
  readonly statuses: ServerStatus[] = []
  readonly messages: string[] = []
  private waiting: (() => void)[] = []

  private constructor(
    readonly connection: lsp.ProtocolConnection,
    readonly initialized: lsp.InitializeResult,
    private readonly child: ChildProcessWithoutNullStreams,
  ) {
    connection.onNotification(STATUS, (status: ServerStatus) => this.note(() => this.statuses.push(status)))
    connection.onNotification(lsp.ShowMessageNotification.type, ({ message }) =>
      this.note(() => this.messages.push(message)),
    )
  }

  static async start(settings: Record<string, unknown>, folders: readonly string[] = []): Promise<LspClient> {
    const child = spawn(PYTHON, ['-m', 'ghostproof', 'serve', '--stdio'])
    const connection = lsp.createProtocolConnection(
      new lsp.StreamMessageReader(child.stdout),
      new lsp.StreamMessageWriter(child.stdin),
    )
    connection.listen()
    const initialized = await connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
      capabilities: { textDocument: { inlineCompletion: {} }, workspace: { workspaceEdit: { documentChanges: true } } },
      initializationOptions: { ghostproof: settings },
    })
    await connection.sendNotification(lsp.InitializedNotification.type, {})
    return new LspClient(connection, initialized, child)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  async open(path: string, text: string, languageId = 'lean4'): Promise<string> {
    const uri = pathToFileURL(path).href
    const textDocument = { uri, languageId, version: 1, text }
    await this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument })
    return uri
  }

  async change(uri: string, version: number, text: string): Promise<void> {
    const params = { textDocument: { uri, version }, contentChanges: [{ text }] }
    await this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, params)
  }

  /** The inline completions at a place, asked for again until there are some: the first search starts Lean. */
  async inline(uri: string, line: number, character: number): Promise<lsp.InlineCompletionItem[]> {
    const context = { triggerKind: lsp.InlineCompletionTriggerKind.Invoked }
    for (;;) {
      const params = { textDocument: { uri }, position: { line, character }, context }
      const answer = await this.connection.sendRequest(lsp.InlineCompletionRequest.type, params)
      const items = Array.isArray(answer) ? answer : (answer?.items ?? [])
      if (items.length > 0) return items
    }
  }

  async actions(uri: string, line: number, character: number): Promise<lsp.CodeAction[]> {
    const at = { line, character }
    const context = { diagnostics: [], triggerKind: lsp.CodeActionTriggerKind.Invoked }
    const params = { textDocument: { uri }, range: { start: at, end: at }, context }
    const answer = await this.connection.sendRequest(lsp.CodeActionRequest.type, params)
    return (answer ?? []) as lsp.CodeAction[]
  }

  /** Wait until the server has said something that a test waits for. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  /** End the server as LSP has it, and give its exit code. */
  async stop(): Promise<number | null> {
    const exited = once(this.child, 'exit')
    await this.connection.sendRequest(lsp.ShutdownRequest.type)
    await this.connection.sendNotification(lsp.ExitNotification.type)
    const [code] = (await exited) as [number | null]
    this.connection.dispose()
    return code
  }

  private note(work: () => void): void {
    work()
    const waiting = this.waiting
    this.waiting = []
    for (const resolve of waiting) resolve()
  }
}
