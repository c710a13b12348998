"""A proof with the lemmas that it states for itself put above its declaration, as far as Lean accepts them there."""

from dataclasses import dataclass, replace
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.search.edit import Edit
from ghostproof.search.in_place import InPlace
from ghostproof.search.lemma_steps import LemmaStep, Theorem, lemma_steps, named_after, theorems
from ghostproof.search.proof import Proof
from ghostproof.syntax.extent import begins_with_all, declaration_at
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.missing import find_places
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import Checker

# It is for this declaration; whoever wants it elsewhere takes the word away.
KEYWORD = "private theorem"
# Shortening what is left of the proof.
POLISH_S = 5.0


async def lifted(checker: Checker, path: Path, text: str, spot: Spot, proof: Proof) -> Proof:
    """The proof with lemmas above its declaration; as it is where Lean accepts none of them there.

    Args:
        spot: the hole of `text` that the proof was searched for.

    Raises:
        LeanDied, LeanTimeout: Lean did not come to the goal.
    """
    return await _Lifting(checker, path, text, spot).lifted(proof)


@dataclass(frozen=True)
class _Lemma:
    name: str
    text: str


class _Lifting:
    def __init__(self, checker: Checker, path: Path, text: str, spot: Spot) -> None:
        self._checker, self._path, self._text, self._spot = checker, path, text, spot
        declaration = declaration_at(text, spot.start)
        self._start, self._name = begins_with_all(text, declaration.start), declaration.name

    async def lifted(self, proof: Proof) -> Proof:
        above: tuple[_Lemma, ...] = ()
        best = proof
        for name in [step.name for step in lemma_steps(proof.text)]:
            step = next((step for step in lemma_steps(best.text) if step.name == name), None)
            if step is not None:
                above, best = await self._without(step, above) or (above, best)
        if not above:
            return proof
        best = await (await self._hole(above)).polished(best, POLISH_S)
        if (needed := _needed(above, best.text)) != above:
            fewer = await (await self._hole(needed)).accepted(best.text)
            above, best = (needed, fewer) if fewer is not None else (above, best)
        stated = _joined(above)
        own = best.moved(-len(stated))
        return replace(own, above=Edit(self._start, self._start, stated)) if stated else own

    async def _without(self, step: LemmaStep, above: tuple[_Lemma, ...]) -> tuple[tuple[_Lemma, ...], Proof] | None:
        """What stands above with a step's lemma there too, and the proof without the step; None where Lean refuses."""
        known = (await self._checker.open(self._path, self._text, self._spot)).main.hypotheses
        name = named_after(step, self._name, self._with(above), known)
        for theorem in theorems(step, name, known):
            lemma = await self._proved(above, name, theorem)
            if lemma is None:
                continue
            hole = await self._hole((*above, lemma))
            for use in step.uses(name):
                if (found := await hole.accepted(use)) is not None:
                    return (*above, lemma), found
        return None

    async def _proved(self, above: tuple[_Lemma, ...], name: str, theorem: Theorem) -> _Lemma | None:
        """A theorem below what stands above, if Lean accepts its proof there."""
        before, stated = self._with(above, ""), f"{theorem.stated(KEYWORD)}\n\n"
        text = before + stated + self._text[self._start :]
        try:
            hole = await self._at(text, find_places(SourceText(text), len(before) + stated.rindex("sorry"))[0])
        except NoGoal:
            return None
        found = await hole.accepted(theorem.script)
        if found is None:
            return None
        whole = (await hole.polished(found, POLISH_S)).put_into(text)
        return _Lemma(name, whole[len(before) : len(before) + len(stated) + len(whole) - len(text)])

    async def _hole(self, above: tuple[_Lemma, ...]) -> InPlace:
        """The hole, with lemmas above.

        Raises:
            NoGoal: there is no goal any more.
        """
        return await self._at(self._with(above), self._spot.moved(len(_joined(above))))

    async def _at(self, text: str, spot: Spot) -> InPlace:
        state = await self._checker.open(self._path, text, spot)
        return InPlace(self._checker, self._path, text, spot, state)

    def _with(self, above: tuple[_Lemma, ...], rest: str | None = None) -> str:
        """The text with lemmas above the declaration; `rest` in place of that and of all below, where it is given."""
        return self._text[: self._start] + _joined(above) + (self._text[self._start :] if rest is None else rest)


def _joined(above: tuple[_Lemma, ...]) -> str:
    return "".join(lemma.text for lemma in above)


def _needed(above: tuple[_Lemma, ...], script: str) -> tuple[_Lemma, ...]:
    """Those lemmas that the proof names, or one of those."""
    kept: list[_Lemma] = []
    for lemma in reversed(above):
        if any(lemma.name in identifiers(text) for text in (script, *(other.text for other in kept))):
            kept.insert(0, lemma)
    return tuple(kept)
