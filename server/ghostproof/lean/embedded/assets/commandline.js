'use strict';
// Which of Lean's command-line options this build cannot honour, and what it says instead.

const EMBEDDED = 'this is the embedded WebAssembly Lean of Ghostproof';

// Short options that take a value in the next argument when nothing follows the letter.
const VALUED = new Set(['R', 'o', 'i', 'D', 'M', 'T', 's', 't', 'j', 'E']);
const REFUSED = new Map([
  ['c', 'compile to C'],
  ['b', 'compile to LLVM bitcode'],
  ['--c', 'compile to C'],
  ['--bc', 'compile to LLVM bitcode'],
  ['--load-dynlib', 'load shared libraries'],
  ['--plugin', 'load plugins'],
]);

/** What is wrong with these arguments, or null. Arguments behind the file of `--run` belong to the program. */
function refusal(args) {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === '--run') return null;
    if (!arg.startsWith('-') || arg === '-' || arg === '--stdin') continue;
    const name = arg.startsWith('--') ? arg.split('=')[0] : arg[1];
    const what = REFUSED.get(name);
    if (what) return `cannot ${what} (${arg}): ${EMBEDDED}; a native Lean is needed for that`;
    if (VALUED.has(name) && arg.length === 2) i++;
  }
  return null;
}

module.exports = { EMBEDDED, refusal };
