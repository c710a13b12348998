"""Right answers where files are unfinished: placeholders, data, recursion, goals that Lean never reaches.

Both checkers give the same; a wrong proof is worse than none, so that "proved" is the word to look for.
"""

from dataclasses import dataclass

import pytest

from ghostproof.errors import NoGoal
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Verdict
from support.marked import place

pytestmark = pytest.mark.lean

LIMITS = Limits(seconds=60.0)


@dataclass(frozen=True)
class Case:
    """A text with a hole, tactics that prove it, and such as may not be called a proof of it."""

    name: str
    text: str
    proofs: tuple[str, ...]
    none: tuple[str, ...]


PRICE = "def price (item : String) (amount : Nat) : Nat := sorry\n"
RANK = "def rank (n : Nat) : Nat := sorry\ntheorem rank_mono (n : Nat) : rank n < rank (n + 1) := sorry\n"
WORD = """inductive Word : Nat → Type
  | one : Word 1
  | glue : Word m → Word n → Word (m + n)

def Word.copy : Word n → Word n
  | one => one
  | glue u v => glue u.copy v.copy

"""

LOG = """inductive Log where
  | empty : Log
  | entry : Nat → Log → Log

def Log.all : Log → List Nat
  | .empty => []
  | .entry n rest => rest.all ++ [n]

def twice (xs : List Nat) : Nat := (xs ++ xs.reverse).length

"""
TURNS = """mutual
def evens : List Nat → List Nat
  | [] => []
  | x :: xs => [x] ++ odds xs
def odds : List Nat → List Nat
  | [] => []
  | _ :: xs => evens xs ++ []
end

instance : Append Nat where
  append a b := (List.range a ++ List.range b).length

"""

CASES = (
    # The embedded Lean has no code for much of its library: what it cannot compile is defined all the same.
    Case(
        "a function that is not compiled",
        LOG + "theorem x (l : Log) (n : Nat) : (Log.entry n l).all.length = l.all.length + 1 := by\n  ⟦sorry⟧\n",
        ("simp [Log.all]", "rw [Log.all, List.length_append]; rfl"),
        ("rfl",),
    ),
    Case(
        "a function that is not compiled, and is not recursive",
        LOG + "theorem x (xs : List Nat) : twice xs = 2 * xs.length := by\n  ⟦sorry⟧\n",
        ("simp [twice]; omega", "unfold twice; rw [List.length_append, List.length_reverse]; omega"),
        ("rfl",),
    ),
    Case(
        "mutual functions that are not compiled, and an instance",
        TURNS + "theorem x (a b : Nat) : evens [a, b] = [a] ∧ (a ++ b : Nat) = a + b := by\n  ⟦sorry⟧\n",
        ("constructor\n· simp [evens, odds]\n· show (List.range a ++ List.range b).length = a + b\n  simp",),
        ("decide",),
    ),
    Case(
        "a placeholder has no value",
        PRICE + 'theorem x : price "tea" 3 = price "gold" 700 := by\n  ⟦sorry⟧\n',
        (),
        ("rfl", "exact rfl", "simp [price]", "unfold price; rfl", "decide"),
    ),
    Case(
        "what holds of any value holds of a placeholder's",
        RANK + "theorem x (a b : Nat) (h : rank a = rank b) : rank b = rank a := by\n  ⟦sorry⟧\n",
        ("exact h.symm",),
        ("rfl",),
    ),
    Case(
        "a lemma that is not proved proves nothing",
        RANK + "theorem x (n : Nat) : rank n < rank (n + 1) := by\n  ⟦sorry⟧\n",
        (),
        ("exact rank_mono n", "apply rank_mono", "simp [rank_mono]", "have := rank_mono n; exact this"),
    ),
    Case(
        "a chain of lemmas with a hole at its end",
        "theorem a : 1 = 2 := sorry\ntheorem b : 2 = 1 := a.symm\ntheorem x : 1 = 2 ∧ True := by\n  ⟦sorry⟧\n",
        (),
        ("exact ⟨b.symm, trivial⟩", "constructor\n· exact a\n· trivial", "simp [b.symm]"),
    ),
    Case(
        "a placeholder that nobody rests on",
        PRICE + "theorem x (a b : Nat) : a + b = b + a := by\n  ⟦sorry⟧\n",
        ("omega", "exact Nat.add_comm a b"),
        ("rfl",),
    ),
    Case(
        "data is not proved: a number",
        "def larger (a b : Nat) : Nat := by\n  ⟦sorry⟧\n",
        (),
        ("exact 0", "exact UInt64.size", "trivial", "assumption", "constructor", "exact a"),
    ),
    Case(
        "data is not proved: a function's value under binders",
        "def pick : Nat → Bool → Nat := by\n  intro n b\n  ⟦sorry⟧\n",
        (),
        ("exact n", "exact 7", "assumption", "cases b <;> exact n"),
    ),
    Case(
        "a proof inside data is one",
        "def third : Fin 3 := ⟨1, by ⟦sorry⟧⟩\n",
        ("decide", "omega"),
        ("exact 5",),
    ),
    Case(
        "recursion at smaller arguments is no circle",
        WORD + "theorem copy_eq (w : Word n) : w.copy = w := by\n  match w with\n  | .one => rfl\n"
        "  | .glue u v => ⟦sorry⟧\n",
        ("simp [Word.copy, copy_eq u, copy_eq v]", "rw [Word.copy, copy_eq u, copy_eq v]"),
        ("exact copy_eq (.glue u v)", "exact copy_eq _"),
    ),
    Case(
        "recursion on a number",
        "theorem x (n : Nat) : 0 < 2 ^ n := by\n  match n with\n  | 0 => simp\n  | k + 1 => ⟦sorry⟧\n",
        ("have := x k; rw [Nat.pow_succ]; omega",),
        ("exact x (k + 1)", "exact x _"),
    ),
)


