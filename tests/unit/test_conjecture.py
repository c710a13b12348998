"""When two guesses say the same."""

import pytest

from ghostproof.search.conjecture import Conjecture


def test_what_is_said_does_not_depend_on_names_nor_sides() -> None:
    one = Conjecture((("x", "N"), ("y", "N"), ("z", "N")), "f (f x y) z", "f x (f y z)")
    same = Conjecture((("x", "N"), ("p0", "N"), ("q1", "N")), "f p0 (f x q1)", "f (f p0 x) q1")
    other = Conjecture((("x", "N"), ("y", "N"), ("z", "N")), "f (f x y) z", "f x (f z y)")
    assert one.said == same.said != other.said
    assert one.subject == other.subject != same.subject


def test_what_holds_only_under_conditions_says_less() -> None:
    plain = Conjecture((("x", "N"),), "g x", "x")
    assert plain.said != Conjecture((("x", "N"),), "g x", "x", given=("p x",)).said


@pytest.mark.parametrize(
    ("left", "right", "is_endless"),
    [
        ("f x y", "f x 0 + y", True),
        ("f x y", "f (f x 0) y", True),
        ("fold (fun n a => n + p a) x y", "fold (fun n a => n + p a) 0 y + x", True),
        ("f x y", "f y x", False),
        ("f (g x) y", "f y x", False),
        ("f x (y + 1)", "f x y + 1", False),
        ("f (f x y) z", "f x (f y z)", False),
        ("f x", "g (ff x)", False),
        ("x + f y", "f y + 0", False),
    ],
)
def test_what_a_simplifier_could_use_for_ever(left: str, right: str, *, is_endless: bool) -> None:
    variables = (("x", "N"), ("y", "N"), ("z", "N"))
    assert Conjecture(variables, left, right).is_endless is is_endless
    assert not Conjecture(variables, left, right, relation="≤").is_endless
