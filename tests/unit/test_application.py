"""What a printed application is applied to."""

from ghostproof.syntax.application import application_at, arguments


def test_the_arguments_of_an_application() -> None:
    assert arguments("onto (bump xs) [1, 2]") == ("(bump xs)", "[1, 2]")
    assert arguments("f x y.1 3") == ("x", "y.1", "3")


def test_they_end_where_the_bracket_around_it_does() -> None:
    assert arguments("f x (g y)) + z") == ("x", "(g y)")


def test_what_is_taken_of_a_term_belongs_to_it() -> None:
    assert arguments("merge (halve xs).fst (halve xs).2 y") == ("(halve xs).fst", "(halve xs).2", "y")
    assert arguments("f (g x).inner.«last one» h.1") == ("(g x).inner.«last one»", "h.1")
    assert application_at("(halve xs).fst ++ ys") == "(halve xs).fst"
    assert arguments("f (g x).foo'' (g x)._1 y") == ("(g x).foo''", "(g x)._1", "y")


def test_an_array_is_one_argument() -> None:
    assert arguments("collect xs #[] n") == ("xs", "#[]", "n")
    assert arguments("collect #[f x, 2].size xs") == ("#[f x, 2].size", "xs")
