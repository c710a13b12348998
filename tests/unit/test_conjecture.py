"""When two guesses say the same."""

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
