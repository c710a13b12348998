"""A program like the reader that misbehaves by name: the name stands in the candidate, or on the command line.

    refuse:WORD   it may not be elaborated      parse:WORD    it does not parse
    search:WORD   it looks for a proof          DIES          the program ends
    SILENT        no answer, nor to a stop      FAILS         the request fails

On the command line: `--broken` ends at the start with words, `--mute` is never ready. The last argument names a file
that gets a line at each start and for each candidate.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

log = Path(sys.argv[-1])


def note(what: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(what + "\n")


def say(request: dict[str, Any], **fields: object) -> None:
    sys.stdout.write(json.dumps({"id": request.get("id", 0), "nonce": request.get("nonce", ""), **fields}) + "\n")
    sys.stdout.flush()


def read(request: dict[str, Any], sites: set[int]) -> None:
    text = request["text"]
    note(f"read {text}")
    named = re.match(r"(refuse|parse|search):(\w+)", text)
    if request["state"] not in sites:
        say(request, gone=True)
    elif "DIES" in text:
        sys.exit(3)
    elif "FAILS" in text:
        say(request, failure="out of step")
    elif named and named[1] == "search":
        say(request, read=True, search=named[2])
    elif named:
        say(request, **{"refused" if named[1] == "refuse" else "parse": named[2]})
    elif "SILENT" not in text:
        say(request, read=True)


def main() -> None:
    note("start")
    if "--broken" in sys.argv:
        print("Reader.lean:7:1: error: unknown constant")
        sys.exit(1)
    if "--mute" not in sys.argv:
        say({}, ready=True)
    sites: set[int] = set()
    for line in sys.stdin:
        request = json.loads(line)
        match request["do"]:
            case "config":
                say(request, version="4")
            case "open" if "no tactic" in request["text"]:
                say(request, ends=[], none=True)
            case "open":
                sites.add(request["state"])
                say(request, ends=[], open=True)
            case "read":
                read(request, sites)


main()
