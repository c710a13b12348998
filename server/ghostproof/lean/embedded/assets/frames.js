'use strict';
// JSON-RPC messages in the framing of LSP, on streams.

/** Calls `onMessage` for each message of a stream; `onEnd` once, at its end or at the first byte that is no frame. */
function readFrames(stream, onMessage, onEnd) {
  let chunks = [];
  let size = 0;
  let needed = -1; // length of the body that is being collected; -1 while in a header
  let ended = false;

  const finish = () => {
    if (ended) return;
    ended = true;
    onEnd();
  };
  const take = () => {
    const all = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    chunks = [];
    size = 0;
    return all;
  };
  const keep = (rest) => {
    chunks = rest.length ? [rest] : [];
    size = rest.length;
  };
  const header = () => {
    const all = take();
    const end = all.indexOf('\r\n\r\n');
    if (end < 0) return keep(all), false;
    const length = /^content-length: *(\d+) *$/im.exec(all.toString('latin1', 0, end));
    if (!length) throw new Error('header without Content-Length');
    needed = Number(length[1]);
    return keep(all.subarray(end + 4)), true;
  };
  const body = () => {
    if (size < needed) return false;
    const all = take();
    keep(all.subarray(needed));
    const message = JSON.parse(all.toString('utf8', 0, needed));
    needed = -1;
    onMessage(message);
    return true;
  };

  stream.on('data', (chunk) => {
    if (ended) return;
    chunks.push(chunk);
    size += chunk.length;
    try {
      while (size > 0 && (needed < 0 ? header() : body()));
    } catch (error) {
      process.stderr.write(`lake serve: unreadable message: ${error.message}\n`);
      finish();
    }
  });
  stream.on('end', finish);
  stream.on('error', finish);
}

/** The bytes of one message. */
function frame(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

module.exports = { frame, readFrames };
