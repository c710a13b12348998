// Prints what activation costs before anything else can happen: loading the bundle, each time in a fresh process.

import { execFileSync } from 'node:child_process'
import { statSync } from 'node:fs'

const RUNS = 11
const LOAD = `
const Module = require('node:module')
const load = Module._load
const editor = new Proxy({ version: '1.91.0' }, { get: (made, name) => (made[name] ??= class {}) })
Module._load = (request, ...rest) => (request === 'vscode' ? editor : load(request, ...rest))
const before = process.cpuUsage()
require('./dist/extension.js')
const { user, system } = process.cpuUsage(before)
console.log((user + system) / 1000)
`

const times = Array.from({ length: RUNS }, () => Number(execFileSync(process.execPath, ['-e', LOAD])))
const median = times.sort((a, b) => a - b)[(RUNS - 1) / 2] ?? NaN
const size = statSync('dist/extension.js').size / 1000
console.log(
  `bundle ${size.toFixed(0)} kB, loaded with ${median.toFixed(1)} ms of CPU time (median of ${RUNS} processes)`,
)
