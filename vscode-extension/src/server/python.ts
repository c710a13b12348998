// Finds a Python that a virtual environment can be made with, and says what to do where there is none.

import { join } from 'node:path'
import { executableName, executables } from './places'
import { run } from './process'

export const OLDEST = [3, 11] as const
const NEWEST_MINOR = 15
const PROBE_MS = 20_000
const PROBE = `import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"version": list(sys.version_info[:3]), "complete": complete}))`

export interface Python {
  readonly command: readonly string[]
  readonly version: readonly number[]
  /** Whether it can make virtual environments: Debian puts that into a package of its own. */
  readonly complete: boolean
}

export interface PythonPlaces {
  readonly platform: NodeJS.Platform
  /** Folders with programs, the likeliest first. */
  readonly folders: readonly string[]
  /** An interpreter that the user has chosen elsewhere, such as in the Python extension. */
  readonly chosen: string | undefined
}

/** Every Python there is, each once; the first is the best to use. */
export async function findPythons(at: PythonPlaces): Promise<Python[]> {
  const minors = Array.from({ length: NEWEST_MINOR - OLDEST[1] + 1 }, (_, i) => `python3.${NEWEST_MINOR - i}`)
  const names = [...minors, 'python3', 'python'].map((name) => executableName(name, at.platform))
  // macOS answers for the Python in /usr/bin with a dialog about developer tools; it would be too old anyway.
  const where = at.platform === 'darwin' ? at.folders.filter((folder) => folder !== '/usr/bin') : at.folders
  const paths = await Promise.all(names.map((name) => executables(where, name)))
  const commands = [...new Set([...(at.chosen ? [at.chosen] : []), ...paths.flat()])].map((path) => [path])
  if (at.platform === 'win32') commands.push(['py', '-3'])
  const found = await Promise.all(commands.map(examine))
  return found.filter((python) => python !== undefined).sort((a, b) => rank(b) - rank(a))
}

async function examine(command: readonly string[]): Promise<Python | undefined> {
  try {
    const { code, stdout } = await run([...command, '-c', PROBE], { timeout: PROBE_MS })
    return code === 0 ? { command, ...(JSON.parse(stdout) as Omit<Python, 'command'>) } : undefined
  } catch {
    return undefined // cannot be started, or is no Python
  }
}

/** Usable ones first, in the order they were found in. */
function rank(python: Python): number {
  return isNewEnough(python) ? (python.complete ? 2 : 1) : 0
}

function isNewEnough({ version: [major = 0, minor = 0] }: Python): boolean {
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

export type Choice = { readonly python: Python } | { readonly problem: string }

/** The Python to use, or what is wrong with those there are and how to get a good one. */
export function choose(pythons: readonly Python[], platform: NodeJS.Platform): Choice {
  const [best] = pythons
  const wanted = `Python ${OLDEST.join('.')} or newer`
  if (best === undefined)
    return { problem: `Ghostproof's server needs ${wanted}, and none was found. ${cure(platform)}` }
  if (!isNewEnough(best)) {
    const versions = [...new Set(pythons.map((python) => python.version.join('.')))].join(', ')
    return { problem: `Ghostproof's server needs ${wanted}; there is only ${versions}. ${cure(platform)}` }
  }
  if (!best.complete) {
    const name = `python${best.version.slice(0, 2).join('.')}`
    return { problem: `${name} cannot make virtual environments. On Debian and Ubuntu: sudo apt install ${name}-venv` }
  }
  return { python: best }
}

function cure(platform: NodeJS.Platform): string {
  switch (platform) {
    case 'win32':
      return 'Get it from python.org or the Microsoft Store, then try again.'
    case 'darwin':
      return 'Get it from python.org, or by: brew install python'
    default:
      return 'Install it with your system (Debian and Ubuntu: sudo apt install python3 python3-venv), or by: uv python install'
  }
}

/** Where programs are beside PATH, which an editor started from the desktop may not have in full. */
export function usualFolders(home: string, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return []
  return ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin', join(home, '.local', 'bin')]
}
