"""Which theorems are chosen for a goal, and how they are proposed: tables of goals, theorems and what comes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.lean.theorems import reach_of, statements_of, written_of
from ghostproof.learning.selection import OWN_FILE, Selected, Weights, select
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.premise_forms import BESIDE, SINGLE, proposals
from ghostproof.suggest.sources.view import view_of
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.statement import Statement
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.goal_text import parse_main

COUNTS = {"Eq": 900, "List": 500, "List.length": 40, "HAppend.hAppend": 60, "HAdd.hAdd": 200, "Nat": 600, "rev": 2}
TOTAL = 1000


def theorem(name: str, target: str, asked: str = "", sides: str = "", head: str = "Eq") -> Statement:
    return Statement(name, head, tuple(sides.split()), frozenset(target.split()), frozenset(asked.split()))


LENGTH = theorem("length_append", "Eq List List.length HAppend.hAppend HAdd.hAdd Nat", sides="List.length HAdd.hAdd")
COMM = theorem("add_comm", "Eq Nat HAdd.hAdd", sides="HAdd.hAdd HAdd.hAdd")
REV = theorem("rev_rev", "Eq List rev", sides="rev rev")
DEEP = theorem("deep", "Eq List rev Monad Except StateT", sides="rev Monad")
PREMISED = theorem("premised", "Eq List rev", asked="Monad Except StateT", sides="rev rev")
ANY_EQUATION = theorem("Eq.trans", "Eq", asked="Eq", sides="")
ANTISYMMETRY = theorem("le_antisymm", "Eq", asked="LE.le Std.IsPartialOrder")
BOTH = theorem("and_comm", "Iff And", sides="And And", head="Iff")
OTHER = theorem("other", "LT.lt Fin", head="LT.lt")


def chosen(
    goal: Statement, theorems: Sequence[tuple[Statement, float]], worked: Mapping[str, float] | None = None
) -> list[str]:
    return [one.statement.name for one in select(Weights(goal, COUNTS, TOTAL), theorems, worked or {}, 8)]


@pytest.mark.parametrize(
    ("goal", "names"),
    [
        pytest.param(
            theorem("", "Eq Nat List List.length HAppend.hAppend HAdd.hAdd"),
            ["length_append", "add_comm"],
            id="what shares more and rarer constants comes first",
        ),
        pytest.param(
            theorem("", "Eq List rev"), ["rev_rev", "premised", "deep"], id="what speaks of other things comes later"
        ),
        pytest.param(
            theorem("", "Eq Nat HAdd.hAdd", asked="rev"), ["add_comm", "rev_rev"], id="a hypothesis counts less"
        ),
        pytest.param(theorem("", "Dvd.dvd"), [], id="nothing in common"),
    ],
)
def test_the_order_of_theorems(goal: Statement, names: list[str]) -> None:
    found = chosen(goal, [(each, 1.0) for each in (OTHER, DEEP, PREMISED, REV, COMM, LENGTH)])
    assert found[: len(names)] == names
    assert "other" not in found


@pytest.mark.parametrize(
    ("goal", "names"),
    [
        pytest.param("Eq List rev", [], id="an equation is no reason to speak of equality"),
        pytest.param("Eq And rev", ["and_comm"], id="a connective of the goal is one"),
        pytest.param("Eq", ["Eq.trans", "le_antisymm"], id="where nothing else is spoken of, they are all there is"),
    ],
)
def test_what_holds_of_any_values_is_no_theorem_about_those_of_a_goal(goal: str, names: list[str]) -> None:
    assert chosen(theorem("", goal), [(ANY_EQUATION, 1.0), (ANTISYMMETRY, 1.0), (BOTH, 1.0)]) == names


def test_an_equation_of_any_values_is_one_where_a_hypothesis_is_what_it_asks_for() -> None:
    assert chosen(theorem("", "Eq List rev", asked="LE.le"), [(ANTISYMMETRY, 1.0)]) == ["le_antisymm"]


def test_a_theorem_of_the_file_comes_before_its_equal() -> None:
    twin = theorem("z_of_the_file", "Eq List rev", sides="rev rev")
    assert chosen(theorem("", "Eq List rev"), [(REV, 1.0), (twin, OWN_FILE)])[0] == "z_of_the_file"


def test_what_worked_at_a_goal_like_it_counts_even_where_nothing_is_shared() -> None:
    goal = theorem("", "Eq List rev")
    assert chosen(goal, [(OTHER, 1.0), (DEEP, 1.0)], {"other": 1.0})[0] == "other"
    assert "other" not in chosen(goal, [(OTHER, 1.0), (DEEP, 1.0)])


def test_what_the_goal_s_functions_are_made_of_is_less_foreign_than_the_rest() -> None:
    """A lemma about a function that the goal's own one calls is what is needed once that is unfolded."""
    goal, calls = theorem("", "Eq List rev"), theorem("calls", "Eq List rev snoc", sides="rev snoc")
    strange = theorem("a_stranger", "Eq List rev Monad", sides="rev Monad")
    only_called = theorem("snoc_nil", "Eq snoc", sides="snoc snoc")
    unfolded = replace(goal, unfolded=frozenset({"snoc", "List"}))
    assert chosen(goal, [(calls, 1.0), (strange, 1.0)]) == ["a_stranger", "calls"]  # alike, so by name
    assert chosen(unfolded, [(calls, 1.0), (strange, 1.0)]) == ["calls", "a_stranger"]
    assert chosen(unfolded, [(REV, 1.0), (calls, 1.0)]) == ["rev_rev", "calls"]
    # What has nothing in common with the goal as it stands is not chosen for that alone.
    assert chosen(replace(theorem("", "rev"), unfolded=frozenset({"snoc"})), [(only_called, 1.0)]) == []


