"""Which guesses are tried, and in which order."""

from dataclasses import replace

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.promising import promising, unrefuted
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Constructor, InductiveType
from ghostproof.verify.small_values import Refuted, Survived, Trial, Untested
from support.told_definitions import function, told

NUMBERS = "List Nat"
SORTED = Conjecture(
    (("x", NUMBERS), ("p0", "Nat")), "inOrder (put p0 x) = true", "", given=("inOrder x = true",), relation=""
)
SWAPPED = Conjecture((("x", NUMBERS), ("p0", "Nat"), ("q0", "Nat")), "put p0 (put q0 x)", "put q0 (put p0 x)")
SIZE = Conjecture((("x", NUMBERS),), "size x", "x.length", settles=frozenset({("size", "Nat")}))


def goal(target: str, *given: str) -> GoalView:
    lines = "".join(f"h{nth} : {one}\n" for nth, one in enumerate(given))
    hypotheses = (
        Hypothesis("ns", NUMBERS, inductive="List", recursive=True),
        Hypothesis("n", "Nat", inductive="Nat", recursive=True),
        *(Hypothesis(f"h{nth}", one, is_prop=True) for nth, one in enumerate(given)),
    )
    head = "Eq" if " = " in target else ""
    functions = (Function("put", True, (), ("Nat", NUMBERS), NUMBERS),)
    return view_of(MainGoal(f"{lines}⊢ {target}", target, head, (), hypotheses, functions), lambda: scan(""))


def test_what_keeps_a_claim_true_comes_before_other_laws() -> None:
    guesses = [SWAPPED, SORTED, SIZE]
    assert promising(goal("inOrder (sort ns) = true"), (), guesses) == [SIZE, SORTED, SWAPPED]
    assert promising(goal("size (sort ns) = size ns"), (), guesses) == guesses


@pytest.mark.parametrize(
    ("view", "guess"),
    [
        (goal("inOrder (put n ns) = true", "inOrder ns = true"), SORTED),
        (
            goal("put n (put m ns) = put m (put n ns)"),
            Conjecture((("x", NUMBERS), ("p0", "Nat")), "put m (put p0 x)", "put p0 (put m x)"),
        ),
        (goal("inOrder ns = true"), Conjecture((("x", NUMBERS),), "inOrder x = true", "", relation="")),
    ],
)
def test_a_guess_says_something_else_than_the_goal(view: GoalView, guess: Conjecture) -> None:
    assert promising(view, (), [guess, SIZE]) == [SIZE]


def test_a_guess_of_all_types_may_be_the_goal_too() -> None:
    main = MainGoal(
        "α : Type\nxs : List α\n⊢ back (back xs) = xs",
        "back (back xs) = xs",
        "Eq",
        (),
        (Hypothesis("α", "Type"), Hypothesis("xs", "List α", inductive="List", recursive=True)),
        (Function("back", True, ("back xs",), ("List α",), "List α"),),
    )
    guess = Conjecture((("x", "List α"),), "back (back x)", "x", types=("α",))
    assert promising(view_of(main, lambda: scan("")), ("α",), [guess]) == []


def test_what_the_library_knows_is_not_guessed() -> None:
    numbers = (("x", "Nat"), ("y", "Nat"))
    known = Conjecture(numbers, "max x y", "max y x", about=frozenset({("max", "Nat")}))
    own = Conjecture(numbers, "most x y", "max x y", about=frozenset({("max", "Nat"), ("most", "Nat")}))
    assert promising(goal("most n n = n"), (), [known, own]) == [own]


def test_what_a_step_puts_in_the_way_of_a_function_comes_first() -> None:
    """An induction on `n` leaves `value (next (count n))` of `value (count n)`."""
    count = Function("count", True, ("count n",), ("Nat",), "Bits")
    value = Function("value", True, ("value (count n)",), ("Bits",), "Nat")
    main = MainGoal("⊢ value (count n) = n", "value (count n) = n", "Eq", (), (), (value, count))
    view = view_of(main, lambda: scan(""))
    other = Conjecture((("x", "Bits"), ("y", "Bits")), "value (join x y)", "value x + value y")
    wanted = Conjecture((("x", "Bits"),), "value (next x)", "value x + 1")
    known = told(function("count", uses=("next",)), function("value"), function("next"))
    assert promising(view, (), [other, wanted], known) == [wanted, other]
    assert promising(view, (), [other, wanted]) == [other, wanted]
    assert promising(view, (), [other], known) == [other]


