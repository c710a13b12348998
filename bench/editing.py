"""A replayed session in an editor: a Lean file typed from its first line to its last, then visited and changed.

The same seed gives the same session. Goals are made up from the text above the cursor, as no Lean is needed to see how
much of a prompt a prover has computed before.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ghostproof.prover.prompts.block import statement_end
from ghostproof.prover.prompts.pieces import split
from ghostproof.syntax.spot import Spot, find_spot
from ghostproof.text import SourceText

FILE = Path(__file__).parent / "replay.lean"
SEED = 5

# The editor asks when the cursor rests: behind every line that is begun, and now and then behind a word.
REST_IN_LINE = 0.3
# Where the cursor goes next: mostly to a proof nearby.
NEARBY = 0.6

_BINDERS = re.compile(r"[({⦃\[]([^()\[\]{}]*?:[^()\[\]{}]*)[)}⦄\]]")


@dataclass(frozen=True)
class Rest:
    """The cursor rests at a place of a text."""

    text: str
    offset: int


class Editor:
    """A text with a cursor, and what was there before."""

    def __init__(self, text: str, chance: random.Random) -> None:
        self.text = text
        self.offset = len(text)
        self._chance = chance
        self._before: list[str] = []

    def go(self, offset: int) -> Iterator[Rest]:
        self.offset = offset
        yield Rest(self.text, offset)

    def write(self, words: str) -> Iterator[Rest]:
        """Type, with a rest behind each new line's indentation and behind some words."""
        for at, character in enumerate(words):
            self._replace(self.offset, self.offset, character)
            following = words[at + 1 : at + 2]
            line_begins = not self.text[self.text.rfind("\n", 0, self.offset) + 1 : self.offset].strip()
            if line_begins:
                if following.strip():
                    yield Rest(self.text, self.offset)
            elif not following.strip() and self._chance.random() < REST_IN_LINE:
                yield Rest(self.text, self.offset)

    def erase(self, count: int) -> Iterator[Rest]:
        """Delete characters before the cursor, one by one, then rest."""
        for _ in range(count):
            self._replace(self.offset - 1, self.offset, "")
        yield Rest(self.text, self.offset)

    def remember(self) -> None:
        self._before.append(self.text)

    def undo(self) -> Iterator[Rest]:
        self.text = self._before.pop()
        self.offset = min(self.offset, len(self.text))
        yield Rest(self.text, self.offset)

    def _replace(self, start: int, end: int, words: str) -> None:
        self.text = self.text[:start] + words + self.text[end:]
        self.offset = start + len(words)


def session(text: str, visits: int, seed: int = SEED) -> Iterator[Rest]:
    """Every rest of the cursor while `text` is typed, and during `visits` changes to it afterwards."""
    chance = random.Random(seed)
    editor = Editor("", chance)
    yield from editor.write(text)
    line = len(tactic_lines(text)) - 1
    for _ in range(visits):
        lines = tactic_lines(editor.text)
        far = chance.randrange(len(lines))
        line = min(max(line + chance.randint(-6, 6), 0), len(lines) - 1) if chance.random() < NEARBY else far
        yield from _visit(editor, lines[line], chance)


def tactic_lines(text: str) -> list[tuple[int, int]]:
    """Offsets of the first character and of the end of every indented line of a proof."""
    found = []
    for piece in re.finditer(
        r"^theorem.*?:= by\n(?P<proof>(?:[ \t].*\n|\n(?=[ \t]))*)", text, re.MULTILINE | re.DOTALL
    ):
        for line in re.finditer(r"^[ \t]+(?=\S)(.*)$", piece["proof"], re.MULTILINE):
            found.append((piece.start("proof") + line.start(1), piece.start("proof") + line.end(1)))
    return found


def _visit(editor: Editor, line: tuple[int, int], chance: random.Random) -> Iterator[Rest]:
    """Change a tactic: write its end anew, add one below, take one away, or change what stands above the proof."""
    start, end = line
    tactic = editor.text[start:end]
    yield from editor.go(end)
    editor.remember()
    match chance.randrange(8):
        case 0 | 1 | 2:
            yield from editor.erase(len(tactic))
            yield from editor.write(tactic)
        case 3 | 4:
            yield from editor.erase(len(tactic) // 2)
            yield from editor.write(tactic[len(tactic) - len(tactic) // 2 :])
        case 5:
            column = start - editor.text.rfind("\n", 0, start) - 1
            yield from editor.write("\n" + " " * column + "have h : 0 ≤ 1 := by\n" + " " * (column + 2) + "omega")
            yield from editor.undo()
        case 6:
            yield from editor.erase(len(tactic))
            yield from editor.undo()
        case _:
            statement = editor.text.rfind("\ntheorem ", 0, start)
            yield from editor.go(editor.text.index(" := by", statement))
            yield from editor.write(" ∧ True")
            yield from editor.go(end + len(" ∧ True"))
            yield from editor.undo()


def spot_at(rest: Rest) -> Spot | None:
    """Where a tactic is asked for."""
    return find_spot(SourceText(rest.text), rest.offset)


def goals_at(text: str, spot: Spot) -> list[str]:
    """What could be the goals at a spot: the statement's binders and what the proof has named, and its target."""
    current = split(text[: spot.start])[-1].text
    statement = current[: statement_end(current)]
    hypotheses = [binder.strip() for binder in _BINDERS.findall(statement)]
    steps = [line.strip() for line in current[len(statement) :].split("\n")[1:-1] if line.strip()]
    named = [f"h{number} : {step}" for number, step in enumerate(steps[-4:])]
    target = statement.rpartition(" : ")[2].strip() or "True"
    return ["\n".join((*hypotheses, *named, f"⊢ {target}"))]
