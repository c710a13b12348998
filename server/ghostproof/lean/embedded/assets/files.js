'use strict';
// Which of the machine's files Lean sees: its library, the folder it works in, its search path, and the files that its
// command line names. Nothing can be written but what the command line asks for (`-o`).
//
// What Lean elaborates is other people's text, and elaborating runs code. The loader decides once, before Lean runs;
// the threads get the decision in their environment.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { filesOf } = require('./commandline.js');

const ROOT = path.dirname(__dirname);
const HANDED_ON = 'GHOSTPROOF_LEAN_FILES';
const EROFS = 69; // WASI numbers
const ENOENT = 44;
const MOST_LINKS = 20;
const WRITING = 0o3 | 0o100 | 0o1000 | 0o2000; // O_ACCMODE, O_CREAT, O_TRUNC, O_APPEND

const below = (folder, file) => file === folder || file.startsWith(folder === '/' ? '/' : `${folder}/`);

/** A folder that holds the user's home, or everybody's temporary files, is not a project's. */
function tooWide(folder) {
  const home = path.resolve(process.env.HOME || os.homedir()); // the launcher script has resolved its links
  return below(folder, home) || ['/', '/tmp', '/var', '/var/tmp', path.resolve(os.tmpdir())].includes(folder);
}

/** Folders that may be read, folders that may be written, and single files that may be read. */
function decide(args) {
  const { inputs, outputs } = filesOf(args);
  const named = [process.env.LEAN_PATH, process.env.LEAN_SRC_PATH].flatMap((list) => (list ?? '').split(':'));
  const folders = [process.cwd(), ...named.filter(Boolean)].map((folder) => path.resolve(folder));
  const written = outputs.map((file) => path.dirname(path.resolve(file)));
  return {
    read: [...new Set([ROOT, ...folders.filter((folder) => !tooWide(folder)), ...written])],
    write: [...new Set(written)],
    files: inputs.map((file) => path.resolve(file)),
  };
}

let decision = null;

/** What `start` decided, in any thread. */
function allowed() {
  decision ??= JSON.parse(process.env[HANDED_ON] ?? '{"read":[],"write":[],"files":[]}');
  return decision;
}

/** Whether a library file may be opened: it, and what links on the way lead to, lie where Lean may read. */
function mayRead(file, links = MOST_LINKS) {
  const plain = path.normalize(file);
  if (below(path.join(ROOT, 'lib'), plain)) return true; // most of them, and no links
  const folder = allowed().read.find((candidate) => below(candidate, plain));
  if (folder === undefined || links === 0) return false;
  let place = folder;
  for (const name of plain.slice(folder.length).split('/').filter(Boolean)) {
    place = path.join(place, name);
    if (!fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) continue;
    const target = path.resolve(path.dirname(place), fs.readlinkSync(place));
    return mayRead(path.join(target, plain.slice(place.length)), links - 1);
  }
  return true;
}

const isHidden = (name) => name.startsWith('.') && !['.', '..', '.lake'].includes(name);

/** Whether a thread may look by itself at what lies at a path: Lean's file system shows the same there. */
function mayLook(file) {
  if (file[0] !== '/') return false;
  const plain = path.normalize(file);
  if (below(path.join(ROOT, 'lib'), plain)) return true; // as most of them do
  const shows = (folder) => below(folder, plain) && !plain.slice(folder.length).split('/').some(isHidden);
  return allowed().read.some(shows) && mayRead(plain);
}

/** Keeps names that begin with a dot from Lean: `.git` and `.env` hold secrets, and no text of a project's is there. */
function hideDotted(operations, { ErrnoError }) {
  return {
    ...operations,
    lookup: (parent, name) => {
      if (isHidden(name)) throw new ErrnoError(ENOENT);
      return operations.lookup(parent, name);
    },
    readdir: (node) => operations.readdir(node).filter((name) => !isHidden(name)),
  };
}

function mountAll(FS, NODEFS) {
  NODEFS.node_ops = hideDotted(NODEFS.node_ops, FS);
  const { read, write, files } = allowed();
  // Outer folders first: a folder inside one that is mounted already is there.
  for (const folder of [...read].sort((a, b) => a.length - b.length)) {
    const outer = read.find((other) => other !== folder && below(other, folder));
    if (outer !== undefined && !write.includes(folder)) continue;
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    if (outer === undefined) FS.mkdirTree(folder);
    FS.mount(NODEFS, { root: folder, writable: write.includes(folder) }, folder);
  }
  for (const file of files) copyIn(FS, file);
  FS.mkdirTree(process.cwd());
}

/** A single file is a copy: mounting what lies around it would show more. */
function copyIn(FS, file) {
  if (allowed().read.some((folder) => below(folder, file))) return;
  let text;
  try {
    text = fs.readFileSync(file);
  } catch {
    return; // Lean says that it is not there
  }
  FS.mkdirTree(path.dirname(file));
  FS.writeFile(file, text);
}

/** From here on nothing can be made, changed or removed but in the folders of `-o`. */
function forbidWriting(FS) {
  const writable = (node) => node?.mount?.opts?.writable === true;
  const guard = (name, nodeOf) => {
    const stock = FS[name].bind(FS);
    FS[name] = (...args) => (writable(nodeOf(...args)) ? stock(...args) : EROFS);
  };
  guard('mayCreate', (folder) => folder);
  guard('mayDelete', (folder) => folder);
  const mayOpen = FS.mayOpen.bind(FS);
  FS.mayOpen = (node, flags) => {
    const changes = node && flags & WRITING && !FS.isChrdev(node.mode) && !writable(node);
    return changes ? EROFS : mayOpen(node, flags);
  };
  const refuse = (node) => {
    if (!writable(node)) throw new FS.ErrnoError(EROFS);
  };
  const { doSetAttr, utime, mount, unmount } = FS;
  FS.doSetAttr = (stream, node, attributes) => (refuse(node ?? stream.node), doSetAttr.call(FS, stream, node, attributes));
  FS.utime = (file, ...times) => (refuse(FS.lookupPath(file, { follow: true }).node), utime.call(FS, file, ...times));
  for (const stock of [mount, unmount]) FS[stock.name] = () => refuse(null);
}

/** Decide for the whole process, before any thread starts. */
function settle(args) {
  process.env[HANDED_ON] = JSON.stringify(decide(args));
}

/** Give Lean's file system what it may see, and nothing to write to. */
function fill({ FS, NODEFS }) {
  mountAll(FS, NODEFS);
  forbidWriting(FS);
}

module.exports = { fill, mayLook, mayRead, settle };
