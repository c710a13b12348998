"""What the scratch checker reads from Lean's messages and goals, and the texts that it makes. No Lean needed."""

import re

import pytest

from ghostproof.lean.document import smallest_edit
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import SourceText
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.messages import axioms, hints, is_parse_error, refusal, uses_sorry
from ghostproof.verify.scratch_text import REST, Hole
from ghostproof.verify.scratch_trust import sealed
from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected


@pytest.mark.parametrize(
    ("message", "offers"),
    [
        ("Try this: exact foo", ("exact foo",)),
        ("Try this:\n  [apply] exact foo", ("exact foo",)),
        ("Try this:\n  [apply] rw [foo]\n  -- a < b", ("rw [foo]",)),
        ("Try this: refine foo ?_\n-- Remaining subgoals:\n-- ⊢ p", ("refine foo ?_",)),
        ("Try these:\n  [apply] grind\n  [apply] ·\n    cases h\n    · rfl", ("grind", "·\n  cases h\n  · rfl")),
        ("Try these:\n• simp only [a,\n    b]\n• grind", ("simp only [a,\n  b]", "grind")),
        ("Try this:\n  [apply] simp only [a,\n    b]", ("simp only [a,\n  b]",)),
        ("unused variable", ()),
    ],
)
def test_offers(message: str, offers: tuple[str, ...]) -> None:
    assert hints(message) == offers


@pytest.mark.parametrize(
    "message",
    [
        "unexpected token ')'; expected term",
        "unexpected end of input; expected ')', ',' or ':'",
        "unexpected identifier; expected command",
        "expected '{' or indented tactic sequence",
        "unknown tactic",
        "unterminated comment",
        "unexpected end of input",
    ],
)
def test_parse_errors(message: str) -> None:
    assert is_parse_error(message)
    assert refusal(message) == Rejected(Reason.PARSE, message)


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ("Expected type must not contain free variables", Reason.ERROR),
        ("expected type must be known", Reason.ERROR),
        ("unknown tactic `foo` was used", Reason.ERROR),
        ("fail to show termination for\n  foo", Reason.CIRCULAR),
        ("(deterministic) timeout at `whnf`, maximum number of heartbeats (200000) has been reached", Cause.HEARTBEATS),
        ("maximum recursion depth has been reached\nuse …", Cause.MEMORY),
        ("(kernel) deep recursion detected", Cause.MEMORY),
    ],
)
def test_what_an_error_means(message: str, verdict: Reason | Cause) -> None:
    expected = Rejected(verdict, message) if isinstance(verdict, Reason) else Inconclusive(verdict, message)
    assert refusal(message) == expected


def test_sorry_and_axioms() -> None:
    assert uses_sorry("declaration uses 'sorry'")
    assert uses_sorry("declaration uses `sorry`")
    assert axioms("'foo' depends on axioms: [propext,\n Quot.sound]") == frozenset({"propext", "Quot.sound"})
    assert axioms("'foo' does not depend on any axioms") == frozenset()
    assert axioms("foo : Nat") is None


GOAL = """case succ.inl
α β : Type
inst✝ : Group α
n : Nat
xs : List (α ×
  β)
k : Nat := 5
h : n = 0 ∨ ∃ m, n = m + 1
h' : ∀ x ∈ xs, x = x
⊢ n < 5 → ∀ (x y : Nat) [inst : Foo α], ∃ z,
    x = z"""


def test_a_goal_taken_apart() -> None:
    main = parse_main(GOAL)
    assert main.goal == GOAL
    assert main.target.startswith("n < 5 → ∀ (x y : Nat)")
    assert (main.head, main.binders) == ("∀", ("", "x", "y", "inst"))
    assert [h.name for h in main.hypotheses] == ["α", "β", "inst✝", "n", "xs", "k", "h", "h'"]
    assert [h.inductive for h in main.hypotheses] == ["", "", "", "Nat", "List", "Nat", "Or", ""]
    assert [h.name for h in main.hypotheses if h.is_prop] == ["h"]
    assert main.hypotheses[4].type == "List (α × β)"
    assert main.hypotheses[5].type == "Nat"


