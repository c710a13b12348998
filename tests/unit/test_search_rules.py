"""Rules of predicates taken backwards, values for what is said to exist, and what predicates may be like."""

from dataclasses import replace

import pytest

from ghostproof.search.conjectures import conjectures
from ghostproof.search.strategies.automation import Automation
from ghostproof.search.strategies.rules import Rules
from ghostproof.search.strategies.witness import Witness
from ghostproof.search.strategy import Goal, Move, Strategy
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.definitions import Constructor, InductiveType
from ghostproof.verify.goal_text import parse_main
from support.told_definitions import family, told

EVEN = InductiveType("Even", (), ("Nat",), True, (Constructor("Even.zero"), Constructor("Even.step", ("Even n",))))
KNOWN = told(EVEN, family("Tm", num="Nat", add="Tm, Tm"))


def offered(strategy: Strategy, target: str, *hypotheses: Hypothesis, head: str = "", witness: str = "") -> list[Move]:
    lines = "".join(f"{h.name} : {h.type}\n" for h in hypotheses)
    main = replace(parse_main(f"{lines}⊢ {target}"), hypotheses=hypotheses, witness=witness)
    main = replace(main, head=head or main.head)
    return [idea for idea in strategy.moves(Goal(0, main, "", known=KNOWN)) if isinstance(idea, Move)]


def variable(name: str, kind: str) -> Hypothesis:
    return Hypothesis(name, kind, False, kind.split()[0], True)


def test_each_rule_of_a_predicate_is_applied_and_what_it_asks_for_is_doubted() -> None:
    found = offered(Rules(), "Even (n + 2)", variable("n", "Nat"), head="My.Even")
    steps = [move for move in found if move.onward is not None]
    assert [move.text for move in steps] == ["apply Even.zero", "apply Even.step"]
    assert all(move.doubtful for move in steps)
    assert offered(Rules(), "Tm", head="Tm") == []


def test_rules_are_chained_also_in_the_cases_of_an_induction() -> None:
    derived = Hypothesis("h", "Even m", True, "My.Even", True)
    found = offered(Rules(), "Even (n + m)", variable("n", "Nat"), derived, variable("e", "Tm"), head="My.Even")
    chain = "solve_by_elim [Even.zero, Even.step]"
    assert [move.text for move in found if chain in move.text] == [
        chain, f"induction h <;> {chain}", f"induction n <;> {chain}",
    ]  # fmt: skip
    assert all(move.onward is None for move in found if chain in move.text)


def test_the_functions_of_a_goal_are_unfolded_for_them() -> None:
    main = replace(parse_main("⊢ Even (f n)"), head="Even", functions=(Function("f", True, ("f n",)),))
    texts = [move.text for move in Rules().moves(Goal(0, main, "", known=KNOWN))]
    assert "simp only [f] <;> split <;> solve_by_elim [Even.zero, Even.step]" in texts


@pytest.mark.parametrize(
    ("kind", "variables", "some", "none"),
    [
        ("Nat", {"n": "Nat", "k": "Nat"}, ["k", "n", "k + 1", "n + 1", "0", "k + n"], "k :: n"),
        ("List Nat", {"n": "Nat", "xs": "List Nat"}, ["xs", "n :: xs", "[]"], "n"),
        ("Tm", {"n": "Nat", "e": "Tm"}, ["e", "Tm.num n", "Tm.add e e"], "n"),
        ("", {"n": "Nat"}, [], "n"),
    ],
)
def test_witnesses_are_made_of_what_the_goal_has(
    kind: str, variables: dict[str, str], some: list[str], none: str
) -> None:
    given = [variable(name, its) for name, its in variables.items()]
    found = offered(Witness(), "∃ x, p x", *given, witness=kind)
    texts = [move.text for move in found]
    assert [text for text in texts if text.removeprefix("exists ") in some] == [f"exists {term}" for term in some]
    assert f"exists {none}" not in texts
    assert all(move.doubtful for move in found)
    # What small values leave of it is tried at once.
    assert all([move.text for move in each.plan[0]] == ["simp_all", "omega"] for each in found)


