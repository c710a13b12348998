"""Which inductions a goal's functions ask for."""

import pytest

from ghostproof.search.strategies.induction import Induction
from ghostproof.search.strategy import Goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Constructor, Definitions, InductiveType
from support.told_definitions import family, function, told

KNOWN = told(
    function("onto", "List Nat → List Nat → List Nat", varying=(1,)),
    function("turn", "List Nat → List Nat"),
    function("leq", "Nat → Nat → Bool", matched=(0, 1)),
)
LIST = {"type": "List Nat", "inductive": "List", "recursive": True}
NAT = {"type": "Nat", "inductive": "Nat", "recursive": True}


def hypothesis(name: str, kind: dict[str, object]) -> Hypothesis:
    return Hypothesis(name, str(kind["type"]), inductive=str(kind["inductive"]), recursive=True)


def offered(target: str, hypotheses: list[Hypothesis], functions: list[Function], depth: int = 0) -> list[str]:
    printed = "\n".join(f"{h.name} : {h.type}" for h in hypotheses)
    main = MainGoal(f"{printed}\n⊢ {target}", target, "Eq", (), tuple(hypotheses), tuple(functions))
    moves = Induction().moves(Goal(0, main, "", depth, known=KNOWN))
    return [move.text for move in moves if move.onward is not None]


def test_an_accumulator_is_left_general() -> None:
    lists = [hypothesis("xs", LIST), hypothesis("ys", LIST)]
    functions = [Function("onto", True, ("onto xs ys",)), Function("turn", True, ("turn xs",))]
    assert offered("onto xs ys = turn xs ++ ys", lists, functions)[0] == "induction xs generalizing ys"


def test_what_does_not_vary_stays_fixed() -> None:
    lists = [hypothesis("xs", LIST), hypothesis("ys", LIST)]
    functions = [Function("turn", True, ("turn xs", "turn ys"))]
    assert offered("turn xs = turn ys", lists, functions) == ["induction xs", "induction ys"]


def test_the_other_argument_that_is_matched_is_left_general() -> None:
    numbers = [hypothesis("a", NAT), hypothesis("b", NAT)]
    found = offered("leq a b = true", numbers, [Function("leq", True, ("leq a b",))])
    assert found == ["induction a generalizing b", "induction b generalizing a"]


def test_a_constant_is_nothing_to_generalise_nor_to_induct_on() -> None:
    lists = [hypothesis("xs", LIST)]
    assert offered("onto xs [] = xs", lists, [Function("onto", True, ("onto xs []", "onto [] xs"))]) == ["induction xs"]


@pytest.mark.parametrize("depth", [5, 9])
def test_there_is_an_end_to_inductions_in_inductions(depth: int) -> None:
    assert offered("turn xs = xs", [hypothesis("xs", LIST)], [Function("turn", True, ("turn xs",))], depth) == []


def test_the_closers_are_behind_the_induction() -> None:
    main = MainGoal(
        "xs : List Nat\n⊢ turn xs = xs", "turn xs = xs", "Eq", (), (hypothesis("xs", LIST),),
        (Function("turn", True, ("turn xs",)),),
    )  # fmt: skip
    texts = [move.text for move in Induction().moves(Goal(0, main, "", known=KNOWN))]
    assert "induction xs <;> simp_all [turn]" in texts
    assert texts[0] == "induction xs"


def test_an_order_of_numbers_is_a_predicate_too() -> None:
    numbers = [hypothesis("a", NAT), hypothesis("b", NAT), Hypothesis("h", "a ≤ b", True)]
    assert "induction h" in offered("le a b", numbers, [])
    far = [hypothesis("a", NAT), Hypothesis("h", "a ≤ f a", True)]
    assert "induction h" not in offered("le a b", far, [])


def test_what_nested_calls_take_apart_is_left_general_and_split() -> None:
    numbers = [hypothesis("a", NAT), hypothesis("b", NAT), hypothesis("c", NAT)]
    leq = Function("leq", True, ("leq a (leq b c)", "leq b c"))
    main = MainGoal("a b c : Nat\n⊢ leq a (leq b c)", "leq a (leq b c)", "", (), tuple(numbers), (leq,))
    found = [move.text for move in Induction().moves(Goal(0, main, "", known=KNOWN))]
    assert "induction a generalizing b c" in found
    assert "induction a generalizing b c <;> cases b <;> cases c <;> simp_all [leq]" in found


def test_what_several_hypotheses_have_vary_is_left_general_together() -> None:
    numbers = [hypothesis("a", NAT), hypothesis("b", NAT), hypothesis("c", NAT)]
    said = [Hypothesis("h", "leq a b", True), Hypothesis("k", "leq b c", True)]
    leq = Function("leq", True, ("leq a c", "leq a b", "leq b c"))
    assert "induction a generalizing c b" in offered("leq a c", [*numbers, *said], [leq])