@pytest.mark.parametrize(
    ("target", "head", "binders"),
    [
        ("a = b", "Eq", ()),
        ("a = b ∧ c ≤ d", "And", ()),
        ("p ∧ q ∨ r", "Or", ()),
        ("(p → q) ↔ ¬r", "Iff", ()),
        ("¬p = q", "Not", ()),
        ("¬p ∧ q", "And", ()),
        ("¬p", "Not", ()),
        ("∃ x, p x ∧ q", "Exists", ()),
        ("∀ x > 0, p x", "∀", ("x", "")),
        ("∀ x y, p x → q", "∀", ("x", "y", "")),
        ("p → q → r", "∀", ("", "")),
        ("List.Perm xs ys", "List.Perm", ()),
        ("(fun x => x = 1) = f", "Eq", ()),
        ("p ∧ ∀ x, q → x", "And", ()),
        ("False", "False", ()),
    ],
)
def test_heads(target: str, head: str, binders: tuple[str, ...]) -> None:
    main = parse_main(f"⊢ {target}")
    assert (main.head, main.binders) == (head, binders)


def test_texts_of_a_trial() -> None:
    text = "theorem a : p := by\n  sorry\n  skip\n\ntheorem b : q := rfl\n"
    hole = Hole.cut(text, Spot(22, 27, "", 2, SpotKind.SORRY))
    trial = hole.trial("intro x\nexact\n\n  x")
    assert trial.source.text == (
        "theorem a : p := by\n  ((intro x\n    exact\n\n      x\n    )\n   all_goals sorry)\n  skip"
        "\n#print axioms _root_.a"
    )
    assert trial.source.text[trial.ask :].startswith("all_goals")
    assert trial.source.text[: trial.tail].endswith("skip")
    assert hole.final("x").source.text == "theorem a : p := by\n  x\n  skip\n#print axioms _root_.a"
    opening = hole.opening()
    assert opening.source.text[opening.ask :].startswith("skip; sorry)\n  skip")


def hole(marked: str) -> Hole:
    """A hole at `⟦sorry⟧`."""
    before, _, rest = marked.partition("⟦sorry⟧")
    column = len(before) - (before.rfind("\n") + 1)
    return Hole.cut(before + "sorry" + rest, Spot(len(before), len(before) + 5, "", column, SpotKind.SORRY))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        (
            "namespace N\ntheorem a : p := by\n  ⟦sorry⟧\n",
            "namespace N\naxiom _root_.REST : False\ntheorem a : p := by\n  simp\n#print axioms _root_.N.a",
        ),
        (
            'theorem a : p := by\n  ⟦sorry⟧\n  · sorry\n  exact f sorry "sorry" h.sorry -- sorry\n',
            "axiom _root_.REST : False\ntheorem a : p := by\n  simp\n  · (nomatch _root_.REST)\n"
            '  exact f (nomatch _root_.REST) "sorry" h.sorry\n#print axioms _root_.a',
        ),
        (
            "example (n : Nat) : p := by\n  ⟦sorry⟧\n",
            "axiom _root_.REST : False\nnoncomputable def ghostproof_named (n : Nat) : p := by\n  simp\n"
            "#print axioms ghostproof_named",
        ),
        (
            "instance : C p where\n  f := by\n    ⟦sorry⟧\n",
            "axiom _root_.REST : False\ninstance ghostproof_named : C p where\n  f := by\n    simp\n"
            "#print axioms ghostproof_named",
        ),
        ("@[simp]\ntheorem a : p := by\n  ⟦sorry⟧\n", None),
        ("open N in\ntheorem a : p := by\n  ⟦sorry⟧\n", None),
        ("private\ntheorem a : p := by\n  ⟦sorry⟧\n", None),
        ("mutual\ntheorem a : p := by\n  ⟦sorry⟧\nend\n", None),
        ("@[instance] instance : C p := by\n  ⟦sorry⟧\n", None),
        ("my_theorem a : p := by\n  ⟦sorry⟧\n", None),
    ],
)
def test_texts_about_the_candidate_alone(marked: str, expected: str | None) -> None:
    """What has no name gets one, other proofs that are missing get an axiom; nothing is guessed."""
    there = hole(marked)
    found = there.alone("simp", there.text[: there.declaration.start], closing=False)
    assert (found.source.text.replace(REST, "REST") if found else None) == expected
    if found is not None:
        assert found.source.text[found.start : found.end] == "simp"
        assert found.source.text[found.tail :].startswith("\n#print axioms")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def a := 1\ntheorem b : p := h\n", "def a := 1\ntheorem b : p := h\n"),
        ("def r (n : Nat) : Nat := sorry\ndef a := 1\n", "opaque r (n : Nat) : Nat\ndef a := 1\n"),
        ("def r : Nat :=\n  by sorry\n", "opaque r : Nat\n"),
        ("theorem b : p := by\n  simp\n  sorry\ndef a := 1\n", "\ndef a := 1\n"),
        ("/-- B -/\ntheorem b : p := sorry\ndef a := 1\n", "/-- B -/\n\ndef a := 1\n"),
        ("@[simp]\ntheorem b : p := sorry\n", None),
        ("@[simp] theorem b : p := sorry\n", None),
        ("open N in\ntheorem b : p := sorry\n", None),
        ("private def r : Nat := sorry\n", None),
        ("def r (n : Nat) : Nat := n + sorry\n", None),
        ("instance : C p := sorry\n", None),
        ("my_def r := sorry\n", None),
    ],
)
def test_what_is_unproved_above_is_taken_out(text: str, expected: str | None) -> None:
    faults = [found.start() for found in re.finditer("sorry", text)]
    assert sealed(text + "theorem t : p := sorry", len(text), faults) == expected


