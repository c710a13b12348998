// What all checks share: one code-server, one window, and how a check is written.

import { after, before, it } from 'node:test'
import { CodeServer } from './codeServer.ts'
import { type Programs, programs } from './places.ts'
import { Profile, type Settings } from './profile.ts'
import { type Options, Workbench } from './workbench.ts'

const CHECK_MS = 400_000

export class Session {
  readonly programs: Programs
  readonly profile: Profile
  readonly server: CodeServer
  private window: Workbench | undefined

  private constructor(found: Programs, profile: Profile, server: CodeServer) {
    this.programs = found
    this.profile = profile
    this.server = server
  }

  static async start(settings: Settings = {}): Promise<Session> {
    const found = programs()
    const profile = new Profile(settings)
    profile.install(found)
    return new Session(found, profile, await CodeServer.start(found, profile))
  }

  get workbench(): Workbench {
    if (this.window === undefined) throw new Error('no window is open')
    return this.window
  }

  /** Open a window on the folder, in place of the one that is open. */
  async open({ folder = '', ...options }: Options & { readonly folder?: string } = {}): Promise<Workbench> {
    await this.window?.close()
    this.window = await Workbench.open(this.programs.chromium, this.server.url(folder), options)
    return this.window
  }

  async picture(name: string): Promise<void> {
    await this.window?.picture(name)
  }

  /** Close whatever menu the check before has left open. */
  async leaveMenus(): Promise<void> {
    await this.window?.press('Escape', 'Escape')
  }

  async stop(): Promise<void> {
    await this.window?.close()
    await this.server.stop()
    this.profile.keepLogs()
    this.profile.remove()
  }
}

let running: Session | undefined

/** One session for all checks of the file that calls it. */
export function useSession(settings: Settings = {}): void {
  before(async () => {
    running = await Session.start(settings)
  })
  after(() => running?.stop())
}

/** One thing that a person can see in the editor. Where it fails, a picture is kept. */
export function check(name: string, body: (session: Session) => Promise<void>): void {
  it(name, { timeout: CHECK_MS }, async () => {
    if (running === undefined) throw new Error('the session did not start')
    try {
      await running.leaveMenus()
      await body(running)
    } catch (problem) {
      await running.picture(`failed: ${name}`.replace(/[^\w]+/g, '-'))
      throw problem
    }
  })
}
