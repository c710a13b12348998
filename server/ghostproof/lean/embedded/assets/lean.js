'use strict';
// `lean`: loads the WebAssembly Lean and runs its `main` in a thread; the main thread serves files and threads only.
// Every thread runs this file; what is for the main thread alone stands in `start`.
const fs = require('fs');
const path = require('path');
const { isMainThread } = require('worker_threads');
const core = require('./core.js');
const { CRASHED, ROOT, host } = require('./hostcalls.js');
const { fill, settle } = require('./files.js');

const MAIN_ROUTINE = 0x7ffffffe; // as in runtime_js.py
const MAIN_STACK = 32 << 20; // bytes of wasm stack for `main`
// A file is elaborated by as many: the one that asks, Lean's own workers, those that wait for something.
const SERVED_THREADS = 5;

const leanModule = { host };
globalThis.leanModule = leanModule;

/** Whether this process serves another one, until that ends it. */
const isServed = (args) => args.includes('--worker') || args.includes('--run');

/** The variables Lean sees. LAKE names nothing: the worker would try to start a process, which WebAssembly cannot. */
function setEnvironment() {
  const { environment } = require('./doors.js');
  Object.assign(leanModule.runtime.ENV, environment(), { LAKE: path.join(ROOT, 'bin', 'no-lake') });
}

function fail(message, status = 1) {
  fs.writeSync(2, `${message}\n`);
  process.reallyExit(status);
}

function startMain(args) {
  const { runtime } = leanModule;
  const string = (text) => {
    const size = runtime.lengthBytesUTF8(text) + 1;
    const at = leanModule._malloc(size);
    runtime.stringToUTF8(text, at, size);
    return at;
  };
  const words = [...args.map(string), 0];
  const argv = leanModule._malloc(4 * words.length);
  runtime.HEAPU32.set(words, argv >> 2);
  const record = leanModule._malloc(8);
  runtime.HEAPU32.set([args.length, argv], record >> 2);
  const attributes = leanModule._malloc(64);
  leanModule._pthread_attr_init(attributes);
  leanModule._pthread_attr_setstacksize(attributes, MAIN_STACK);
  const status = leanModule._pthread_create(leanModule._malloc(4), attributes, MAIN_ROUTINE, record);
  if (status) fail(`lean: cannot start a thread (error ${status})`, CRASHED);
}

/** Threads that Lean will ask for, one after the other: `main` alone takes 0.4 s until it asks. */
async function startThreads(count) {
  const threads = leanModule.PThread;
  for (let i = 0; i < count; i++) {
    threads.allocateUnusedWorker();
    await threads.loadWasmModuleToWorker(threads.unusedWorkers.at(-1));
  }
}

/** What serves another process must not outlive it, even when its reader is stuck. */
function endWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || process.reallyExit(1), 2000);
}

/**
 * Files and threads are asked for through the main thread's mailbox; whoever puts something in rings, and waits. Twice
 * in some eighty starts on a loaded machine all threads were found asleep: what nobody rang for is found here.
 */
function lookIntoMailbox() {
  try {
    leanModule.__emscripten_check_mailbox?.();
  } catch (error) {
    if (error !== 'unwind') throw error;
  }
}

/** The program's code, 116 MB, read by another thread while this one makes the runtime. */
function readCode() {
  const fd = fs.openSync(path.join(__dirname, 'lean.wasm'), 'r');
  const bytes = Buffer.allocUnsafeSlow(fs.fstatSync(fd).size);
  return new Promise((resolve, reject) => {
    fs.read(fd, bytes, 0, bytes.length, 0, (error, count) => {
      fs.closeSync(fd);
      if (error) reject(error);
      else if (count < bytes.length) reject(new Error('lean.wasm is cut off'));
      else resolve(bytes);
    });
  });
}

function start(args) {
  const code = readCode();
  require('./doors.js');
  settle(args);
  process.on('uncaughtException', (error) => fail(`lean: crashed: ${error?.message ?? error}`, CRASHED));
  leanModule.noInitialRun = true;
  leanModule.leanExit = (status) => process.reallyExit(status);
  leanModule.instantiateWasm = async (imports, done) => {
    const bytes = await code;
    const wasm = new WebAssembly.Module(bytes);
    bytes.buffer.transfer(0); // the module has a copy of its own
    done(new WebAssembly.Instance(wasm, imports), wasm);
  };
  leanModule.preRun = setEnvironment;
  leanModule.onRuntimeInitialized = () => {
    fill(leanModule.runtime);
    try {
      leanModule.runtime.FS.chdir(process.cwd());
    } catch {
      fail(`lean: cannot work in the folder ${process.cwd()}`);
    }
    startMain(['lean', ...args]);
    core.share();
    startThreads(isServed(args) ? SERVED_THREADS : 1);
  };
  if (isServed(args)) endWithParent();
  setInterval(lookIntoMailbox, 100); // keeps the event loop alive, too
  core.run();
}

if (isMainThread) {
  const { refusal } = require('./commandline.js');
  const args = process.argv.slice(2);
  const refused = refusal(args);
  if (refused) fail(`lean: ${refused}`);
  else if (args.includes('--server')) require('./server.js').serve(args.filter((arg) => arg !== '--server'));
  else start(args);
} else {
  require('./doors.js');
  core.run();
  setEnvironment();
}