def test_a_theorem_that_says_the_same_scores_best() -> None:
    weights = Weights(theorem("", "Eq List rev"), COUNTS, TOTAL)
    assert weights.score(REV) == pytest.approx(1.0)
    assert 0 < weights.score(DEEP) < weights.score(PREMISED) < 1


NAT = "xs ys : List Nat\n⊢ (xs ++ ys).length = ys.length + xs.length"


def proposed(goal: Statement, *theorems: Statement, text: str = NAT) -> list[tuple[str, Tier]]:
    premises = [(Selected(each, 1.0 / (place + 1)), each.name) for place, each in enumerate(theorems)]
    return list(proposals(goal, premises, view_of(parse_main(text), lambda: scan(""))))


@pytest.mark.parametrize(
    ("used", "first", "never"),
    [
        pytest.param(LENGTH, "rw [length_append]", "apply length_append", id="an equation rewrites"),
        pytest.param(
            theorem("back", "Eq Nat List.length", sides="Other List.length"), "simp [back]", "rw [back]", id="backwards"
        ),
        pytest.param(theorem("le", "LE.le Nat", head="LE.le"), "grind [le]", "exact le ..", id="another head"),
        pytest.param(theorem("eq", "Eq Nat"), "apply eq", "rw [eq]", id="no sides are known"),
    ],
)
def test_what_is_proposed_with_one_theorem(used: Statement, first: str, never: str) -> None:
    goal = theorem("", "Eq Nat List List.length HAppend.hAppend HAdd.hAdd", sides="List.length HAdd.hAdd")
    texts = [text for text, _ in proposed(goal, used)]
    assert texts[0] == first
    assert never not in texts


def test_an_equation_is_turned_round_where_its_right_side_stands_in_the_goal() -> None:
    goal = theorem("", "Eq Nat List.length", sides="List.length List.length")
    texts = [text for text, _ in proposed(goal, theorem("back", "Eq Nat List.length", sides="Other List.length"))]
    assert "rw [← back]" in texts


def test_several_theorems_go_together_and_with_an_induction_at_last() -> None:
    goal = theorem("", "Eq Nat List List.length HAppend.hAppend HAdd.hAdd", sides="List.length HAdd.hAdd")
    found = dict(proposed(goal, LENGTH, COMM))
    assert found["grind [length_append, add_comm]"] is Tier.QUICK
    assert found["induction xs <;> simp_all [length_append, add_comm]"] is Tier.SLOW
    assert not any("LS" in text or "{" in text for text in found)


def test_what_equates_variables_is_no_rule_for_a_simplifier() -> None:
    goal = theorem("", "Eq Nat List List.length HAppend.hAppend HAdd.hAdd", sides="List.length HAdd.hAdd")
    le_antisymm = replace(ANTISYMMETRY, sides=("", ""))
    texts = [text for text, _ in proposed(goal, le_antisymm, LENGTH, COMM)]
    assert [text for text in texts if "le_antisymm" in text] == ["exact le_antisymm ..", "apply le_antisymm"]
    assert "grind [length_append, add_comm]" in texts
    assert len(proposed(goal, le_antisymm)) == 2


