"""Writes down every text that a checker calls proved, while tests run: the file as it was, and what was put where.

Both checkers' `open` and `check` are wrapped, here and in the processes that tests start (`site/sitecustomize.py`).
Only the standard library is imported, since every Python process of a recorded run reads this file.
"""

import functools
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

FOLDER = "GHOSTPROOF_PROVED"  # names the folder that records go to; unset: nothing is recorded
CHECKERS = {
    "ghostproof.verify.probe_checker": "ProbeChecker",
    "ghostproof.verify.scratch_checker": "ScratchChecker",
}
# Tests in these folders have a Lean that is none, or one without a library: what it calls proved is nobody's claim.
UNJUDGED = ("tests/unit/", "tests/native/")


class Spot(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    def place(self, tactic: str) -> str: ...


class Candidate(Protocol):
    text: str


class Checked(Protocol):
    verdict: object


class Checker(Protocol):
    name: str


Open = Callable[[Checker, Path, str, Spot], Awaitable[object]]
Check = Callable[[Checker, object, Candidate, object], Awaitable[Checked]]


def wrap(checker: type[Any]) -> None:
    """Have a checker class write down what it calls proved."""
    opened: dict[int, tuple[object, str, Spot]] = {}
    original_open: Open = checker.open
    original_check: Check = checker.check

    @functools.wraps(original_open)
    async def open_(self: Checker, path: Path, text: str, spot: Spot) -> object:
        state = await original_open(self, path, text, spot)
        opened[id(state)] = (state, text, spot)  # the state is kept, so that its id stays its own
        return state

    @functools.wraps(original_check)
    async def check(self: Checker, state: object, candidate: Candidate, limits: object) -> Checked:
        checked = await original_check(self, state, candidate, limits)
        if type(checked.verdict).__name__ == "Proved" and id(state) in opened:
            _, text, spot = opened[id(state)]
            record(self.name, text, spot, candidate.text)
        return checked

    checker.open, checker.check = open_, check


def record(checker: str, text: str, spot: Spot, candidate: str) -> None:
    """Write one claim down, once."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "")
    folder = os.environ.get(FOLDER)
    if not folder or test.startswith(UNJUDGED):
        return
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    claim = {"before": plain[: spot.start], "placed": spot.place(candidate), "after": plain[spot.end :]}
    name = hashlib.sha256("\0".join(claim.values()).encode(errors="surrogatepass")).hexdigest()[:24]
    target = Path(folder) / f"{name}.json"
    if not target.exists():
        whole = {**claim, "checker": checker, "test": test.removesuffix(" (call)")}
        unfinished = target.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(whole), encoding="utf-8")
        unfinished.replace(target)
