"""Own natural numbers: which types are such, what their functions may be, and the goal where that is known."""

from collections.abc import Collection
from dataclasses import replace
from itertools import islice

import pytest

from ghostproof.search.graph import SearchGraph
from ghostproof.search.own_numbers import NumberLaw, OwnNumbers, own_numbers, possible_laws, proofs_of, stated, under
from ghostproof.search.strategies.counting import CountedProof, Counting, LawProof
from ghostproof.search.strategies.notation import Notations
from ghostproof.search.strategy import Doubt, Goal, Idea, Move, Sift, Sifted, Tried, Try
from ghostproof.suggest.source import Tier
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import InductiveType
from ghostproof.verify.small_values import Refuted, Survived, Trial, Untested
from ghostproof.verify.verdict import Candidate, Checked, Progress, Reason, Rejected
from support.told_definitions import family, function, told

N = family("N", z="", s="N")
PLUS, LE = Function("plus", True, ("plus a b",), ("N", "N"), "N"), Function("le", True, ("le a b",), ("N", "N"), "Bool")
KNOWN = told(
    N,
    function("plus", "N → N → N"),
    function("le", "N → N → Bool", matched=(0, 1)),
    function("times", "N → N → N", uses=("plus",)),
)
NUMBERS = OwnNumbers("N", "N.z", "N.s", "toNat", ("m", "n", "k"))
TOO_LARGE = Untested("maximum recursion depth has been reached")
HELD, REFUTED = Survived(9, 0), Refuted((("m", "N.z"),))


def goal(target: str, *functions: Function) -> Goal:
    hypotheses = tuple(Hypothesis(name, "N", inductive="N", recursive=True) for name in "ab")
    printed = "\n".join(f"{h.name} : {h.type}" for h in hypotheses)
    return Goal(0, MainGoal(f"{printed}\n⊢ {target}", target, "Eq", (), hypotheses, functions), "", known=KNOWN)


@pytest.mark.parametrize(
    "other",
    [
        family("L", nil="", cons="Nat, L"),
        family("Three", z="", s="Three", t="Three"),
        family("Of α", z="", s="Of α"),
        family("Bits", o="Bits", i="Bits"),
        InductiveType("Even", (), ("N",), True, N.constructors),
    ],
)
def test_what_is_no_number_is_none(other: InductiveType) -> None:
    assert [one.kind for one in own_numbers(told(other, N), ())] == ["N"]


def test_names_are_free() -> None:
    assert list(own_numbers(KNOWN, ())) == [NUMBERS]
    (found,) = own_numbers(KNOWN, ("toNat", "n", "a"))
    assert (found.count, found.bound) == ("toNat'", ("x", "y", "z"))


def test_a_function_may_be_each_of_the_librarys_of_its_kind() -> None:
    of_plus, of_le = possible_laws(NUMBERS, (PLUS, PLUS, LE, Function("size", True, (), ("T",), "N")), ())
    assert of_plus[0].said == "∀ m n, toNat (plus m n) = toNat m + toNat n"
    assert of_plus[0].tried == "∀ (m n : N), (sizeOf (plus m n) - 1) = (sizeOf m - 1) + (sizeOf n - 1)"
    assert "∀ m n, toNat (plus m n) = max (toNat m) (toNat n)" in [law.said for law in of_plus]
    assert {law.name for law in of_plus} == {"toNat_plus"}
    assert "∀ m n, le m n = decide (toNat m ≤ toNat n)" in [law.said for law in of_le]


def test_a_law_is_proved_by_its_functions_recursion() -> None:
    assert next(proofs_of(NUMBERS, PLUS, KNOWN, ())) == (
        "intro m n\n  induction m generalizing n <;> simp_all [plus] <;> omega"
    )
    both = list(proofs_of(NUMBERS, LE, KNOWN, ()))
    assert both[:2] == [
        "intro m n\n  induction m generalizing n <;> cases n <;> simp_all [le] <;> omega",
        "intro m n\n  fun_induction le m n <;> simp_all [le] <;> omega",
    ]
    times = Function("times", True, (), ("N", "N"), "N")
    assert "[times, plus]" in next(proofs_of(NUMBERS, times, KNOWN, ()))
    assert "[times]" in next(proofs_of(NUMBERS, times, KNOWN, ("plus",)))


