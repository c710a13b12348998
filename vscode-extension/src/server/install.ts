// Puts the server that came with the extension into a virtual environment of its own.

import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { versionOf } from './find'
import { executableName, programs } from './places'
import { run } from './process'

export interface Installation {
  /** The Python that makes the environment. */
  readonly python: readonly string[]
  /** The environment's folder; one that is there is replaced once the new one works. */
  readonly environment: string
  /** Folder with the server's wheel and the versions that it was tested with. */
  readonly parts: string
  readonly signal: AbortSignal
  /** What is being done, in a few words. */
  readonly onProgress: (message: string) => void
}

/** Install the server and return its executable. Rejects with what pip said last, and leaves what was there before. */
export async function install(to: Installation): Promise<string> {
  const wheel = (await readdir(to.parts)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Error('This build of the extension brings no server along.')
  const before = `${to.environment}.before`
  await mkdir(dirname(to.environment), { recursive: true })
  await rm(before, { recursive: true, force: true })
  await renameIfThere(to.environment, before)
  try {
    const executable = await make(to, join(to.parts, wheel))
    await rm(before, { recursive: true, force: true })
    return executable
  } catch (problem) {
    await rm(to.environment, { recursive: true, force: true })
    await renameIfThere(before, to.environment)
    throw problem
  }
}

async function make(to: Installation, wheel: string): Promise<string> {
  const bin = programs(to.environment, process.platform)
  to.onProgress('Making a virtual environment')
  await step([...to.python, '-m', 'venv', to.environment], to)
  const pip = [
    join(bin, executableName('python', process.platform)),
    '-m',
    'pip',
    '--disable-pip-version-check',
    '--no-input',
  ]
  const constraints = join(to.parts, 'constraints.txt')
  await step([...pip, 'install', '--progress-bar', 'off', '--constraint', constraints, wheel], to)
  const executable = join(bin, executableName('ghostproof', process.platform))
  if ((await versionOf([executable])) === undefined) throw new Error('The server was installed but does not start.')
  return executable
}

async function step(command: readonly string[], { signal, onProgress }: Installation): Promise<void> {
  const onLine = (line: string): void => {
    const message = inWords(line)
    if (message !== undefined) onProgress(message)
  }
  const { code, stdout, stderr } = await run(command, { signal, onLine })
  if (code !== 0) throw new Error(lastLines(stderr.trim() || stdout.trim()) || `${command[0]} failed.`)
}

/** What pip is at, out of a line of its output. */
export function inWords(line: string): string | undefined {
  const [, wanted] = /^Collecting ([\w.-]+)/.exec(line) ?? []
  if (wanted !== undefined) return `Fetching ${wanted}`
  const [, name] = /^Processing \S*?([\w.]+)-[^/\\]*\.whl/.exec(line) ?? []
  if (name !== undefined) return `Reading ${name}`
  return line.startsWith('Installing collected packages') ? 'Installing' : undefined
}

function lastLines(text: string): string {
  return text.split('\n').slice(-3).join(' ').trim()
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (problem) {
    if (!(problem instanceof Error && 'code' in problem && problem.code === 'ENOENT')) throw problem
  }
}
