'use strict';
// What the patched runtime calls outside WebAssembly, in the thread that calls: symbols, standard streams, library
// files, the end of the process. Knows nothing of Lean's command line.
const fs = require('fs');
const path = require('path');
const { isMainThread, parentPort } = require('worker_threads');
const { mayLook, mayRead } = require('./files.js');

const ROOT = path.dirname(__dirname);
const LIBRARY_FDS = 1 << 20; // descriptors from here on are library files of one thread; the runtime's own stay far below
const ENOENT = 44; // WASI numbers
const EACCES = 2;
const EIO = 29;
const CRASHED = 134; // 128 + SIGABRT, what a native Lean ends with
const READER_GONE = 141; // 128 + SIGPIPE

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const sleep = (ms) => Atomics.wait(sleeper, 0, 0, ms);

// ---- symbols: the hash file written by wasm.py

let symbols = null;

function loadSymbols() {
  const file = fs.readFileSync(path.join(__dirname, 'lean-symbols.bin'));
  symbols = new Uint32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
}

/** Table index or data address of the NUL-terminated name at `at`; 0 if there is none. */
function dlsym(heap, at) {
  if (!symbols) loadSymbols();
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let byte; (byte = heap[at]) !== 0; at++) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = (Math.imul(b ^ byte, 0x5bd1e995) + 1) | 0;
  }
  a >>>= 0;
  b >>>= 0;
  const mask = symbols.length / 3 - 1;
  for (let slot = (a ^ (a >>> 15)) & mask; ; slot = (slot + 1) & mask) {
    const at3 = slot * 3;
    if (symbols[at3] === a && symbols[at3 + 1] === b) return symbols[at3 + 2];
    if (symbols[at3] === 0 && symbols[at3 + 1] === 0) return 0;
  }
}

// ---- standard streams

