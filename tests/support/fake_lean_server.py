"""A Lean server that misbehaves by name: the name stands in the text of a document, or on the command line.

It elaborates nothing. It keeps each document as the edits make it, and a `plainGoal` answers with that text, so that a
test sees what the other side believes. In a text:

    CRASH           the process ends with words on stderr
    WORKER_DIES     the worker for this document is gone until the document is opened again, with half of it said
    BAD_HEADER      the progress report is "fatal", and yet all is well with the worker
    SILENT          nothing is ever said about this text
    GARBAGE         something that is no message comes out of the pipe
    NO_HEADER       a message without Content-Length
    OLD_NEWS        diagnostics of the version before come first, then those of this version
    EMPTY_FIRST     an empty set and "nothing in progress" come at once, the real set with the answer
    GAPS            half of the errors, "nothing in progress", and again something, before the rest and the end
    IN_PARTS        the errors come in two sets, the second of which is added to the first
    DIES_LATER      the worker dies with the next question about the goals, which is never answered
    FORGETS         as DIES_LATER, and the server names the version that the document was opened with
    ANSWERS_FIRST   the answer comes at once, the diagnostics behind the next change
    ASKS            requests of its own, and diagnostics only when they are answered
    CHILD           a child process of its own, whose number is the goal
    error:WORD      an error with this text, where it stands
    nowhere         an unknown name, which Lean reports where it elaborates it; not if HIDDEN stands in the text

On the command line: `--exit` ends at the start, `--mute` never answers `initialize`; options (`-Dname=value`) are not
known to this Lean, which it says in each file, or with `--strict` before anything else.
"""

import json
import os
import re
import subprocess
import sys
from typing import Any

Json = dict[str, Any]
OPTIONS = [word for word in sys.argv[1:] if word.startswith("-D")]
out = sys.stdout.buffer


def send(message: Json) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    out.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    out.flush()


def read() -> Json | None:
    length = 0
    while line := sys.stdin.buffer.readline():
        if line == b"\r\n":
            message: Json = json.loads(sys.stdin.buffer.read(length))
            return message
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return None


def offset(text: str, at: Json) -> int:
    lines = text.split("\n")
    units = lines[at["line"]].encode("utf-16-le")[: 2 * at["character"]]
    return sum(len(line) + 1 for line in lines[: at["line"]]) + len(units.decode("utf-16-le"))


