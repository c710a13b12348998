"""Reads the prober's answer to a `steps` request (see `lean/probe/Steps.lean`) into the steps of a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.lean.probe_document import Part
from ghostproof.learning.steps import Premise, TacticStep
from ghostproof.syntax.quoting import last_part
from ghostproof.text import SourceText

# A block that is longer is a proof of its own, not an idea for another place.
MOST_REST = 1000  # characters


@dataclass(frozen=True)
class HarvestedFile:
    """What the steps of one file have in common."""

    path: str
    imports: tuple[str, ...] = ()
    environment: str = ""


@dataclass(frozen=True)
class _Mention:
    name: str
    start: int
    end: int
    module: str


def steps_of(answer: ProbeAnswer, part: Part, source: SourceText, about: HarvestedFile) -> list[TacticStep]:
    """The steps that an answer about a part of a file tells, in the order of the file."""
    offsets = _Offsets(answer, part)
    found = [step for command in answer.parts("commands") for step in _of_command(command, offsets, source, about)]
    return sorted(dict.fromkeys(found), key=lambda step: (step.start, step.end))


class _Offsets:
    """Offsets in the file for all byte positions of an answer, computed in one pass over the text."""

    def __init__(self, answer: ProbeAnswer, part: Part) -> None:
        positions = sorted(set(_positions(answer)))
        self._known = dict(zip(positions, part.offsets(tuple(positions)), strict=True))

    def __call__(self, position: int) -> int:
        return self._known[position]


def _positions(answer: ProbeAnswer) -> Iterator[int]:
    for command in answer.parts("commands"):
        yield from (command.number("at"), command.number("value"))
        for step in command.parts("steps"):
            yield from (step.number("at"), step.number("end"), step.number("stop"))
        for mention in command.parts("mentions"):
            yield from (mention.number("at"), mention.number("end"))


def _of_command(
    command: ProbeAnswer, offset: _Offsets, source: SourceText, about: HarvestedFile
) -> Iterator[TacticStep]:
    text, start = source.text, offset(command.number("at"))
    statement = text[start : offset(command.number("value"))].strip()
    mentions = [
        _Mention(m.text("name"), offset(m.number("at")), offset(m.number("end")), m.text("module"))
        for m in command.parts("mentions")
    ]
    for step in command.parts("steps"):
        first, last, stop = (offset(step.number(key)) for key in ("at", "end", "stop"))
        before, after = step.texts("before"), step.texts("after")
        tactic = Cutting(source, first, last)
        closing = len(before) == 1 and last < stop <= first + MOST_REST
        rest = Cutting(source, first, stop) if closing else Cutting(source, first, first)
        yield TacticStep(
            file_path=about.path,
            full_name=_named(step.text("owner")),
            theorem_statement=statement,
            start=_place(source, first),
            end=_place(source, last),
            tactic=tactic.text,
            goals_before=before,
            goals_after=after,
            premises=tuple(_premises(tactic, mentions)),
            rest=rest.text,
            rest_premises=tuple(_premises(rest, mentions)),
            decl_start=_place(source, start),
            decl_until=text[start:first],
            imports=about.imports,
            environment=about.environment,
        )


def _named(owner: str) -> str:
    """The declaration's name; `example` has one of Lean's own."""
    return "" if last_part(owner) == "_example" else owner


def _place(source: SourceText, offset: int) -> tuple[int, int]:
    at = source.position(offset)
    return at.line + 1, at.column + 1


def _premises(tactic: "Cutting", mentions: Sequence[_Mention]) -> Iterator[Premise]:
    seen: set[tuple[int, str]] = set()
    for mention in sorted(mentions, key=lambda m: (m.start, m.end)):
        if tactic.start <= mention.start and mention.end <= tactic.end and (mention.start, mention.name) not in seen:
            seen.add((mention.start, mention.name))
            yield Premise(mention.name, tactic.place(mention.start), tactic.place(mention.end), mention.module)


class Cutting:
    """A piece of a file, written as if it began at column 0."""

    def __init__(self, source: SourceText, start: int, end: int) -> None:
        self.start, self.end = start, end
        lines = source.text[start:end].split("\n")
        self._cut = _shift(source.position(start).column, lines[1:])
        self._lines = lines
        self.text = "\n".join([lines[0], *(line[self._cut_of(line) :] for line in lines[1:])]).rstrip()

    def place(self, offset: int) -> int:
        """Where a character of the file stands in `text`."""
        at, gone = self.start, 0
        for number, line in enumerate(self._lines):
            if number:
                gone += self._cut_of(line)
            if offset <= at + len(line):
                break
            at += len(line) + 1
        return offset - self.start - gone

    def _cut_of(self, line: str) -> int:
        return min(self._cut, len(line) - len(line.lstrip(" ")))


def _shift(column: int, lines: Sequence[str]) -> int:
    """How many blanks go in front of each further line: what is indented less than the first line stays behind it."""
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    least = min(indents, default=column)
    return column if least >= column else max(0, least - 2)
