"""The corpus of lemmas: Lean files whose theorems are unproved, each with a mark on the line above.

`-- [easy]`           true; one induction and automation prove it
`-- [medium]`         the right induction or generalisation is needed, or one auxiliary lemma
`-- [hard lemma]`     several lemmas, accumulators, mutual recursion; `lemma`: it needs one that is not in the file
`-- [false]`          not true

A lemma is read alone: what else the file proves stands in no text but its own. Proofs that we know of are in
`tests/lemmas_reference`, which nothing that searches may read.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Grade = Literal["easy", "medium", "hard", "false"]

HERE = Path(__file__).parent
REFERENCE = HERE.parent / "lemmas_reference"

THEOREM = re.compile(r"^-- \[(?P<mark>.*)\]\n(?P<text>theorem (?P<name>[\w.']+)(?:.*\n)+?)(?=\n|\Z)", re.MULTILINE)
_PROOF = re.compile(r" := (?:by\n  )?sorry\n\Z")


@dataclass(frozen=True)
class Lemma:
    """One statement.

    Attributes:
        name: the file's and the theorem's, `lists:flip_flip`.
        text: the file with this theorem alone, `sorry` in place of its proof.
        start: where that `sorry` begins, in code points.
        needs_lemma: the proof that we know of uses an auxiliary lemma.
        held_out: looked at only when all tuning is done.
    """

    name: str
    path: Path
    text: str
    start: int
    grade: Grade
    needs_lemma: bool
    held_out: bool


def lemmas(folder: Path = HERE) -> Iterator[Lemma]:
    """Every lemma of every Lean file in `folder`."""
    for path in sorted(folder.glob("*.lean")):
        yield from read(path, path.read_text("utf-8"))


def read(path: Path, marked: str) -> Iterator[Lemma]:
    """The lemmas of one marked text.

    Raises:
        ValueError: a mark or a proof is none of ours.
    """
    found = list(THEOREM.finditer(marked))
    for mine in found:
        text, start = _alone(marked, found, mine)
        words = mine["mark"].split()
        grade = next((grade for grade in get_args(Grade) if words[:1] == [grade]), None)
        if grade is None or words[1:] not in ([], ["lemma"]) or not _PROOF.search(mine["text"]):
            raise ValueError(f"not a lemma of the corpus: {mine[0]}")
        name = f"{path.stem}:{mine['name']}"
        yield Lemma(name, path, text, start, grade, "lemma" in words, is_held_out(name))


def is_held_out(name: str) -> bool:
    """Whether a lemma of this name is in the third that is looked at last: a rule that nobody can bend."""
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def _alone(marked: str, found: list[re.Match[str]], mine: re.Match[str]) -> tuple[str, int]:
    """The text with one of its theorems, and where the `sorry` of that one begins."""
    text, at, start = "", 0, 0
    for theorem in found:
        text += marked[at : theorem.start()]
        if theorem is mine:
            start = len(text) + mine["text"].rindex("sorry")
            text += mine["text"]
        at = theorem.end()
    return text + marked[at:], start
