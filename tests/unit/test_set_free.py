"""Statements that are stronger than a goal: accumulators set free, and counterparts about mutual functions."""

from dataclasses import replace

import pytest

from ghostproof.search.generalised import generalised
from ghostproof.search.mutual_blocks import mutual_blocks
from ghostproof.search.mutual_statements import block_of, motives, recursor_for, together
from ghostproof.search.operations import Values
from ghostproof.search.plainest import plainest
from ghostproof.search.strategies.mutual import MutualInduction
from ghostproof.search.strategy import Goal
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from support.told_definitions import family, function, told

KNOWN = told(
    function("sum", "List Nat → Nat"),
    function("sumTo", "List Nat → Nat → Nat", varying=(1,)),
    function("code", "Tm → List Op → List Op", varying=(1,)),
    function("exec", "List Op → List Nat → List Nat", varying=(1,)),
)
SUM = Function("sum", True, ("sum xs",), ("List Nat",), "Nat")
SUM_TO = Function("sumTo", True, ("sumTo xs 0",), ("List Nat", "Nat"), "Nat")
XS = Hypothesis("xs", "List Nat", False, "List", True)


def goal(target: str, functions: tuple[Function, ...], *hypotheses: Hypothesis) -> GoalView:
    said = "".join(f"{h.name} : {h.type}\n" for h in hypotheses)
    main = MainGoal(f"{said}⊢ {target}", target, "Eq", (), hypotheses, functions)
    return view_of(main, lambda: scan(""))


def guessed(view: GoalView) -> list[str]:
    return [one.statement for one in generalised(view, KNOWN.recursive)]


def test_a_constant_accumulator_becomes_a_variable_and_the_other_side_is_made_up() -> None:
    found = guessed(goal("sumTo xs 0 = sum xs", (SUM_TO, SUM), XS))
    assert "∀ (xs : List Nat) (acc : Nat), sumTo xs acc = sum xs + acc" in found
    assert "∀ (xs : List Nat) (acc : Nat), sumTo xs acc = sum xs * acc" in found
    assert len(found) == len(set(found))


def test_calls_in_calls_are_set_free_together() -> None:
    code = Function("code", True, ("code t []",), ("Tm", "List Op"), "List Op")
    run = Function("exec", True, ("exec (code t []) []",), ("List Op", "List Nat"), "List Nat")
    value = Function("value", True, ("value t",), ("Tm",), "Nat")
    t = Hypothesis("t", "Tm", False, "Tm", True)
    found = guessed(goal("exec (code t []) [] = [value t]", (run, code, value), t))
    assert (
        "∀ (t : Tm) (acc : List Op) (acc' : List Nat), exec (code t acc) acc' = exec acc ([value t] ++ acc')" in found
    )


def test_a_function_that_is_handed_on_is_applied_to_what_the_others_make() -> None:
    joined = Function("joined", True, ("joined id xss []",), ("Row → Row", "List Row", "Row"), "Row")
    flat, cat = (
        Function("flat", True, ("flat xss",), ("List Row",), "Row"),
        Function("cat", True, (), ("Row",) * 2, "Row"),
    )
    known = told(function("joined", "(Row → Row) → List Row → Row → Row", matched=(1,), varying=(0, 2)))
    rows = Hypothesis("xss", "List Row", False, "List", True)
    view = goal("joined id xss [] = flat xss", (joined, flat, cat), rows)
    found = [one.statement for one in generalised(view, known.recursive)]
    assert "∀ (xss : List Row) (acc : Row → Row) (acc' : Row), joined acc xss acc' = acc (cat (flat xss) acc')" in found


def test_what_is_made_of_a_result_is_made_of_what_it_began_with() -> None:
    collect = Function("collect", True, ("collect xs #[]",), ("List Nat", "Array Nat"), "Array Nat")
    twice = Function("twice", True, ("twice xs",), ("List Nat",), "List Nat")
    known = told(function("collect", "List Nat → Array Nat → Array Nat", varying=(1,)))
    found = [
        one.statement
        for one in generalised(goal("(collect xs #[]).toList = twice xs", (collect, twice), XS), known.recursive)
    ]
    assert "∀ (xs : List Nat) (acc : Array Nat), (collect xs acc).toList = acc.toList ++ twice xs" in found


