// Where an installed `ghostproof` may be found, in the order that decides between equal versions.

import { constants } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly home: string
  /** The PATH variable. */
  readonly path: string
  /** Folders of the workspace, which is trusted. */
  readonly folders: readonly string[]
  /** Where the Python extension's environment has its programs. */
  readonly pythonPrograms: string | undefined
  /** The extension's own virtual environment. */
  readonly privateEnvironment: string
}

/** Folder of a virtual environment that holds its programs. */
export function programs(environment: string, platform: NodeJS.Platform): string {
  return join(environment, platform === 'win32' ? 'Scripts' : 'bin')
}

export function executableName(name: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `${name}.exe` : name
}

/** Folders that may hold a `ghostproof`. The first is the likeliest to be meant. */
export function folders(at: Surroundings): string[] {
  const pipx = at.platform === 'win32' ? join(at.home, 'pipx') : join(at.home, '.local')
  return [
    ...at.folders.flatMap((folder) => ['.venv', 'venv'].map((name) => programs(join(folder, name), at.platform))),
    ...(at.pythonPrograms ? [at.pythonPrograms] : []),
    ...at.path.split(delimiter).filter(Boolean),
    join(at.home, '.local', 'bin'),
    programs(join(pipx, 'share', 'pipx', 'venvs', 'ghostproof'), at.platform),
    programs(join(at.home, 'pipx', 'venvs', 'ghostproof'), at.platform),
    programs(join(at.home, '.local', 'share', 'uv', 'tools', 'ghostproof'), at.platform),
    programs(at.privateEnvironment, at.platform),
  ]
}

/** The executables called `name` in folders, each once however many links lead to it. */
export async function executables(where: readonly string[], name: string): Promise<string[]> {
  const found = await Promise.all(where.map((folder) => resolved(join(folder, name))))
  const seen = new Set<string>()
  return found.flatMap((each) => {
    if (each === undefined || seen.has(each.real)) return []
    seen.add(each.real)
    return [each.path]
  })
}

async function resolved(path: string): Promise<{ path: string; real: string } | undefined> {
  try {
    await access(path, constants.X_OK)
    return { path, real: await realpath(path) }
  } catch {
    return undefined // not there, or not for us to run
  }
}
