'use strict';
// The patched runtime, `lean-core.js`: compiled once, for all threads of the process.
const fs = require('fs');
const path = require('path');
const vm = require('vm');
const { wrap } = require('module');
const { getEnvironmentData, setEnvironmentData } = require('worker_threads');

const FILE = path.join(__dirname, 'lean-core.js');
const COMPILED = 'lean-core';

let script = null;

/** Runs the runtime in this thread. It finds its settings in `globalThis.leanModule`. */
function run() {
  const cachedData = getEnvironmentData(COMPILED);
  script = new vm.Script(wrap(fs.readFileSync(FILE, 'utf8')), { filename: FILE, cachedData });
  if (!cachedData) share();
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, FILE, __dirname);
}

/** Hands what is compiled by now to the threads that start from now on: the text alone would take each 20 ms. */
function share() {
  setEnvironmentData(COMPILED, script.createCachedData());
}

module.exports = { run, share };