def untold(verdict: Verdict) -> bool:
    """Whether it is only that this Lean does not tell the scratch checker what the proof rests on."""
    return isinstance(verdict, Inconclusive) and verdict.cause is Cause.AXIOMS


def is_proof(verdict: Verdict) -> bool:
    return isinstance(verdict, Proved) or (isinstance(verdict, Progress) and verdict.closed_main)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_a_proof_is_one_that_rests_on_proofs(checker: Checker, project: Project, case: Case) -> None:
    hole = place(case.text)
    state = await checker.open(project.root / "Right.lean", hole.text, hole.spot)
    found = {
        text: (await checker.check(state, Candidate(text, "test"), LIMITS)).verdict
        for text in (*case.proofs, *case.none)
    }
    assert [text for text in case.none if is_proof(found[text])] == []
    assert [(text, found[text]) for text in case.proofs if not (is_proof(found[text]) or untold(found[text]))] == []
    assert checker.name == "scratch" or all(is_proof(found[text]) for text in case.proofs)


async def test_a_goal_that_lean_never_reaches_is_no_goal(checker: Checker, project: Project) -> None:
    """With an unknown lemma in the step above, whatever runs below it is tried in vain."""
    hole = place("theorem x (a b : Nat) : a + b = b + a := by\n  rw [no_such_lemma]\n  ⟦sorry⟧\n")
    with pytest.raises(NoGoal) as problem:
        await checker.open(project.root / "Right.lean", hole.text, hole.spot)
    assert "no_such_lemma" in f"{problem.value.message} {problem.value.hint}"


BROKEN_ABOVE = (
    ("an axiom of another type", "theorem a : 1 = 1 := rfl\n\ntheorem é : 1 = 2 := rfl\n\n", 2, "1"),
    ("a command that does not parse", "thorem a : 1 = 1 := rfl\n\n", 0, "command"),
    ("a name that nobody knows", "def f : Nat := no_such_name\n\n", 0, "no_such_name"),
)


@pytest.mark.parametrize(
    ("above", "line", "word"), [case[1:] for case in BROKEN_ABOVE], ids=[c[0] for c in BROKEN_ABOVE]
)
async def test_an_error_above_the_goal_is_told(
    checker: Checker, project: Project, above: str, line: int, word: str
) -> None:
    """Also after an edit below it, when Lean does not look at it again, and not any more once it is gone."""
    path = project.root / "Above.lean"
    goal = "theorem x (p : Prop) (h : p) : p := by\n  ⟦sorry⟧\n"
    for text in (above + goal, above + "theorem y : 2 = 2 := rfl\n\n" + goal):
        hole = place(text)
        told = (await checker.open(path, hole.text, hole.spot)).error_above
        assert told is not None
        assert told.line == line
        assert word in told.message
    hole = place("theorem y : 2 = 2 := rfl\n\n" + goal)
    assert (await checker.open(path, hole.text, hole.spot)).error_above is None


async def test_an_error_in_the_declaration_above_the_goal_is_told(checker: Checker, project: Project) -> None:
    text = "theorem x (n : Nat) (h : n = 1) : n = 1 ∧ True := by\n  constructor\n  · exact no_such_name\n  · ⟦sorry⟧\n"
    hole = place(text)
    told = (await checker.open(project.root / "Above.lean", hole.text, hole.spot)).error_above
    assert told is not None
    assert (told.line, "no_such_name" in told.message) == (2, True)


async def test_goals_left_open_around_the_hole_are_no_error_above(checker: Checker, project: Project) -> None:
    hole = place("theorem x (p : Prop) (h : p) : p ∧ p := by\n  constructor\n  ⟦sorry⟧\n")
    assert (await checker.open(project.root / "Above.lean", hole.text, hole.spot)).error_above is None