def test_what_does_not_recurse_needs_no_induction() -> None:
    assert next(proofs_of(NUMBERS, Function("one", True, (), ("N",), "N"), told(N), ())) == (
        "intro m\n  simp_all [one] <;> omega"
    )


def test_laws_stand_as_premises_or_as_steps() -> None:
    law = NumberLaw("toNat_plus", "plus", "∀ m n, toNat (plus m n) = toNat m + toNat n", "")
    assert under(NUMBERS, (law,), "plus a b = plus b a", "simp_all <;> omega") == (
        "have : ∀ toNat : N → Nat, (toNat N.z = 0) → (∀ n, toNat (N.s n) = toNat n + 1)"
        " → (∀ m n, m = n ↔ toNat m = toNat n) → (∀ m n, toNat (plus m n) = toNat m + toNat n)"
        " → (plus a b = plus b a) := by\n"
        "  intro toNat toNat_zero toNat_succ toNat_inj toNat_plus\n  simp_all <;> omega"
    )
    assert stated(law, "intro m n\n  omega") == (
        "have toNat_plus : ∀ m n, toNat (plus m n) = toNat m + toNat n := by\n  intro m n\n  omega"
    )


def trials(doubt: Doubt, true: str) -> list[Trial]:
    return [HELD if true in statement else REFUTED for statement in doubt.statements]


def judged(counting: Counting, at: Goal, move: Idea, *, accepted: bool) -> list[Idea]:
    assert isinstance(move, Move)
    verdict = Progress((), closed_main=True) if accepted else Rejected(Reason.ERROR, "no")
    return list(counting.follow(at, move, Checked(Candidate(move.text, "test"), verdict)))


def test_the_goal_comes_when_every_law_was_tried() -> None:
    counting, at = Counting(), goal("le a (plus a b) = true", LE, PLUS)
    le, plus = counting.moves(at)
    assert isinstance(le, Doubt)
    assert isinstance(plus, Doubt)
    assert list(counting.sifted(at, le, trials(le, "≤ (sizeOf n - 1)"))) == []
    (first,) = counting.sifted(at, plus, trials(plus, "(sizeOf m - 1) + (sizeOf n - 1)"))
    assert isinstance(first, LawProof)
    (second,) = judged(counting, at, first, accepted=True)
    assert isinstance(second, LawProof)
    assert second.law != first.law
    *closings, step = judged(counting, at, second, accepted=True)
    assert all(isinstance(move, CountedProof) for move in closings)
    assert isinstance(step, Move)
    assert step.onward is not None
    assert "have toNat_plus" in step.text
    assert "have toNat_le" in step.text
    (whole,) = judged(counting, at, closings[0], accepted=True)
    assert isinstance(whole, Move)
    assert whole.text == f"{step.text}\nsimp_all <;> omega"


def test_what_was_not_proved_is_tried_again_with_more_laws() -> None:
    counting, at = Counting(), goal("le a (plus a b) = true", LE, PLUS)
    for doubt in list(counting.moves(at)):
        assert isinstance(doubt, Doubt)
        ideas = list(
            counting.sifted(at, doubt, [Untested("maximum recursion depth has been reached") for _ in doubt.statements])
        )
    tried: list[str] = []
    while isinstance(move := ideas[0], LawProof):
        assert move.law is not None
        tried.append(move.law.function)
        ideas = judged(counting, at, move, accepted=len(tried) == 5)
    first, other = tried[0], tried[4]
    assert first != other
    assert tried[:4] == [first] * 4
    assert tried[5:] == [first] * 4
    assert isinstance(step := ideas[-1], Move)
    assert f"have toNat_{other}" in step.text
    assert f"have toNat_{first}" not in step.text


