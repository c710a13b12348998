"""Theorems in reach as a source: those of the imports and of the file above that look most useful for the goal.

It comes behind what closes most goals at once: Lean is asked which theorems there are when the first candidates have
been judged, or one of them has closed the goal, which a person may still want to prove by a theorem.
"""

import asyncio
import logging
import sqlite3
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.learning.learned import Learned
from ghostproof.learning.library import InReach, Library, promising
from ghostproof.learning.selection import Selected
from ghostproof.learning.steps import TacticStep
from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.suggest.sources.nearest import anything
from ghostproof.suggest.sources.premise_forms import proposals
from ghostproof.suggest.sources.view import view_of
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.statement import Reach, Spelling, Statement
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.premises import TheoremTeller
from ghostproof.verify.verdict import Candidate, Checked, Proved

log = logging.getLogger(__name__)

ORIGIN = "premises"
# Theorems that are looked at in the place, and that of those are named in candidates.
LOOKED_AT, NAMED = 24, 12
# Verdicts on others' candidates that are waited for, and how long the next of them is.
PATIENCE, PATIENCE_S = 12, 0.5
NEIGHBOURS = 16
_LIMITS = Limits(seconds=4.0)
# Heads of what is computed or rewritten: rules alone rarely prove it, and the prober makes no term for it.
COMPUTED = frozenset({"Eq", "Ne", "HEq", "Not", "False", "LE.le", "LT.lt", "GE.ge", "GT.gt", "Dvd.dvd"})
# Where terms compute to one another, one try of a rule may take long.
_CHAINING = Limits(heartbeats=20_000, seconds=2.0)
# Theorems that Lean itself chooses, where the imports have it choose; what it says of them is proposed in their place.
LEANS_CHOICE = ("grind? +suggestions", "simp_all? +suggestions")


@dataclass(frozen=True)
class NamedPremise:
    """A theorem that looks useful at a goal, as it is written there; `of_file` if it stands above in the same file."""

    selected: Selected
    spelling: Spelling
    of_file: bool = False


