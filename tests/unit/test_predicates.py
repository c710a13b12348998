"""Inductive predicates: what is guessed about them, and what is proved of them."""

from dataclasses import replace

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.conjectures import conjectures
from ghostproof.search.goal_words import by_rules, predicates_of, rules_of
from ghostproof.search.remembered import Lemma, Remembered
from ghostproof.search.short_proofs import short_proofs
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategy import Doubt, Goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Constructor, InductiveType
from support.told_definitions import function, told

KNOWN = told(
    function("put", "Nat → List Nat → List Nat", matched=(1,)),
    function("sort", "List Nat → List Nat", uses=("put",)),
    InductiveType("Ordered", (), ("List Nat",), True, print="Ordered"),
)
PUT = Function("put", True, (), ("Nat", "List Nat"), "List Nat")
ORDERED, WITHIN = (
    Function("Ordered", True, (), ("List Nat",), "Prop"),
    Function("Within", True, (), ("Nat", "List Nat"), "Prop"),
)
RELATIONS = (("Star", 2), ("Small", 2), ("Value", 1))
KEPT = Conjecture(
    (("xs", "List Nat"), ("n", "Nat")), "Ordered (put n xs)", "", given=("Ordered xs",), relation="",
    about=frozenset({("Ordered", "Prop"), ("put", "List Nat")}),
)  # fmt: skip


def test_what_keeps_a_predicate_is_guessed() -> None:
    said = {one.statement for one in conjectures([PUT], predicates=[ORDERED, WITHIN])}
    assert "∀ (x : List Nat) (p0 : Nat), Ordered x → Ordered (put p0 x)" in said
    assert "∀ (x : List Nat) (q0 p0 : Nat), Within q0 x → Within q0 (put p0 x)" in said
    assert "∀ (x : List Nat) (p0 q0 : Nat), p0 ≤ q0 → Within p0 x → Within p0 (put q0 x)" in said


def test_what_relates_lists_says_something_of_their_lengths() -> None:
    sub = Function("Sub", True, (), ("List Nat", "List Nat"), "Prop")
    size = Function("size", True, (), ("List Nat",), "Nat")
    said = {one.statement for one in conjectures([size], predicates=[sub, ORDERED])}
    assert "∀ (x y : List Nat), Sub x y → List.length x ≤ List.length y" in said
    assert "∀ (x y : List Nat), Sub x y → size x = size y" in said
    trees = Function("Below", True, (), ("Tree", "Tree"), "Prop")
    assert not any("length" in one.statement for one in conjectures([], predicates=[trees]))


def test_a_claim_is_tried_with_the_rules_that_ask_for_nothing() -> None:
    known = told(
        InductiveType("Star", is_prop=True, constructors=(
            Constructor("Star.refl", ("Ex",)), Constructor("Star.head", ("Small a b", "Star b c")),
        )),
        InductiveType("Small", is_prop=True, constructors=(
            Constructor("Small.nums", ("Nat", "Nat")), Constructor("Small.less", ("m ≤ n",)),
            Constructor("Small.some", ("∃ x, q x",)),
        )),
    )  # fmt: skip
    main = MainGoal(
        "h : Star a b\n⊢ Star a c", "Star a c", "Star", (), (Hypothesis("h", "Star a b", True, "Star", True),)
    )
    found = list(by_rules(Goal(0, main, "", known=known), ["induction h"], []))
    assert found[-1] == "induction h <;> grind [Small.nums, Star.refl]"


def test_a_list_may_relate_to_the_same_with_its_first_element_last() -> None:
    shuffle = Function("Shuffle", True, (), ("List α", "List α"), "Prop")
    said = {one.statement for one in conjectures([], predicates=[shuffle])}
    assert "∀ (y : List α) (x : α), Shuffle (y ++ [x]) (x :: y)" in said


