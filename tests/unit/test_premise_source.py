"""The source that proposes theorems: when it asks Lean, what it does with the answer, and where it does without."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.learning.learned import Learned, open_learned
from ghostproof.learning.steps import Premise, TacticStep
from ghostproof.suggest.source import Context
from ghostproof.suggest.sources.premises import PATIENCE, PremiseInquiry, PremiseSource
from ghostproof.syntax.statement import Reach, Spelling, Statement
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked
from support.scripted_checker import FAILED, FILE, PROVED, SPOT, TEXT, state_of

GOAL = "xs : List Nat\n⊢ rev (rev xs) = xs"
WANTED = Statement("", "Eq", ("rev", ""), frozenset({"Eq", "rev", "List"}))
OWN = Statement("_private.0.A.rev_rev", "Eq", ("rev", ""), frozenset({"Eq", "rev", "List"}))
FAR = Statement("A.far", "LE.le", (), frozenset({"LE.le"}))
HERE = Context(FILE, TEXT, SPOT)


class Told:
    """Tells theorems by a table of how they are written, and counts how often it is asked. `chain` is what proves the
    goal by rules alone.
    """

    def __init__(self, reach: Reach | None, spelled: dict[str, str], chain: str = "") -> None:
        self._reach, self._spelled, self._chain = reach, spelled, chain
        self.asked = 0
        self.chained_from: list[str] = []

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        self.asked += 1
        return self._reach

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        return tuple(Spelling(n, self._spelled[n], "True" if types else "") for n in names if n in self._spelled)

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        self.chained_from = list(names)
        return self._chain


def source_of(told: Told | None, learned: Learned | None = None) -> PremiseSource:
    return PremiseSource(lambda path: told, lambda path: None, lambda path: learned)


def begun(told: Told | None, learned: Learned | None = None) -> PremiseInquiry:
    return source_of(told, learned).begin(state_of(GOAL), HERE)


async def texts(inquiry: PremiseInquiry, verdicts: int = PATIENCE) -> list[str]:
    """What it proposes once so many of the others' candidates have failed."""
    for _ in range(verdicts):
        inquiry.learn(Checked(Candidate("simp", "automation"), FAILED))
    async with aclosing(inquiry.propose()) as proposed:
        return [proposal.candidate.text async for proposal in proposed]


async def test_theorems_are_written_as_they_are_told() -> None:
    told = Told(Reach(WANTED, (OWN, FAR)), {OWN.name: "rev_rev", FAR.name: "A.far"})
    found = await texts(begun(told))
    assert found[0] == "rw [rev_rev]"
    assert not any("A.far" in text or "_private" in text for text in found)


async def test_what_can_not_be_named_is_not_proposed() -> None:
    assert await texts(begun(Told(Reach(WANTED, (OWN,)), {}))) == []


async def test_a_term_of_rules_alone_goes_first() -> None:
    derived, term = replace(WANTED, head="Steps", sides=()), "Steps.step h (rev_rev ..)"
    told = Told(Reach(derived, (OWN,)), {OWN.name: "rev_rev"}, term)
    assert (await texts(begun(told)))[0] == f"exact {term}"
    assert told.chained_from == [OWN.name]
    assert await texts(begun(Told(Reach(derived, ()), {}, term))) == [f"exact {term}"]
    equation = Told(Reach(WANTED, (OWN,)), {OWN.name: "rev_rev"}, term)
    assert (await texts(begun(equation)))[0] == "rw [rev_rev]", "nobody is asked about an equation"


async def test_lean_s_own_choice_comes_last_and_only_where_there_is_one() -> None:
    spelled = {OWN.name: "rev_rev"}
    assert not any("+suggestions" in text for text in await texts(begun(Told(Reach(WANTED, (OWN,)), spelled))))
    chosen = await texts(begun(Told(Reach(WANTED, (OWN,), selector=True), spelled)))
    assert chosen[-2:] == ["grind? +suggestions", "simp_all? +suggestions"]


async def test_nobody_is_waited_for_where_the_goal_is_closed() -> None:
    told = Told(Reach(WANTED, (OWN,)), {OWN.name: "rev_rev"})
    inquiry = begun(told)
    inquiry.learn(Checked(Candidate("simp", "automation"), PROVED))
    assert (await texts(inquiry, 0))[0] == "rw [rev_rev]"


async def test_it_comes_without_others_too() -> None:
    told = Told(Reach(WANTED, (OWN,)), {OWN.name: "rev_rev"})
    assert "simp [rev_rev]" in await texts(begun(told), 0)


@pytest.mark.parametrize("told", [None, Told(None, {})], ids=["nobody tells", "Lean does not say"])
async def test_where_nothing_is_told_nothing_is_proposed(told: Told | None) -> None:
    assert await texts(begun(told)) == []


async def test_facts_are_of_the_imports_only() -> None:
    told = Told(Reach(WANTED, (OWN,)), {OWN.name: "rev_rev"})
    assert await source_of(told).facts(state_of(GOAL), HERE) == []


@pytest.fixture
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Learned]:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    made = open_learned(tmp_path, 100)
    assert made is not None
    yield made
    made.store.close()


async def test_what_a_proof_of_a_like_goal_used_comes_first(learned: Learned) -> None:
    step = TacticStep("Old.lean", "old", "theorem old", (1, 3), (1, 9), "rw [z]", (GOAL,), (), decl_start=(1, 1))
    used = replace(step, premises=(Premise("z_used", 4, 5, ""),))
    twin = replace(OWN, name="z_used")
    told = Told(Reach(WANTED, (replace(OWN, name="a_other"), twin)), {"a_other": "a_other", "z_used": "z_used"})
    assert (await texts(begun(told, learned)))[0] == "rw [a_other]"
    learned.store.replace("Old.lean", "1", [used])
    assert (await texts(begun(told, learned)))[0] == "rw [z_used]"