class PremiseSource:
    """Proposes theorems.

    Args:
        teller: who tells what is in reach at a place; None while nobody can.
        library: what the imports of a file have in the index; None while there is nothing.
        learned: what is known of the project that a file belongs to; None while nothing is.
        allowed: whether a step may be learned from at a place; see `NearestSource`.
    """

    def __init__(
        self,
        teller: Callable[[Path], TheoremTeller | None],
        library: Callable[[Path], Library | None],
        learned: Callable[[Path], Learned | None],
        allowed: Callable[[TacticStep, Context], bool] = anything,
    ) -> None:
        self._teller, self._library, self._learned, self._allowed = teller, library, learned, allowed

    @property
    def name(self) -> str:
        return ORIGIN

    @property
    def ready(self) -> bool:
        return True

    def begin(self, state: GoalState, context: Context) -> "PremiseInquiry":
        return PremiseInquiry(self, state, context)

    async def premises(
        self, state: GoalState, context: Context, *, named: int = NAMED, types: bool = False
    ) -> tuple[Reach, list[NamedPremise]]:
        """The first goal with what is in its reach, and the theorems that look most useful for it, the likeliest first.

        Args:
            types: whether what each of them says is wanted too.
        """
        nothing = Reach(Statement("")), list[NamedPremise]()
        teller = self._teller(context.path)
        reach = await teller.reach(state, _LIMITS) if teller is not None else None
        if teller is None or reach is None:
            return nothing
        library = self._library(context.path)
        index, imported = (library.index if library else None), await _in_reach(library, context)
        worked = await asyncio.to_thread(self._worked, state, context)
        try:
            found = await asyncio.to_thread(promising, index, imported, reach.goal, reach.own, worked, LOOKED_AT)
        except sqlite3.Error as problem:
            log.warning("the index of theorems can't be read: %s", problem)
            found = promising(None, InReach(), reach.goal, reach.own, worked, LOOKED_AT)
        written = await teller.written(state, [one.statement.name for one in found], _LIMITS, types=types)
        by_name = {one.name: one for one in written}
        own = {statement.name for statement in reach.own}
        known = [
            NamedPremise(one, by_name[one.statement.name], one.statement.name in own)
            for one in found
            if one.statement.name in by_name
        ]
        return reach, known[:named]

    async def tactics(self, state: GoalState, context: Context) -> list[tuple[str, Tier]]:
        """Tactics that name the most useful theorems, for the first goal, the likeliest first."""
        reach, known = await self.premises(state, context, named=LOOKED_AT)
        chain = await self._chained(state, context, known) if reach.goal.head not in COMPUTED else ""
        named = [(one.selected, one.spelling.text) for one in known[:NAMED]]
        applied = [one.spelling.applied for one in known[:NAMED] if one.spelling.applied]
        terms = list(dict.fromkeys([*applied, *([chain] if chain else [])]))
        view = view_of(state.main, lambda: scan(context.text[: context.spot.start]))
        found = list(proposals(reach.goal, named, view, terms, reach.made_of))
        return [*found, *((text, Tier.SLOW) for text in LEANS_CHOICE)] if reach.selector else found

    async def _chained(self, state: GoalState, context: Context, known: Sequence[NamedPremise]) -> str:
        teller = self._teller(context.path)
        names = [premise.selected.statement.name for premise in known]
        return await teller.chained(state, names, _CHAINING) if teller is not None else ""

    async def facts(self, state: GoalState, context: Context) -> list[str]:
        """What the most useful theorems of the imports say, as Lean code; whoever reads the file sees its own."""
        _, found = await self.premises(state, context, named=LOOKED_AT, types=True)
        said = [f"theorem {one.spelling.text} : {one.spelling.type}" for one in found if not one.of_file]
        return said[:NAMED]

    def _worked(self, state: GoalState, context: Context) -> Mapping[str, float]:
        """Theorems that proofs of goals like this one name, by how much alike the likest of them is."""
        learned = self._learned(context.path)
        if learned is None:
            return {}
        found: defaultdict[str, float] = defaultdict(float)
        try:
            for neighbour in learned.store.near(state.goals[0], NEIGHBOURS):
                if self._allowed(neighbour.step, context):
                    for premise in (*neighbour.step.premises, *neighbour.step.rest_premises):
                        found[premise.full_name] = max(found[premise.full_name], neighbour.likeness)
        except sqlite3.Error as problem:
            log.warning("what was learned of the project can't be read: %s", problem)
        return found


async def _in_reach(library: Library | None, context: Context) -> InReach:
    if library is None:
        return InReach()
    try:
        return await library.in_reach(context.path, context.text)
    except (GhostproofError, sqlite3.Error) as problem:
        log.info("nothing is known of what %s imports: %s", context.path.name, problem)
        return InReach()


class PremiseInquiry:
    """One goal, and the theorems in its reach."""

    def __init__(self, source: PremiseSource, state: GoalState, context: Context) -> None:
        self._source, self._state, self._context = source, state, context
        self._judged = 0
        self._closed = False
        self._heard = asyncio.Event()

    async def propose(self) -> AsyncGenerator[Proposal, None]:
        await self._others_first()
        for text, tier in await self._source.tactics(self._state, self._context):
            yield Proposal(Candidate(text, ORIGIN), tier)

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        """Counts the verdicts, to know when its turn has come."""
        self._judged += 1
        self._closed = self._closed or isinstance(checked.verdict, Proved)
        self._heard.set()
        return ()

    async def _others_first(self) -> None:
        """Until enough of the others' candidates are judged, or no more of them come."""
        while self._judged < PATIENCE and not self._closed:
            self._heard.clear()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._heard.wait()
            except TimeoutError:
                return
