"""Guesses that say nothing new once arguments of functions may change places."""

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.rearranged import Rearranged


def law(left: str, right: str, relation: str = "=", given: tuple[str, ...] = (), kind: str = "N") -> Conjecture:
    said = " ".join((left, right, *given)).replace("(", " ").replace(")", " ").split()
    variables = tuple((name, kind) for name in "xyz" if name in said)
    return Conjecture(variables, left, right, relation=relation, given=given)


COMMUTES = law("add x y", "add y x")
GROUPS = law("add (add x y) z", "add x (add y z)")
SPREADS = law("mul (add x y) z", "add (mul x z) (mul y z)")
OTHERWISE = law("mul (add x y) z", "add (mul y z) (mul x z)")


def test_places_matter_until_it_is_known_that_they_do_not() -> None:
    known = Rearranged()
    known.learn(SPREADS)
    assert not known.says(OTHERWISE)
    known.learn(COMMUTES)
    assert known.says(OTHERWISE)
    # Of `mul` nothing is known.
    assert not known.says(law("mul x (add y z)", "add (mul x y) (mul x z)"))
    known.learn(law("mul x y", "mul y x"))
    assert known.says(law("mul x (add y z)", "add (mul x y) (mul x z)"))


def test_what_is_learnt_later_is_looked_at_in_the_same_way() -> None:
    known = Rearranged()
    known.learn(COMMUTES)
    known.learn(law("twice (add x y)", "add (twice x) (twice y)"))
    assert known.says(law("twice (add x y)", "add (twice y) (twice x)"))
    assert not known.says(law("twice (add x y)", "add (twice x) y"))


def test_what_only_sorts_is_known_with_grouping() -> None:
    known = Rearranged()
    known.learn(COMMUTES)
    sorting = law("add (add x y) z", "add (add x z) y")
    assert not known.says(sorting)
    known.learn(GROUPS)
    assert known.says(sorting)
    # A simplifier sorts by these.
    assert not known.says(law("add x (add y z)", "add y (add x z)"))
    assert not known.says(GROUPS)
    assert not known.says(law("add x (add y y)", "add x y"))


def test_claims_are_the_same_under_the_same_conditions_alone() -> None:
    known = Rearranged()
    known.learn(COMMUTES)
    known.learn(law("x", "add x y", "≤"))
    assert known.says(law("x", "add y x", "≤"))
    assert not known.says(law("add x y", "x", "≤"))
    known.learn(law("fits (add x y)", "", "", ("fits x",)))
    assert known.says(law("fits (add y x)", "", "", ("fits x",)))
    assert not known.says(law("fits (add x y)", "", "", ("fits (twice x)",)))


def test_a_law_of_one_type_is_none_of_another() -> None:
    known = Rearranged()
    known.learn(COMMUTES)
    known.learn(law("turn (cat x y)", "cat (turn y) (turn x)", kind="List N"))
    assert known.says(law("turn (cat x y)", "cat (turn y) (turn x)", kind="List N"))
    assert not known.says(law("turn (cat x y)", "cat (turn y) (turn x)", kind="List (List N)"))


def test_a_function_that_is_an_argument_is_no_call() -> None:
    known = Rearranged()
    known.learn(COMMUTES)
    assert not known.says(law("iter add x y", "iter add y x"))
    assert known.says(law("iter (add x y)", "iter (add y x)"))
    assert known.says(law("3 + add x y", "3 + add y x"))