def test_each_case_of_an_induction_is_tried_alone() -> None:
    numbers = [hypothesis("a", NAT), hypothesis("b", NAT)]
    leq = Function("leq", True, ("leq a b",))
    main = MainGoal("a b : Nat\n⊢ leq a b", "leq a b", "", (), tuple(numbers), (leq,))
    [step] = [
        move for move in Induction().moves(Goal(0, main, "", known=KNOWN)) if move.text == "induction a generalizing b"
    ]
    texts = [move.text for move in step.plan[1]]
    assert texts[0] == "simp_all [leq]"
    assert "cases b <;> grind [leq]" in texts
    # What is left of a case that is simplified is a goal of its own.
    assert [move.text for move in step.plan[1] if move.onward is not None] == ["simp_all [leq]"]
    assert max(move.cost for move in step.plan[1]) < 2


def test_a_goal_without_functions_asks_for_inductions_on_what_it_speaks_of() -> None:
    lists = [hypothesis("xs", LIST), hypothesis("ys", LIST)]
    assert offered("Sub xs xs", lists, []) == ["induction xs"]
    assert offered("Sub xs ys", lists, []) == [
        "induction xs", "induction ys", "induction xs generalizing ys", "induction ys generalizing xs",
    ]  # fmt: skip


def test_so_does_one_whose_functions_are_applied_to_bound_variables_alone() -> None:
    assert offered("∃ ys, xs = turn ys", [hypothesis("xs", LIST)], [Function("turn", True)]) == ["induction xs"]


def test_an_argument_that_nobody_takes_apart_asks_for_none() -> None:
    lists = [hypothesis("xs", LIST), hypothesis("ys", LIST)]
    assert offered("onto xs ys = xs", lists, [Function("onto", True, ("onto xs ys",))])[0].startswith("induction xs")


DERIVED = Hypothesis("h", "Reach [] (turn xs) n", True, inductive="Reach", recursive=True)


def test_the_terms_that_a_derivation_is_about_become_variables() -> None:
    found = offered("turn n = n", [hypothesis("xs", LIST), hypothesis("n", LIST), DERIVED], [])
    free = "generalize e : [] = x at h\nreplace e := e.symm\ngeneralize e' : (turn xs) = x' at h\ninduction h"
    assert found.index("induction h") < found.index(free), "a parameter may be a term"


def test_a_derivation_about_variables_is_left_as_it_is() -> None:
    about = Hypothesis("h", "Reach xs n", True, inductive="Reach", recursive=True)
    found = offered("turn n = n", [hypothesis("xs", LIST), hypothesis("n", LIST), about], [])
    assert "induction h" in found
    assert not any("generalize " in text for text in found)


def test_what_an_index_was_is_compared_with_what_it_is_in_each_case() -> None:
    about = Hypothesis("h", "Reach [] n", True, inductive="Reach", recursive=True)
    main = MainGoal("n : List Nat\nh : Reach [] n\n⊢ p n", "p n", "p", (), (hypothesis("n", LIST), about))
    [step] = [
        move for move in Induction().moves(Goal(0, main, "", known=KNOWN)) if move.text.endswith("e.symm\ninduction h")
    ]
    first = step.plan[0][0]
    assert first.text == "cases e"
    assert first.onward is not None, "where it is no contradiction, it says what the variable is"
    assert first.skeleton is not None
    assert first.skeleton.fill(["rfl"]) == "cases e\nrfl"


def texts(
    target: str, hypotheses: list[Hypothesis], functions: list[Function], known: Definitions, depth: int
) -> list[str]:
    printed = "\n".join(f"{h.name} : {h.type}" for h in hypotheses)
    main = MainGoal(f"{printed}\n⊢ {target}", target, "Eq", (), tuple(hypotheses), tuple(functions))
    return [move.text for move in Induction().moves(Goal(0, main, "", depth, known=known))]


def test_in_a_case_what_a_function_looks_at_further_in_is_split() -> None:
    known = told(function("gaps", "List Nat → List Nat", deep=True))
    gaps = Function("gaps", True, ("gaps (x :: xs)",))
    lists = [hypothesis("xs", LIST)]
    wanted = "cases xs <;> simp_all [gaps]"
    assert wanted in texts("gaps (x :: xs) = xs", lists, [gaps], known, 1)
    assert wanted not in texts("gaps (x :: xs) = xs", lists, [gaps], known, 0)
    plain = told(function("gaps", "List Nat → List Nat"))
    assert wanted not in texts("gaps (x :: xs) = xs", lists, [gaps], plain, 1)


def test_in_a_case_what_stands_beside_such_a_split_has_an_induction_of_its_own() -> None:
    known = told(function("gaps", "List Nat → List Nat", deep=True), function("many", "Nat → List Nat → List Nat"))
    functions = [Function("gaps", True, ("gaps (many n xs)",)), Function("many", True, ("many n xs",))]
    given = [hypothesis("n", NAT), hypothesis("xs", LIST)]
    wanted = "induction n <;> cases xs <;> simp_all [gaps, many]"
    assert wanted in texts("gaps (many n xs) = xs", given, functions, known, 1)
    assert wanted not in texts("gaps (many n xs) = xs", given, functions, known, 0)


