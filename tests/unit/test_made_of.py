"""What functions are made of, and the plainest constructors of types, as Lean tells of them."""

from ghostproof.search.plainest import Plainest, plainest
from ghostproof.verify.definitions import InductiveType
from support.told_definitions import family, function, told

KNOWN = told(
    function("pushAll", uses=("push", "turn")),
    function("push"),
    function("turn", uses=("push", "pushAll", "onto")),
    function("onto"),
    family("N", z="", s="N"),
    family("Row α", none="", more="α, Row α"),
    family("Tree α", leaf="", node="Tree α, α, Tree α"),
    InductiveType("Even", (), ("Nat",), True),
)


def test_what_a_function_is_made_of_is_followed() -> None:
    assert KNOWN.made_of(["pushAll"]) == ("push", "turn", "onto")
    assert KNOWN.made_of(["push", "turn"]) == ("pushAll", "onto")
    assert KNOWN.made_of(["unheard"]) == ()


def test_the_plainest_constructors_of_a_type() -> None:
    assert plainest(KNOWN) == {
        "N": Plainest("N.z", "N.s"),
        "Row": Plainest("Row.none", "", "Row.more", ("α", "Row α"), ("α",)),
        "Tree": Plainest("Tree.leaf", ""),
    }


def test_a_type_is_known_by_its_full_name_too() -> None:
    assert KNOWN.family("My.Tree") is KNOWN.family("Tree") is KNOWN.families["Tree"]
    assert KNOWN.family("MyTree") is None
