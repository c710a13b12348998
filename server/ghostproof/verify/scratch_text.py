"""The texts that the scratch checker puts in place of the user's: the declaration with something in the hole.

Each ends with the declaration that holds the spot. Whatever fills the hole is one tactic, wherever a tactic can stand.
"""

import re
import secrets
from dataclasses import dataclass

from ghostproof.syntax.extent import Declaration, declaration_at
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.scratch_trust import is_led

# A name that nothing has: an error about it in the hole tells that Lean comes there.
NOWHERE = "ghostproof_nowhere"
# What stands for proofs that are missing for other reasons than the candidate, so that they can be told apart from it.
# No candidate may know the name: it proves everything.
REST = f"ghostproof_rest_{secrets.token_hex(8)}"
_NAMED = "ghostproof_named"
# In the place of a `sorry` this parses as a tactic and as a term.
_REST_PROOF = f"(nomatch _root_.{REST})"
# What declares something beside the declaration that it stands in.
_ASIDE = re.compile(r"\bwhere\b|\blet\s+rec\b|^mutual\b")
# What may follow a candidate without any chance to become a part of it.
_ENDS = re.compile(r"[ \t]*(?:--[^\n]*)?(?:$|\n|[)⟩\]])")

# As a tactic this leaves the goals of the spot to be read at `skip`; where a term stands it does not parse.
_OPENING = "(skip; sorry)"


@dataclass(frozen=True)
class Filled:
    """A text with its hole filled. All numbers are offsets.

    Attributes:
        start, end: the text in the hole.
        ask: where to ask for goals.
        tail: behind the declaration; what is said about this part is an answer to a question, not a verdict.
    """

    source: SourceText
    start: int
    end: int
    ask: int
    tail: int


