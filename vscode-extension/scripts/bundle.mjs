// Bundles the extension into one file, without the parts of the language client that our server never needs.

import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

/**
 * Features of vscode-languageclient that are left out; the client then does not announce them either.
 * `executeCommand` would register the server's commands under names that are ours.
 */
// prettier-ignore
const FEATURES = [
  'callHierarchy', 'codeLens', 'colorProvider', 'completion', 'declaration', 'definition', 'diagnostic', 'documentHighlight',
  'documentLink', 'documentSymbol', 'executeCommand', 'fileOperations', 'fileSystemWatcher', 'foldingRange', 'formatting', 'implementation', 'inlayHint',
  'inlineValue', 'linkedEditingRange', 'notebook', 'reference', 'rename', 'selectionRange', 'semanticTokens', 'signatureHelp',
  'textDocumentContent', 'typeDefinition', 'typeHierarchy', 'workspaceSymbol',
]

/** A feature that does nothing: the client makes one of each and asks it for its share of the capabilities. */
const NOTHING = `class Absent {
  fillClientCapabilities() {}
  initialize() {}
  getState() { return { kind: 'static' } }
  clear() {}
}`

/** The requests of those features, which name nothing that others use. */
// prettier-ignore
const REQUESTS = [
  'callHierarchy', 'colorProvider', 'declaration', 'diagnostic', 'fileOperations', 'foldingRange', 'implementation', 
  'inlineValue', 'linkedEditingRange', 'moniker', 'selectionRange', 'textDocumentContent',
  'typeDefinition', 'typeHierarchy',
]

/** What TypeScript writes into every module anew. */
const HELPER =
  /^var __(createBinding|setModuleDefault|importStar|exportStar|importDefault) = \(this && .*?\n\}\)?\)?(\(\))?;$/gms
const HELPERS = `
exports.__importDefault = (module) => (module.__esModule ? module : { default: module })
exports.__importStar = (module) => (module.__esModule ? module : Object.assign(Object.create(module), { default: module }))
exports.__exportStar = (from, to) => {
  for (const name of Object.keys(from)) {
    if (name !== 'default' && !(name in to)) Object.defineProperty(to, name, { enumerable: true, get: () => from[name] })
  }
}
exports.__reexport = (to, name, get) => Object.defineProperty(to, name, { enumerable: true, get })
`

const GETTER =
  /Object\.defineProperty\(exports, ("\w+"), \{ enumerable: true, get: function \(\) \{ return ([\w.]+); \} \}\);/g
const DECLARED = /^(exports\.\w+ = )+void 0;$/gm

/** @type {import('esbuild').Plugin} */
const leaner = {
  name: 'leaner',
  setup(bundler) {
    const features = new RegExp(`vscode-languageclient[\\\\/]lib[\\\\/]common[\\\\/](${FEATURES.join('|')})\\.js$`)
    bundler.onLoad({ filter: features }, async ({ path }) => {
      const names = (await readFile(path, 'utf8')).matchAll(/^exports\.(\w*Feature) = \w+;$/gm)
      return { contents: `${NOTHING}\n${[...names].map(([, name]) => `exports.${name} = Absent`).join('\n')}` }
    })
    // What these are asked, whether the editor is new enough, is settled by `engines.vscode`.
    bundler.onLoad({ filter: /semver[\\/]functions[\\/](parse|satisfies)\.js$/ }, () => ({
      contents: 'module.exports = () => ({})',
    }))
    const requests = new RegExp(`protocol[\\\\/]lib[\\\\/]common[\\\\/]protocol\\.(${REQUESTS.join('|')})\\.js$`)
    bundler.onLoad({ filter: requests }, () => ({ contents: 'exports.__esModule = true' }))
    // The same modules as TypeScript wrote them, with less ceremony around every exported name.
    bundler.onResolve({ filter: /^typescript-helpers$/ }, ({ path }) => ({ path, namespace: 'helpers' }))
    bundler.onLoad({ filter: /.*/, namespace: 'helpers' }, () => ({ contents: HELPERS }))
    bundler.onLoad(
      { filter: /node_modules[\\/]vscode-(jsonrpc|language\w+)[\\/]lib[\\/].*\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8')
        // What is declared beforehand, `__exportStar` leaves alone.
        const declared = text.includes('__exportStar(') ? text : text.replace(DECLARED, '')
        const shorter = declared.replace(HELPER, '').replace(GETTER, '__reexport(exports, $1, () => $2);')
        const used = ['importDefault', 'importStar', 'exportStar', 'reexport'].filter((name) =>
          shorter.includes(`__${name}(`),
        )
        const helpers =
          used.length > 0
            ? `;var { ${used.map((name) => `__${name}`).join(', ')} } = require('typescript-helpers');`
            : ''
        return { contents: shorter.replace(/^"use strict";/, `"use strict"${helpers};`) }
      },
    )
  },
}

const result = await build({
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  plugins: [leaner],
  minify: true,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
})
const [output] = Object.values(result.metafile.outputs)
console.log(`dist/extension.js: ${Math.round((output?.bytes ?? 0) / 1000)} kB`)