def test_values_further_on_are_those_of_the_files_own_numbers_too() -> None:
    fib = Function("fib", True, ("fib n",), ("N",), "N")
    fast = Function("fast", True, ("fast n N.z (N.s N.z)",), ("N",) * 3, "N")
    plus = Function("plus", True, (), ("N", "N"), "N")
    known = told(function("fast", "N → N → N → N", matched=(0,), varying=(1, 2)), family("N", z="", s="N"))
    view = goal("fast n N.z (N.s N.z) = fib n", (fast, fib), Hypothesis("n", "N", False, "N", True))
    found = [one.statement for one in generalised(view, known.recursive, (), (plus, fib), Values(plainest(known)))]
    assert "∀ (n k : N), fast n (fib k) (fib (N.s k)) = fib (plus n k)" in found


def test_a_constant_that_is_looked_at_beside_something_else_becomes_a_variable() -> None:
    """`push true f` calls `push false g` for what stands below a negation."""
    push = Function("push", True, ("push true f",), ("Bool", "Form"), "Form")
    holds = Function("holds", True, ("holds (push true f)", "holds f"), ("Form",), "Bool")
    form = Hypothesis("f", "Form", False, "Form", True)
    view = goal("holds (push true f) = holds f", (holds, push), form)
    known = told(function("push", "Bool → Form → Form", matched=(0, 1)), function("holds", "Form → Bool"))
    found = [one.statement for one in generalised(view, known.recursive)]
    assert "∀ (f : Form) (acc : Bool), holds (push acc f) = (holds f == acc)" in found
    alone = told(function("push", "Bool → Form → Form", matched=(0,)), function("holds", "Form → Bool"))
    assert not list(generalised(view, alone.recursive))


def test_accumulators_of_the_library_are_set_free_too() -> None:
    fold = Function(
        "List.foldl", True, ("List.foldl (fun n x => n + x) 0 xs",), ("Nat → Nat → Nat", "Nat", "List Nat"), "Nat"
    )
    view = replace(goal("List.foldl (fun n x => n + x) 0 xs = sum xs", (SUM,), XS), library=(fold,))
    known = told(function("List.foldl", "(α → β → α) → α → List β → α", matched=(2,), varying=(1,)))
    [wanted] = [
        one
        for one in generalised(view, known.recursive)
        if one.statement == "∀ (xs : List Nat) (acc : Nat), List.foldl (fun n x => n + x) acc xs = sum xs + acc"
    ]
    assert wanted.about == {("List.foldl", "Nat"), ("sum", "Nat")}


def folded(target: str, fun: str, *hypotheses: Hypothesis) -> list[str]:
    fold = Function("List.foldl", True, (f"List.foldl {fun} 0 xs",), ("Nat → Nat → Nat", "Nat", "List Nat"), "Nat")
    plain = goal(target, (), XS, *hypotheses)
    view = replace(plain, library=(fold,), head="Eq" if " = " in target else "LE.le")
    known = told(function("List.foldl", "(α → β → α) → α → List β → α", matched=(2,), varying=(1,)))
    return [one.statement for one in generalised(view, known.recursive)]


def test_what_stands_below_a_fun_stays_what_it_is() -> None:
    fun, p = "(fun n x => if p x = true then n + 1 else n)", Hypothesis("p", "Nat → Bool", False, "", False)
    found = folded(f"List.foldl {fun} 0 xs = xs.countP p", fun, p)
    assert f"∀ (xs : List Nat) (acc : Nat), List.foldl {fun} acc xs = xs.countP p + acc" in found
    assert not any("p :" in one for one in found)


def test_what_is_claimed_is_claimed_for_every_accumulator() -> None:
    fun = "(fun n m => max n m)"
    x = Hypothesis("x", "Nat", False, "Nat", True)
    member = Hypothesis("h", "x ∈ xs", True, "Membership", False)
    found = folded(f"x ≤ List.foldl {fun} 0 xs", fun, x, member)
    assert f"∀ (xs : List Nat) (acc : Nat), acc ≤ List.foldl {fun} acc xs" in found
    assert f"∀ (xs : List Nat) (x acc : Nat), x ∈ xs → x ≤ List.foldl {fun} acc xs" in found


