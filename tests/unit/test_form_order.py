"""The learned order of the portfolio: what works here comes earlier, within bounds, and nothing is ever left out."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from ghostproof.learning.learned import Learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore
from ghostproof.suggest.source import Context
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.form_order import MOST_PLACES, FormOrder, form_key
from ghostproof.suggest.sources.learned_order import FRESH_S, LearnedOrder
from ghostproof.suggest.sources.portfolio import FORMS, Form
from support.scripted_checker import FILE, SPOT, TEXT, state_of

GOAL = "n : Nat\n⊢ n + 0 = n"
CONTEXT = Context(FILE, TEXT, SPOT)


@pytest.mark.parametrize(
    ("form", "tactic"),
    [
        ("simp", "simp"),
        ("simp [{fs}]", "simp [app, rev]"),
        ("grind [{fs}]", "grind [f]"),
        ("induction {x} <;> simp_all [{fs}]", "induction xs <;> simp_all [app]"),
        ("induction {x}", "induction xs with\n| nil => rfl\n| cons x xs ih => simp"),
        ("exact {h}", "exact hp"),
        ("intro {names}", "intro x y h"),
        ("cases {h} <;> simp_all", "cases h <;> simp_all"),
    ],
)
def test_a_form_and_what_it_becomes_are_one(form: str, tactic: str) -> None:
    assert form_key(form) == form_key(tactic)


@pytest.mark.parametrize(
    ("one", "other"),
    [("simp", "simp [f]"), ("simp", "simp_all"), ("induction x", "induction x <;> grind"), ("rfl", "omega")],
)
def test_other_forms_are_others(one: str, other: str) -> None:
    assert form_key(one) != form_key(other)


def test_where_nothing_is_known_nothing_moves() -> None:
    assert {FormOrder().places(form, "Eq") for form in FORMS} == {0.0}


@pytest.mark.parametrize("head", ["Eq", "And", ""])
def test_no_form_moves_further_than_it_may(head: str) -> None:
    order = FormOrder.of([("Eq", "omega")] * 100_000)
    moved = {form.text: order.places(form, head) for form in FORMS}
    assert 0.9 * MOST_PLACES < moved["omega"] <= MOST_PLACES
    assert all(0 <= places <= MOST_PLACES for places in moved.values())


def test_a_few_proofs_move_little_and_more_move_more() -> None:
    omega = Form("omega")
    moved = [FormOrder.of([("Eq", "omega")] * times).places(omega, "Eq") for times in (1, 4, 16, 64)]
    assert moved == sorted(moved)
    assert moved[0] < MOST_PLACES / 4
    assert moved[-1] > MOST_PLACES * 3 / 4


def test_what_works_at_goals_of_the_same_head_counts_more() -> None:
    order = FormOrder.of([*[("Eq", "omega")] * 20, *[("And", "constructor")] * 20])
    assert order.places(Form("omega"), "Eq") > order.places(Form("omega"), "LE.le") > order.places(Form("omega"), "And")
    assert order.places(Form("omega"), "And") > 0


async def texts(order: FormOrder) -> list[str]:
    inquiry = AutomationSource(order=lambda path: order).begin(state_of(GOAL), CONTEXT)
    return [f"{proposal.tier.name} {proposal.candidate.text}" async for proposal in inquiry.propose()]


async def test_the_portfolio_has_the_same_in_another_order() -> None:
    usual, learned = await texts(FormOrder()), await texts(FormOrder.of([("Eq", "trivial")] * 200))
    assert sorted(usual) == sorted(learned)
    assert usual.index("INSTANT trivial") - learned.index("INSTANT trivial") >= 3
    assert learned[0] == usual[0]
    assert [text for text in learned if "trivial" not in text] == [text for text in usual if "trivial" not in text]
    tiers = [text.split()[0] for text in usual]
    assert [text.split()[0] for text in learned] == tiers


def step(goal: str, tactic: str, line: int) -> TacticStep:
    return TacticStep("A.lean", "t", "theorem t", (line, 3), (line, 9), tactic, (goal,), (), decl_start=(line, 1))


class Reader:
    """What is read of a project, with a clock of the test's own."""

    def __init__(self, store: StepStore, accepted: Iterable[Mapping[str, object]] = ()) -> None:
        self.now = 1000.0
        learned = Learned(store, str)
        self.order = LearnedOrder(lambda path: path.parent, lambda path: learned, lambda: accepted, lambda: self.now)

    async def places(self, tactic: str, head: str = "Eq") -> float:
        self.order.refresh(FILE)
        await self.order.settled()
        return self.order.of(FILE).places(Form(tactic), head)


@pytest.fixture
def store(tmp_path: Path) -> Iterable[StepStore]:
    made = StepStore(tmp_path / "learned" / "steps.sqlite", 1000)
    yield made
    made.close()


async def test_it_is_read_of_the_projects_steps_again_after_a_while(store: StepStore) -> None:
    reader = Reader(store)
    assert reader.order.of(FILE).places(Form("omega"), "Eq") == 0
    assert await reader.places("omega") == 0
    store.replace("A.lean", "1", [step(GOAL, "omega", line) for line in range(1, 40)])
    assert await reader.places("omega") == 0
    reader.now += FRESH_S
    assert await reader.places("omega") > MOST_PLACES / 2
    assert await reader.places("simp") == 0


async def test_what_was_accepted_counts_where_there_is_a_log(store: StepStore) -> None:
    accepted = [{"event": "accepted", "id": f"a{n}", "head": "Eq", "text": "omega"} for n in range(20)]
    others = [{"event": "shown", "head": "Eq", "text": "simp"}, {"event": "accepted", "text": "grind"}]
    undone = [
        {"event": what, "id": f"b{n}", "head": "Eq", "text": "rfl"}
        for n in range(20)
        for what in ("accepted", "deleted")
    ]
    reader = Reader(store, [*accepted, *others, *undone])
    assert await reader.places("omega") > MOST_PLACES / 2
    assert await reader.places("simp") == await reader.places("grind") == await reader.places("rfl") == 0


async def test_a_database_that_cannot_be_read_changes_nothing(store: StepStore) -> None:
    reader = Reader(store)
    store.close()
    assert await reader.places("omega") == 0
