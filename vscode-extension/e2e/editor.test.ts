// The packaged extension in the real editor with the real Lean, in one window, in the order of a person's first hour.

import { useSession } from './harness/session.ts'

useSession()

await import('./tests/trust.ts')
await import('./tests/ghost.ts')
await import('./tests/actions.ts')
await import('./tests/panel.ts')
await import('./tests/documents.ts')
await import('./tests/prove.ts')
await import('./tests/life.ts')
await import('./tests/pictures.ts')
await import('./tests/host.ts')
