"""One theorem of an evaluation: its file with the proof hidden, and what the proof was."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ghostproof.syntax.blocks import BlockKind
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.outline import outline
from ghostproof.syntax.quoting import last_part, name_parts
from ghostproof.syntax.script import BULLETS
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.syntax.tactic_form import first_tactics
from ghostproof.syntax.theorems import WrittenTheorem, written_theorems
from ghostproof.text import SourceText

_HIDDEN = " := by\n  sorry\n"


@dataclass(frozen=True)
class HiddenStep:
    """A step within a proof: hidden with what stands behind it in its block, the rest of the proof is there.

    Attributes:
        text: the file up to the end of the declaration, `sorry` in place of what is hidden.
        hole: offset of that `sorry`.
        tactics: what the person wrote: the whole step, and what it begins with.
        line: from 1.
    """

    text: str
    hole: int
    tactics: tuple[str, ...]
    line: int

    @property
    def spots(self) -> list[Spot]:
        return find_action_spots(SourceText(self.text), self.hole)


@dataclass(frozen=True)
class HiddenTheorem:
    """A theorem whose proof is hidden. Whoever has it, and the steps that stand above, can try it by themselves.

    Attributes:
        file: as steps name it.
        number: of the file in the order in which they build on each other.
        text: the file up to the theorem's statement, `sorry` in place of the proof. Nothing of what stands below is in
            it.
        hole: offset of that `sorry`.
        line: where the theorem begins, from 1.
        script: the hidden proof, as tactics at column 0; "" where it is written in equations.
        lines: of the hidden proof.
        lemmas: theorems of the project that the hidden proof names.
        steps: of the proof, but the first one, where these are looked at too.
    """

    path: Path
    file: str
    number: int
    full_name: str
    text: str
    hole: int
    line: int
    script: str
    lines: int
    lemmas: tuple[str, ...]
    steps: tuple[HiddenStep, ...] = ()

    @property
    def key(self) -> str:
        """Names it together with everything above it: another text is another theorem."""
        digest = hashlib.sha256(f"{self.text}\0{self.script}".encode()).hexdigest()[:16]
        return f"{self.file}:{self.full_name}:{digest}"

    @property
    def spots(self) -> list[Spot]:
        return find_action_spots(SourceText(self.text), self.hole)

    @property
    def next_tactics(self) -> tuple[str, ...]:
        """What the person wrote first: the whole step, and what it begins with."""
        return first_tactics(self.script) if self.script else ()


def hidden_theorems(
    path: Path, file: str, number: int, text: str, known: Collection[str], *, steps: bool = False
) -> Iterator[HiddenTheorem]:
    """The theorems of a file, from the top.

    Args:
        known: full names of theorems in the files that this one builds on.
        steps: their steps, too.
    """
    source = SourceText(text)
    text = source.text
    above = set(known)
    for theorem in written_theorems(text):
        statement = text[: theorem.value].rstrip()
        yield HiddenTheorem(
            path,
            file,
            number,
            theorem.full_name,
            statement + _HIDDEN,
            len(statement) + _HIDDEN.index("sorry"),
            source.position(theorem.start).line + 1,
            theorem.script,
            theorem.lines,
            tuple(_named(theorem, text, above)),
            tuple(_later_steps(theorem, source)) if steps else (),
        )
        above.add(theorem.full_name)


def _later_steps(theorem: WrittenTheorem, source: SourceText) -> Iterator[HiddenStep]:
    """The tactics of a proof in all its blocks, but the first of them."""
    text = source.text
    blocks = outline(mask(text)[0], theorem.start, theorem.end, theorem.end).blocks
    repeated = [(b.items[0].start, b.items[-1].end) for b in blocks if b.kind is BlockKind.REPEATED and b.items]
    found = [(block, item) for block in blocks for item in block.items
             if block.kind is BlockKind.TACTICS and block.opener.start >= theorem.value]  # fmt: skip
    found.sort(key=lambda pair: pair[1].start)
    for block, item in found[1:]:
        tactics = first_tactics(_dedented(text[item.start : item.end], item.column))
        if item.head in BULLETS or not tactics or any(a <= item.start < b for a, b in repeated):
            continue
        hidden = f"{text[: item.start]}sorry{text[block.items[-1].end : theorem.end]}\n"
        yield HiddenStep(hidden, item.start, tactics, source.position(item.start).line + 1)


def _dedented(text: str, column: int) -> str:
    """A tactic's lines as they are at column 0."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(line[min(column, len(line) - len(line.lstrip())) :] for line in rest)])


def _named(theorem: WrittenTheorem, text: str, known: Collection[str]) -> Iterator[str]:
    """The theorems that a proof names, read from its text: in full, or by the end of its name."""
    by_end: Mapping[str, list[str]] = _by_end(known)
    given: set[str] = set()
    for word in identifiers(mask(theorem.proof(text))[0]):
        parts = name_parts(word)
        # `h.symm` is a field, `append_assoc.symm` is one of a lemma.
        for end in range(len(parts), 0, -1):
            name = ".".join(parts[:end])
            found = [full for full in by_end.get(parts[end - 1], []) if full == name or full.endswith(f".{name}")]
            if found:
                nearest = max(found, key=lambda full: (_shared(full, theorem.full_name), full))
                if nearest not in given:
                    given.add(nearest)
                    yield nearest
                break


def _by_end(names: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(last_part(name), []).append(name)
    return found


def _shared(one: str, other: str) -> int:
    """How many parts two names have in common at their beginning."""
    parts = zip(name_parts(one), name_parts(other), strict=False)
    return next((nth for nth, (a, b) in enumerate(parts) if a != b), min(one.count("."), other.count(".")) + 1)
