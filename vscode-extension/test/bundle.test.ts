import { statSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const BUNDLE = resolve('dist/extension.js')

interface Loader {
  _load(request: string, ...rest: unknown[]): unknown
}

test('the bundle is at most 300 kB', () => {
  expect(statSync(BUNDLE).size).toBeLessThanOrEqual(300_000)
})

test('the bundle loads: what was left out of the language client is not missed', () => {
  const loader = Module as unknown as Loader
  const load = loader._load
  const classes = new Map<PropertyKey, unknown>([['version', '1.91.0']])
  const editor = new Proxy(
    {},
    {
      get: (_, name) => classes.get(name) ?? classes.set(name, class {}).get(name),
    },
  )
  loader._load = (request, ...rest) => (request === 'vscode' ? editor : load(request, ...rest))
  try {
    expect(Object.keys(createRequire(BUNDLE)(BUNDLE) as object)).toEqual(['activate', 'deactivate'])
  } finally {
    loader._load = load
  }
})
