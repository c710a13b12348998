"""The textual rules, as tables of texts."""

import pytest

from ghostproof.verify.forbidden import forbidden, mentions, search_tactic

REFUSED = [
    "sorry",
    "exact sorry",
    "simp; sorry",
    "first | rfl | sorry",
    "exact (by sorry)",
    "admit",
    "native_decide",
    "decide +native",
    "decide (config := { native := true })",
    "run_tac Lean.Elab.Tactic.evalTactic (← `(tactic| rfl))",
    "exact by_elab pure default",
    "open Nat in simp",
    "set_option maxHeartbeats 0 in simp",
    "stop\nsimp",
    "· stop",
    "rfl\n#eval 1",
    "rfl\n\ntheorem x : False := by trivial",
    "rfl\naxiom bad : False",
    "exact sorryAx _ true",
    "exact Lean.ofReduceBool _ _ rfl",
    "exact «sorryAx» _ true",
    "unsafe rfl",
    "have := '\"'; sorry",
    "skip -- fine\nsorry",
    "skip /- a /- b -/ c -/ sorry",
    "5sorry",
    "let rec @[implemented_by x] f := 1",
    "rfl\n\nlemma x : False := sorryFree",
    "sleep 10000",
    'exact include_str "/etc/passwd"',
    'elab "x" : tactic => pure ()',
]

ALLOWED = [
    "exact h.sorry_lemma",
    "exact h.sorry",
    "exact «open».1",
    "exact not_sorry",
    "simp [sorry_free]",
    'exact congrArg (· ++ "sorry") h',
    "exact h -- no sorry here",
    "exact h /- open sorry -/",
    "exact `sorry",
    "exact 5#w",
    "exact #[1, 2]",
    "exact #v[1, 2]",
    "decide +kernel",
    "exact native",
    "exact lemma",
    "exact stop",
    "{ omega }",
    "let rec f : Nat → Nat := fun n => n\nexact f",
    "if h : a then exact h else simp",
    'have : s!"{1} {axiom}" = "" := rfl',
    "exact (\nhp)",
    "bv_omega",
    "obtain ⟨x, hx⟩ := h\nsimp_all",
    "infer_instance",
    "exact xs.end_le",
    "induction n with\n| zero => rfl\n| succ n ih => simp [ih]",
    'have := r#"sorry " sorry"#; rfl',
    "exact (rfl : 'a' = 'a')",
    "intro h'; exact h'",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refuses(text: str) -> None:
    assert forbidden(text)


@pytest.mark.parametrize("text", ALLOWED)
def test_allows(text: str) -> None:
    assert forbidden(text) is None
    assert search_tactic(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("exact?", "exact?"),
        ("intro h; apply?", "apply?"),
        ("simp? [foo]", "simp?"),
        ("simp_all?", "simp_all?"),
        ("show_term simp", "show_term"),
        ("hint", "hint"),
        ("intro x <;> hint", "hint"),
        ("simp says rfl", "says"),
        ("exact hint", None),
        ("simp [hint]", None),
        ("exact xs.head?", None),
        ("exact xs[0]?", None),
        ("refine ?_", None),
        ("exact get? h", None),
    ],
)
def test_search_tactic(text: str, found: str | None) -> None:
    assert search_tactic(text) == found


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("exact foo", ["foo"], True),
        ("exact @foo n", ["foo"], True),
        ("simp [foo.eq_1]", ["foo"], True),
        ("exact _root_.A.foo", ["A.foo"], True),
        ("exact foo n", ["A.foo"], True),
        ("exact foobar", ["foo"], False),
        ("exact h.foo", ["foo"], False),
        ('exact "foo"', ["foo"], False),
        ("exact «my foo»", ["«my foo»"], True),
        ("rfl -- foo", ["foo"], False),
    ],
)
def test_mentions(text: str, names: list[str], expected: bool) -> None:
    assert mentions(text, names) is expected
