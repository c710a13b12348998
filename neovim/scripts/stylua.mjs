// StyLua, as Node runs it, over the Lua files of the plugin and its tests.
// usage: node stylua.mjs MODULE (--check | --write) FILE...
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const [module, mode, ...files] = process.argv.slice(2)
const stylua = createRequire(import.meta.url)(module)

// The library reads no stylua.toml; these are its lines, and a key that is not known here is an error.
const SETTERS = {
  column_width: Number,
  indent_width: Number,
  indent_type: (name) => stylua.IndentType[name],
  quote_style: (name) => stylua.QuoteStyle[name],
  syntax: (name) => stylua.LuaVersion[name],
}

function configuration() {
  const config = stylua.Config.new()
  const text = readFileSync(new URL('../stylua.toml', import.meta.url), 'utf8')
  for (const [, key, value] of text.matchAll(/^(\w+)\s*=\s*"?([^"\n]+)"?$/gm)) {
    config[key] = SETTERS[key](value)
  }
  return config
}

let wrong = 0
for (const file of files) {
  const before = readFileSync(file, 'utf8')
  const after = stylua.formatCode(before, configuration(), undefined, stylua.OutputVerification.Full)
  if (before === after) continue
  if (mode === '--write') {
    writeFileSync(file, after)
  } else {
    wrong += 1
    console.error(`${file} is not formatted`)
  }
}
process.exit(wrong === 0 ? 0 : 1)
