"""Which variable of a guess an induction goes over, and what ends its cases."""

from dataclasses import replace

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.short_proofs import for_own_powers, short_proofs
from ghostproof.verify.definitions import Definition
from support.told_definitions import function, told

THREE = Conjecture((("x", "N"), ("y", "N"), ("z", "N")), "plus (plus x y) z", "plus x (plus y z)")


@pytest.mark.parametrize(
    ("matched", "induction"),
    [
        ((0,), "intro x\n  induction x"),
        ((1,), "intro x y z\n  induction z generalizing x y"),
        ((0, 1), "intro x\n  induction x"),
    ],
)
def test_it_is_the_one_that_functions_take_apart(matched: tuple[int, ...], induction: str) -> None:
    first = next(short_proofs(THREE, "plus", {"plus": Definition("plus", matched=matched)}))
    assert first == f"{induction} <;> simp_all [plus]"


def test_a_type_whose_values_need_a_recursor_has_it() -> None:
    plus = {"plus": Definition("plus", matched=(1,))}
    first = next(short_proofs(THREE, "plus", plus, using=lambda kind: f" using {kind}.rec"))
    assert first == "intro x y z\n  induction z using N.rec generalizing x y <;> simp_all [plus]"


def test_functions_of_a_namespace_are_known_by_their_whole_names() -> None:
    guess = Conjecture((("n", "Nat"), ("t", "Tree")), "Tree.count n (Tree.flip t)", "Tree.count n t")
    known = {name: Definition(name, matched=(at,)) for name, at in (("Tree.count", 1), ("Tree.flip", 0), ("flip", 5))}
    assert next(short_proofs(guess, "f", known)) == "intro n t\n  induction t generalizing n <;> simp_all [f]"


def test_what_has_no_constructors_is_not_taken_apart() -> None:
    mapped = Conjecture((("f", "α → β"), ("xs", "List α")), "map f (back xs)", "back (map f xs)")
    assert next(short_proofs(mapped, "map, back", {})).endswith("induction xs <;> simp_all [map, back]")
    base = Conjecture((("a", "α"), ("f", "α → β")), "map f []", "[]", types=("α", "β"))
    assert list(short_proofs(base, "map", {})) == [
        "intro α β a f\n  simp_all [map]",
        "intro α β a f\n  grind [map]",
    ]


def test_where_two_steps_of_what_is_made_are_looked_at_that_is_split() -> None:
    sorted_ = function("sorted", deep=True)
    merge = function("merge", matched=(0, 1), measured=True)
    known = {"sorted": sorted_, "merge": merge}
    guess = Conjecture((("xs", "List N"), ("ys", "List N")), "sorted (merge xs ys)", "sorted xs && sorted ys")
    third = list(short_proofs(guess, "sorted, merge", known))[2]
    assert third == "intro xs ys\n  fun_induction merge xs ys <;> grind (splits := 14) [sorted, merge, cases List]"
    plain = Conjecture((("xs", "List N"), ("ys", "List N")), "merge xs ys", "merge ys xs")
    assert not any("cases List]" in way for way in short_proofs(plain, "sorted, merge", known))


def test_what_is_said_of_nothing_in_particular_needs_no_variables() -> None:
    base = Conjecture((), "turn [1]", "[1]")
    assert base.statement == "turn [1] = [1]"
    assert list(short_proofs(base, "turn", {})) == ["simp_all [turn]", "grind [turn]"]