def test_what_that_puts_in_the_way_again_comes_next() -> None:
    expo = Function("expo", True, ("expo a b",), ("N", "N"), "N")
    value = Function("value", True, ("value (expo a b)",), ("N",), "Nat")
    main = MainGoal("⊢ value (expo a b) = c", "value (expo a b) = c", "Eq", (), (), (value, expo))
    view = view_of(main, lambda: scan(""))
    other = Conjecture((("x", "N"),), "value (twin x)", "value x")
    plus = Conjecture((("x", "N"), ("y", "N")), "value (plus x y)", "value x + value y")
    known = told(function("expo", uses=("times",)), function("times", uses=("plus",)), function("plus"))
    assert promising(view, (), [other, plus], known) == [plus, other]


def test_of_a_claim_a_step_asks_what_it_is_made_of() -> None:
    """Behind `rising (put n (sort ns))` stands `below m (put n ns)`, and that what is lower bounds a list, too."""
    rising = Function("rising", True, ("rising (sort ns)",), (NUMBERS,), "Bool")
    sort = Function("sort", True, ("sort ns",), (NUMBERS,), NUMBERS)
    target = "rising (sort ns) = true"
    view = view_of(MainGoal(f"⊢ {target}", target, "Eq", (), (), (rising, sort)), lambda: scan(""))
    known = told(
        function("rising", uses=("below",)), function("below"), function("sort", uses=("put",)), function("put")
    )
    two, of_below = (("x", NUMBERS), ("n", "Nat"), ("m", "Nat")), frozenset({("below", "Bool")})
    bound = Conjecture(two, "below m (put n x)", "below m (n :: x)", about=of_below)
    given = ("m ≤ n", "below n x = true")
    lower = Conjecture(two, "below m x = true", "", about=of_below, given=given, relation="")
    less = replace(lower, given=("below m (n :: x) = true",))
    assert promising(view, (), [less, SWAPPED, bound, lower], known) == [lower, bound, less, SWAPPED]


def test_what_a_comparison_keeps_with_an_element_less_comes_first() -> None:
    target, about = "within ns ms = true", frozenset({("within", "Bool")})
    two = (("x", NUMBERS), ("y", "Nat"), ("p1", NUMBERS))
    less = Conjecture(two, "within x p1 = true", "", about=about, given=("within (y :: x) p1 = true",), relation="")
    view = goal(target)
    assert promising(view, (), [SWAPPED, less]) == [less, SWAPPED]
    alone = replace(less, variables=two[:2], left="rising x = true", given=("rising (y :: x) = true",))
    alone = replace(alone, about=frozenset({("rising", "Bool")}))
    assert promising(goal("rising ns = true"), (), [SWAPPED, alone]) == [SWAPPED, alone]


def test_of_three_nested_functions_any_two_come_first() -> None:
    empty = Function("empty", True, ("empty (turn (tidy e))",), ("Re",), "Bool")
    turn = Function("turn", True, ("turn (tidy e)",), ("Re",), "Re")
    tidy = Function("tidy", True, ("tidy e",), ("Re",), "Re")
    target = "empty (turn (tidy e)) = empty e"
    view = view_of(MainGoal(f"⊢ {target}", target, "Eq", (), (), (empty, turn, tidy)), lambda: scan(""))
    known = told(function("empty"), function("turn"), function("tidy", uses=("joint",)), function("joint"))
    about = frozenset({("empty", "Bool")})
    kept = Conjecture((("x", "Re"),), "empty (joint x)", "", about=about, given=("empty x = true",), relation="")
    other = Conjecture((("x", "Re"),), "joint (joint x)", "x")
    alone = Conjecture((("x", "Re"),), "empty (tidy x)", "empty x", about=about)
    outer = Conjecture((("x", "Re"),), "empty (turn x)", "empty x", about=about)
    found = promising(view, (), [other, alone, outer], known)
    assert found == [alone, outer, other]
    # Two truth values that are equal are no claim that something keeps.
    whole = replace(kept, left="tidy (joint x)")
    assert promising(view, (), [other, whole], known) == [other, whole]


