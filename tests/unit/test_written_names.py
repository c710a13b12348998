"""Names that Lean writes in «»: read from goals, and written in what is proposed."""

import pytest

from ghostproof.suggest.sources.names import fresh
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.goal import identifiers, parse_goal
from ghostproof.syntax.quoting import written
from ghostproof.syntax.words import KEYWORDS
from ghostproof.verify.closed_grammar import admits
from ghostproof.verify.closed_words import known_names
from ghostproof.verify.goal_text import parse_main


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("from", "«from»"),
        ("match", "«match»"),
        ("Box.open", "Box.«open»"),
        ("«my var»", "«my var»"),
        ("«a.b»", "«a.b»"),
        ("Box.«a.b».end", "Box.«a.b».«end»"),
        ("n", "n"),
        ("from✝", "from✝"),
    ],
)
def test_a_keyword_is_quoted_and_what_is_quoted_stays(name: str, expected: str) -> None:
    assert written(name) == expected
    assert written(expected) == expected


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_a_keyword_is_one_for_whoever_reads_or_writes_names(word: str) -> None:
    assert written(f"Box.{word}") == f"Box.«{word}»"
    assert known_names([f"{word} n : Nat\n⊢ f {word} n"], f"def {word} := 1\n") <= {"n", "f", "Nat"}
    assert not admits(f"exact {word}", {word})
    assert not admits(f"intro {word}", {word})


def test_what_is_declared_by_a_quoted_name_is_found() -> None:
    found = scan("def «match» : Nat → Nat\n  | 0 => 0\n  | n + 1 => «match» n\n\ndef Box.«a.b c» (n : Nat) := n\n")
    assert {f.name: f.recursive for f in found.functions.values()} == {"«match»": True, "Box.«a.b c»": False}
    assert set(found.functions) == {"«match»", "«a.b c»"}


def test_new_names_are_quoted_and_free() -> None:
    assert fresh(["from", "«my var»", "n"], ["x"]) == ["«from»", "«my var»", "n"]
    assert fresh(["from", "«my var»"], ["«from»", "«my var»"]) == ["«from'»", "«my var'»"]


def test_a_name_with_a_blank_is_one_hypothesis() -> None:
    goal = "«my var» n : Nat\n«a.b» : «my var» = n\n⊢ «match» «my var» = n"
    assert parse_goal(goal).names == ("«my var»", "n", "«a.b»")
    assert [h.name for h in parse_main(goal).hypotheses] == ["«my var»", "n", "«a.b»"]
    assert identifiers(parse_goal(goal).target) == ["«match»", "«my var»", "n"]