def test_what_is_assumed_of_a_value_and_its_result_is_assumed_for_other_results() -> None:
    known = told(function("eval", "Tm → Option Nat"), function("tidy", "Tm → Tm"))
    tree, value = Hypothesis("t", "Tm", inductive="Tm", recursive=True), hypothesis("v", NAT)
    functions = [Function("eval", True, ("eval t",)), Function("tidy", True, ("tidy t",))]
    claim = "eval (tidy t) = some v"
    given = [Hypothesis("α", "Type"), tree, value, Hypothesis("h", "eval t = some v", True, "Eq")]
    found = texts(claim, given, functions, known, 0)
    assert "induction t generalizing v" in found
    programs = "simp_all [eval, tidy, Bind.bind, Option.bind] <;> grind [eval, tidy]"
    assert f"induction t generalizing v <;> {programs}" in found
    assert "induction t generalizing v" not in texts(claim, given[:3], functions, known, 0)
    bound = Hypothesis("h", "∀ v, eval t = some v → v ≤ 3", True, "")
    assert "induction t generalizing v" not in texts(claim, [*given[:3], bound], functions, known, 0)
    context = Hypothesis("v", "TypeEnv")
    assert "induction t generalizing v" in texts(claim, [given[0], tree, context, given[3]], functions, known, 0)


def test_types_of_few_forms_are_split_where_they_are_met() -> None:
    path = Hypothesis("p", "List Dir", inductive="List", recursive=True)
    tree = Hypothesis("t", "Tree", inductive="Tree", recursive=True)
    known = told(
        function("fetch", "Tree → List Dir → Nat", matched=(0, 1)),
        family("Dir", left="", right=""),
        family("Tree", leaf="", node="Tree, Mark, Tree"),
        family("Mark", red="", black=""),
        family("Other", one=""),
    )
    found = texts("fetch t p = 0", [path, tree], [Function("fetch", True, ("fetch t p",))], known, 0)
    assert "induction t generalizing p <;> grind [fetch, cases Dir, cases Mark]" in found
    assert "induction t generalizing p <;> cases p <;> grind [fetch, cases Dir, cases Mark]" in found


def test_functions_of_the_library_tell_what_varies_too() -> None:
    ops, state = hypothesis("ops", LIST), Hypothesis("s", "Nat → Int")
    fold = Function("List.foldl", True, ("List.foldl act s ops",))
    target = "total (List.foldl act s ops) = total s"
    main = MainGoal(f"⊢ {target}", target, "Eq", (), (ops, state), (), (fold,))
    known = told(function("List.foldl", "(α → β → α) → α → List β → α", matched=(2,), varying=(1,)))
    first = next(move.text for move in Induction().moves(Goal(0, main, "", known=known)))
    assert first == "induction ops generalizing s"


def test_derivations_come_before_values_where_nothing_recurses() -> None:
    x, y = hypothesis("x", NAT), hypothesis("y", NAT)
    part = Hypothesis("h", "Part x y", is_prop=True, inductive="Part", recursive=True)
    found = texts("x ≤ y", [x, y, part], [], told(), 0)
    assert found.index("induction h") < found.index("induction x")


def test_what_the_terms_of_a_derivation_are_made_of_is_left_general() -> None:
    names = {"t": "Tree", "u": "Tree"}
    trees = [Hypothesis(name, kind, inductive=kind, recursive=True) for name, kind in names.items()]
    y = hypothesis("y", NAT)
    member = Hypothesis("h", "Mem y (Tree.node t u)", is_prop=True, inductive="Mem", recursive=True)
    above = "generalize e : (Tree.node t u) = x at h\n"
    assert f"{above}induction h generalizing t u" in texts("0 ≤ y", [*trees, y, member], [], told(), 0)


def test_functions_that_rules_have_as_conditions_are_told_to_grind() -> None:
    heap = InductiveType(
        "Heap",
        ("p",),
        ("Tree",),
        True,
        (Constructor("Heap.node", ("atLeast x l", "p x", "x ≤ y", "Heap l")),),
        (),
        "Heap",
    )
    proof = Hypothesis("h", "Heap t", is_prop=True, inductive="Heap", recursive=True)
    x = hypothesis("x", NAT)
    known = told(heap, function("atLeast"))
    assert "induction h <;> grind [atLeast, Heap]" in texts("x ≤ x", [x, proof], [], known, 0)


def test_rules_about_what_a_function_makes_are_told_in_their_direction() -> None:
    rules = (Constructor("Fits.nil"), Constructor("Fits.two", ("Fits xs", "Fits ys"), computed=True))
    fits = InductiveType("Fits", (), ("List Nat",), True, rules, (), "Fits")
    proof = Hypothesis("h", "Fits xs", is_prop=True, inductive="Fits", recursive=True)
    found = texts("x ≤ x", [hypothesis("x", NAT), proof], [], told(fits), 0)
    assert "induction h <;> grind [Fits, → Fits.two]" in found