def test_what_proves_an_existential_is_taken_apart_before_values_are_tried() -> None:
    some = Hypothesis("h", "∃ k, p k", True, "Exists")
    found = {move.text: move for move in offered(Automation(), "∃ x, q x", some)}
    taken, others = found["obtain ⟨k, h⟩ := h"], offered(Automation(), "q x", some)
    assert taken.onward is not None
    assert taken.onward < min(move.onward or 9.0 for move in others if move.text == taken.text)


def test_one_thing_is_taken_apart_at_a_time_splits_last() -> None:
    known = (
        Hypothesis("h", "p ∨ q", True, "Or"),
        Hypothesis("e", "n = k + 1", True, "Eq"),
        Hypothesis("f", "f n = k", True, "Eq"),
    )
    values = (variable("n", "Nat"), variable("k", "Nat"))
    found = {move.text: move for move in offered(Automation(), "∃ x, q x", *values, *known)}
    assert [text for text, move in found.items() if move.lossless] == ["subst e"]
    found = {move.text: move for move in offered(Automation(), "∃ x, q x", *values, known[0])}
    assert [text for text, move in found.items() if move.lossless] == ["cases h"]
    equation = {move.text: move for move in offered(Automation(), "n = 1", *values, *known)}
    assert equation["cases h"].cost > found["cases h"].cost


def test_what_is_joined_of_predicates_is_proved_by_their_rules_too() -> None:
    found = [move.text for move in offered(Rules(), "(∃ k, n = k) ∨ Even n", variable("n", "Nat"), head="Or")]
    assert "solve_by_elim [Exists.intro, Or.inl, Or.inr, And.intro, Even.zero, Even.step]" in found
    assert not any(text.startswith("apply") for text in found)
    assert offered(Rules(), "(∃ k, n = k) ∨ n = 0", variable("n", "Nat"), head="Or") == []


def test_what_either_side_of_a_choice_leaves_is_doubted() -> None:
    found = offered(Automation(), "n = 0 ∨ n = 1", variable("n", "Nat"))
    sides = {move.text: move for move in found if move.text in ("left", "right")}
    assert len(sides) == 2
    assert all(move.doubtful for move in sides.values())


def test_laws_of_predicates_are_guessed() -> None:
    perm, even = Function("Perm", True, (), ("List α", "List α"), "Prop"), Function("Even", True, (), ("Nat",), "Prop")
    found = [one.statement for one in conjectures([], predicates=[perm, even])]
    for law in (
        "∀ (x : List α), Perm x x",
        "∀ (x y : List α), Perm x y → Perm y x",
        "∀ (x y z : List α), Perm x y → Perm y z → Perm x z",
        "∀ (x y z : List α), Perm x y → Perm (x ++ z) (y ++ z)",
        "∀ (x y : List α), Perm (x ++ y) (y ++ x)",
        "∀ (x y : Nat), Even x → Even y → Even (x + y)",
    ):
        assert law in found
    assert "∀ (x y : Nat), Even y → Even (x + y)" not in found, "the same as with the other one"


def test_what_is_put_into_a_value_is_related_to_it_and_keeps_what_holds_of_all() -> None:
    put = Function("put", True, (), ("Nat", "List Nat"), "List Nat")
    perm = Function("Perm", True, (), ("List Nat", "List Nat"), "Prop")
    every = Function("All", True, (), ("Nat → Prop", "List Nat"), "Prop")
    found = [one.statement for one in conjectures([put], predicates=[perm, every])]
    assert "∀ (y : List Nat) (x : Nat), Perm (put x y) (x :: y)" in found
    assert "∀ (x : List Nat) (q0 : Nat → Prop) (p0 : Nat), q0 p0 → All q0 x → All q0 (put p0 x)" in found
    others = conjectures([replace(put, arguments=("Int", "List Nat"))], predicates=[perm])
    assert not any("::" in one.statement for one in others if "Perm (put" in one.statement)
