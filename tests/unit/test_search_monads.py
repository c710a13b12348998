"""Programs that may fail: what they are taken apart with, and where that is tried."""

from dataclasses import replace

from ghostproof.search.strategies.monads import Monads
from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.definitions import Definition, Definitions
from ghostproof.verify.goal_text import parse_main
from support.told_definitions import family, function, told

ADD = Definition("addCap", (), ("Nat", "Nat"), "Option Nat")
CHECK = Definition("check", (), ("Form",), "Except String Form")
FORM = family("Form", mk="Nat, String")


def offered(known: Definitions, *hypotheses: Hypothesis, depth: int = 0) -> list[Move]:
    main = replace(parse_main("⊢ p"), hypotheses=hypotheses)
    return [idea for idea in Monads().moves(Goal(0, main, "", depth, known=known)) if isinstance(idea, Move)]


def test_options_are_taken_apart() -> None:
    whole, simplified = offered(told(ADD))
    assert whole.text == "simp_all [addCap, Bind.bind, Option.bind, Pure.pure, guard, failure] <;> grind"
    assert whole.onward is None
    assert simplified.text == "simp only [addCap, Bind.bind, Option.bind, Pure.pure, guard, failure] at *"
    assert simplified.onward is not None


def test_records_are_split_for_what_a_program_makes_of_their_fields() -> None:
    form = Hypothesis("f", "Form", inductive="Form")
    texts = [move.text for move in offered(told(CHECK, FORM), form)]
    assert any(text.startswith("cases f <;> simp_all [check, Bind.bind, Except.bind, ") for text in texts)
    tree = Hypothesis("t", "Tree", inductive="Tree", recursive=True)
    assert not any(text.startswith("cases") for text in (m.text for m in offered(told(CHECK, FORM), tree)))


def test_where_nothing_can_fail_nothing_is_tried() -> None:
    assert offered(told(function("size", "List Nat → Nat"))) == []
    assert offered(told(ADD), depth=4) == []


def test_what_unfolds_for_ever_is_named_to_no_simplifier() -> None:
    loop = function("loop", "Nat → Option Nat", matched=(), measured=True)
    assert all("loop" not in move.text for move in offered(told(ADD, loop)))