const DEBUG_LINE = /^\[DEBUG:|^ {2}mainModule\? = |^ {2}- .*\.olean/;
let inDebugLine = false;

/** Whether a piece of stderr belongs to the debugging lines that are compiled into this Lean. */
function isDebugOutput(bytes) {
  if (!inDebugLine && !DEBUG_LINE.test(bytes.toString('latin1', 0, 4096))) return false;
  inDebugLine = bytes[bytes.length - 1] !== 10;
  return true;
}

const NO_MAIN = "(interpreter) unknown declaration 'main'";

/** A message of Lean's, with what a person cannot guess: this build elaborates every file as a `module`. */
function withHint(bytes) {
  if (bytes.length !== NO_MAIN.length || bytes.toString('latin1') !== NO_MAIN) return bytes;
  return Buffer.from(`${NO_MAIN} (the embedded Lean finds only a public one: write \`public def main\`)`);
}

function gather(iov, count, heap, words) {
  const parts = [];
  for (let i = 0; i < count; i++) {
    const at = words[(iov >> 2) + 2 * i];
    // Copied, because Node refuses to write from shared memory.
    parts.push(Buffer.from(heap.slice(at, at + words[(iov >> 2) + 2 * i + 1])));
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

function writeAll(fd, bytes) {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      sleep(2);
    }
  }
}

function write(fd, iov, count, written, heap, words) {
  const bytes = gather(iov, count, heap, words);
  if (bytes.length && !(fd === 2 && isDebugOutput(bytes))) {
    try {
      writeAll(fd, fd === 2 ? withHint(bytes) : bytes);
    } catch (error) {
      if (error.code === 'EPIPE') exit(READER_GONE);
      return EIO;
    }
  }
  words[written >> 2] = bytes.length;
  return 0;
}

function readInput(buffer) {
  for (;;) {
    try {
      return fs.readSync(0, buffer, 0, buffer.length, null);
    } catch (error) {
      if (error.code === 'EOF') return 0;
      if (error.code !== 'EAGAIN') throw error;
      sleep(5);
    }
  }
}

// ---- library files, read-only, and what lies where Lean may read: a look for each module of an import

const positions = new Map(); // of the library files that this thread has open
const isLibraryFile = (file) => file[0] === '/' && /\.(olean|ilean|ir)(\.[a-z]+)?$/.test(file);
const O_ACCMODE = 3;
const O_CREAT = 0o100;

function open(file, flags) {
  if ((flags & O_ACCMODE) !== 0 || flags & O_CREAT || !isLibraryFile(file)) return undefined;
  if (!mayRead(file)) return -ENOENT;
  try {
    const fd = fs.openSync(file, 'r') + LIBRARY_FDS;
    positions.set(fd, 0);
    return fd;
  } catch (error) {
    return -({ ENOENT, ENOTDIR: ENOENT, EACCES }[error.code] ?? EIO);
  }
}

function stat(file, buffer, syscalls) {
  if (!mayLook(file)) return isLibraryFile(file) ? -ENOENT : undefined;
  try {
    const found = fs.statSync(file, { throwIfNoEntry: false });
    return found ? syscalls.writeStat(buffer, found) : -ENOENT;
  } catch (error) {
    return -(error.code === 'EACCES' ? EACCES : EIO);
  }
}

function fstat(fd, buffer, syscalls) {
  return fd < LIBRARY_FDS ? undefined : syscalls.writeStat(buffer, fs.fstatSync(fd - LIBRARY_FDS));
}

function close(fd) {
  if (fd < LIBRARY_FDS) return undefined;
  positions.delete(fd);
  fs.closeSync(fd - LIBRARY_FDS);
  return 0;
}

function seek(fd, offset, whence, result, words64) {
  if (fd < LIBRARY_FDS) return undefined;
  const from = whence === 0 ? 0 : whence === 1 ? positions.get(fd) : fs.fstatSync(fd - LIBRARY_FDS).size;
  positions.set(fd, from + offset);
  words64[result >> 3] = BigInt(from + offset);
  return 0;
}

function readLibrary(fd, iov, count, heap, words) {
  let total = 0;
  for (let i = 0; i < count; i++) {
    const length = words[(iov >> 2) + 2 * i + 1];
    if (!length) continue;
    const at = words[(iov >> 2) + 2 * i];
    const got = fs.readSync(fd - LIBRARY_FDS, heap, at, length, positions.get(fd));
    positions.set(fd, positions.get(fd) + got);
    total += got;
    if (got < length) break;
  }
  return total;
}

function readStandard(iov, count, heap, words) {
  for (let i = 0; i < count; i++) {
    const length = words[(iov >> 2) + 2 * i + 1];
    if (!length) continue;
    const buffer = Buffer.allocUnsafe(length);
    const got = readInput(buffer);
    heap.set(buffer.subarray(0, got), words[(iov >> 2) + 2 * i]);
    return got; // one read only: more would block on a pipe that has given all it has
  }
  return 0;
}

function read(fd, iov, count, done, heap, words) {
  words[done >> 2] = fd === 0 ? readStandard(iov, count, heap, words) : readLibrary(fd, iov, count, heap, words);
  return 0;
}

// ---- the end

/** Ends the process with this status, from any thread. Does not return. */
function exit(status) {
  if (isMainThread) process.reallyExit(status & 0xff);
  parentPort.postMessage({ cmd: 'callHandler', handler: 'leanExit', args: [status & 0xff] });
  for (;;) sleep(60000);
}

const BOXED_UINT32 = 16; // header word of a Lean object of 16 bytes that holds no pointers

/**
 * The exit status behind the value that Lean's `main` returns.
 *
 * The C++ side reads Lean's UInt32 as a boxed scalar, which it is on 64 bits. On 32 bits it is an object, so the result
 * is half its address. The object was freed just before, which overwrites only its first word.
 */
function exitStatus(returned, words) {
  if (returned < 4096) return returned;
  const object = (returned * 2) >>> 2;
  return words[object + 1] === BOXED_UINT32 ? words[object + 2] : CRASHED;
}

/** Runs C's `main` on the (argc, argv) record at `record` and ends the process. */
function runMain(record, exports, runtime) {
  const words = runtime.HEAPU32;
  const returned = exports.__main_argc_argv(words[record >> 2], words[(record >> 2) + 1]) >>> 0;
  exports.fflush(0);
  exit(exitStatus(returned, runtime.HEAPU32));
}

module.exports = {
  CRASHED,
  ROOT,
  host: {
    mainIsOver: false, // set by the runtime in the thread of `main`
    libraryFds: LIBRARY_FDS,
    programPath: path.join(ROOT, 'bin', 'lean'),
    threadFile: path.join(__dirname, 'lean.js'),
    pool: 1, // threads that are made before anything else, for `main`
    // 64 MB of native stack a thread (address space, not memory): Lean recurses deeply on long terms.
    threadLimits: { stackSizeMb: 64, maxOldGenerationSizeMb: 512 },
    dlsym, write, read, open, stat, fstat, close, seek, exit, runMain,
  },
};
