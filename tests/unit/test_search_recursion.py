"""Which calls are followed by an induction along their own recursion, and what is tried in its cases."""

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.short_proofs import short_proofs
from ghostproof.search.strategies.automation import Automation
from ghostproof.search.strategies.induction import Induction
from ghostproof.search.strategies.recursion import Recursion
from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from support.told_definitions import function, told

KNOWN = told(
    function("halve", "Nat → Nat → Nat", matched=(), varying=(1,), measured=True),
    function("runs", "List Nat → Nat", measured=True),
    function("sum", "List Nat → Nat"),
)
NUMBERS = (
    Hypothesis("b", "Nat", inductive="Nat", recursive=True),
    Hypothesis("n", "Nat", inductive="Nat", recursive=True),
)


def moves(name: str, call: str, *others: str) -> list[Move]:
    functions = (Function(name, True, (call,)), *(Function(other, True) for other in others))
    xs = Hypothesis("xs", "List Nat", inductive="List", recursive=True)
    main = MainGoal(f"b n : Nat\nxs : List Nat\n⊢ {call} = 0", f"{call} = 0", "Eq", (), (*NUMBERS, xs), functions)
    return list(Recursion().moves(Goal(0, main, "", known=KNOWN)))


def test_what_recurses_on_a_measure_is_followed_into_its_cases() -> None:
    first = moves("halve", "halve b n", "sum")[0]
    assert (first.text, first.onward is not None) == ("fun_induction halve b n", True)
    tried = [planned.text for planned in first.plan[0]]
    assert tried[:3] == ["grind [sum]", "rw [halve] <;> grind", "simp_all [sum]"]
    assert "grind [halve, sum]" in tried


def test_a_simplifier_is_told_late_of_what_unfolds_for_ever() -> None:
    halve = Function("halve", True, ("halve b n",))
    main = MainGoal("b n : Nat\n⊢ halve b n = 0", "halve b n = 0", "Eq", (), NUMBERS, (halve,))
    cost = {move.text: move.cost for move in Automation().moves(Goal(0, main, "", known=KNOWN))}
    assert cost["simp [halve]"] > cost["grind [halve]"] + 1
    plain = {move.text: move.cost for move in Automation().moves(Goal(0, main, ""))}
    assert plain["simp [halve]"] < plain["grind [halve]"]
    structural = Induction().moves(Goal(0, main, "", known=KNOWN))
    assert not [move.text for move in structural if "simp_all [halve" in move.text]


def test_without_others_the_closers_are_told_of_nothing_first() -> None:
    assert moves("halve", "halve b n")[1].text == "fun_induction halve b n <;> grind"


def test_equations_with_patterns_are_rules() -> None:
    first = moves("runs", "runs xs")[0]
    assert [planned.text for planned in first.plan[0]][:2] == ["simp_all [runs]", "grind [runs]"]


@pytest.mark.parametrize(
    ("call", "found"),
    [("halve 2 n", True), ("halve (b + 1) n", True), ("halve b (n + 1)", False), ("halve b 3", False)],
)
def test_what_stays_the_same_may_be_any_term(call: str, found: bool) -> None:
    assert bool(moves("halve", call)) is found


def test_plain_recursion_is_no_business_of_it() -> None:
    assert not moves("sum", "sum xs")


def test_a_guess_about_it_is_proved_along_it_first() -> None:
    guessed = Conjecture((("b", "Nat"), ("n", "Nat")), "halve b n", "n", about=frozenset({("halve", "Nat")}))
    ways = list(short_proofs(guessed, "halve", KNOWN.recursive))
    assert ways[0] == "intro b n\n  fun_induction halve b n <;> first | grind | (rw [halve]; grind)"
    assert len(ways) == len(set(ways))


def test_what_changes_beside_the_call_is_left_general() -> None:
    known = told(
        function("sweep", "List Nat → List Nat", deep=True),
        function("run", "List Nat → Nat → Nat", varying=(1,)),
    )
    xs = Hypothesis("xs", "List Nat", inductive="List", recursive=True)
    functions = (Function("run", True, ("run (sweep xs) n", "run xs n")), Function("sweep", True, ("sweep xs",)))
    target = "run (sweep xs) n = run xs n"
    main = MainGoal(f"n : Nat\nxs : List Nat\n⊢ {target}", target, "Eq", (), (*NUMBERS[1:], xs), functions)
    texts = [move.text for move in Recursion().moves(Goal(0, main, "", known=known)) if move.onward is not None]
    assert texts == ["fun_induction sweep xs", "fun_induction sweep xs generalizing n"]
