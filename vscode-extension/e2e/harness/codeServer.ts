// One running code-server on a free port of this machine, from start to end.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { artifact, type Programs } from './places.ts'
import { descendants, end } from './processes.ts'
import type { Profile } from './profile.ts'

const START_MS = 120_000
const FLAGS = [
  ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check'],
  ...['--disable-getting-started-override', '--disable-proxy'],
]

export class CodeServer {
  readonly port: number
  private readonly child: ChildProcess
  private readonly folder: string

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.child = child
    this.port = port
    this.folder = folder
  }

  static async start({ node, codeServer }: Programs, profile: Profile): Promise<CodeServer> {
    const child = spawn(node, [codeServer, ...FLAGS, ...profile.options], { stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(artifact('code-server.log'))
    child.stderr.pipe(log, { end: false })
    const port = await announcedPort(child, log)
    return new CodeServer(child, port, profile.workspace)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get host(): string {
    return `127.0.0.1:${this.port}`
  }

  /** The address of a window on the opened folder, or on one inside. */
  url(inside = ''): string {
    return `http://${this.host}/?folder=${encodeURIComponent(path.join(this.folder, inside))}`
  }

  /** End it and everything below it; extension hosts would otherwise outlive it by minutes. */
  async stop(): Promise<void> {
    const family = descendants(this.pid)
    const closed = once(this.child, 'close')
    this.child.kill('SIGTERM')
    for (const { pid } of family) end(pid)
    await closed
  }
}

function announcedPort(child: ChildProcess, log: NodeJS.WritableStream): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const failed = (why: string): void => reject(new Error(`code-server ${why}:\n${seen}`))
    const timer = setTimeout(() => failed('did not start'), START_MS)
    child.once('exit', (code) => failed(`ended with ${code}`))
    child.stdout?.on('data', (chunk: Buffer) => {
      log.write(chunk)
      seen += chunk.toString()
      const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(seen)?.[1]
      if (port === undefined) return
      clearTimeout(timer)
      resolve(Number(port))
    })
  })
}
