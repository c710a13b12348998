"""Functions of a file at the types of a goal."""

from ghostproof.search.instances import at_types
from ghostproof.verify.checker import Function

JOIN = Function("join", True, (), ("Bag α", "Bag α"), "Bag α")


def test_a_type_variable_becomes_the_goals_type() -> None:
    [found] = at_types(JOIN, ["Nat", "Bag Nat"], ["α"])
    assert (found.arguments, found.result) == (("Bag Nat", "Bag Nat"), "Bag Nat")


def test_a_type_of_several_words_keeps_its_brackets() -> None:
    put = Function("put", True, (), ("a", "Bag a"), "Bag a")
    [found] = at_types(put, ["Bag (List Nat)"], ["a"])
    assert (found.arguments, found.result) == (("List Nat", "Bag (List Nat)"), "Bag (List Nat)")


def test_each_type_of_the_goal_gives_an_instance() -> None:
    assert [f.result for f in at_types(JOIN, ["Bag Nat", "Bag α"], ["α"])] == ["Bag Nat", "Bag α"]


def test_a_variable_that_occurs_again_is_the_same_type() -> None:
    same = Function("same", True, (), ("Pair α α",), "Bool")
    assert [f.arguments for f in at_types(same, ["Pair Nat Bool", "Pair Nat Nat"], ["α"])] == [("Pair Nat Nat",)]


def test_what_nothing_settles_stays() -> None:
    assert list(at_types(JOIN, ["Tree Nat"], ["α"])) == [JOIN]


def test_a_type_is_no_variable() -> None:
    plus = Function("plus", True, (), ("N", "N"), "N")
    assert list(at_types(plus, ["Nat"], ["α"])) == [plus]