def worked(at: Goal, accepts: Collection[str]) -> list[str]:
    """What a search with this strategy alone works on, where Lean accepts the laws of some functions."""
    graph, done = SearchGraph(at.main, "", [Counting()], at.known), list[str]()
    while (work := graph.next_work()) is not None:
        if isinstance(work, Sift):
            graph.absorb(Sifted(work, (HELD,) * len(work.doubt.statements)))
        elif isinstance(work, Try):
            law = work.move.law if isinstance(work.move, LawProof) else None
            done.append(law.function if law is not None else type(work.move).__name__)
            accepted = law is not None and law.function in accepts
            verdict = Progress((), closed_main=True) if accepted else Rejected(Reason.ERROR, "no")
            graph.absorb(Tried(work, Checked(Candidate(work.move.text, "test"), verdict)))
        else:
            raise AssertionError(work)
    return done


def test_a_law_that_fails_last_keeps_the_goal_from_nothing() -> None:
    done = worked(goal("le a (plus a b) = true", LE, PLUS), {"le"})
    assert done[0] == "le"
    assert set(done[1:]) == {"plus", "CountedProof", "Move"}
    assert done.count("Move") == 1


def test_a_proof_that_comes_to_no_end_keeps_no_other_waiting() -> None:
    for doubt in (moves := Counting()).moves(at := goal("plus a b = plus b a", PLUS)):
        assert isinstance(doubt, Doubt)
        [first] = moves.sifted(at, doubt, [HELD] * len(doubt.statements))
        assert isinstance(first, LawProof)
        assert first.tier is Tier.INSTANT


def test_a_function_to_the_librarys_numbers_counts_itself() -> None:
    (of_size,) = possible_laws(NUMBERS, (Function("size", True, (), ("N",), "Nat"),), ())
    assert of_size[0].said == "∀ m, size m = toNat m"
    assert of_size[0].tried == "∀ (m : N), size m = (sizeOf m - 1)"


def test_no_name_is_given_twice() -> None:
    functions = tuple(Function(f"N.{name}", True, (), ("N", "N"), "N") for name in ("succ", "zero", "inj"))
    names = [of[0].name for of in possible_laws(NUMBERS, functions, ())]
    assert len({*names, *(name for name, _ in NUMBERS.facts)}) == 6
    (found,) = own_numbers(KNOWN, ("toNat_zero",))
    assert found.count == "asNat"


def test_what_unfolds_for_ever_is_told_to_nobody() -> None:
    known = told(N, function("gcd", "N → N → N", matched=(), measured=True))
    assert "[gcd" not in "".join(proofs_of(NUMBERS, Function("gcd", True, (), ("N", "N"), "N"), known, ()))


def test_where_operators_hide_functions_it_waits_for_what_they_stand_for() -> None:
    above = "def plus : N → N → N\n  | .z, n => n\n  | .s m, n => .s (plus m n)\ninstance : Add N := ⟨plus⟩\n"
    counting, at = Counting(), replace(goal("le a (a + b) = true", LE), above=above)
    assert list(counting.moves(at)) == []
    named = Move("have add_eq : ∀ a b : N, a + b = plus a b := by\n  intros\n  rfl", Notations.name, 1.0)
    assert judged(counting, at, named, accepted=False)


def test_nothing_is_counted_where_nothing_is_known_of_a_function() -> None:
    assert list(Counting().moves(goal("a = b"))) == []
    counting, at = Counting(), goal("plus a b = plus b a", PLUS)
    (doubt,) = counting.moves(at)
    assert isinstance(doubt, Doubt)
    assert list(counting.sifted(at, doubt, [REFUTED] * len(doubt.statements))) == []


def test_it_is_done_once() -> None:
    counting = Counting()
    assert list(islice(counting.moves(goal("plus a b = plus b a", PLUS)), 1))
    assert list(counting.moves(goal("plus a b = a", PLUS))) == []