def test_what_the_library_measures_may_be_of_what_is_in_the_way() -> None:
    sort = Function("sort", True, ("sort ns",), (NUMBERS,), NUMBERS)
    length = Function("List.length", True, ("List.length (sort ns)",), (NUMBERS,), "Nat")
    main = MainGoal("⊢ p", "(sort ns).length = ns.length", "Eq", (), (), (sort,), library=(length,))
    known = told(function("sort", uses=("put",)), function("put"))
    longer = Conjecture((("x", NUMBERS), ("n", "Nat")), "(put n x).length", "x.length + 1")
    assert promising(view_of(main, lambda: scan("")), (), [SWAPPED, longer], known) == [longer, SWAPPED]


def test_so_does_what_the_library_puts_there() -> None:
    turn = Function("turn", True, ("turn (turn xs)", "turn xs"), (NUMBERS,), NUMBERS)
    main = MainGoal("⊢ turn (turn xs) = xs", "turn (turn xs) = xs", "Eq", (), (), (turn,))
    again = Conjecture((("x", NUMBERS),), "turn (put x)", "put (turn x)")
    wanted = Conjecture((("x", NUMBERS), ("y", NUMBERS)), "turn (x ++ y)", "turn y ++ turn x")
    known = told(replace(function("turn"), signs=frozenset({"++", "+"})))
    assert promising(view_of(main, lambda: scan("")), (), [again, wanted], known) == [wanted, again]


def test_what_values_refute_is_left_out_unless_more_is_assumed_than_they_know() -> None:
    pulled = Conjecture((("x", NUMBERS), ("y", "Nat")), "run f (f y) x", "f (run f y x)")
    tried: list[tuple[Conjecture, Trial]] = [
        (SORTED, Survived(0, 3)),
        (SWAPPED, Survived(5, 0)),
        (SIZE, Refuted(())),
        (pulled, Refuted(())),
    ]
    assert unrefuted(tried, {"f"}) == [SWAPPED, SORTED, pulled]
    assert unrefuted(tried, {"x", "g"}) == [SWAPPED, SORTED]
    nobody: list[tuple[Conjecture, Trial]] = [(SORTED, Untested("")), (SIZE, Untested(""))]
    assert unrefuted(nobody, set()) == [SORTED, SIZE]
    assert unrefuted([*nobody, (SWAPPED, Survived(1, 0))], set()) == [SWAPPED]


def test_what_the_goal_follows_from_stays_when_its_values_get_too_large() -> None:
    large = Untested("(deterministic) timeout at `whnf`, maximum number of heartbeats (5000) has been reached")
    tried: list[tuple[Conjecture, Trial]]
    tried = [(SORTED, large), (SWAPPED, Survived(1, 0)), (SIZE, Untested("unknown identifier"))]
    assert unrefuted(tried, set(), {SORTED.said, SIZE.said}) == [SWAPPED, SORTED]
    assert unrefuted(tried, set()) == [SWAPPED]


def test_what_a_rule_asks_of_what_is_put_in_comes_early() -> None:
    ordered = InductiveType(
        "Ordered", is_prop=True, constructors=(Constructor("Ordered.cons", ("Nat", NUMBERS, "over n ns = true")),)
    )
    known = told(function("put", "Nat → List Nat → List Nat"), function("over", "Nat → List Nat → Bool"), ordered)
    assert known.in_rules(("Ordered",), ()) == ("over",)
    assert known.in_rules(("Ordered",), ("over",)) == ()
    bound = Conjecture(
        (("x", NUMBERS), ("p0", "Nat"), ("q0", "Nat")), "over q0 (put p0 x) = true", "", given=("q0 ≤ p0",), relation=""
    )
    view = replace(goal("Ordered (put n ns)"), head="Ordered")
    assert promising(view, (), [SWAPPED, bound], known) == [bound, SWAPPED]
    assert promising(goal("put n ns = ns"), (), [SWAPPED, bound], known) == [SWAPPED, bound]
