// The connection to one server process: which documents it is told of, which settings, and what middleware sees.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type * as vscode from 'vscode'
import {
  CloseAction,
  DidChangeConfigurationNotification,
  ErrorAction,
  LanguageClient,
  type Middleware,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node'
import { isServed, SELECTOR } from '../documents'
import { STATUS, type ServerStatus } from '../protocol'
import { SECTION } from '../settings'
import { NEUTRAL_FOLDER } from './process'
import { type Running, Unstartable } from './supervisor'

/** How long a server may take to end itself, which takes its Lean processes along, before it is killed. */
const STOP_MS = 5_000

/** The server never hears of a document that nobody can edit. */
const ONLY_SERVED: Middleware = {
  didOpen: async (document, next) => (isServed(document) ? next(document) : undefined),
  didChange: async (event, next) => (isServed(event.document) ? next(event) : undefined),
  didClose: async (document, next) => (isServed(document) ? next(document) : undefined),
}

export interface ClientNeeds {
  /** The executable and its arguments, up to the subcommand. */
  readonly command: readonly string[]
  readonly channel: vscode.LogOutputChannel
  readonly settings: () => Record<string, unknown>
  readonly middleware: Middleware
  readonly onStatus: (status: ServerStatus) => void
  /** Called when the server ends by itself. */
  readonly died: () => void
}

/** Errors go to the log; what the user is told of a dead server is said by the status bar and once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false)
  }
}

export class Client implements Running {
  private constructor(
    readonly language: LanguageClient,
    private readonly child: () => ChildProcessWithoutNullStreams | undefined,
    private readonly needs: ClientNeeds,
  ) {}

  /** Start a server and wait until it has answered `initialize`. Rejects with a sentence for the user. */
  static async start(needs: ClientNeeds): Promise<Client> {
    let child: ChildProcessWithoutNullStreams | undefined
    const life = { up: false, gone: false }
    /** The last line on standard error. */
    const said: [string?] = []
    const server = async (): Promise<ChildProcessWithoutNullStreams> => (child = await spawnServer(needs, said))
    const language = new QuietClient(SECTION, 'Ghostproof', server, {
      documentSelector: SELECTOR,
      outputChannel: needs.channel,
      traceOutputChannel: needs.channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: needs.settings,
      initializationFailedHandler: () => false,
      middleware: { ...ONLY_SERVED, ...needs.middleware },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          life.gone = true
          if (life.up) needs.died()
          return { action: CloseAction.DoNotRestart, handled: true }
        },
      },
      stdioOptions: { stdout: () => undefined, stderr: () => undefined },
    })
    language.onNotification(STATUS, needs.onStatus)
    try {
      await language.start()
      if (life.gone) throw new Error('the connection was closed')
      life.up = true
    } catch (problem) {
      child?.kill()
      if (problem instanceof Unstartable) throw problem
      throw new Error(`It ended while it was starting: ${said[0] ?? String(problem)}`, { cause: problem })
    }
    return new Client(language, () => child, needs)
  }

  /** Hand the settings over again, after the user changed them. */
  async configure(): Promise<void> {
    await this.language.sendNotification(DidChangeConfigurationNotification.type, { settings: this.needs.settings() })
  }

  async stop(): Promise<void> {
    try {
      await this.language.dispose(STOP_MS)
    } catch (problem) {
      this.needs.channel.warn(`The server did not stop by itself: ${String(problem)}`)
      this.child()?.kill('SIGKILL')
    }
  }
}

function spawnServer(needs: ClientNeeds, said: [string?]): Promise<ChildProcessWithoutNullStreams> {
  const [executable = '', ...words] = needs.command
  needs.channel.info(`Starting ${[executable, ...words, 'serve'].join(' ')}`)
  const child = spawn(executable, [...words, 'serve', '--stdio'], {
    cwd: NEUTRAL_FOLDER,
    windowsHide: true,
    env: { ...process.env, PYTHONUTF8: '1' },
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    said[0] = line
    logLine(needs.channel, line)
  })
  child.on('exit', (code, signal) => needs.channel.info(`The server ended (${signal ?? `exit code ${code}`}).`))
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child))
    child.once('error', (problem) => reject(new Unstartable(`${executable} cannot be started: ${problem.message}`)))
  })
}

/** Lines look like `WARNING ghostproof.lean.session: …`. */
function logLine(channel: vscode.LogOutputChannel, line: string): void {
  const level = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL) /.exec(line)?.[1]
  if (level === 'ERROR' || level === 'CRITICAL') channel.error(line)
  else if (level === 'WARNING') channel.warn(line)
  else channel.info(line)
}
