"""What is guessed of a function applied to what another one gives."""

from ghostproof.search.composed import composed
from ghostproof.search.conjectures import conjectures
from ghostproof.search.operations import operations
from ghostproof.verify.checker import Function

TREE, LIST = "Tree", "List Nat"
MEMBER = Function("member", True, (), ("Nat", LIST), "Bool")
ITEMS = Function("items", True, (), (TREE,), LIST)
PUT = Function("put", True, (), ("Nat", TREE), TREE)
NESTED = {("member", "items")}


def test_both_together_are_an_operation_on_what_the_inner_one_takes() -> None:
    one = [operation for f in (MEMBER, ITEMS) for operation in operations(f) if len(operation.takes) == 1]
    (both,) = composed(one, NESTED)
    assert both("t") == "member p0 (items t)"
    assert (both.takes, both.gives, both.fixed) == ((TREE,), "Bool", (("p0", "Nat"),))
    assert both.about == {("member", "Bool"), ("items", LIST)}
    assert list(composed(one, ())) == []


def test_what_stays_in_a_type_is_none() -> None:
    turn = Function("turn", True, (), (LIST,), LIST)
    one = [operation for f in (MEMBER, turn) for operation in operations(f) if len(operation.takes) == 1]
    assert list(composed(one, {("member", "turn")})) == []


def test_what_is_put_into_a_tree_is_found_among_its_items() -> None:
    said = {one.statement: one for one in conjectures([MEMBER, ITEMS, PUT], nested=NESTED)}
    there = said["∀ (x : Tree) (q0 : Nat), member q0 (items (put q0 x)) = true"]
    assert there.about == {("member", "Bool"), ("items", LIST), ("put", TREE)}
    assert "∀ (x : Tree) (q0 p0 : Nat), p0 ≠ q0 → member p0 (items (put q0 x)) = member p0 (items x)" in said
    assert not any("(items (put" in one.statement for one in conjectures([MEMBER, ITEMS, PUT]) if "member" in one.left)
