'use strict';
// Closes what the JavaScript runtime could reach outside WebAssembly: processes, the network, code made from text.
// Lean needs none of it; what Lean runs could make its memory say anything. Required by every thread, first of all.
const fs = require('fs');
const loader = require('module');

const CLOSED = new Set([
  'child_process', 'cluster', 'dgram', 'dns', 'http', 'http2', 'https', 'inspector', 'net', 'repl', 'tls', 'v8', 'vm',
  'wasi', 'ws',
]);

function closeModules() {
  const load = loader._load;
  loader._load = function (request, ...rest) {
    const name = String(request).replace(/^node:/, '').split('/')[0];
    if (CLOSED.has(name)) throw new Error(`${name} is not for Lean`);
    return load.call(this, request, ...rest);
  };
  process.getBuiltinModule = undefined;
  // The runtime looks up the flags of `open` here, and nothing else.
  process.binding = (name) => {
    if (name !== 'constants') throw new Error(`the binding ${name} is not for Lean`);
    return { fs: fs.constants };
  };
  process.dlopen = undefined;
}

function closeGlobals() {
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator']) {
    // Taken away first: replacing a property that Node makes at its first use would make it, in each thread.
    delete globalThis[name];
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  // `emscripten_run_script` evaluates text; so does `Function`, which the flag of the launcher script closes.
  globalThis.eval = () => {
    throw new Error('text is not run');
  };
}

// What Lean may know of the environment.
const SEEN = /^(LEAN_\w+|LAKE|PATH|HOME|LANG|LC_\w+|TZ)$/;

/** The variables that Lean sees. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => SEEN.test(name)));
}

closeModules();
closeGlobals();

module.exports = { environment };
