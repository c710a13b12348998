"""Whole proofs at the spot of a text: whether Lean accepts one there, and its shortest form that Lean accepts."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ghostproof.search.faster_steps import searching_steps
from ghostproof.search.place import block_spot
from ghostproof.search.polish import shortened
from ghostproof.search.proof import Proof
from ghostproof.syntax.line_width import fits, fitted
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked, Proved, Reason, Rejected, Suggestion
from ghostproof.visible import is_visible

# The whole is elaborated again, with everything in it.
WHOLE = Limits(400_000, 20.0)
# What a longer line must save, in thousands of heartbeats: a hundredth of what Lean lets a declaration take, over a
# second on the embedded Lean.
NOTABLE = 2_000


class InPlace:
    """The hole that a search is for.

    Args:
        state: the goals at `spot` of `text`.
        whole: what Lean may take for all of a proof.
    """

    def __init__(
        self, checker: Checker, path: Path, text: str, spot: Spot, state: GoalState, whole: Limits = WHOLE
    ) -> None:
        self._checker, self._path, self._text = checker, path, text
        self._spot, self._state, self._whole = spot, state, whole
        self._shorter_from = 0

    async def accepted(self, script: str) -> Proof | None:
        """The script as a proof, if Lean says so."""
        if not is_visible(script):
            return None
        spot, checked = await self._checked(script)
        if spot == self._spot and self.counts_with_the_rest(checked):
            spot = replace(spot, kind=SpotKind.TACTIC)
            checked = await self._checker.check(await self.as_block(), Candidate(script, "prove"), self._whole)
        if not isinstance(checked.verdict, Proved):
            return None
        return Proof(spot, Suggestion.of(checked), checked.heartbeats)

    async def _checked(self, script: str) -> tuple[Spot, Checked]:
        """What Lean says to the script, and at which spot."""
        needs_block = "\n" in script or not fits(script, self._text, self._spot)
        spot = block_spot(self._text, self._spot) if needs_block else self._spot
        state = self._state
        if spot != self._spot:
            state = await self._checker.open(self._path, self._text, spot)
        return spot, await self._checker.check(state, Candidate(script, "prove"), self._whole)

    def counts_with_the_rest(self, checked: Checked) -> bool:
        """Whether it is a term, which Lean judges with its whole declaration, and something there is not accepted."""
        refused = isinstance(checked.verdict, Rejected) and checked.verdict.reason is Reason.FINAL
        return refused and bool(self._spot.term(checked.candidate.text))

    async def as_block(self) -> GoalState:
        """The state at the spot for candidates of which none comes to stand as a term."""
        return await self._checker.open(self._path, self._text, replace(self._spot, kind=SpotKind.TACTIC))

    async def polished(self, proof: Proof, seconds: float) -> Proof:
        """The shortest form of the proof that Lean accepts and that is found in the time; as fast as Lean knows how.

        What takes Lean long and can't be shorter searches less, where that can be said within a line.
        """
        now = asyncio.get_running_loop().time()
        end = now + seconds
        slow = proof.heartbeats >= NOTABLE and any(searching_steps(proof.text))
        best = await _while_better(self._shorter, proof, now + seconds / 2 if slow else end)
        best = await self._narrow(best)
        faster = await _while_better(self._faster, best, end)
        return best if faster is best else await self._narrow(await _while_better(self._shorter, faster, end))

    async def _shorter(self, proof: Proof) -> Proof | None:
        """The first shorter form of a proof that Lean accepts.

        It goes on behind the last one: what is needed in a longer form is tried again at last.
        """
        variables = [h.name for h in self._state.main.hypotheses if h.recursive and h.accessible]
        forms = list(shortened(proof.text, variables))
        first = self._shorter_from if self._shorter_from < len(forms) else 0
        nth, found = await self._first_accepted([*forms[first:], *forms[:first]])
        if found is not None:
            self._shorter_from = (first + nth) % len(forms)
        return found

    async def _first_accepted(self, scripts: Sequence[str]) -> tuple[int, Proof | None]:
        """The first script that Lean accepts, and which one it is; as many are in Lean as it has threads for."""
        running = deque[asyncio.Task[Proof | None]]()
        try:
            for nth in range(len(scripts)):
                while len(running) < max(1, self._checker.width) and nth + len(running) < len(scripts):
                    running.append(asyncio.create_task(self.accepted(scripts[nth + len(running)]), name="shorter form"))
                if (found := await running[0]) is not None:
                    return nth, found
                running.popleft()
            return len(scripts), None
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _faster(self, proof: Proof) -> Proof | None:
        """The first form that Lean advises and accepts, and that saves a notable part of the heartbeats."""
        if proof.heartbeats < NOTABLE:
            return None
        for step in searching_steps(proof.text):
            _, asked = await self._checked(step.question)
            script = step.advised(asked.hints)
            if script is not None and fits(script, self._text, proof.spot):
                found = await self.accepted(script)
                if found is not None and 0 < found.heartbeats <= proof.heartbeats - NOTABLE:
                    return found
        return None

    async def _narrow(self, proof: Proof) -> Proof:
        """The proof with no line that is too wide."""
        narrow = fitted(proof.text, self._text, proof.spot)
        return proof if narrow == proof.text else await self.accepted(narrow) or proof


async def _while_better(step: Callable[[Proof], Awaitable[Proof | None]], proof: Proof, deadline: float) -> Proof:
    """The proof after as many steps as there are, and time for."""
    with suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            while (found := await step(proof)) is not None:
                proof = found
    return proof
