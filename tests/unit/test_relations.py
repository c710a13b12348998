"""Guesses about a file's own comparisons, choices and measures, and the short proofs that are tried for them."""

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.conjectures import conjectures
from ghostproof.search.goal_words import usable
from ghostproof.search.known_lemmas import Known
from ghostproof.search.plainest import Plainest
from ghostproof.search.remembered import Lemma
from ghostproof.search.short_proofs import short_proofs
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition

N, LIST = "N", "L α"
KNOWN = {"N": Plainest("N.z", "N.s"), "L": Plainest("L.nil", "", "L.cons", ("α", "L α"), ("α",))}


def of(name: str, *arguments: str, gives: str) -> Function:
    return Function(name, True, (), arguments, gives)


LE, SAME = of("le", N, N, gives="Bool"), of("same", N, N, gives="Bool")
MOST, LESS, PLUS = of("most", N, N, gives=N), of("less", N, N, gives=N), of("plus", N, N, gives=N)
LEN, CAT = of("len", LIST, gives=N), of("cat", LIST, LIST, gives=LIST)
TURN, LEAVE = of("turn", N, LIST, gives=LIST), of("leave", N, LIST, gives=LIST)

PUT, ABOVE = of("put", "α", LIST, gives=LIST), of("above", "α", LIST, gives="Bool")


def guessed(*functions: Function) -> list[str]:
    return [one.statement for one in conjectures(functions, KNOWN)]


@pytest.mark.parametrize(
    ("functions", "statement"),
    [
        ((LE,), "∀ (x : N), le x x = true"),
        ((LE,), "∀ (x y : N), le x y = false → le y x = true"),
        ((LE,), "∀ (x y z : N), le x y = true → le y z = true → le x z = true"),
        ((LE,), "∀ (x y : N), le x y = true → le y x = true → x = y"),
        ((LE,), "∀ (x y : N), le x y = true → le x (N.s y) = true"),
        ((LE,), "∀ (x y : N), le x y = false → le y x = false → x = y"),
        ((LE, SAME), "∀ (x y : N), le x y = false → le y x = false → same x y = true"),
        ((of("evn", N, gives="Bool"), PLUS), "∀ (x y : N), evn (plus x y) = (evn x != evn y)"),
        ((of("larger", "Nat", "Nat", gives="Nat"),), "∀ (x y : Nat), larger x y = max x y"),
        ((SAME,), "∀ (x y : N), same x y = true ↔ x = y"),
        ((SAME,), "∀ (x y : N), same x y = same y x"),
        ((LE, SAME), "∀ (x y : N), same x y = true → le x y = true"),
        ((LE, MOST), "∀ (x y : N), le x y = true → most x y = y"),
        ((LE, MOST), "∀ (x y : N), le x (most x y) = true"),
        ((LE, PLUS), "∀ (x y z : N), le (plus x y) (plus x z) = le y z"),
        ((LE, LEN, TURN), "∀ (x : L α) (q0 : N), le (len (turn q0 x)) (len x) = true"),
        ((LESS,), "∀ (x y z : N), less (less x y) (N.s z) = less (less x (N.s y)) z"),
        ((PLUS,), "∀ (x y : N), plus (N.s x) y = plus x (N.s y)"),
        ((of("evn", N, gives="Bool"),), "∀ (x : N), evn (N.s x) = !evn x"),
        ((of("paired", LIST, gives="Bool"),), "∀ (x : L α) (y : α), paired (L.cons y x) = !paired x"),
        ((PUT, ABOVE), "∀ (y : L α) (x : α), above x y = true → put x y = L.cons x y"),
        ((PUT, ABOVE), "∀ (y : L α) (x : α), above x y = true → put x y = y"),
        ((MOST,), "∀ (x : N), most x x = x"),
        ((LESS,), "∀ (x : N), less x x = N.z"),
        ((LESS, PLUS), "∀ (x y : N), less (plus x y) y = x"),
        ((LESS, PLUS), "∀ (x y z : N), less (less x y) z = less x (plus y z)"),
        ((LESS, PLUS), "∀ (x y z : N), less (less x y) z = less (less x z) y"),
    ],
)
def test_laws_of_comparisons_and_of_what_is_beside_them(functions: tuple[Function, ...], statement: str) -> None:
    assert statement in guessed(*functions)


def test_a_comparison_of_numbers_may_be_the_library_s() -> None:
    found = {one.statement: one for one in conjectures([of("leb", "Nat", "Nat", gives="Bool")])}
    assert found["∀ (x y : Nat), leb x y = decide (x ≤ y)"].settles == {("leb", "Bool")}


