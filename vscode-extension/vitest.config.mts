import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const fake = (name: string): string => fileURLToPath(new URL(`test/fakes/${name}.ts`, import.meta.url))

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    alias: { 'vscode-languageclient/node': fake('languageclient'), vscode: fake('vscode') },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    restoreMocks: true,
  },
})