def test_what_runs_a_list_goes_on_with_what_stands_behind_it() -> None:
    stack, codes = "List Nat", "List Op"
    run = Function("exec", True, ("exec (flat e) []",), (codes, stack), f"Option ({stack})")
    flat, value = (
        Function("flat", True, ("flat e",), ("Tm",), codes),
        Function("value", True, ("value e",), ("Tm",), "Nat"),
    )
    e = Hypothesis("e", "Tm", False, "Tm", True)
    known = told(function("exec", f"{codes} → {stack} → Option ({stack})", matched=(0, 1), deep=True))
    view = goal("exec (flat e) [] = some [value e]", (run, flat, value), e)
    found = [one.statement for one in generalised(view, known.recursive)]
    assert (
        "∀ (e : Tm) (rest : List Op) (acc : List Nat), exec (flat e ++ rest) acc = exec rest (value e :: acc)" in found
    )


def test_so_does_what_runs_a_list_of_the_files_own() -> None:
    run = Function("exec", True, ("exec (flat e) Seq.nil",), ("Seq Op", "Seq Nat"), "Seq Nat")
    flat, value = (
        Function("flat", True, ("flat e",), ("Tm",), "Seq Op"),
        Function("value", True, ("value e",), ("Tm",), "Nat"),
    )
    app = Function("app", True, (), ("Seq α", "Seq α"), "Seq α")
    known = told(
        family("Seq α", nil="", cons="α, Seq α"),
        function("exec", "Seq Op → Seq Nat → Seq Nat", matched=(0, 1), deep=True),
    )
    e = Hypothesis("e", "Tm", False, "Tm", True)
    view = goal("exec (flat e) Seq.nil = Seq.cons (value e) Seq.nil", (run, flat, value), e)
    found = [one.statement for one in generalised(view, known.recursive, (), (flat, app), Values(plainest(known)))]
    statement = "exec (app (flat e) rest) acc = exec rest (Seq.cons (value e) acc)"
    assert f"∀ (e : Tm) (rest : Seq Op) (acc : Seq Nat), {statement}" in found


def test_what_depends_on_the_goals_variables_is_none_of_them() -> None:
    n = Hypothesis("n", "Nat", False, "Nat", True)
    told = Function("sumTo", True, ("sumTo xs n",), ("List Nat", "Nat"), "Nat")
    assert guessed(goal("sumTo xs n = n + sum xs", (told, SUM), XS, n)) == []


MUTUAL = told(
    family("Tree", block=("Tree", "Forest"), node="Forest"),
    family("Forest", block=("Tree", "Forest"), nil="", cons="Tree, Forest"),
    function("size", "Tree → Nat", block=("size", "sizes")),
    function("sizes", "Forest → Nat", block=("size", "sizes")),
    function("even", "Nat → Bool", block=("even", "odd")),
    function("odd", "Nat → Bool", block=("even", "odd")),
)
SIZE = Function("size", True, ("size t",), ("Tree",), "Nat")
T = Hypothesis("t", "Tree", False, "Tree", True)


def test_the_counterpart_of_a_goal_speaks_of_the_partners() -> None:
    blocks = mutual_blocks(MUTUAL)
    view = goal("size t = t.depth", (SIZE,), T)
    assert motives(view, "t", "Tree", blocks) == (("", "fun k => sizes k = k.depth"), ("sizes",))
    assert motives(view, "t", "Nat", blocks) == ((), ())
    assert motives(goal("f t = t", (), T), "t", "Tree", blocks) == ((), ())