@pytest.mark.parametrize(
    ("gives", "put", "there", "elsewhere"),
    [
        ("Option V", ("K", "V"), "look q0 (put q0 q1 x) = some q1", "p0 ≠ q0 → look p0 (put q0 q1 x) = look p0 x"),
        ("V", ("K", "V"), "look q0 (put q0 q1 x) = q1", "p0 ≠ q0 → look p0 (put q0 q1 x) = look p0 x"),
        ("Bool", ("K",), "look q0 (put q0 x) = true", "p0 ≠ q0 → look p0 (put q0 x) = look p0 x"),
    ],
)
def test_what_is_put_in_is_found_and_nothing_else_changes(
    gives: str, put: tuple[str, ...], there: str, elsewhere: str
) -> None:
    found = guessed(of("look", "K", "M", gives=gives), of("put", *put, "M", gives="M"))
    assert there in {statement.partition(", ")[2] for statement in found}
    assert elsewhere in {statement.partition(", ")[2] for statement in found}


@pytest.mark.parametrize(
    ("functions", "statement"),
    [
        ((LEN, CAT), "∀ (x : L α) (y : α) (z : L α), len (cat x (L.cons y z)) = len (L.cons y (cat x z))"),
        ((LEN, CAT, TURN), "∀ (x y : L α), turn (len x) (cat x y) = cat y x"),
        ((LEN, CAT, LEAVE), "∀ (x y : L α), leave (len x) (cat x y) = y"),
        ((LEN, LEAVE, LESS), "∀ (x : N) (y : L α), len (leave x y) = less (len y) x"),
        (
            (of("zip", LIST, LIST, gives="L (α × α)"), LEN, CAT, of("cat", *["L (α × α)"] * 2, gives="L (α × α)")),
            "∀ (x y z w : L α), len x = len z → zip (cat x y) (cat z w) = cat (zip x z) (zip y w)",
        ),
        (
            (of("zip", "List α", "List β", gives="List (α × β)"),),
            "∀ (x y : List α) (z w : List β), x.length = z.length → zip (x ++ y) (z ++ w) = zip x z ++ zip y w",
        ),
        (
            (of("map", "α → β", LIST, gives="L β"), LEAVE, of("leave", N, "L β", gives="L β")),
            "∀ (x : L α) (p0 : α → β) (q0 : N), map p0 (leave q0 x) = leave q0 (map p0 x)",
        ),
    ],
)
def test_what_passes_through_a_joint_or_a_function(functions: tuple[Function, ...], statement: str) -> None:
    assert statement in guessed(*functions)


def test_a_plainest_value_whose_type_nothing_else_tells_has_it_written() -> None:
    (found,) = (one for one in conjectures([LEAVE], KNOWN) if one.left.startswith("leave p0 (L.nil"))
    assert found.for_all_types(["α", "β"]).statement == "∀ {α : Type} (p0 : N), leave p0 (L.nil : L α) = L.nil"
    mapped = guessed(of("map", "α → β", LIST, gives="L β"))
    assert "∀ (p0 : α → β), map p0 L.nil = L.nil" in mapped


def test_one_law_of_a_choice_does_not_stand_for_another() -> None:
    """`most x y = most y x` does not say which of them it is."""
    both = {one.statement: one for one in conjectures([LE, MOST], KNOWN)}
    known = Known({}, proved={both["∀ (x y : N), most x y = most y x"]: Lemma("", ())})
    assert not known.knows(both["∀ (x y : N), le x y = true → most x y = y"])
    assert known.knows(Conjecture((("x", N), ("y", N)), "most x y", "most (most x x) y"))


def test_what_an_equation_says_of_a_composed_value_is_not_all_of_it() -> None:
    """`from x (y + 1) = x :: from (x + 1) y`, as it is defined, does not say where the list ends."""
    steps = Function("steps", True, (), ("Nat", "Nat"), "List Nat")
    found = {one.statement: one for one in conjectures([steps])}
    known = Known({}, proved={found["∀ (y x : Nat), steps x (y + 1) = x :: steps (x + 1) y"]: Lemma("", ())})
    assert not known.knows(found["∀ (y x : Nat), steps x (y + 1) = steps x y ++ [x + y]"])
    size = Conjecture((("x", LIST), ("y", LIST)), "size (glue x y)", "size x + size y")
    known = Known({}, proved={size: Lemma("", ())})
    assert known.knows(Conjecture(size.variables, size.left, "size y + size x"))


def test_no_variable_is_there_twice() -> None:
    count = of("count", N, "L N", gives=N)
    for one in conjectures([count, SAME, LE, of("put", N, "L N", gives="L N")], KNOWN):
        names = [name for name, _ in one.variables]
        assert len(names) == len(set(names)), one.statement


