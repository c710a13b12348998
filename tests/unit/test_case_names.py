"""How the cases of a split are written out: names that a person would give, and nothing where that can't be done."""

from dataclasses import replace

import pytest

from ghostproof.suggest.sources.case_names import structured
from ghostproof.suggest.sources.view import view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.goal_text import parse_main

TYPES = scan("inductive Shape where\n  | dot\ninductive Word where\n  | nil\n")


def written(goal: str, split: str, *left: str) -> str | None:
    return structured(split, left, view_of(parse_main(goal), lambda: TYPES))


@pytest.mark.parametrize(
    ("goal", "split", "left", "text"),
    [
        pytest.param(
            "s : Shape\n⊢ P s",
            "induction s",
            (
                "case dot\n⊢ P Shape.dot",
                "case scaled\nk✝ : Nat\ns✝ : Shape\ns_ih✝ : P s✝\n⊢ P (Shape.scaled k✝ s✝)",
                "case pair\ns✝ t✝ : Shape\ns_ih✝ : P s✝\nt_ih✝ : P t✝\n⊢ P (s✝.pair t✝)",
            ),
            "induction s with\n| dot => _\n| scaled k s ih => _\n| pair s t ihs iht => _",
            id="the constructors' own names, and assumptions named after what they are about",
        ),
        pytest.param(
            "w : Word\n⊢ P w",
            "induction w",
            (
                "case nil\n⊢ P Word.nil",
                "case snoc\na✝¹ : Word\na✝ : Nat\na_ih✝ : P a✝¹\n⊢ P (a✝¹.snoc a✝)",
                "case app\na✝¹ a✝ : Word\na_ih✝¹ : P a✝¹\na_ih✝ : P a✝\n⊢ P (a✝¹.app a✝)",
            ),
            "induction w with\n| nil => _\n| snoc w n ih => _\n| app w₁ w₂ ihw₁ ihw₂ => _",
            id="arguments without names",
        ),
        pytest.param(
            "xs : List Nat\nn : Nat\n⊢ P xs n",
            "induction xs generalizing n",
            (
                "case nil\nn : Nat\n⊢ P [] n",
                "case cons\nhead✝ : Nat\ntail✝ : List Nat\ntail_ih✝ : ∀ (n : Nat), P tail✝ n\nn : Nat\n"
                "⊢ P (head✝ :: tail✝) n",
            ),
            "induction xs generalizing n with\n| nil => _\n| cons x xs ih => _",
            id="lists as people write them",
        ),
        pytest.param(
            "m : Nat\nf : Nat → Prop\n⊢ f m",
            "induction m",
            ("case zero\nf : Nat → Prop\n⊢ f 0", "case succ\nf : Nat → Prop\nn✝ : Nat\na✝ : f n✝\n⊢ f (n✝ + 1)"),
            "induction m with\n| zero => _\n| succ n ih => _",
            id="an assumption of induction on numbers, which Lean leaves without a name",
        ),
        pytest.param(
            "n m : Nat\n⊢ P n m",
            "cases m",
            ("case zero\nn : Nat\n⊢ P n 0", "case succ\nn n✝ : Nat\n⊢ P n (n✝ + 1)"),
            "cases m with\n| zero => _\n| succ n' => _",
            id="a name that is taken",
        ),
        pytest.param(
            "case succ\nn : Nat\n⊢ P n",
            "cases n",
            ("case succ.zero\n⊢ P 0", "case succ.succ\nn✝ : Nat\n⊢ P (n✝ + 1)"),
            "cases n with\n| zero => _\n| succ n => _",
            id="a case of a case",
        ),
        pytest.param(
            "h : Sub w Word.nil\n⊢ P w",
            "generalize e : Word.nil = x at h\nreplace e := e.symm\ninduction h",
            ("case none\nx : Word\ne : Word.nil = x\n⊢ P x", "case snoc\nx v✝ : Word\nh✝ : Sub v✝ x\n⊢ P x"),
            "generalize e : Word.nil = x at h\nreplace e := e.symm\ninduction h with\n| none => _\n| snoc v h => _",
            id="behind what makes it possible",
        ),
        pytest.param(
            "h : p ∨ q\n⊢ r",
            "cases h",
            ("case inl\nh✝ : p\n⊢ r", "case inr\nh✝ : q\n⊢ r"),
            "cases h with\n| inl h => _\n| inr h => _",
            id="a proposition keeps its name",
        ),
        pytest.param(
            "x : Pair\n⊢ P x",
            "cases x",
            ("case mk\nfst✝ snd✝ : Nat\n⊢ P (fst✝, snd✝)",),
            "obtain ⟨fst, snd⟩ := x",
            id="one case",
        ),
        pytest.param(
            "w : Word\n⊢ P (len w)",
            "fun_induction len w",
            ("case case1\n⊢ P 0", "case case2\nv✝ : Word\nih1✝ : P (len v✝)\n⊢ P (len v✝ + 1)"),
            "fun_induction len w with\n| case1 => _\n| case2 v ih => _",
            id="functional induction",
        ),
        pytest.param(
            "α : Type\ninst✝ : Mon α\nxs : List α\n⊢ P xs",
            "induction xs",
            (
                "case nil\nα : Type\ninst✝ : Mon α\n⊢ P []",
                "case cons\nα : Type\ninst✝ : Mon α\nhead✝ : α\ntail✝ : List α\ntail_ih✝ : P tail✝\n"
                "⊢ P (head✝ :: tail✝)",
            ),
            "induction xs with\n| nil => _\n| cons x xs ih => _",
            id="an instance stays above",
        ),
        pytest.param(
            "⊢ P (if a then 1 else 2)",
            "split",
            ("case isTrue\nh✝ : a\n⊢ P 1", "case isFalse\nh✝ : ¬a\n⊢ P 2"),
            "split <;> rename_i h",
            id="a tactic that takes no names",
        ),
    ],
)
def test_the_cases_are_written_out(goal: str, split: str, left: tuple[str, ...], text: str) -> None:
    assert written(goal, split, *left) == text


