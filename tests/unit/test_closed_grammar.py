"""What runs where no parser of Lean's can be asked: what the portfolio proposes, and nothing that could surprise."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ghostproof.suggest.sources.portfolio import FOLLOW_UPS, FORMS, Form
from ghostproof.verify.closed_grammar import LONGEST, admits, is_single
from ghostproof.verify.closed_words import known_names
from ghostproof.verify.forbidden import forbidden

GOAL = "x y : Nat\nxs ys : List α\nh : a = b ∧ ∃ z, p z\nih : rev xs = ys\n⊢ rev (x :: xs) = size ys + 1"
FILE = "inductive Tree | leaf | node (l r : Tree)\ndef depth : Tree → Nat\ntheorem Tree.depth_pos : p := q\n"
KNOWN = known_names([GOAL], FILE)

SLOTS = {
    "names": "x y h",
    "h": "h",
    "fs": "rev, Tree.depth",
    "f": "Tree.depth",
    "x": "xs",
    "y": "ys",
    "rest": "ys x",
    "pred": "Tree",
    "call": "rev (x :: xs ++ [y, 2])",
    "pattern": "⟨z, ⟨hz, h₁⟩⟩",
    "arg": "x'",
    "witness": "0",
    "word": "UInt8",
}


@pytest.mark.parametrize("form", FORMS + FOLLOW_UPS, ids=lambda form: form.text)
def test_the_portfolio(form: Form) -> None:
    """All of it, but what is there to be refused."""
    text = form.text.format_map(SLOTS)
    assert admits(text, KNOWN) == (forbidden(text) is None)


READ = [
    "exact h",
    "exact ⟨h.1, h.2.1⟩",
    "exact (h.symm).trans (ih ▸ rfl)",
    "exact .inl h",
    "exact Nat.lt_of_lt_of_le (Nat.lt_succ_self x) h.2",
    "refine ⟨_, ?_⟩",
    "apply Nat.le_antisymm",
    "rw [h, ← ih, Nat.add_comm x 1] at h ⊢",
    "simp only [depth, Nat.add_comm, *] at *",
    "simpa [depth] using h.symm",
    "intro x y h₁\nexact h₁",
    "cases xs with\n| nil => rfl\n| cons z zs => simp [rev]",
    "induction xs generalizing ys with\n| nil => (simp [rev]; omega)\n| cons head tail tail_ih => ?_",
    "induction xs with | nil => simp | cons x xs ih => simp [ih]",
    "induction xs with\n| nil => simp\n| @cons x xs ih => simp [ih]",
    "constructor\n· exact h.1\n· exact h.2",
    "first | rfl | simp | (intro x; omega)",
    "try simp <;> omega",
    "exact?",
    "exists x, 0",
    "aesop (add norm [rev])",
    "exact (x : Nat)",
]

UNREAD = [
    "",
    "foo",
    "exact foo",  # no known name
    "exact idbg x",
    "exact by_elab x",
    "exact unsafe x",
    "exact by simp",
    "exact fun x => x",
    "run_tac x",
    "intro run_tac",
    "intro h idbg",
    "exact unsafeCast x",
    "exact Foo.ptrAddrUnsafe x",
    "exact dbgTraceVal x",
    "exact Foo.sorryAx x",
    "exact lcProof",
    "exact Lean.ofReduceBool x y h",
    "exact x.lcProof",
    "simp (maxSteps := x)",
    "simp +arith",
    "decide +native",
    "omega (config := x)",
    "rw (occs := .pos [1]) [h]",
    "conv => simp",
    'exact "x"',
    "exact `x",
    "exact 'x'",
    "exact #[x]",
    "exact «h»",
    "exact x -- h",
    "exact x /- h -/",
    "exact x --h",
    "simp at h --",
    "exact s!x",
    "exact x!",
    "exact x?",
    "exact (x",
    "exact x)",
    "exact x]",
    "simp [h",
    "exact\nx",
    "exact (\nx)",
    "exact x\n  y",
    "  exact x",
    "exact (x).lcProof",
    "exact x\ntheorem y",
    "exact x\n#eval y",
    "exact x\nend",
    "exact x\n@[simp]",
    "exact x;",
    "exact x <;>",
    "exact a+b",
    "exact a +b",
    "exact x.{0}",
    "exact @h",
    "exact h\tx",
    "apply ?left",
    "sorry",
    "exact sorry",
    "admit",
    "stop",
    "native_decide",
    "set_option maxRecDepth 9 in simp",
    "open Nat in simp",
    "cases xs with",
    "cases xs with\n  | nil => rfl",
    "let x := y",
    "exact x where",
    "exact " + "(" * 40 + "x" + ")" * 40,
    "simp [" + ", ".join(["x"] * LONGEST) + "]",
    "exact h\u200b",
    "exact \ud800",
]


@pytest.mark.parametrize("text", READ)
def test_reads(text: str) -> None:
    assert admits(text, KNOWN)


@pytest.mark.parametrize("text", UNREAD)
def test_leaves_to_the_parser(text: str) -> None:
    assert not admits(text, KNOWN)


def test_keywords_are_no_names_wherever_they_are_found() -> None:
    known = known_names(["h : fun x => by_elab x\n⊢ if idbg then unsafe else by"], "def sorry := 1\n| match => x\n")
    assert known & {"fun", "by_elab", "if", "idbg", "then", "unsafe", "else", "by", "sorry", "match"} == frozenset()
    assert {"h", "x"} <= known


def test_names_that_the_text_introduces_are_known_behind_it() -> None:
    assert admits("obtain ⟨w, hw⟩ := h\nexact hw w", KNOWN)
    assert not admits("exact hw w\nobtain ⟨w, hw⟩ := h", KNOWN)


@pytest.mark.parametrize(
    ("text", "single"),
    [
        ("simp [h]", True),
        ("exact ⟨h.1, h.2⟩", True),
        ("simp; omega", False),
        ("simp <;> omega", False),
        ("simp\nomega", False),
        ("first | rfl | simp", False),
        ("cases xs with | nil => rfl", False),
        ("· simp", False),
    ],
)
def test_what_ends_by_itself(text: str, single: bool) -> None:
    assert admits(text, KNOWN)
    assert is_single(text) is single


PIECES = [
    *"()[]⟨⟩,;|·:*←-/^'\"`#«»?!.\n ",
    "--",
    "/-",
    "-/",
    "=>",
    ":=",
    "<;>",
    "with",
    "at",
    "x",
    "h",
    "xs",
    "simp",
    "exact",
]
PIECES += [
    "cases",
    "intro",
    "rw",
    "unsafe",
    "sorry",
    "by",
    "run_tac",
    "h.1",
    "Nat.succ",
    ".inl",
    "| nil => ",
    "\n| ",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
@settings(max_examples=600, deadline=None)
def test_nothing_joins_and_nothing_hides(pieces: list[str]) -> None:
    text = "".join(pieces)
    if not admits(text, KNOWN):
        return
    assert not re.search(r"[\"`#«»!\t]|--|/-|-/|'(?![\w'\s).,\]⟩])|\bby\b|unsafe|sorry|run_tac", text)
    assert all(text.count(opener) == text.count(closer) for opener, closer in ("()", "[]", "⟨⟩"))
    assert all(line[:1] not in ("", " ") for line in text.split("\n") if line)


@pytest.mark.parametrize("text", ["exact (" * LONGEST, "«" * 40_000, "x " * 40_000, "try " * 300 + "simp", "." * 1_400])
def test_long_texts_are_left_at_once(text: str) -> None:
    assert not admits(text, KNOWN)