def test_a_counterpart_may_speak_of_the_other_one_of_two_alike() -> None:
    even = Function("even", True, ("even (size t)",), ("Nat",), "Bool")
    view = goal("even (size t) = true", (even, SIZE), T)
    blocks = mutual_blocks(MUTUAL)
    assert motives(view, "t", "Tree", blocks)[0] == ("", "fun k => even (sizes k) = true")
    crossed = motives(view, "t", "Tree", blocks, crossed=True)
    assert crossed == (("", "fun k => odd (sizes k) = true"), ("odd", "sizes"))
    assert motives(goal("size t = t.depth", (SIZE,), T), "t", "Tree", blocks, crossed=True) == ((), ())
    main = MainGoal(f"⊢ {view.target}", view.target, "Eq", (), view.hypotheses, view.functions)
    offered = [move.text for move in MutualInduction().moves(Goal(0, main, "", known=MUTUAL))]
    assert "induction t using Tree.rec (motive_2 := fun k => odd (sizes k) = true)" in offered


def test_the_types_of_a_block_keep_their_order() -> None:
    sizes = Function("sizes", True, ("sizes k",), ("Forest",), "Nat")
    view = goal("sizes k = 0", (sizes,), Hypothesis("k", "Forest", False, "Forest", True))
    proved, _ = motives(view, "k", "Forest", mutual_blocks(MUTUAL))
    assert proved == ("fun k' => size k' = 0", "")


FLATS = ("flat", "flats", "flatm")
NESTED = told(
    family("Rose α", node="α, List (Rose α)", maybe="Option (Rose α)"),
    function("flat", "Rose α → List α → List α", block=FLATS),
    function("flats", "List (Rose α) → List α → List α", block=FLATS),
    function("flatm", "Option (Rose α) → List α → List α", block=FLATS),
)


def test_a_goal_about_a_nested_type_has_counterparts_about_those_around_it() -> None:
    flat = Function("flat", True, ("flat t acc",), ("Rose Nat", "List Nat"), "List Nat")
    tree, rest = Hypothesis("t", "Rose Nat", False, "Rose", True), Hypothesis("acc", "List Nat", False, "List", True)
    view, blocks = goal("flat t acc = acc", (flat,), tree, rest), mutual_blocks(NESTED)
    lists, options = "flats k acc = acc", "flatm k acc = acc"
    assert motives(view, "t", "Rose Nat", blocks) == (
        ("", f"fun k => {lists}", f"fun k => {options}"),
        ("flats", "flatm"),
    )
    proved, _ = motives(view, "t", "Rose Nat", blocks, ["acc"])
    assert proved == ("", f"fun k => ∀ acc, {lists}", f"fun k => ∀ acc, {options}")
    main = MainGoal(f"⊢ {view.target}", view.target, "Eq", (), view.hypotheses, view.functions)
    offered = [move.text for move in MutualInduction().moves(Goal(0, main, "", known=NESTED))]
    step = f"induction t using Rose.rec (motive_2 := fun k => ∀ acc, {lists})"
    assert f"{step} (motive_3 := fun k => ∀ acc, {options}) generalizing acc" in offered


def test_an_induction_on_a_value_of_such_a_type_names_its_recursor() -> None:
    blocks, nested = mutual_blocks(MUTUAL), mutual_blocks(NESTED)
    assert recursor_for("Forest", blocks) == " using Forest.rec (motive_1 := fun _ => True)"
    assert recursor_for("Nat", blocks) == ""
    maybe, lists = "(motive_3 := fun _ => True)", "(motive_2 := fun _ => True)"
    assert recursor_for("Rose Nat", nested) == f" using Rose.rec {lists} {maybe}"
    assert recursor_for("List (Rose Nat)", nested) == ""


@pytest.mark.parametrize(
    ("kind", "recursor"),
    [("Rose Nat", "Rose.rec"), ("List (Rose Nat)", "Rose.rec_1"), ("Option (Rose α)", "Rose.rec_2")],
)
def test_each_of_the_types_has_a_recursor(kind: str, recursor: str) -> None:
    block = block_of(kind, mutual_blocks(NESTED))
    assert block is not None
    assert block.recursor(kind) == recursor


def test_a_type_that_is_not_declared_together_with_others_has_no_block() -> None:
    assert block_of("Nat", mutual_blocks(NESTED)) is None
    assert block_of("List Nat", mutual_blocks(NESTED)) is None


