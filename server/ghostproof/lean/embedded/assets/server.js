'use strict';
// `lake serve`: the part of Lean's watchdog process that matters to one editor. One worker process per open file, one
// spare process that has already started, requests routed to the file's worker, crashes reported and mended by the
// next edit. What the watchdog answers from .ilean files (references, rename, call hierarchy) is answered with null.
const { Document } = require('./document.js');
const { FileWorker } = require('./fileworker.js');
const { frame, readFrames } = require('./frames.js');
const initializeResult = require('./initialize.json');

const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const NOT_INITIALIZED = -32002;
const WORKER_CRASHED = -32902;
const FATAL_ERROR = 2; // kind of $/lean/fileProgress

const FOR_WATCHDOG = new Set([
  '$/lean/ileanInfoUpdate', '$/lean/ileanInfoFinal', '$/lean/ileanHeaderInfo', '$/lean/ileanHeaderSetupInfo',
  '$/lean/importClosure',
]);
const ANSWERED_WITH_NULL = new Set([
  'textDocument/references', 'textDocument/rename', 'textDocument/prepareRename', 'workspace/symbol',
  'textDocument/prepareCallHierarchy', 'callHierarchy/incomingCalls', 'callHierarchy/outgoingCalls',
  '$/lean/prepareModuleHierarchy', '$/lean/moduleHierarchy/imports', '$/lean/moduleHierarchy/importedBy',
]);

class Server {
  #options;
  #initializeParams = null;
  #shutdown = false;
  #documents = new Map(); // uri -> Document
  #pending = new Map(); // id of a client's request -> worker
  #asked = new Map(); // id given to a worker's request -> { worker, id }
  #sessions = new Map(); // RPC session -> worker
  #lastAsked = 0;
  #spare = null;
  #keepSpare = process.env.GHOSTPROOF_LEAN_SPARE !== '0';

  constructor(args) {
    const given = args.filter((arg) => arg.startsWith('-D'));
    // Diagnostics at once; Lean's default holds them back for 0.2 s.
    this.#options = ['-Dserver.reportDelayMs=0', ...given];
  }

