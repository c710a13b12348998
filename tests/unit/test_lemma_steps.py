"""Lemmas that a proof states for itself, read as theorems: what they say, of what, and how the rest uses them."""

from itertools import islice

import pytest

from ghostproof.search.lemma_steps import LemmaStep, Theorem, counted_anew, lemma_steps, names_after, renamed, theorems
from ghostproof.verify.checker import Hypothesis

JOIN = """\
have key : ∀ (x : Seq α), join x Seq.nil = x := by
  intro x
  induction x <;> simp_all [join]
have key1 : ∀ {β : Type} (x y : Seq β) (n : Nat), n ≤ 3 → size (join x y) = size y + size x := by
  intro x y n h
  induction x <;> grind
induction s <;> simp_all [back]
exact (key s).symm"""


def only(script: str) -> LemmaStep:
    (step,) = lemma_steps(script)
    return step


def test_steps_are_read_from_the_top() -> None:
    first, second = lemma_steps(JOIN)
    assert (first.name, first.statement) == ("key", "∀ (x : Seq α), join x Seq.nil = x")
    assert first.proof == "intro x\ninduction x <;> simp_all [join]"
    assert first.rest == JOIN[JOIN.index("have key1") :]
    assert second.statement.endswith("n ≤ 3 → size (join x y) = size y + size x")
    assert second.rest.endswith("simp_all [join]\ninduction s <;> simp_all [back]\nexact (key s).symm")


@pytest.mark.parametrize(
    ("script", "proof"),
    [
        ("have key : p := by simp\nexact key", "simp"),
        ("have key : p := h.1\nexact key", "exact h.1"),
        ("cases h with\n| inl h =>\n  have key : p := by\n    simp\n    done\n  exact key", "simp\ndone"),
        ("have key : ∀ (x : A),\n    p x := by\n  simp\nexact key", "simp"),
    ],
)
def test_a_step_in_any_layout(script: str, proof: str) -> None:
    step = only(script)
    assert step.proof == proof
    assert "have" not in step.rest


@pytest.mark.parametrize(
    "script",
    [
        "have keys : p := by simp\nexact keys",  # somebody's own
        "· have key : p := by simp\n  exact key",  # what stands behind it is the bullet's
        "have key : p := fun\n  | a => b\nexact key",
        "exact key",
    ],
)
def test_what_is_no_such_step(script: str) -> None:
    assert not list(lemma_steps(script))


@pytest.mark.parametrize(
    ("script", "statement"),
    [
        (JOIN.partition("have key1")[0], "k (x : Seq α) : join x Seq.nil = x := by"),
        (JOIN[JOIN.index("have key1") :], "k {β : Type} (x y : Seq β) (n : Nat) : n ≤ 3 → size (join x y)"),
        ("have key : ∀ (x y : A), p x y := by\n  intro x\n  simp", "k (x y : A) : p x y"),
        ("have key : ∀ (x y : A), p x y := by\n  intro a\n  simp", "k : ∀ (x y : A), p x y"),
        ("have key : p := by simp", "k : p := by\n  sorry"),
        ("have key : p a := h a", "k : p a := sorry"),
    ],
)
def test_how_it_reads_as_a_theorem(script: str, statement: str) -> None:
    assert next(theorems(only(script), "k", ())).stated("theorem").startswith(f"theorem {statement}")


def test_what_the_binders_say_is_not_introduced_again() -> None:
    _, second = lemma_steps(JOIN)
    assert [made.script.split("\n")[0] for made in theorems(second, "k", ())] == ["intro h", "intro x y n h"]


CONTEXT = (
    Hypothesis("α", "Type u_1"),
    Hypothesis("β", "Type v"),
    Hypothesis("inst✝", "BEq α"),
    Hypothesis("inst✝¹", "Ord β"),
    Hypothesis("n", "Fin m"),
    Hypothesis("m", "Nat"),
    Hypothesis("h", "m = 2", is_prop=True),
    Hypothesis("k✝", "Nat"),
)