def test_what_relates_parts_may_relate_what_is_built_of_them() -> None:
    star, small, value = (Function(name, True, (), ("Ex",) * count, "Prop") for name, count in RELATIONS)
    built = {"Ex": (Constructor("Ex.num", ("Nat",)), Constructor("Ex.add", ("Ex", "Ex")))}
    said = {one.statement for one in conjectures([], predicates=[star, small, value], built=built)}
    assert "∀ (x y z1 : Ex), Star x y → Star (Ex.add x z1) (Ex.add y z1)" in said
    assert "∀ (x y z0 : Ex), Star x y → Star (Ex.add z0 x) (Ex.add z0 y)" in said
    assert "∀ (x y : Ex) (w0 : Nat), Star x y → Star (Ex.add (Ex.num w0) x) (Ex.add (Ex.num w0) y)" in said
    assert "∀ (x y : Ex), Value x → Small x y → False" in said
    checked = {"Ex": (Constructor("Ex.neg", ("Ex", "0 < n")),)}
    assert not any("neg" in one.statement for one in conjectures([], predicates=[star], built=checked))
    assert not any("Ex.add" in one.statement for one in conjectures([], predicates=[star]))


def test_what_does_not_look_at_a_part_does_not_see_it_change() -> None:
    evaluated = Function("eval", True, (), ("Nat → Nat", "Exp"), "Nat")
    put = Function("put", False, (), ("Nat → Nat", "Nat", "Nat"), "Nat → Nat")
    uses = Function("uses", True, (), ("Nat", "Exp"), "Bool")
    names = Function("names", True, (), ("Exp",), "List Nat")
    said = {one.statement for one in conjectures([evaluated, put, uses, names])}
    behind = "eval (put x q1 q2) y = eval x y"
    assert f"∀ (y : Exp) (x : Nat → Nat) (q1 q2 : Nat), uses q1 y = false → {behind}" in said
    assert f"∀ (y : Exp) (x : Nat → Nat) (q1 q2 : Nat), ¬ q1 ∈ names y → {behind}" in said
    assert not any("eval (put" in one.statement and one.given for one in conjectures([evaluated, put]))


def test_a_goal_about_a_predicate_has_such_guesses_first() -> None:
    target = "Ordered (sort ns)"
    hypotheses = (Hypothesis("ns", "List Nat", inductive="List", recursive=True),)
    sort = Function("sort", True, ("sort ns",), ("List Nat",), "List Nat")
    main = MainGoal(f"ns : List Nat\n⊢ {target}", target, "Ordered", (), hypotheses, (sort,))
    doubt = next(one for one in Exploration().moves(Goal(0, main, "", known=KNOWN)) if isinstance(one, Doubt))
    assert "∀ (xs : List Nat) (n : Nat), Ordered xs → Ordered (put n xs)" in doubt.statements[:6]


def test_guesses_speak_of_what_the_rules_of_a_predicate_ask_for() -> None:
    rule = Constructor("Ordered.cons", ("Within n ns", "Ordered ns"))
    within = InductiveType("Within", (), ("Nat", "List Nat"), True, print="Within")
    known = told(*KNOWN.functions.values(), replace(KNOWN.families["Ordered"], constructors=(rule,)), within)
    hypotheses = (Hypothesis("h", "Ordered ns", is_prop=True, inductive="Ordered"), Hypothesis("ns", "List Nat"))
    main = MainGoal("⊢ Ordered (put n ns)", "Ordered (put n ns)", "Ordered", (), hypotheses, (PUT,))
    goal = Goal(0, main, "", known=known)
    assert predicates_of(goal, goal.view) == ("Ordered", "Within")
    assert "Within" in [rule.name for rule in rules_of(goal, goal.view)]


def test_what_is_assumed_is_taken_apart_by_its_rules() -> None:
    first, *others = short_proofs(KEPT, "put", {}, ["Ordered"])
    assert first == "intro xs n h\n  induction h <;> grind [put, Ordered]"
    assert "intro xs\n  induction xs <;> simp_all [put]" in others  # `simp` takes no rules
    assert next(short_proofs(KEPT, "", {}, ["Ordered"])).endswith("grind [Ordered]")


def test_what_was_found_of_a_predicate_counts_as_long_as_it_reads_so() -> None:
    remembered = Remembered()
    remembered.prove(KNOWN, KEPT, Lemma("its proof"), [])
    remembered.refute(KNOWN, KEPT, ())
    other = told(*KNOWN.functions.values(), replace(KNOWN.families["Ordered"], print="other"))
    names = ["put", "Ordered"]
    assert list(remembered.recall(KNOWN, names)) == [KEPT]
    assert remembered.is_refuted(KNOWN, KEPT)
    assert not remembered.recall(other, names)
    assert not remembered.is_refuted(other, KEPT)