  run() {
    process.stdout.on('error', () => this.#end(1));
    for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]]) {
      process.on(signal, () => this.#end(128 + number));
    }
    readFrames(process.stdin, (message) => this.#fromClient(message), () => this.#end(1));
  }

  #end(status) {
    for (const { worker } of this.#documents.values()) worker.stop();
    this.#spare?.stop();
    process.reallyExit(status);
  }

  #toClient(message) {
    process.stdout.write(frame(message));
  }

  #reply(id, result) {
    this.#toClient({ id, result });
  }

  #refuse(id, code, message) {
    this.#toClient({ id, error: { code, message } });
  }

  // ---- from the client

  #fromClient(message) {
    const { id, method, params } = message;
    if (method === undefined) this.#answer(message);
    else if (method === 'exit') this.#end(this.#shutdown ? 0 : 1);
    else if (method === 'initialize') this.#initialize(id, params);
    else if (!this.#initializeParams) id === undefined || this.#refuse(id, NOT_INITIALIZED, 'not initialized');
    else if (id !== undefined) this.#request(message);
    else this.#notification(method, params ?? {}, message);
  }

  #initialize(id, params) {
    this.#initializeParams = params;
    this.#refillSpare();
    this.#reply(id, initializeResult);
  }

  #answer({ id, result, error }) {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.worker.send(error ? { id: asked.id, error } : { id: asked.id, result });
  }

  #request(message) {
    const { id, method, params } = message;
    if (method === 'shutdown') {
      this.#shutdown = true;
      return this.#reply(id, null);
    }
    if (ANSWERED_WITH_NULL.has(method)) return this.#reply(id, null);
    const uri = this.#uriOf(params);
    const document = this.#documents.get(uri);
    if (!document) {
      return uri === undefined && !method.startsWith('textDocument/') && !method.startsWith('$/lean/')
        ? this.#refuse(id, METHOD_NOT_FOUND, `No request handler found for '${method}'`)
        : this.#refuse(id, INVALID_PARAMS, `Cannot process request to closed file '${uri ?? ''}'`);
    }
    if (!document.worker.alive) return this.#refuse(id, WORKER_CRASHED, `Server process for ${uri} crashed.`);
    this.#pending.set(id, document.worker);
    return document.worker.send({ id, method, params });
  }

  #notification(method, params, message) {
    if (method === 'textDocument/didOpen') return this.#open(params);
    if (method === '$/cancelRequest') return this.#pending.get(params.id)?.send({ method, params });
    const document = this.#documents.get(this.#uriOf(params));
    if (!document) return undefined;
    if (method === 'textDocument/didClose') return this.#close(document);
    if (method === 'textDocument/didChange') return this.#change(document, params);
    if (method.startsWith('textDocument/') || method.startsWith('$/lean/')) {
      return document.worker.send({ method, params: message.params });
    }
    return undefined;
  }

  #open({ textDocument, dependencyBuildMode }) {
    const earlier = this.#documents.get(textDocument.uri);
    if (earlier) this.#drop(earlier);
    const document = new Document(textDocument, dependencyBuildMode);
    this.#documents.set(document.uri, document);
    this.#takeWorker().open(document, this.#initializeParams);
  }

  #change(document, { textDocument, contentChanges }) {
    document.update(textDocument.version, contentChanges);
    if (document.worker.alive) {
      document.worker.send({ method: 'textDocument/didChange', params: { textDocument, contentChanges } });
    } else {
      this.#takeWorker().open(document, this.#initializeParams);
    }
  }

  #close(document) {
    this.#drop(document);
    this.#documents.delete(document.uri);
    const { uri } = document;
    this.#toClient({ method: 'textDocument/publishDiagnostics', params: { uri, diagnostics: [] } });
  }

  #drop({ worker, uri }) {
    worker.stop();
    this.#forget(worker, `Server process for ${uri} was closed.`);
  }

  /** The open document that parameters speak of: by uri, by RPC session, or by a uri inside `data` of an item. */
  #uriOf(params) {
    if (params === null || typeof params !== 'object') return undefined;
    const direct = params.textDocument?.uri ?? params.uri;
    if (direct !== undefined) return direct;
    if (params.sessionId !== undefined) return this.#sessions.get(String(params.sessionId))?.uri;
    return this.#uriInside(params.data);
  }

  #uriInside(value) {
    if (typeof value === 'string') return this.#documents.has(value) ? value : undefined;
    if (value === null || typeof value !== 'object') return undefined;
    for (const part of Object.values(value)) {
      const found = this.#uriInside(part);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  // ---- workers

  #newWorker() {
    return new FileWorker(this.#options, {
      onMessage: (worker, message) => this.#fromWorker(worker, message),
      onExit: (worker) => this.#crashed(worker),
    });
  }

  #takeWorker() {
    const worker = this.#spare ?? this.#newWorker();
    this.#spare = null;
    return worker;
  }

  #refillSpare() {
    if (this.#keepSpare) this.#spare ??= this.#newWorker();
  }

  #fromWorker(worker, message) {
    const { id, method } = message;
    if (method === undefined) return this.#answered(worker, message);
    if (FOR_WATCHDOG.has(method)) return undefined;
    if (id !== undefined) {
      this.#asked.set(++this.#lastAsked, { worker, id });
      return this.#toClient({ ...message, id: this.#lastAsked });
    }
    this.#toClient(message);
    // The next spare starts when this file is through, so that the two do not share the cores.
    if (method === '$/lean/fileProgress' && message.params.processing.length === 0) this.#refillSpare();
    return undefined;
  }

  #answered(worker, message) {
    if (!this.#pending.delete(message.id)) return;
    const session = message.result?.sessionId;
    if (session !== undefined) this.#sessions.set(String(session), worker);
    this.#toClient(message);
  }

  #forget(worker, why) {
    for (const [id, owner] of this.#pending) {
      if (owner !== worker) continue;
      this.#pending.delete(id);
      this.#refuse(id, WORKER_CRASHED, why);
    }
    for (const [id, { worker: owner }] of this.#asked) if (owner === worker) this.#asked.delete(id);
    for (const [session, owner] of this.#sessions) if (owner === worker) this.#sessions.delete(session);
  }

  #crashed(worker) {
    if (worker === this.#spare) this.#spare = null; // the next file starts its own
    if (worker.uri === null) return;
    this.#forget(worker, `Server process for ${worker.uri} crashed.`);
    const document = this.#documents.get(worker.uri);
    if (document?.worker !== worker) return;
    const { uri, version, range } = document;
    const processing = [{ range, kind: FATAL_ERROR }];
    this.#toClient({ method: '$/lean/fileProgress', params: { textDocument: { uri, version }, processing } });
    const diagnostic = {
      range: { start: range.start, end: range.start },
      fullRange: range,
      severity: 1,
      source: 'Lean 4 Server',
      message: 'The Lean Server has stopped processing this file. It starts again with the next edit.',
    };
    const params = { uri, version, diagnostics: [diagnostic] };
    this.#toClient({ method: 'textDocument/publishDiagnostics', params });
    this.#refillSpare();
  }
}

/** Serve a client on standard input and output until it leaves. */
function serve(args) {
  new Server(args).run();
}

module.exports = { serve };