def test_what_is_matched_together_is_split_in_each_case() -> None:
    given, about = ("le x y = true", "le y z = true"), frozenset({("le", "Bool")})
    trans = Conjecture((("x", N), ("y", N), ("z", N)), "le x z", "true", given=given, about=about)
    ways = list(short_proofs(trans, "le", {"le": Definition("le", matched=(0, 1))}))
    split = "intro x\n  induction x <;> intro y z <;> cases y <;> cases z <;> grind [le]"
    assert split in ways
    # An induction on one of them alone comes to a stop in the next call.
    assert ways.index(split) < ways.index("intro x\n  induction x <;> simp_all [le]")
    assert "intro x y z\n  fun_induction le x z <;> grind [le]" not in ways or ways[-1].startswith("intro x y z")


def test_what_a_condition_alone_speaks_of_is_no_rule_for_a_simplifier() -> None:
    trans = Conjecture((("x", N), ("y", N), ("z", N)), "le x z", "true", given=("le x y = true", "le y z = true"))
    total = Conjecture((("x", N), ("y", N)), "le y x", "true", given=("le x y = false",))
    assert trans.has_middle
    assert not total.has_middle
    assert usable([trans, total], "simp_all [le]") == (total,)
    assert usable([trans, total], "grind [le]") == (trans, total)


def test_what_concludes_that_a_variable_is_another_is_no_rule_for_a_simplifier() -> None:
    """It would try it on every term: `simp_all` went on for seconds with antisymmetry."""
    same = Conjecture((("x", N), ("y", N)), "x", "y", given=("le x y = true", "le y x = true"))
    chosen = Conjecture((("x", N), ("y", N)), "most x y", "y", given=("le x y = true",))
    assert usable([same, chosen], "simp_all [le]") == (chosen,)
    assert usable([same, chosen], "grind [le]") == (same, chosen)
    # A function may be called like it.
    assert usable([same, chosen], "grind [le, simplify]") == (same, chosen)


def test_a_function_that_looks_further_is_followed_along_its_call() -> None:
    kept = Conjecture((("x", LIST), ("p0", N)), "up (put p0 x) = true", "", given=("up x = true",), relation="")
    ways = list(short_proofs(kept, "up, put", {"up": Definition("up", matched=(0,), deep=True)}))
    along = [
        "intro x p0\n  fun_induction up x <;> grind [up, put]",
        "intro x p0\n  fun_induction up x <;> simp_all [up, put]",
        "intro x p0\n  fun_induction up x generalizing p0 <;> simp_all [up, put]",
        "intro x p0\n  fun_induction up x generalizing p0 <;> grind [up, put]",
    ]
    assert [way for way in ways if "fun_induction" in way] == along
    assert ways.index(along[0]) == 1


def test_what_chooses_between_numbers_is_left_to_arithmetic() -> None:
    twin = Conjecture((("x", "List Nat"), ("y", "Nat")), "mostTo x y", "max (most x) y")
    assert "intro x\n  induction x <;> simp_all [mostTo, most] <;> omega" in short_proofs(twin, "mostTo, most", {})


def test_what_is_not_matched_is_not_split() -> None:
    comm = Conjecture((("x", N), ("y", N)), "plus x y", "plus y x")
    assert not any("cases" in way for way in short_proofs(comm, "plus", {"plus": Definition("plus", matched=(0,))}))


def test_a_function_of_which_the_library_knows_all_is_guessed_about_only_beside_others() -> None:
    """What joins two values stands in no guess any more: each is made of the library's `++` as well."""
    numbers = Function("len", True, (), ("List α",), "Nat")
    glue = Function("glue", True, (), ("List α", "List α"), "List α")
    drop = Function("weird", True, (), ("List α",), "List α")
    found = {one.statement: one for one in conjectures([numbers, glue, drop])}
    known = Known({})
    known.take({found["∀ (x : List α), len x = x.length"]: Lemma("", ())})
    assert known.knows(found["∀ (x y : List α), len (x ++ y) = len x + len y"])
    assert not known.knows(found["∀ (x : List α), len (weird x) = len x"])
    assert not known.knows(found["∀ (x y : List α), weird (glue x y) = glue (weird x) (weird y)"])
    known.take({found["∀ (x y : List α), glue x y = x ++ y"]: Lemma("", ())})
    assert known.knows(found["∀ (x y : List α), weird (glue x y) = glue (weird x) (weird y)"])
    assert not known.knows(found["∀ (x y : List α), weird (x ++ y) = weird x ++ weird y"])
