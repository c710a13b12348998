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

/** The files that these arguments have Lean read, and those that they have it write. */
function filesOf(args) {
  const inputs = [];
  const outputs = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = arg.length === 2 ? args[i + 1] : arg.slice(2);
    if (arg === '--run') {
      inputs.push(args[i + 1] ?? '');
      break; // what follows belongs to the program
    }
    if (arg === '--setup') inputs.push(args[++i] ?? '');
    else if (arg.startsWith('--setup=')) inputs.push(arg.slice('--setup='.length));
    else if (/^-[oi]/.test(arg)) outputs.push(value ?? '');
    else if (!arg.startsWith('-')) inputs.push(arg);
    if (/^-[a-zA-Z]$/.test(arg) && VALUED.has(arg[1])) i++;
  }
  return { inputs: inputs.filter(Boolean), outputs: outputs.filter(Boolean) };
}

module.exports = { EMBEDDED, filesOf, refusal };
