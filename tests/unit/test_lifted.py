"""Lemmas put above a declaration: what goes on is told, the time holds, a cancel ends it, and names have no gaps."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ghostproof.errors import NoGoal
from ghostproof.search.lifted import lifted
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import prove
from ghostproof.search.strategy import QueryKind
from ghostproof.search.task import Task
from ghostproof.syntax.missing import find_places
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Candidate, Checked, Suggestion, Verdict
from support.scripted_adviser import ScriptedAdviser
from support.scripted_checker import FILE, PROVED, ScriptedChecker, state_of
from support.waiting import HANGS_S

TEXT = "theorem t : f a = a := by\n  sorry\n"
(SPOT,) = find_places(SourceText(TEXT), TEXT.index("sorry"))
ONE = "have key : ∀ (n : Nat), f n = n := by\n  intro n\n  simp [f]\nrw [key]"
TWO = f"have key : ∀ (n : Nat), f n = n := by\n  intro n\n  simp [f]\n{ONE.replace('key', 'key1')}"
ABOVE = "private theorem t_aux (n : Nat) : f n = n := by\n  simp [f]\n\n"
STATED = {"simp [f]": PROVED}


def accepted(script: str) -> Proof:
    return Proof(SPOT, Suggestion.of(Checked(Candidate(script, "prove"), PROVED)))


def checker(table: Mapping[str, Verdict], hang: Sequence[str] = ()) -> ScriptedChecker:
    return ScriptedChecker({**STATED, **table}, state_of("a : Nat\n⊢ f a = a"), hang=hang)


async def test_what_goes_on_is_told() -> None:
    told: list[str] = []
    found = await lifted(checker({"rw [t_aux]": PROVED}), FILE, TEXT, SPOT, accepted(ONE), HANGS_S, told.append)
    assert found.put_into(TEXT) == ABOVE + TEXT.replace("sorry", "rw [t_aux]")
    assert told == ["t_aux above", "t_aux above, the proof with it", "a shorter form below its lemmas"]


@pytest.mark.parametrize("hang", ["simp [f]", "rw [t_aux]"])
async def test_when_the_time_is_over_the_lemmas_stay_inside(hang: str) -> None:
    judge = checker({"rw [t_aux]": PROVED}, [hang])
    assert await lifted(judge, FILE, TEXT, SPOT, accepted(ONE), 0.05) == accepted(ONE)
    assert judge.cancelled == [hang]


@pytest.mark.parametrize("hang", ["simp [f]", "rw [t_aux]"])
async def test_a_cancel_ends_what_runs_and_asks_nothing_more(hang: str) -> None:
    judge = checker({"rw [t_aux]": PROVED}, [hang])
    lifting = asyncio.create_task(lifted(judge, FILE, TEXT, SPOT, accepted(ONE), HANGS_S))
    await judge.hanging.wait()
    asked = len(judge.asked)
    lifting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lifting
    assert (judge.cancelled, len(judge.asked)) == ([hang], asked)


async def test_of_lemmas_that_are_left_the_numbers_have_no_gap() -> None:
    # The first lemma is of no use: with the second one alone, the proof is the same.
    without_first = ONE.replace("key", "key1")
    table = {without_first: PROVED, "rw [t_aux2]": PROVED, "rw [t_aux]": PROVED}
    found = await lifted(checker(table), FILE, TEXT, SPOT, accepted(TWO), HANGS_S)
    assert found.put_into(TEXT) == ABOVE + TEXT.replace("sorry", "rw [t_aux]")


async def test_where_lean_refuses_the_new_names_the_old_ones_stay() -> None:
    table = {ONE.replace("key", "key1"): PROVED, "rw [t_aux2]": PROVED}
    found = await lifted(checker(table), FILE, TEXT, SPOT, accepted(TWO), HANGS_S)
    assert found.put_into(TEXT) == ABOVE.replace("t_aux", "t_aux2") + TEXT.replace("sorry", "rw [t_aux2]")


class Imported(ScriptedChecker):
    """Has imported something that is called `t_aux`."""

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        if "theorem t_aux " in text:
            raise NoGoal("Lean sees no tactic goal there.", DECLARED)
        return await super().open(path, text, spot)


DECLARED = "Its first error there: a non-private declaration `t_aux` has already been declared"


async def test_a_name_of_something_imported_is_passed_over() -> None:
    judge = Imported({**STATED, "rw [t_aux2]": PROVED}, state_of("a : Nat\n⊢ f a = a"))
    found = await lifted(judge, FILE, TEXT, SPOT, accepted(ONE), HANGS_S)
    assert found.put_into(TEXT) == ABOVE.replace("t_aux", "t_aux2") + TEXT.replace("sorry", "rw [t_aux2]")


@pytest.mark.parametrize(
    ("beside", "name"),
    [
        ("namespace B\ntheorem t_aux : q := h\nend B\n\n", "t_aux"),
        ("-- like t_aux\n\n", "t_aux"),
        ("theorem t_aux : q := h\n\n", "t_aux2"),
        ("namespace B\ntheorem t_aux : q := h\nend B\nopen B\n\n", "t_aux2"),
        ("theorem u : q := B.t_aux\n\n", "t_aux2"),
    ],
)
async def test_a_number_is_there_only_where_the_plain_name_is_in_reach(beside: str, name: str) -> None:
    judge = checker({f"rw [{name}]": PROVED})
    proof = accepted(ONE).moved(len(beside))
    found = await lifted(judge, FILE, beside + TEXT, SPOT.moved(len(beside)), proof, HANGS_S)
    assert found.put_into(beside + TEXT).startswith(f"{beside}private theorem {name} ")


async def test_a_search_reports_it() -> None:
    told: list[Outcome] = []
    judge = checker({ONE: PROVED, "rw [t_aux]": PROVED})
    adviser = ScriptedAdviser({QueryKind.PROOF: {"": [ONE]}})
    outcome = await prove(
        Task(judge, FILE, TEXT, HANGS_S, adviser=adviser, lemmas_above=True, report=told.append), [SPOT]
    )
    assert outcome.proof is not None
    assert outcome.proof.text == "rw [t_aux]"
    names = [each.now for each in told]
    assert names.index("a shorter form") < names.index("t_aux above") < names.index("t_aux above, the proof with it")
    assert not any(each.done or each.proof for each in told)
