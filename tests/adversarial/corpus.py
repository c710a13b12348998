"""The corpora of this folder as Python values: reads the TOML files, and nothing else.

`goals.toml` has the places, `hostile/` the candidates that must have no effect and prove nothing, `ordinary/` the
tactics that must not be refused. In a hostile text `$DIR` stands for a path that must not come into being, `$PORT` for
a port that nobody may connect to, and another name in capitals for one of the file's payloads, each in its turn.
"""

import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from support.marked import Place, place

HERE = Path(__file__).parent

Expected = Literal["refused", "rejected", "not proved", "anything"]
_SURROGATE = re.compile("⟪([0-9a-f]{4})⟫")
_PAYLOAD = re.compile(r"\$([A-Z]+)")


@dataclass(frozen=True)
class Hostile:
    """A candidate that is up to no good.

    Attributes:
        goal: name of its place in `goals.toml`.
        why: what makes it hostile.
        expect: "refused" before anything is elaborated; "rejected" for whatever reason; "not proved": no proof comes
            of it, also not of the first goal alone; "anything": an honest proof may hold it.
    """

    category: str
    text: str
    goal: str
    why: str
    expect: Expected
    seconds: float


@dataclass(frozen=True)
class Ordinary:
    """A tactic that must not be refused, and what comes of it at its goal.

    Attributes:
        outcome: "proved", or "progress".
    """

    topic: str
    text: str
    goal: str
    outcome: Literal["proved", "progress"]


def places() -> dict[str, Place]:
    return {name: place(text) for name, text in _read(HERE / "goals.toml").items()}


def categories() -> list[str]:
    return sorted(path.stem for path in (HERE / "hostile").glob("*.toml"))


def topics() -> list[str]:
    return sorted(path.stem for path in (HERE / "ordinary").glob("*.toml"))


def hostile(category: str) -> Iterator[Hostile]:
    """The candidates of one category, those of one goal together."""
    file = _read(HERE / "hostile" / f"{category}.toml")
    payloads = {name: itertools.cycle(values) for name, values in file.get("payloads", {}).items()}
    for group in [*file.get("texts", []), *file.get("built", [])]:
        for written in group["these"]:
            text = written if isinstance(written, str) else _build(written)
            yield Hostile(
                category,
                _SURROGATE.sub(lambda match: chr(int(match[1], 16)), _loaded(text, payloads)),
                group.get("goal", file.get("goal", "")),
                group["why"],
                group.get("expect", file["expect"]),
                file.get("seconds", 20.0),
            )


def ordinary(topic: str) -> Iterator[Ordinary]:
    """The tactics of one topic."""
    for goal in _read(HERE / "ordinary" / f"{topic}.toml")["goal"]:
        for text in goal.get("proved", []):
            yield Ordinary(topic, text.removesuffix("\n"), goal["text"], "proved")
        for text in goal.get("progress", []):
            yield Ordinary(topic, text.removesuffix("\n"), goal["text"], "progress")


def _loaded(text: str, payloads: Mapping[str, Iterator[str]]) -> str:
    return _PAYLOAD.sub(lambda match: next(payloads[match[1]]) if match[1] in payloads else match[0], text)


def _build(parts: Mapping[str, Any]) -> str:
    return f"{parts['start']}{parts['piece'] * parts['times']}{parts['end']}"


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))
