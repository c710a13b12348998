"""A proof with the lemmas that it states for itself put above its declaration, as far as Lean accepts them there."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.search.edit import Edit
from ghostproof.search.in_place import InPlace
from ghostproof.search.lemma_steps import LemmaStep, Theorem, counted_anew, lemma_steps, names_after, renamed, theorems
from ghostproof.search.proof import Proof
from ghostproof.syntax.extent import begins_with_all, declaration_at
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.missing import find_places
from ghostproof.syntax.namespaces import in_reach
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import Checker, Hypothesis

# It is for this declaration; whoever wants it elsewhere takes the word away.
KEYWORD = "private theorem"
# Shortening one of the lemmas, or what is left of the proof: of the time that there is, for so much at most.
POLISH_SHARE, POLISH_S = 1 / 8, 5.0
# What Lean says of a name that something imported has; so many others are tried.
_DECLARED, MOST_NAMES = "already been declared", 3


async def lifted(
    checker: Checker,
    path: Path,
    text: str,
    spot: Spot,
    proof: Proof,
    seconds: float,
    tell: Callable[[str], None] = lambda doing: None,
) -> Proof:
    """The proof with lemmas above its declaration; as it is where Lean accepts none of them there within the time.

    Args:
        spot: the hole of `text` that the proof was searched for.
        tell: told what goes on, as a person reads it.

    Raises:
        LeanDied, LeanTimeout: Lean did not come to the goal.
    """
    end = asyncio.get_running_loop().time() + seconds
    try:
        async with asyncio.timeout_at(end):
            return await _Lifting(checker, path, text, spot, end, tell).lifted(proof)
    except TimeoutError:
        return proof


class _NameTaken(Exception):
    """Something that is imported has the name."""


@dataclass(frozen=True)
class _Lemma:
    name: str
    text: str


class _Lifting:
    def __init__(
        self, checker: Checker, path: Path, text: str, spot: Spot, end: float, tell: Callable[[str], None]
    ) -> None:
        self._checker, self._path, self._text, self._spot = checker, path, text, spot
        self._end, self._tell = end, tell
        declaration = declaration_at(text, spot.start)
        self._start, self._name = begins_with_all(text, declaration.start), declaration.name

    async def lifted(self, proof: Proof) -> Proof:
        above: tuple[_Lemma, ...] = ()
        best = proof
        steps = [step.name for step in lemma_steps(proof.text)]
        if not steps:
            return proof
        known = (await self._checker.open(self._path, self._text, self._spot)).main.hypotheses
        for name in steps:
            step = next((step for step in lemma_steps(best.text) if step.name == name), None)
            if step is not None:
                above, best = await self._without(step, above, known) or (above, best)
        if not above:
            return proof
        self._tell("a shorter form below its lemmas")
        best = await (await self._hole(above)).polished(best, self._polish_s)
        above, best = await self._only_needed(above, best)
        stated = _joined(above)
        own = best.moved(-len(stated))
        return replace(own, above=Edit(self._start, self._start, stated)) if stated else own

    @property
    def _polish_s(self) -> float:
        return min(POLISH_S, POLISH_SHARE * (self._end - asyncio.get_running_loop().time()))

    async def _without(
        self, step: LemmaStep, above: tuple[_Lemma, ...], known: Sequence[Hypothesis]
    ) -> tuple[tuple[_Lemma, ...], Proof] | None:
        """What stands above with a step's lemma there too, and the proof without the step; None where Lean refuses."""
        text = in_reach(self._text, self._start) + _joined(above)
        for name in islice(names_after(step, self._name, text, known), MOST_NAMES):
            try:
                return await self._called(name, step, above, known)
            except _NameTaken:
                continue
        return None

    async def _called(
        self, name: str, step: LemmaStep, above: tuple[_Lemma, ...], known: Sequence[Hypothesis]
    ) -> tuple[tuple[_Lemma, ...], Proof] | None:
        for theorem in theorems(step, name, known):
            self._tell(f"{name} above")
            lemma = await self._proved(above, name, theorem)
            if lemma is None:
                continue
            hole = await self._hole((*above, lemma))
            for use in step.uses(name):
                self._tell(f"{name} above, the proof with it")
                if (found := await hole.accepted(use)) is not None:
                    return (*above, lemma), found
        return None

    async def _only_needed(self, above: tuple[_Lemma, ...], best: Proof) -> tuple[tuple[_Lemma, ...], Proof]:
        """What stands above without that which the proof does without, and with numbers that have no gap."""
        needed = _needed(above, best.text)
        if needed == above:
            return above, best
        names = counted_anew([lemma.name for lemma in above], [lemma.name for lemma in needed], self._name)
        anew = tuple(_Lemma(names.get(lemma.name, lemma.name), renamed(lemma.text, names)) for lemma in needed)
        for fewer in dict.fromkeys((anew, needed)):
            script = best.text if fewer == needed else renamed(best.text, names)
            if (found := await (await self._hole(fewer)).accepted(script)) is not None:
                return fewer, found
        return above, best

    async def _proved(self, above: tuple[_Lemma, ...], name: str, theorem: Theorem) -> _Lemma | None:
        """A theorem below what stands above, if Lean accepts its proof there."""
        before, stated = self._with(above, ""), f"{theorem.stated(KEYWORD)}\n\n"
        text = before + stated + self._text[self._start :]
        try:
            hole = await self._at(text, find_places(SourceText(text), len(before) + stated.rindex("sorry"))[0])
        except NoGoal as problem:
            if _DECLARED in problem.hint:
                raise _NameTaken from None
            return None
        found = await hole.accepted(theorem.script)
        if found is None:
            return None
        whole = (await hole.polished(found, self._polish_s)).put_into(text)
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