def test_what_proves_the_goal_by_itself_goes_first() -> None:
    view = view_of(parse_main("xs : List Nat\n⊢ rev (rev xs) = xs"), lambda: scan(""))
    chosen = [(Selected(REV, 1.0), "rev_rev")]
    found = list(proposals(theorem("", "Eq rev List", sides="rev "), chosen, view, ["rev_rev xs", "(other xs).symm"]))
    assert found[:2] == [("exact rev_rev xs", Tier.INSTANT), ("exact (other xs).symm", Tier.INSTANT)]
    assert found[2:]


def test_definitions_that_the_goal_speaks_of_are_unfolded_beside_lemmas() -> None:
    declared = "def rev : List Nat → List Nat\n  | [] => []\n  | x :: xs => rev xs ++ [x]\n"
    view = view_of(parse_main("xs : List Nat\n⊢ rev (rev xs) = xs"), lambda: scan(declared))
    assert view.functions
    found = [text for text, _ in proposals(REV, [(Selected(REV, 1.0), "rev_rev")], view)]
    assert {"simp [rev, rev_rev]", "simp_all [rev, rev_rev]", "grind [rev, rev_rev]", "rw [rev]"} <= {*found}


def test_what_the_functions_are_made_of_is_unfolded_with_them() -> None:
    declared = "def rev : List Nat → List Nat\n  | [] => []\n  | x :: xs => snoc (rev xs) x\n"
    view = view_of(parse_main("xs : List Nat\n⊢ rev (rev xs) = xs"), lambda: scan(declared))
    chosen = [(Selected(REV, 1.0), "rev_rev")]
    found = [text for text, _ in proposals(REV, chosen, view, made_of=["snoc"])]
    assert {"simp_all [rev, snoc, rev_rev]", "grind [rev, snoc, rev_rev]"} <= {*found}
    assert "induction xs <;> grind [rev, snoc, rev_rev]" in found
    assert not any("MS" in text for text in [*found, *(text for text, _ in proposals(REV, chosen, view))])


def test_a_lemma_about_a_predicate_goes_with_what_the_predicate_says() -> None:
    main = parse_main("t u : Term\nh : Steps t u\n⊢ Value u")
    derived = Hypothesis("h", "Steps t u", True, inductive="Steps", recursive=True)
    view = view_of(replace(main, hypotheses=(*main.hypotheses[:-1], derived)), lambda: scan(""))
    used = theorem("kept", "Value", asked="Steps", head="Value")
    found = [text for text, _ in proposals(theorem("", "Value", asked="Steps"), [(Selected(used, 1.0), "kept")], view)]
    assert {"grind [Steps, kept]", "induction h <;> grind [Steps, kept]"} <= {*found}


def test_they_are_few_and_fewer_are_tried_where_the_goal_is_closed() -> None:
    goal = theorem("", "Eq Nat List List.length HAppend.hAppend HAdd.hAdd", sides="List.length HAdd.hAdd")
    many = [theorem(f"l{n}", "Eq List List.length", sides="List.length List.length") for n in range(40)]
    found = proposed(goal, *many)
    assert len(found) <= SINGLE + 12
    assert all(tier >= Tier.INSTANT for _, tier in found)
    assert 0 < sum(tier is Tier.INSTANT for _, tier in found) <= BESIDE


def test_answers_of_the_prober_are_read_and_strange_rows_are_nobodys() -> None:
    row: list[object] = ["A.b", "Eq", ["f", ""], ["Eq", "f"], ["g"]]
    wanted = Statement("A.b", "Eq", ("f", ""), frozenset({"Eq", "f"}), frozenset({"g"}))
    assert statements_of([row, ["A.c"], 7, [1, 2, 3, 4, 5]]) == [wanted]
    answer = ProbeAnswer({"target": ["Eq"], "hypotheses": ["f"], "head": "Eq", "sides": ["f", "g"], "own": [row]})
    reach = reach_of(answer)
    assert reach is not None
    assert reach.goal == Statement("", "Eq", ("f", "g"), frozenset({"Eq"}), frozenset({"f"}))
    assert reach.own == (wanted,)
    assert (reach.made_of, reach.selector) == ((), False)
    more = reach_of(ProbeAnswer({"own": [], "madeOf": ["snoc"], "selector": True}))
    assert more is not None
    assert (more.made_of, more.selector) == (("snoc",), True)
    assert reach_of(ProbeAnswer({"unknown": "no goal"})) is None
    names = ProbeAnswer({"names": [{"name": "b", "statement": "True"}, {}]})
    assert [(one.name, one.text, one.type) for one in written_of(names, ["A.b", "A.c"])] == [("A.b", "b", "True")]