EVEN = Hypothesis("h", "Even n", is_prop=True, inductive="My.Even", recursive=True, implicit=("step",))
PAIR = Hypothesis("h", "Both n", is_prop=True, inductive="My.Both", implicit=("mk",))


@pytest.mark.parametrize(
    ("split", "on", "left", "text"),
    [
        (
            "induction h",
            EVEN,
            ("case zero\n⊢ P 0", "case step\nn✝ : Nat\nh✝ : Even n✝\nh_ih✝ : P n✝\n⊢ P (n✝ + 2)"),
            "induction h with\n| zero => _\n| @step n h ih => _",
        ),
        ("cases h", PAIR, ("case mk\nn✝ : Nat\nh✝ : p n✝\n⊢ P n✝",), "obtain @⟨n, h⟩ := h"),
    ],
)
def test_what_a_constructor_takes_without_being_told_is_named_too(
    split: str, on: Hypothesis, left: tuple[str, ...], text: str
) -> None:
    main = replace(parse_main(f"h : {on.type}\n⊢ P n"), hypotheses=(on,))
    assert structured(split, left, view_of(main, lambda: TYPES)) == text


@pytest.mark.parametrize(
    ("goal", "split", "left"),
    [
        pytest.param("b : T\n⊢ P b", "cases b", ("case a\n⊢ P a", "case b\n⊢ P b"), id="nothing to name"),
        pytest.param(
            "inst✝ : Mon α\nb : T\n⊢ P b", "cases b", ("case a\ninst✝ : Mon α\n⊢ P a", "case b\ninst✝ : Mon α\n⊢ P b"),
            id="nothing to name but an instance that was there",
        ),
        pytest.param(
            "b : T\n⊢ P b", "cases b", ("case a\n⊢ P a", "case b\ninst✝ : Mon α\n⊢ P b"),
            id="a case that brings an instance",
        ),
        pytest.param("n : Nat\n⊢ P n", "cases n", ("⊢ P 0", "n✝ : Nat\n⊢ P (n✝ + 1)"), id="no tags"),
        pytest.param(
            "n k✝ : Nat\n⊢ P n", "cases n", ("case zero\nk✝ : Nat\n⊢ P 0", "case succ\nk✝ n✝ : Nat\n⊢ P (n✝ + 1)"),
            id="names above that can't be written",
        ),
        pytest.param(
            "n : Nat\n⊢ P n", "cases n <;> simp", ("case zero\n⊢ P 0", "case succ\nn✝ : Nat\n⊢ P (n✝ + 1)"),
            id="something stands behind the split",
        ),
        pytest.param(
            "⊢ P (match a with | x => 1)", "split", ("h✝ : a\n⊢ P 1", "h✝¹ : a\nh✝ : b\n⊢ P 2"),
            id="cases that bring differently many things",
        ),
    ],
)  # fmt: skip
def test_the_bare_form_stays(goal: str, split: str, left: tuple[str, ...]) -> None:
    assert written(goal, split, *left) is None
