// Real programs for tests: small scripts in folders of their own, and the project's Python.

import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

/** The Python that has the server installed. */
export const PYTHON = process.env['GHOSTPROOF_PYTHON'] ?? [resolve('../.venv/bin/python')].find(existsSync) ?? 'python3'

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostproof-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Make a shell script that can be run. */
export async function script(path: string, body: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${body}\n`)
  await chmod(path, 0o755)
  return path
}