def test_what_rules_prove_is_tried_with_rules_first() -> None:
    chains = {"Perm": "intros <;> (try simp only [{fs}]) <;> solve_by_elim [Perm.nil, Perm.cons]"}
    kept = Conjecture((("xs", "List N"), ("x", "N")), "Perm (put x xs) (x :: xs)", "", relation="")
    first, second, *_ = short_proofs(kept, "put", {}, ("Perm",), (), chains)
    begun = "intro xs\n  induction xs"
    assert first == f"{begun} <;> intros <;> (try simp only [put]) <;> solve_by_elim [Perm.nil, Perm.cons]"
    assert second == f"{begun} <;> grind [put, Perm]"
    turned = Conjecture((("xs", "L"), ("ys", "L")), "Perm ys xs", "", given=("Perm xs ys",), relation="")
    assert next(short_proofs(turned, "", {}, ("Perm",), (), chains)).startswith(
        "intro xs ys h\n  induction h <;> intros"
    )
    equal = Conjecture((("xs", "List N"),), "put 0 xs", "xs")
    assert all("solve_by_elim" not in way for way in short_proofs(equal, "put", {}, ("Perm",), (), chains))


def test_numbers_are_left_to_arithmetic() -> None:
    size = Definition("size", matched=(0,), result="Nat")
    turned = Conjecture((("t", "Tree"),), "size (flip t)", "size t")
    assert next(short_proofs(turned, "size", {"size": size})).endswith("<;> simp_all [size] <;> omega")
    more = Conjecture((("x", "N"),), "val (inc x)", "val x + 1")
    assert next(short_proofs(more, "val", {})).endswith("<;> simp_all [val] <;> omega")
    other = Conjecture((("t", "Tree"),), "flip (flip t)", "t")
    assert not any("omega" in way for way in short_proofs(other, "flip", {"flip": Definition("flip", matched=(0,))}))


def test_what_is_endless_no_simplifier_proves() -> None:
    alone = Conjecture((("xs", "L"), ("n", "Nat")), "sum xs n", "sum xs 0 + n")
    ways = list(short_proofs(alone, "sum", {"sum": Definition("sum", matched=(0,))}))
    assert ways
    assert not any("simp" in way for way in ways)


def test_powers_have_a_closer_of_their_own() -> None:
    power = Conjecture((("b", "N"),), "val (expo a b)", "val a ^ val b")
    ways = list(short_proofs(power, "val", {"val": Definition("val", matched=(0,), result="Nat")}))
    assert any(way.endswith("simp_all [val, Nat.pow_succ] <;> grind") for way in ways)


def test_what_a_call_does_not_speak_of_is_left_general_along_it() -> None:
    runs = Conjecture((("xs", "L"), ("s", "S")), "run (turn xs) s", "run xs s")
    known = {
        "turn": Definition("turn", recursive=True, matched=(0,), deep=True),
        "run": Definition("run", matched=(0,)),
    }
    ways = list(short_proofs(runs, "run, turn", known))
    assert "intro xs s\n  fun_induction turn xs generalizing s <;> grind [run, turn]" in ways


def test_what_recurses_on_a_measure_is_followed_before_one_argument_is() -> None:
    counted = Conjecture((("xs", "L"), ("ys", "L"), ("n", "Nat")), "count n (merge xs ys)", "count n (join xs ys)")
    known = {"count": function("count", matched=(1,)), "merge": function("merge", matched=(0, 1), measured=True)}
    first, second, *_ = short_proofs(counted, "count, merge", known)
    assert first == "intro xs ys n\n  fun_induction merge xs ys <;> simp_all [count, merge]"
    assert second == "intro xs ys n\n  fun_induction merge xs ys <;> grind [count, merge]"
    known["merge"] = function("merge", matched=(0, 1))
    assert next(short_proofs(counted, "count, merge", known)).startswith("intro xs\n  induction xs")


def test_what_looks_further_is_followed_beside_one_argument() -> None:
    known = {"pairs": function("pairs", deep=True)}
    same = Conjecture((("xs", "L"),), "flat (pairs xs)", "flat xs")
    first, second, *_ = short_proofs(same, "pairs, flat", known)
    assert first == "intro xs\n  induction xs <;> simp_all [pairs, flat]"
    assert second == "intro xs\n  fun_induction pairs xs <;> grind [pairs, flat]"