@pytest.mark.parametrize(
    ("statement", "binders"),
    [
        ("∀ (x : Seq α), join x x = x", "{α : Type _} [BEq α] "),
        ("∀ (x : Seq β), join x x = x", "{β : Type v} [Ord β] "),
        ("∀ (m : Nat), twice m = m", ""),  # its own m
        ("∀ (x : Nat), twice n = x", "{n : Fin m} {m : Nat} "),
        ("∀ (x : Nat), use h = x", ""),  # a theorem that assumes less says something else
    ],
)
def test_what_it_says_of_the_goals_variables_becomes_arguments(statement: str, binders: str) -> None:
    step = only(f"have key : {statement} := by\n  simp\nexact key")
    last = list(theorems(step, "name", CONTEXT))[-1]
    assert last == Theorem(f"name {binders}".rstrip(), statement, "simp")


def test_a_long_statement_goes_on_below() -> None:
    said = " ∧ ".join(["a = b"] * 14)
    assert Theorem("name", said, "simp").stated("theorem") == f"theorem name :\n    {said} := by\n  sorry"


def test_how_the_rest_may_use_it() -> None:
    first, _ = lemma_steps(JOIN)
    plain, named, kept = first.uses("join_nil")
    assert plain.endswith("\ninduction s <;> simp_all [back]\nexact (join_nil s).symm")
    assert "key1" in plain
    assert "\n  induction x <;> grind [join_nil]\n" in named
    assert "\ninduction s <;> simp_all [back, join_nil]\n" in named
    assert kept.startswith("have key := @join_nil\nhave key1 : ")
    assert kept.endswith("exact (key s).symm")


@pytest.mark.parametrize(
    ("statement", "text", "name"),
    [
        ("∀ (x y : Seq α), back (join x y) = join y x", "theorem t", "back_join"),
        ("∀ (x : Seq α), Seq.join x Seq.nil = x", "theorem t", "join_nil"),
        ("∀ (x y : Seq α), back (join x y) = join y x", "theorem back_join", "t_aux"),
        ("∀ (x y : Seq α), back (join x y) = join y x", "theorem Seq.back_join theorem t_aux", "t_aux2"),
        ("∀ (x : Seq α), back x = x", "", "t_aux"),
        ("∀ (x : Seq α), a (b (c (d x))) = x", "", "t_aux"),
    ],
)
def test_its_name_is_no_word_of_the_text(statement: str, text: str, name: str) -> None:
    step = only(f"have key : {statement} := by simp")
    assert next(names_after(step, "t", text)) == name


def test_the_goals_variables_are_no_functions() -> None:
    step = only("have key : ∀ (x y : Seq α), count n (join x y) = m := by simp")
    assert next(names_after(step, "t", "", CONTEXT)) == "count_join"


def test_further_names_have_numbers() -> None:
    step = only("have key : ∀ (x y : Seq α), back (join x y) = join y x := by simp")
    assert [*islice(names_after(step, "t", "theorem t_aux2"), 3)] == ["back_join", "t_aux", "t_aux3"]


@pytest.mark.parametrize("declaration", ["", "«a b»"])
def test_a_name_where_the_declaration_gives_none(declaration: str) -> None:
    assert next(names_after(only("have key : p := by simp"), declaration, "")) == "aux"


@pytest.mark.parametrize(
    ("given", "kept", "names"),
    [
        ("t_aux t_aux2", "t_aux2", {"t_aux2": "t_aux"}),
        ("t_aux t_aux2", "t_aux", {}),
        ("t_aux back_join t_aux2 t_aux3", "back_join t_aux2 t_aux3", {"t_aux2": "t_aux", "t_aux3": "t_aux2"}),
        ("t_aux2 t_aux5", "t_aux5", {"t_aux5": "t_aux2"}),  # the numbers between are somebody else's
        ("t_aux join_nil", "join_nil", {}),
        ("s_aux t_auxiliary t_aux", "t_auxiliary t_aux", {}),
    ],
)
def test_numbers_of_what_is_left_have_no_gap(given: str, kept: str, names: dict[str, str]) -> None:
    assert counted_anew(given.split(), kept.split(), "t") == names


def test_names_that_follow_each_other_are_exchanged_at_once() -> None:
    text = "t_aux2 t_aux3' t_aux3 x.t_aux2 t_aux2.symm"
    assert renamed(text, {"t_aux2": "t_aux", "t_aux3": "t_aux2"}) == "t_aux t_aux3' t_aux2 x.t_aux2 t_aux.symm"
