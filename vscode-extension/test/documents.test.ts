import { expect, test } from 'vitest'
import type * as vscode from 'vscode'
import { isLean, isServed } from '../src/documents'
import { FakeDocument } from './fakes/vscode'

const document = (where: string, language = 'lean4'): vscode.TextDocument =>
  new FakeDocument('', language, where) as unknown as vscode.TextDocument

test.each([
  'file:///project/A.lean',
  'untitled:Untitled-1',
  'vscode-notebook-cell:/project/A.ipynb#W0',
  'memfs:/project/A.lean',
])('%s is served', (where) => {
  expect(isServed(document(where))).toBe(true)
  expect(isServed(document(where, 'lean'))).toBe(true)
  expect(isServed(document(where, 'markdown'))).toBe(false)
})

test.each(['git:/project/A.lean?HEAD', 'output:log', 'conflictResolution:/project/A.lean'])(
  '%s is read-only: Lean, and not served',
  (where) => {
    expect(isLean(document(where))).toBe(true)
    expect(isServed(document(where))).toBe(false)
  },
)