def test_a_sorry_that_lean_did_not_tell_of_is_not_overlooked() -> None:
    assert sealed("theorem a : p := sorry\n", 23, []) is None


def test_the_name_that_proves_everything_cannot_be_guessed() -> None:
    assert re.fullmatch(r"ghostproof_rest_[0-9a-f]{16}", REST)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("theorem a : p := by\n  ⟦sorry⟧\n", False),
        ("theorem a : p := by\n  ⟦sorry⟧ -- (why)\n  simp\n", False),
        ("theorem a : p := f (by ⟦sorry⟧) h\n", False),
        ("theorem a : p := by\n  match h with\n  | .inl h => ⟦sorry⟧\n  | .inr h => simp\n", False),
        ("theorem a : p := by\n  ⟦sorry⟧ <;> simp\n", True),
        ("theorem a : p := by\n  ⟦sorry⟧; simp\n", True),
        ("theorem a : p := by\n  ⟦sorry⟧\n  -- then\n  <;> simp\n", True),
        ("theorem a : p := by\n  ⟦sorry⟧\n    (h)\n", True),
        ("theorem a : p := by\n  first | ⟦sorry⟧ | simp\n", True),
        ("theorem a : p := ⟨by ⟦sorry⟧, h⟩\n", True),
        ("theorem a : p := by\n  ⟦sorry⟧ /- c -/ <;> simp\n", True),
    ],
)
def test_what_follows_may_become_a_part_of_the_candidate(marked: str, expected: bool) -> None:
    assert hole(marked).open_ended() is expected


@pytest.mark.parametrize(
    ("old", "new", "replaced", "by"),
    [
        ("a b c", "a x c", ((0, 2), (0, 3)), "x"),
        ("a\nb", "a\nb", ((1, 1), (1, 1)), ""),
        ("aaa", "aaaa", ((0, 3), (0, 3)), "a"),
        ("aaaa", "aaa", ((0, 3), (0, 4)), ""),
        ("𝕜𝕜 x", "𝕜𝕜 y", ((0, 5), (0, 6)), "y"),
        ("", "ab", ((0, 0), (0, 0)), "ab"),
    ],
)
def test_smallest_edit(old: str, new: str, replaced: tuple[tuple[int, int], tuple[int, int]], by: str) -> None:
    edit = smallest_edit(SourceText(old), SourceText(new))
    span = [(edit["range"][end]["line"], edit["range"][end]["character"]) for end in ("start", "end")]
    assert (tuple(span), edit["text"]) == (replaced, by)
