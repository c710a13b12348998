// Finds the server to run: the newest `ghostproof` that is installed.

import { executableName, executables, folders, type Surroundings } from './places'
import { run } from './process'
import { compareVersions } from './version'

const VERSION_MS = 20_000

export interface Found {
  readonly command: readonly string[]
  /** undefined where it was the only one and was not asked. */
  readonly version: string | undefined
}

/** The version that a command reports; undefined where it is no working `ghostproof`. */
export async function versionOf(command: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stdout } = await run([...command, '--version'], { timeout: VERSION_MS })
    return code === 0 ? /^ghostproof (\S+)/.exec(stdout)?.[1] : undefined
  } catch {
    return undefined // cannot be started
  }
}

/** The newest installed `ghostproof`; of equals the first in the order of places. A broken one is passed over. */
export async function findServer(at: Surroundings): Promise<Found | undefined> {
  const paths = await executables(folders(at), executableName('ghostproof', at.platform))
  const only = paths.length === 1 ? paths[0] : undefined
  if (only !== undefined) return { command: [only], version: undefined }
  const known = await Promise.all(paths.map(async (path) => ({ path, version: await versionOf([path]) })))
  let best: { path: string; version: string } | undefined
  for (const { path, version } of known) {
    if (version !== undefined && (best === undefined || compareVersions(version, best.version) > 0))
      best = { path, version }
  }
  return best && { command: [best.path], version: best.version }
}
