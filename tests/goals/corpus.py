"""The corpus of goals: Lean files whose holes are `sorry -- expect: …`, one marker per hole.

`closes`                           some suggestion proves it
`closes by omega`                  the suggestion `omega` proves it
`closes the main goal`             some suggestion closes the first goal; later ones may stay open
`progress intro n h`               that suggestion is offered and leaves goals
`progress constructor → 2 goals`   and it leaves that many; `⏎` stands for a line break of the suggestion
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ghostproof.syntax.spot import Spot, SpotKind

HERE = Path(__file__).parent

_HOLE = re.compile(r"sorry(?P<rest>[^\n-]*?) -- expect: (?P<expectation>[^\n]+)")
_EXPECTATION = re.compile(
    r"(?P<kind>closes|progress)(?: the (?P<main>main) goal)?(?: by)?(?: (?P<text>.+?))?(?: → (?P<left>\d+) goals?)?"
)
_DECLARATION = re.compile(r"^(?:\w+ )*(?:theorem|def|instance|example|class|abbrev)\s*(?P<name>[\w'.]*)", re.MULTILINE)


@dataclass(frozen=True)
class Expectation:
    """What must be found at a hole.

    Attributes:
        kind: a proof, or a step.
        text: the very suggestion, or "" for any.
        left: how many goals the step leaves, or None.
        main_only: closing the first of several goals is enough.
    """

    kind: Literal["closes", "progress"]
    text: str = ""
    left: int | None = None
    main_only: bool = False


@dataclass(frozen=True)
class Goal:
    """One hole of one file; the other holes of the file stay `sorry`."""

    name: str
    path: Path
    text: str
    spot: Spot
    expectation: Expectation


def goals(folder: Path = HERE) -> Iterator[Goal]:
    """Every hole of every Lean file in `folder`."""
    for path in sorted(folder.glob("*.lean")):
        yield from read(path, path.read_text("utf-8"))


def read(path: Path, marked: str) -> Iterator[Goal]:
    """The holes of one marked text."""
    text, found, at = "", [], 0
    for match in _HOLE.finditer(marked):
        text += marked[at : match.start()]
        found.append((len(text), match["expectation"]))
        text += "sorry" + match["rest"]
        at = match.end()
    text += marked[at:]
    for start, expectation in found:
        column = start - (text.rfind("\n", 0, start) + 1)
        spot = Spot(start, start + len("sorry"), "", column, SpotKind.SORRY)
        line = text.count("\n", 0, start) + 1
        yield Goal(f"{path.stem}:{_name(text, start)}:{line}", path, text, spot, _expectation(expectation))


def _name(text: str, start: int) -> str:
    above = list(_DECLARATION.finditer(text, 0, start))
    return (above[-1]["name"] if above else "") or "anonymous"


def _expectation(written: str) -> Expectation:
    match = _EXPECTATION.fullmatch(written.strip())
    if not match:
        raise ValueError(f"not an expectation: {written}")
    left = int(match["left"]) if match["left"] else None
    kind: Literal["closes", "progress"] = "closes" if match["kind"] == "closes" else "progress"
    return Expectation(kind, (match["text"] or "").replace(" ⏎ ", "\n"), left, match["main"] is not None)