def test_an_induction_goes_over_what_lists_are_made_of_that_another_function_runs() -> None:
    known = {"run": function("run", matched=(0, 1)), "code": function("code")}
    goes_on = Conjecture((("e", "E"), ("rest", "L"), ("n", "Nat")), "run n (code e ++ rest)", "run n rest")
    assert next(short_proofs(goes_on, "run, code", known)).startswith("intro e\n  induction e <;> ")
    # What runs its own values is another matter.
    whole = Conjecture((("x", "N"), ("y", "N")), "most (most x y) y", "most x y")
    assert next(short_proofs(whole, "most", {"most": function("most", matched=(0, 1))})).startswith(
        "intro x y\n  induction y generalizing x"
    )


def test_cases_of_both_arguments_are_tried_beside_one_induction() -> None:
    known = {"le": function("le", matched=(0, 1)), "most": function("most", matched=(0, 1))}
    about = frozenset({("le", "Bool"), ("most", "N")})
    bound = Conjecture((("x", "N"), ("y", "N")), "le y (most x y)", "true", about=about)
    first, second, *_ = short_proofs(bound, "le, most", known)
    assert first == "intro x\n  induction x <;> simp_all [le, most]"
    assert second == "intro x\n  induction x <;> intro y <;> cases y <;> simp_all [le, most]"


def test_what_recurses_on_a_measure_is_followed_before_what_takes_two_steps() -> None:
    ordered = Conjecture((("xs", "L"), ("ys", "L")), "ordered xs", "ordered (merge xs ys)")
    known = {"ordered": function("ordered", deep=True), "merge": function("merge", matched=(0, 1), measured=True)}
    assert "fun_induction merge xs ys" in next(short_proofs(ordered, "ordered, merge", known))


def test_a_function_that_only_looks_at_its_arguments_is_followed_into_its_cases() -> None:
    """`mkAlt` has an equation for what its patterns leave, which no split on one variable alone meets."""
    whole = Conjecture((("p", "Re"), ("q", "Re")), "nullable (mkAlt p q)", "(nullable p || nullable q)")
    known = {"nullable": Definition("nullable", arguments=("Re",), result="Bool", matched=(0,))}
    first, second, *others = short_proofs(whole, "nullable, mkAlt", known, choosing={"mkAlt", "mkSeq"})
    assert first == "intro p q\n  fun_cases mkAlt p q <;> simp_all [nullable, mkAlt]"
    assert second == "intro p q\n  fun_cases mkAlt p q <;> grind [nullable, mkAlt]"
    assert not any("fun_cases" in way for way in others)


def test_what_calls_itself_or_its_like_does_not_only_choose() -> None:
    known = told(
        Definition("mkAlt", matched=(0, 1)),
        Definition("total", matched=()),
        function("size", "Re → Nat"),
        Definition("od", matched=(0,), block=("ev", "od")),
    )
    assert known.choosing == {"mkAlt"}


def test_bits_are_split() -> None:
    known = {"value": function("value"), "add": function("add", matched=(1, 2))}
    added = Conjecture((("w", "List Bool"), ("u", "List Bool"), ("c", "Bool")), "value (add c w u)", "value w")
    ways = list(short_proofs(added, "value, add", known))
    assert "intro w\n  induction w <;> grind [value, add, cases Bool]" in ways
    assert "intro w\n  induction w <;> intro u c <;> cases u <;> grind [value, add, cases Bool]" in ways
    same = Conjecture((("w", "L"),), "value w", "value w")
    assert not any("Bool" in way for way in short_proofs(same, "value", known))


def test_a_lemma_may_say_that_there_are_powers() -> None:
    power = Conjecture((("b", "Nat"), ("n", "Nat")), "pw b n", "b ^ n")
    (closer,) = for_own_powers("quick b r = pw b (val r)", [power])
    assert closer.endswith("Nat.pow_add, Nat.two_mul] <;> grind")
    assert for_own_powers("quick b r = b ^ val r", [power]) == ()
    assert for_own_powers("quick b r = pw b (val r)", [replace(power, right="b * n")]) == ()
