'use strict';
// One `lean --worker` process: starting it, talking to it, ending it. A worker serves one document in its life.
const { spawn } = require('child_process');
const { host } = require('./hostcalls.js');
const { frame, readFrames } = require('./frames.js');

class FileWorker {
  /**
   * Starts a process that waits for a document.
   * `onMessage(worker, message)` and `onExit(worker)` are called until `stop`.
   */
  constructor(options, { onMessage, onExit }) {
    this.uri = null;
    this.alive = true;
    this.stopped = false;
    const args = [...options, '--worker', 'file:///spare'];
    this.process = spawn(host.programPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.process.stdin.on('error', () => {}); // a dead worker is noticed at its exit
    this.process.on('error', () => this.#ended(onExit));
    this.process.on('close', () => this.#ended(onExit));
    readFrames(
      this.process.stdout,
      (message) => this.stopped || onMessage(this, message),
      () => this.process.kill('SIGKILL'),
    );
  }

  #ended(onExit) {
    if (!this.alive) return;
    this.alive = false;
    if (!this.stopped) onExit(this);
  }

  send(message) {
    if (this.alive) this.process.stdin.write(frame(message));
  }

  /** Give the worker its document. */
  open(document, initializeParams) {
    this.uri = document.uri;
    document.worker = this;
    this.send({ id: 0, method: 'initialize', params: initializeParams });
    this.send({ method: 'textDocument/didOpen', params: document.openParams });
  }

  stop() {
    this.stopped = true;
    this.process.kill('SIGKILL');
  }
}

module.exports = { FileWorker };