@dataclass(frozen=True)
class Hole:
    """A spot in the text up to the end of its declaration.

    Attributes:
        text: that text, with what the spot replaces still in it.
        declaration: the extent in `text`.
    """

    text: str
    spot: Spot
    declaration: Declaration

    @staticmethod
    def cut(text: str, spot: Spot) -> "Hole":
        """The hole of a spot, the text behind its declaration left out."""
        declaration = declaration_at(text, max(spot.start, spot.end))
        # A spot on the line below a finished block belongs to the declaration above it.
        return Hole(text[: max(declaration.end, spot.end)], spot, declaration)

    @property
    def rest(self) -> str:
        """The declaration without what is in the hole."""
        return self.text[self.declaration.start : self.spot.start] + "\n" + self.text[self.spot.end :]

    @property
    def aside(self) -> bool:
        """Whether the hole may be in a declaration that the one with the name only contains: `where`, `let rec`."""
        before = mask(self.text[self.declaration.start : self.spot.start])[0]
        return self.declaration.keyword not in ("instance", "structure", "class") and _ASIDE.search(before) is not None

    def opening(self) -> Filled:
        """With a `sorry` in the hole: what Lean says about this text is no candidate's fault."""
        filled = self._fill(self._block(_OPENING))
        return self._asking(filled, self.spot.tactic_start + 1)

    def trial(self, tactic: str, guarded: bool = False) -> Filled:
        """With the candidate, and `sorry` for whatever it leaves; the goals are those before that `sorry`.

        The brackets end the candidate where it ends: an unfinished one can't take the next line for its own.

        Args:
            guarded: let a failing candidate leave the goals as they were. Lean keeps quiet about errors that come of
                an earlier error, and takes the goal for solved.
        """
        before, behind = ("(first | (", ") | skip") if guarded else ("((", ")")
        placed = self._bracketed(before, tactic, behind, "all_goals sorry")
        return self._asking(
            self._fill(placed), self.spot.start + len(placed) - len(f"all_goals sorry){self.spot.tail}")
        )

    def final(self, tactic: str) -> Filled:
        """With the candidate alone, as the user would have it, followed by a question about axioms."""
        return self._asking(self._fill(self.spot.place(tactic)), self.spot.tactic_start)

    def unreached(self) -> Filled:
        """With an error in the hole that Lean reports only if it elaborates the hole."""
        return self._asking(self._fill(self._block(f"exact {NOWHERE}")), self.spot.tactic_start)

    def proposition(self) -> Filled:
        """With something in the hole that is an error unless the goal is a proposition."""
        return self._asking(self._fill(self._block("exact (sorry : (_ : Prop))")), self.spot.tactic_start)

    def alone(self, tactic: str, above: str, *, closing: bool) -> Filled | None:
        """A text in which the candidate is the only thing that could rest on a `sorry`, with a name to ask about.

        Other `sorry`s of the declaration become proofs from an axiom of ours. None where the text does not tell how.

        Args:
            above: the text above the declaration, without what is unproved there.
            closing: so are the goals that the candidate leaves, for which the declaration has nothing below.
        """
        start, head = self.declaration.start, self.declaration.head
        full_name = self.declaration.full_name
        name = f"_root_.{full_name}" if full_name else self._anonymous()
        if not name or self._led():
            return None
        placed = self.spot.place(tactic)
        if closing:
            placed = self._bracketed("((", tactic, ")", f"all_goals {_REST_PROOF}")
        before = self._without_sorry(start, self.spot.start)
        if name == _NAMED:
            keyword = self.declaration.keyword
            written = f"noncomputable def {_NAMED}" if keyword == "example" else f"{keyword} {_NAMED}"
            at = head - start
            before = before[:at] + written + before[at + len(keyword) :]
        lead = f"{above}axiom _root_.{REST} : False\n{before}{self.spot.lead}"
        text = lead[: len(lead) - len(self.spot.lead)] + placed
        end = len(text)
        text += self._without_sorry(self.spot.end, len(self.text))
        return Filled(SourceText(f"{text}\n#print axioms {name}"), len(lead), end, len(lead), len(text))

    def open_ended(self) -> bool:
        """Whether text follows on which a candidate's end may depend, such as `<;> simp` or an indented line."""
        behind = self.text[self.spot.end :]
        if self.spot.tail:
            return False
        if not _ENDS.match(behind):
            return True
        line, newline, below = behind.partition("\n")
        if not newline or line.strip()[:1] in (")", "⟩", "]"):
            return False
        following = next((text for text in mask(below)[0].split("\n") if text.strip()), "")
        column = len(following) - len(following.lstrip())
        return column > self.spot.column or following.lstrip().startswith(("<;>", ";"))

    def _anonymous(self) -> str:
        """A name for a declaration without one, "" where it can't be put in."""
        declaration = self.declaration
        if declaration.head != declaration.start or declaration.keyword not in ("example", "instance"):
            return ""
        behind = self.text[declaration.head + len(declaration.keyword) :].lstrip()
        return _NAMED if declaration.keyword == "example" or behind.startswith((":", "[", "{")) else ""

    def _led(self) -> bool:
        """Whether the declaration begins above its first line, or a block of several begins there."""
        return self.text.startswith("mutual", self.declaration.start) or is_led(self.text, self.declaration)

    def _without_sorry(self, start: int, end: int) -> str:
        masked, part, at = mask(self.text)[0], "", start
        for found in SORRY.finditer(masked, start, end):
            part += self.text[at : found.start()] + _REST_PROOF
            at = found.end()
        return part + self.text[at:end]

    def _bracketed(self, before: str, tactic: str, behind: str, rest: str) -> str:
        indent = "\n" + " " * (self.spot.column + 1)
        deeper = "\n" + " " * (self.spot.column + len(before))
        body = deeper.join(tactic.split("\n")).replace(deeper + "\n", "\n\n")
        return f"{self.spot.lead}{before}{body}{deeper}{behind}{indent}{rest}){self.spot.tail}"

    def _block(self, tactic: str) -> str:
        """What stands in the hole to be asked about: always a tactic, also where a term is asked for."""
        return self.spot.lead + self.spot.laid_out(tactic) + self.spot.tail

    def _fill(self, placed: str) -> tuple[str, int]:
        text = self.text[: self.spot.start] + placed + self.text[self.spot.end :]
        return text, self.spot.start + len(placed)

    def _asking(self, filled: tuple[str, int], ask: int) -> Filled:
        text, end = filled
        # By its full name: inside its namespace a shorter one may mean something else.
        name = self.declaration.full_name
        question = f"\n#print axioms _root_.{name}" if name else ""
        return Filled(SourceText(text + question), self.spot.tactic_start, end, ask, len(text))