def wire(text: str, at: int) -> Json:
    line = text.count("\n", 0, at)
    before = text[text.rfind("\n", 0, at) + 1 : at]
    return {"line": line, "character": len(before.encode("utf-16-le")) // 2}


class Document:
    def __init__(self, uri: str, text: str, version: int) -> None:
        self.uri, self.text, self.version = uri, text, version
        self.dead = False
        self.opened = version
        self.owed: list[Json] = []

    def diagnostics(self, version: int) -> Json:
        found = []
        for match in re.finditer(r"error:(\w+)", self.text):
            span = {"start": wire(self.text, match.start()), "end": wire(self.text, match.end())}
            found.append({"range": span, "severity": 1, "message": match[1], "source": "Lean 4"})
        for match in re.finditer(r"\w+_nowhere", "" if "HIDDEN" in self.text else self.text):
            span = {"start": wire(self.text, match.start()), "end": wire(self.text, match.end())}
            found.append({"range": span, "severity": 1, "message": f"unknown {match[0]}", "source": "Lean 4"})
        params = {"uri": self.uri, "version": version, "diagnostics": found}
        return {"method": "textDocument/publishDiagnostics", "params": params}

    def part(self, start: int, end: int | None, **more: bool) -> Json:
        """Some of the diagnostics."""
        message = self.diagnostics(self.version)
        message["params"]["diagnostics"] = message["params"]["diagnostics"][start:end]
        message["params"].update(more)
        return message

    def progress(self, *parts: Json, version: int | None = None) -> Json:
        identifier = {"uri": self.uri, "version": self.version if version is None else version}
        return {"method": "$/lean/fileProgress", "params": {"textDocument": identifier, "processing": list(parts)}}


documents: dict[str, Document] = {}
asked: dict[int, Document] = {}
opened = 0


def refuse(document: Document, option: str) -> None:
    name = option.removeprefix("-D").partition("=")[0]
    message = f"invalid -D parameter, unknown configuration option '{name}'\n\nIf the option is defined in a library, …"
    span = {"start": wire("", 0), "end": wire("", 0)}
    found = [{"range": span, "severity": 1, "message": message}]
    params = {"uri": document.uri, "version": document.version, "diagnostics": found}
    send({"method": "textDocument/publishDiagnostics", "params": params})
    send(document.progress({"kind": 2}))


def changed(document: Document) -> None:
    if OPTIONS:
        refuse(document, OPTIONS[0])
    else:
        speak(document)


def speak(document: Document) -> None:
    if "CRASH" in document.text:
        sys.stderr.write("INTERNAL PANIC: out of memory\n")
        sys.stderr.flush()
        os._exit(7)
    if "WORKER_DIES" in document.text:
        document.dead = True
        send(document.diagnostics(document.version))
        send(document.progress({"kind": 2}))
    elif "BAD_HEADER" in document.text:
        send(document.diagnostics(document.version))
        send(document.progress({"kind": 2}))
    elif "GARBAGE" in document.text:
        out.write(b"Content-Length: 9\r\n\r\n{nonsense")
        out.flush()
    elif "NO_HEADER" in document.text:
        out.write(b"X-Nothing: 1\r\n\r\n{}")
        out.flush()
    elif "ASKS" in document.text:
        asked[1] = document
        send({"id": 1, "method": "client/registerCapability", "params": {"registrations": []}})
    elif "OLD_NEWS" in document.text:
        send(document.diagnostics(document.version - 1))
        send(document.progress())
        document.owed = [document.diagnostics(document.version)]
    elif "ANSWERS_FIRST" in document.text:
        document.owed = [document.diagnostics(document.version), document.progress()]
    elif "EMPTY_FIRST" in document.text:
        send(document.part(0, 0))
        send(document.progress())
        document.owed = [document.progress(), document.diagnostics(document.version)]
    elif "GAPS" in document.text:
        for message in (document.progress({"kind": 1}), document.part(0, 1), document.progress()):
            send(message)
        document.owed = [document.progress({"kind": 1}), document.diagnostics(document.version), document.progress()]
    elif "IN_PARTS" in document.text:
        send(document.part(0, 1, isIncremental=False))
        send(document.part(1, None, isIncremental=True))
        send(document.progress())
    elif "SILENT" not in document.text:
        send(document.diagnostics(document.version))
        send(document.progress())


def goal(document: Document) -> str:
    if "CHILD" in document.text:
        return str(subprocess.Popen(["sleep", "1000"]).pid)
    return document.text


def notified(method: str, params: Json) -> None:
    global opened
    if method == "textDocument/didOpen":
        opened += 1
        item = params["textDocument"]
        document = documents[item["uri"]] = Document(item["uri"], item["text"], item["version"])
        changed(document)
    elif method == "textDocument/didClose":
        del documents[params["textDocument"]["uri"]]
    elif method == "textDocument/didChange":
        document = documents[params["textDocument"]["uri"]]
        for change in params["contentChanges"]:
            span = change["range"]
            start, end = offset(document.text, span["start"]), offset(document.text, span["end"])
            document.text = document.text[:start] + change["text"] + document.text[end:]
        document.version = params["textDocument"]["version"]
        changed(document)


def requested(number: int, method: str, params: Json) -> None:
    uri = params.get("uri") or params.get("textDocument", {}).get("uri")
    document = documents.get(uri)
    if document is not None and document.dead:
        send({"id": number, "error": {"code": -32902, "message": "worker crashed"}})
    elif document is not None and "SILENT" in document.text:
        return
    elif method == "textDocument/waitForDiagnostics" and document is not None:
        if any(name in document.text for name in ("OLD_NEWS", "EMPTY_FIRST", "GAPS")):
            for message in document.owed:
                send(message)
        send({"id": number, "result": {}})
    elif document is not None and any(name in document.text for name in ("DIES_LATER", "FORGETS")):
        send(document.progress({"kind": 2}, version=document.opened if "FORGETS" in document.text else None))
    elif method == "$/lean/plainGoal" and document is not None:
        at = params["position"]
        where = f"{at['line']}:{at['character']}"
        send({"id": number, "result": {"goals": [goal(document), where, f"opened {opened}"], "rendered": ""}})
    else:
        send({"id": number, "result": None})


def main() -> None:
    if "--exit" in sys.argv:
        sys.stderr.write("no such toolchain\n")
        sys.exit(3)
    if OPTIONS and "--strict" in sys.argv:
        sys.stderr.write(f"error: invalid -D parameter, unknown configuration option '{OPTIONS[0]}'\n")
        sys.exit(1)
    while (message := read()) is not None:
        method, number, params = message.get("method"), message.get("id"), message.get("params") or {}
        if method is None:
            document = asked.pop(int(message["id"]))
            send(document.diagnostics(document.version))
            send(document.progress())
        elif method == "initialize":
            if "--mute" not in sys.argv:
                send({"id": number, "result": {"capabilities": {}}})
        elif method == "exit":
            return
        elif number is None:
            for document in documents.values():
                if "ANSWERS_FIRST" in document.text and method == "textDocument/didChange":
                    for owed in document.owed:
                        send(owed)
            notified(method, params)
        else:
            requested(number, method, params)


if __name__ == "__main__":
    main()