def test_mutual_functions_of_one_type_are_guessed_about_together() -> None:
    even = Function("even", True, ("even n",), ("Nat",), "Bool")
    view = goal("even n = f n", (even,), Hypothesis("n", "Nat", False, "Nat", True))
    found = [one.statement for one in together(view, mutual_blocks(MUTUAL))]
    assert "∀ (n : Nat), (even n = f n) ∧ (odd n = f n)" in found
    assert "∀ (n : Nat), (even n = f n) ∧ (odd n = !f n)" in found


def test_what_is_declared_together_has_partners() -> None:
    types, sizes, _ = mutual_blocks(MUTUAL)
    assert types.types == ("Tree", "Forest")
    assert set(sizes.functions) == {"size", "sizes"}
    assert sizes.partner("size", "Tree", "Forest") == "sizes"
    assert sizes.partner("sizes", "Forest", "Tree") == "size"
    assert sizes.partner("size", "Nat", "Forest") is None
    assert sizes.partner("unheard", "Tree", "Forest") is None


def test_two_that_would_do_are_no_partner() -> None:
    kinds = {"f": "A → Nat", "g": "B → Nat", "h": "B → Nat"}
    [block] = mutual_blocks(told(*(function(name, kind, block=tuple(kinds)) for name, kind in kinds.items())))
    assert block.partner("f", "A", "B") is None
    assert block.partner("g", "B", "A") == "f"


def test_two_accumulators_make_the_two_sides_of_a_pair() -> None:
    kinds = ("List Nat", "List Nat", "Nat")
    go = Function("go", True, ("go xs [] 0",), kinds, "List Nat × Nat")
    known = told(function("go", "List Nat → List Nat → Nat → List Nat × Nat", varying=(1, 2)))
    view = goal("go xs [] 0 = (back xs, sum xs)", (go, SUM), XS)
    found = [one.statement for one in generalised(view, known.recursive)]
    begun = "∀ (xs acc : List Nat) (acc' : Nat), go xs acc acc' = "
    assert f"{begun}(List.reverse acc ++ back xs, acc' + sum xs)" in found
    assert f"{begun}(back xs ++ acc, acc' + sum xs)" in found


def test_a_list_may_come_out_turned() -> None:
    go = Function("go", True, ("go xs []",), ("List Nat", "List Nat"), "List Nat")
    known = told(function("go", "List Nat → List Nat → List Nat", varying=(1,)))
    found = [one.statement for one in generalised(goal("go xs [] = xs", (go,), XS), known.recursive)]
    assert "∀ (xs acc : List Nat), go xs acc = List.reverse acc ++ xs" in found


def test_what_is_done_to_a_result_is_done_to_what_it_began_with() -> None:
    look = Function("look", True, ("look k (load xs e)",), ("Nat", "Tree"), "Nat")
    load = Function("load", True, ("load xs e",), ("List Nat", "Tree"), "Tree")
    many = Function("many", True, ("many k xs",), ("Nat", "List Nat"), "Nat")
    known = told(function("load", "List Nat → Tree → Tree", varying=(1,)), function("many", "Nat → List Nat → Nat"))
    k = Hypothesis("k", "Nat", inductive="Nat", recursive=True)
    view = goal("look k (load xs e) = many k xs", (look, load, many), XS, k)
    found = [one.statement for one in generalised(view, known.recursive)]
    assert "∀ (xs : List Nat) (k : Nat) (acc : Tree), look k (load xs acc) = many k xs + look k acc" in found


def test_one_tree_on_a_stack_is_one_with_others_below() -> None:
    run = Function("run", True, ("run [t] 0",), ("List Tree", "Nat"), "Nat")
    total = Function("total", True, ("total t",), ("Tree",), "Nat")
    known = told(function("run", "List Tree → Nat → Nat", matched=(0,), varying=(1,)))
    t = Hypothesis("t", "Tree", inductive="Tree", recursive=True)
    found = [one.statement for one in generalised(goal("run [t] 0 = total t", (run, total), t), known.recursive)]
    assert "∀ (t : Tree) (rest : List Tree) (acc : Nat), run (t :: rest) acc = run rest (total t + acc)" in found
