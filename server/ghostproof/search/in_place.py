"""Whole proofs at the spot of a text: whether Lean accepts one there, and its shortest form that Lean accepts."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ghostproof.search.place import block_spot
from ghostproof.search.polish import shortened
from ghostproof.search.proof import Proof
from ghostproof.syntax.line_width import fitted
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked, Proved, Reason, Rejected, Suggestion
from ghostproof.visible import is_visible

# The whole is elaborated again, with everything in it.
WHOLE = Limits(400_000, 20.0)


class InPlace:
    """The hole that a search is for.

    Args:
        state: the goals at `spot` of `text`.
    """

    def __init__(self, checker: Checker, path: Path, text: str, spot: Spot, state: GoalState) -> None:
        self._checker, self._path, self._text = checker, path, text
        self._spot, self._state = spot, state

    async def accepted(self, script: str) -> Proof | None:
        """The script as a proof, if Lean says so."""
        if not is_visible(script):
            return None
        spot = block_spot(self._text, self._spot) if "\n" in script else self._spot
        state = self._state
        if spot != self._spot:
            state = await self._checker.open(self._path, self._text, spot)
        checked: Checked = await self._checker.check(state, Candidate(script, "prove"), WHOLE)
        if spot == self._spot and self.counts_with_the_rest(checked):
            spot = replace(spot, kind=SpotKind.TACTIC)
            checked = await self._checker.check(await self.as_block(), Candidate(script, "prove"), WHOLE)
        return Proof(spot, Suggestion.of(checked)) if isinstance(checked.verdict, Proved) else None

    def counts_with_the_rest(self, checked: Checked) -> bool:
        """Whether it is a term, which Lean judges with its whole declaration, and something there is not accepted."""
        refused = isinstance(checked.verdict, Rejected) and checked.verdict.reason is Reason.FINAL
        return refused and bool(self._spot.term(checked.candidate.text))

    async def as_block(self) -> GoalState:
        """The state at the spot for candidates of which none comes to stand as a term."""
        return await self._checker.open(self._path, self._text, replace(self._spot, kind=SpotKind.TACTIC))

    async def polished(self, proof: Proof, seconds: float) -> Proof:
        """The shortest form of the proof that Lean accepts and that is found in the time."""
        best = proof
        variables = [h.name for h in self._state.main.hypotheses if h.recursive and h.accessible]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (found := await self._shorter(best, variables)) is not None:
                    best = found
        narrow = fitted(best.suggestion.text, self._text, best.spot)
        if narrow != best.suggestion.text:
            best = await self.accepted(narrow) or best
        return best

    async def _shorter(self, proof: Proof, variables: Sequence[str]) -> Proof | None:
        """The first shorter form of a proof that Lean accepts."""
        for script in shortened(proof.suggestion.text, variables):
            if (found := await self.accepted(script)) is not None:
                return found
        return None
