// Runs the checks in the real editor, with everything set up: `node run.ts [--pictures]`.
// With --pictures the extension's pictures are replaced by those that the checks take.

import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { ARTIFACTS, E2E, programs, vsix } from './harness/places.ts'

rmSync(ARTIFACTS, { recursive: true, force: true })
console.log(`· ${path.basename(vsix())} in code-server`)
programs()
const pictures = process.argv.includes('--pictures') ? 'update' : ''
const { status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', path.join(E2E, 'editor.test.ts')], {
  stdio: 'inherit',
  env: { ...process.env, GHOSTPROOF_PICTURES: pictures },
})
if (status !== 0) console.log(`· pictures and logs: ${path.relative(process.cwd(), ARTIFACTS)}`)
process.exit(status ?? 1)
