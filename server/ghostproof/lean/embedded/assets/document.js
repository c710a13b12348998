'use strict';
// The text of an open document, kept so that a crashed worker can be started again with all of it.

function offsetAt(text, { line, character }) {
  let start = 0;
  for (let i = 0; i < line; i++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return Math.min(start + character, end < 0 ? text.length : end);
}

function applyChange(text, change) {
  if (!change.range) return change.text;
  const start = offsetAt(text, change.range.start);
  return text.slice(0, start) + change.text + text.slice(Math.max(start, offsetAt(text, change.range.end)));
}

class Document {
  constructor({ uri, version, text }, buildMode) {
    this.uri = uri;
    this.version = version;
    this.text = text;
    this.buildMode = buildMode;
    this.worker = null;
  }

  update(version, changes) {
    this.version = version;
    this.text = changes.reduce(applyChange, this.text);
  }

  /** The range of the whole text. */
  get range() {
    return { start: { line: 0, character: 0 }, end: { line: this.text.split('\n').length, character: 0 } };
  }

  /** Parameters of the notification that opens the document in a worker. */
  get openParams() {
    const { uri, version, text } = this;
    return { textDocument: { uri, languageId: 'lean4', version, text }, dependencyBuildMode: this.buildMode ?? 'never' };
  }
}

module.exports = { Document, applyChange };
