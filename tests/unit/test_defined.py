"""What the prober's answer to `define` means, also where it is not what it should be."""

import pytest

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.verify.defined import definitions_of
from ghostproof.verify.definitions import Constructor, Definition, Definitions, InductiveType

FUNCTION = {
    "name": "onto",
    "variables": ["α"],
    "arguments": ["List α", "List α"],
    "result": "List α",
    "uses": ["cat"],
    "signs": ["++", "+", "++"],
    "recursive": True,
    "matched": [0],
    "varying": [1],
    "deep": True,
    "block": ["onto", "upon"],
    "print": "7",
}
FAMILY = {
    "name": "Tree",
    "parameters": ["α"],
    "arguments": ["Type"],
    "isProp": False,
    "constructors": [{"name": "Tree.leaf", "fields": []}, {"name": "Tree.node", "fields": ["α", "Tree α"]}],
    "block": [],
    "print": "8",
}


def test_what_an_answer_says() -> None:
    found = definitions_of(ProbeAnswer({"functions": [FUNCTION], "families": [FAMILY]}))
    both = ("List α", "List α")
    onto = Definition(
        "onto", ("α",), both, "List α", ("cat",), frozenset({"++", "+"}), True, (0,), (1,), True, ("onto", "upon"), "7"
    )
    nodes = (Constructor("Tree.leaf"), Constructor("Tree.node", ("α", "Tree α")))
    assert found == Definitions(
        {"onto": onto}, {"Tree": InductiveType("Tree", ("α",), ("Type",), False, nodes, (), "8")}
    )


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"gone": True},
        {"unknown": "no goal"},
        {"failure": "stopped"},
        {"functions": 3, "families": "Tree"},
        {"functions": [None, [], 3, {}, {"name": 7}, {"name": ""}], "families": [None, {"name": []}]},
    ],
)
def test_what_says_nothing(answer: dict[str, object]) -> None:
    assert definitions_of(ProbeAnswer(answer)) == Definitions()


@pytest.mark.parametrize("wrong", [None, 3, "List α", {"a": 1}, [None, 3, {}], [[0]]])
@pytest.mark.parametrize("key", [key for key in FUNCTION if key not in ("name", "arguments")])
def test_a_field_of_another_kind_is_none(key: str, wrong: object) -> None:
    said = definitions_of(ProbeAnswer({"functions": [{**FUNCTION, key: wrong}]})).functions["onto"]
    other = definitions_of(ProbeAnswer({"functions": [{one: value for one, value in FUNCTION.items() if one != key}]}))
    texts_alone = key in ("result", "print") and isinstance(wrong, str)
    assert texts_alone or said == other.functions["onto"]


def test_places_that_no_argument_has() -> None:
    places = [True, "0", -1, 2, 10**30, 1, 1, 0]
    said = definitions_of(ProbeAnswer({"functions": [{**FUNCTION, "matched": places, "varying": [5]}]}))
    assert said.functions["onto"].matched == (0, 1)
    assert said.functions["onto"].varying == ()


def test_constructors_of_another_kind() -> None:
    wrong = [None, 3, {"name": 4}, {"name": ""}, {"name": "Tree.leaf", "fields": {"a": 1}}]
    said = definitions_of(ProbeAnswer({"families": [{**FAMILY, "constructors": wrong}]}))
    assert said.families["Tree"].constructors == (Constructor("Tree.leaf"),)
