"""Laws of structures and classes: who is told of them, and in which direction."""

from dataclasses import replace

from ghostproof.search.laws import laws_for
from ghostproof.search.strategies.induction import Induction
from ghostproof.search.strategies.laws import Laws
from ghostproof.search.strategy import Goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Definition, Definitions, Law
from support.told_definitions import function, told

KNOWN = told(
    function("fold", "List α → α"),
    Law("Mon.assoc", "Mon"),
    Law("Mon.left", "Mon", "←"),
    Law("CommMon.comm", "CommMon", ""),
)
XS = Hypothesis("xs", "List α", inductive="List", recursive=True)


def goal(known: Definitions = KNOWN, hypotheses: tuple[Hypothesis, ...] = (XS,)) -> Goal:
    printed = "\n".join(f"{h.name} : {h.type}" for h in hypotheses)
    folds = (Function("fold", True, ("fold xs",)),)
    return Goal(0, MainGoal(f"{printed}\n⊢ fold xs = z", "fold xs = z", "Eq", (), hypotheses, folds), "", known=known)


def test_a_simplifier_is_told_of_what_rewrites_and_grind_of_all() -> None:
    at = goal()
    assert laws_for("simp_all [{fs}]", at.view, KNOWN) == ("Mon.assoc", "← Mon.left")
    assert laws_for("grind [{fs}]", at.view, KNOWN) == ("Mon.assoc", "Mon.left", "CommMon.comm")


def test_the_laws_of_a_predicate_are_those_of_its_proofs() -> None:
    known = told(Law("Good.assoc", "Good", is_prop=True))
    proofs = (XS, Hypothesis("h", "Good f", True, "Good"), Hypothesis("k", "Other f", True, "Other"))
    assert laws_for("simp", goal(known, proofs).view, known) == ("h.assoc",)
    assert laws_for("simp", goal(known).view, known) == ()


def test_a_simplifier_is_told_how_a_program_goes_on() -> None:
    known = told(function("exec", "List Op → List Int → Except String (List Int)"))
    at = goal(known)
    assert laws_for("simp_all [{fs}]", at.view, known) == ("Bind.bind", "Except.bind", "Pure.pure", "Except.pure")
    assert laws_for("grind [{fs}]", at.view, known) == ()


def test_what_a_bit_is_worth_is_told() -> None:
    known = told(function("value", "List Bool → Nat"))
    at = goal(known)
    assert laws_for("simp_all [{fs}]", at.view, known) == ("Bool.toNat",)
    assert laws_for("grind [{fs}]", at.view, known) == ("Bool.toNat",)
    counts = Definition("count", ("α",), ("α → Bool", "List α"), "Nat")
    assert laws_for("grind [{fs}]", at.view, told(counts)) == ()


def test_a_goal_is_tried_with_its_functions_and_the_laws() -> None:
    texts = [move.text for move in Laws().moves(goal())]
    assert texts[0] == "simp [fold, Mon.assoc, ← Mon.left]"
    assert "grind [fold, Mon.assoc, Mon.left, CommMon.comm]" in texts
    assert not list(Laws().moves(goal(told(function("fold", "List α → α")))))


def test_the_cases_of_an_induction_are_too() -> None:
    moves = list(Induction().moves(goal()))
    wanted = "simp_all [fold, Mon.assoc, ← Mon.left]"
    assert f"induction xs <;> {wanted}" in [move.text for move in moves]
    assert wanted in [planned.text for planned in moves[0].plan[0]]
    # Behind `simp_all` an arrow would mean something else to `grind`.
    later = next(move.text for move in moves if " <;> grind [" in move.text and "simp_all" in move.text)
    assert later.endswith("<;> grind [fold, Mon.assoc, Mon.left, CommMon.comm]")


def test_what_two_goals_tell_is_known_once() -> None:
    assert KNOWN.joined(told(Law("Mon.assoc", "Mon"), Law("Mon.right", "Mon"))).laws == (
        *KNOWN.laws,
        Law("Mon.right", "Mon"),
    )


def test_grind_is_told_what_an_operation_is_where_equations_are_assumed() -> None:
    operations = (Definition("Mon.op", ("M",), ("M", "M"), "M"), Definition("Mon.e", ("M",), (), "M"))
    known = replace(KNOWN, operations=operations)
    instance, left = Hypothesis("inst✝", "Mon α"), Hypothesis("h", "Mon.op b a = Mon.e", is_prop=True)
    texts = [move.text for move in Laws().moves(goal(known, (instance, XS, left)))]
    closer = "grind [Mon.assoc, Mon.left, CommMon.comm]"
    assoc = f"have assoc : Std.Associative (α := α) Mon.op := ⟨by {closer}⟩"
    assert texts[3:] == [
        f"{assoc}\nhave law : Std.LawfulIdentity (α := α) Mon.op Mon.e :=\n"
        f"  {{ left_id := by {closer}, right_id := by {closer} }}\n{closer}",
        f"{assoc}\nhave law : Std.Commutative (α := α) Mon.op := ⟨by {closer}⟩\n{closer}",
        f"{assoc}\n{closer}",
    ]
    assert len(list(Laws().moves(goal(known, (instance, XS))))) == 3
