"""Guesses about types of the file's own."""

from ghostproof.search.conjectures import conjectures
from ghostproof.search.plainest import plainest
from ghostproof.verify.checker import Function
from support.told_definitions import family, told


def test_what_puts_an_element_to_the_rest_of_a_type_of_the_files_own_is_known() -> None:
    known = plainest(told(family("Bag α", none="", more="α, Bag α")))
    functions = [
        Function("count", True, (), ("Nat", "Bag Nat"), "Nat"),
        Function("put", True, (), ("Nat", "Bag Nat"), "Bag Nat"),
        Function("join", True, (), ("Bag Nat", "Bag Nat"), "Bag Nat"),
        Function("turn", True, (), ("Bag Nat",), "Bag Nat"),
    ]
    found = [one.statement for one in conjectures(functions, known)]
    assert "∀ (x : Bag Nat) (p0 q0 : Nat), count p0 (put q0 x) = count p0 (Bag.more q0 x)" in found
    assert "∀ (x : Bag Nat) (y : Nat), turn (join x (Bag.more y Bag.none)) = Bag.more y (turn x)" in found


def test_a_variable_of_a_guess_has_one_type() -> None:
    join = Function("join", True, (), ("Bag", "Bag"), "Bag")
    size = Function("size", True, (), ("Nat", "Bag"), "Nat")
    for one in conjectures([size, join]):
        assert len({name for name, _ in one.variables}) == len(one.variables), one.statement
