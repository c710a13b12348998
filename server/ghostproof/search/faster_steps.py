"""Steps of a proof that search among all that Lean knows, and Lean's advice on what they need of it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ghostproof.syntax import brackets
from ghostproof.syntax.lexical import mask, tokens

_SEARCHING = frozenset({"simp", "simp_all", "grind"})
_BEHIND = frozenset({";", "<;>", "<|>", "|", ",", ":", "else"})
# `grind => …` is a proof of its own, in which every step is written out.
_ADVICE = re.compile(r"(?P<head>[^\n\[\]>]* only)(?: \[(?P<arguments>[^\n\[\]]*)\])?(?P<rest> at [^\n\[\]]*)?")
# An inaccessible name, and a hash of `grind`'s for something that has no name.
_UNWRITABLE = re.compile(r"✝|#")


@dataclass(frozen=True)
class SearchingStep:
    """`simp`, `simp_all` or `grind` somewhere in a proof.

    Attributes:
        start, end: offsets of the step in the proof.
    """

    proof: str
    word: str
    start: int
    end: int

    @property
    def question(self) -> str:
        """The proof as one that asks Lean what the step needs."""
        behind = self.start + len(self.word)
        return f"{self.proof[:behind]}?{self.proof[behind:]}"

    def advised(self, advice: Sequence[str]) -> str | None:
        """The proof with all that was advised in the step's place; None where nobody would write that.

        Args:
            advice: Lean's answers to the question, one for each goal at which the step runs.
        """
        found = [_ADVICE.fullmatch(text) for text in advice if not _UNWRITABLE.search(text)]
        forms = [form for form in found if form is not None and form["head"].split()[0] == self.word]
        if len({(form["head"], form["rest"]) for form in forms}) != 1:
            return None
        every = [argument.strip() for form in forms for argument in (form["arguments"] or "").split(",")]
        arguments = ", ".join(dict.fromkeys(filter(None, every)))
        step = forms[0]["head"] + (f" [{arguments}]" if arguments else "") + (forms[0]["rest"] or "")
        return self.proof[: self.start] + step + self.proof[self.end :]


def searching_steps(proof: str) -> Iterator[SearchingStep]:
    """The steps of a proof for which Lean may know a form that searches less."""
    found = list(tokens(mask(proof)[0], 0, len(proof)))
    for nth, token in enumerate(found):
        if token.text not in _SEARCHING:
            continue
        depth, last, limited = 0, token, False
        for following in found[nth + 1 :]:
            depth += brackets.step(following.text)
            if depth < 0 or (not depth and (following.text in _BEHIND or "\n" in proof[last.end : following.start])):
                break
            limited = limited or (not depth and following.text == "only")
            last = following
        if not limited:
            yield SearchingStep(proof, token.text, token.start, last.end)
