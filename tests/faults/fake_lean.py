"""A toolchain whose `lean` starts in a moment and elaborates nothing: a prober that tells what text it was given.

A text names its edit: `theorem t (h17 : p) : p := by sorry`. The goal has the hypothesis `h17`, and of all candidates
only `exact h17` is accepted. A suggestion of an older name shows that an edit was lost.

In a text, by name: `HANG` no request about it is answered, `BOMB` memory is taken without end, `FULL` Lean ends because
the disk is full, `FLOOD` lines without end come out of both pipes.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

Fields = dict[str, Any]

NAME = re.compile(r"\((h\d+) : p\)")
VERSION = "Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit abcdef, Release)"


def install(folder: Path) -> Path:
    """Write the toolchain and return its folder. It lies apart from everything else, as a confined Lean sees it."""
    binaries = folder / "bin"
    binaries.mkdir(parents=True)
    own = binaries / "fake_lean.py"
    own.write_text(Path(__file__).read_text("utf-8"), "utf-8")
    # The system's Python can be run confined; another one stands where a confined Lean may not look.
    python = next((path for path in ("/usr/bin/python3", "/bin/python3") if Path(path).exists()), sys.executable)
    lean = binaries / "lean"
    lean.write_text(f"#!{python} -I\nexec(open({str(own)!r}).read())\n", "utf-8")
    lean.chmod(0o755)
    return folder


def misbehave(text: str) -> None:
    if "BOMB" in text:
        kept = []
        while True:
            kept.append(bytearray(b"x" * (8 << 20)))
    if "FULL" in text:
        sys.stderr.write("uncaught exception: No space left on device (error code: 28)\n")
        raise SystemExit(1)
    while "FLOOD" in text:
        sys.stdout.write("x" * 1000 + "\n")
        sys.stderr.write("y" * 100_000)


def opened(request: Fields) -> Fields:
    text = request["text"]
    misbehave(text)
    found = NAME.search(text)
    if found is None:
        return {"ends": [], "none": True, "header": [], "errors": ["nothing to prove"]}
    name = found[1]
    states[request["state"]] = name
    hypothesis = {"name": name, "type": "p", "isProp": True}
    main = {"target": "p", "head": "", "binders": [], "hypotheses": [hypothesis], "functions": []}
    end = len(text.encode())
    goals = [f"p : Prop\n{name} : p\n⊢ p"]
    return {"ends": [], "goals": goals, "main": main, "owner": "t", "stop": end, "tail": end, "errors": []}


def answer(request: Fields) -> Fields:
    if request["do"] == "open":
        return opened(request)
    if request["do"] == "run":
        name = states.get(request["state"])
        if name is None:
            return {"gone": True}
        accepted = request["text"].strip() == f"exact {name}"
        return {"closed": True, "goals": []} if accepted else {"error": "it does not close the goal", "cause": ""}
    return {"errors": []}


states: dict[str, str] = {}


def prober() -> None:
    say({"id": 0, "ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] in ("cancel", "drop") or "HANG" in str(request.get("text")):
            continue
        say({**answer(request), "id": request["id"], "nonce": request["nonce"]})


def say(fields: Fields) -> None:
    sys.stdout.write("\n" + json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if "--version" in sys.argv:
        print(VERSION)
    elif "--run" in sys.argv:
        prober()
