"""What a printed application is applied to."""

from ghostproof.syntax.application import arguments


def test_the_arguments_of_an_application() -> None:
    assert arguments("onto (bump xs) [1, 2]") == ("(bump xs)", "[1, 2]")
    assert arguments("f x y.1 3") == ("x", "y.1", "3")


def test_they_end_where_the_bracket_around_it_does() -> None:
    assert arguments("f x (g y)) + z") == ("x", "(g y)")
