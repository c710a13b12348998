"""What is false in the corpus of lemmas is refuted by an instance, and nothing that is true is."""

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.small_values import Refuted, Survived, Trial
from lemmas.corpus import HERE, THEOREM

pytestmark = pytest.mark.lean

LIMITS = Limits(400_000, 120.0)
# Shares of what is false that must be refuted, and of what is true that must have been tried on something.
REFUTED, TESTED = 0.9, 0.85


async def trial(probe: ProbeChecker, project: Project, text: str, at: int) -> Trial:
    spot = find_spot(SourceText(text), at)
    assert spot is not None
    return await probe.refute(await probe.open(project.root / "Trial.lean", text, spot), LIMITS)


@pytest.mark.timeout(3600)
async def test_the_corpus(probe: ProbeChecker, project: Project) -> None:
    """Held-out lemmas too: nobody looks at them here, they are counted."""
    found: dict[str, tuple[bool, Trial]] = {}
    for path in sorted(HERE.glob("*.lean")):
        text = path.read_text("utf-8")
        for theorem in THEOREM.finditer(text):
            at = text.index("sorry", theorem.start("text"))
            is_false = theorem["mark"].startswith("false")
            found[f"{path.stem}:{theorem['name']}"] = (is_false, await trial(probe, project, text, at))
    false = {name: outcome for name, (is_false, outcome) in found.items() if is_false}
    true = {name: outcome for name, (is_false, outcome) in found.items() if not is_false}
    assert len(false) >= 30
    assert {name: outcome for name, outcome in true.items() if isinstance(outcome, Refuted)} == {}
    missed = [name for name, outcome in false.items() if not isinstance(outcome, Refuted)]
    assert len(missed) <= (1 - REFUTED) * len(false), missed
    untried = [name for name, outcome in true.items() if not (isinstance(outcome, Survived) and outcome.tested)]
    assert len(untried) <= (1 - TESTED) * len(true), untried


PRELUDE = """def twice (n : Nat) : Nat := n + n
def later (n : Nat) : Nat := sorry
inductive Ev : Nat → Prop where
  | zero : Ev 0
  | more (n : Nat) : Ev n → Ev (n + 2)
inductive Part {α : Type} : List α → List α → Prop where
  | nil : Part [] []
  | drop (x : α) (xs ys : List α) : Part xs ys → Part xs (x :: ys)
  | keep (x : α) (xs ys : List α) : Part xs ys → Part (x :: xs) (x :: ys)
inductive Linked : Nat → Nat → Prop where
  | step (n : Nat) : Linked n (n + 1)
  | chain (a b c : Nat) : Linked a b → Linked b c → Linked a c
inductive Odd : Nat → Prop where
  | all (n : Nat) : Odd (twice n + 1)
inductive Round : Nat → Prop where
  | turn (n : Nat) : Round n → Round n
def mix : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: mix ys xs
termination_by xs ys => xs.length + ys.length
decreasing_by simp; omega
def halves (n : Nat) : Nat := if n < 2 then 0 else halves (n - 2) + 1
def rising : List Nat → Bool
  | [] => true
  | [_] => true
  | x :: y :: zs => x ≤ y && rising (y :: zs)
"""


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("(n : Nat) : twice n = n", "n = 1"),
        ("(xs : List α) : xs.reverse = xs", "α = Nat, xs = [1, 0]"),
        ("(f : Nat → Nat) (x : Nat) (h : f x < x) : f (f x) = f x", "f = fun a => a.pred, x = 2"),
        ("(p q : Prop) (h : p ∨ q) : p ∧ q", "p = False, q = True"),
        ("{n : Nat} (h : 2 < n) : n = 3", "n = 4"),
        ("(b : Bool) : b = !b", "b = false"),
        ("[DecidableEq α] (x y : α) : x = y", "α = Nat, x = 0, y = 1"),
        (": twice 2 = 5", ""),
        ("(n : Nat) (h : Ev n) : n = 0", "n = 2"),
        ("(n : Nat) (h : Ev n) : Ev (n + 1)", "n = 0"),
        ("(m n : Nat) (h : Ev (m + n)) : Ev m ∧ Ev n", "m = 1, n = 1"),
        ("(xs ys : List Nat) (h : Part xs ys) : Part ys xs", "xs = [], ys = [0]"),
        ("(n : Nat) (h : ¬ Ev n) : n = 1", "n = 3"),
        ("(n : Nat) : ∃ m, n = m + 1", "n = 0"),
        ("(n : Nat) (h : ∃ m, n = m + 2) : n = 2", "n = 3"),
        # What no value can be, whichever constructors it is made of.
        ("(n : Nat) (h : Ev n) : ∃ m, n = 4 * m", "n = 2"),
        ("(xs : List Nat) (h : 0 ∈ xs) : ∃ ys, xs = ys ++ [0]", "xs = [0, 1]"),
        ("(m n : Nat) (h : m ≤ n) : ∃ k, m = n + k", "m = 0, n = 1"),
        ("(xs : List Nat) (h : xs ≠ []) : ∃ ys zs, xs = ys ++ 0 :: zs", "xs = [1]"),
        # Larger values, of one variable and of several.
        ("(n : Nat) : n * n ≤ 20 * n", "n = 25"),
        ("(xs : List Nat) (h : xs.length = 3) (k : xs.head? = xs.getLast?) : xs.head? = some 0", "xs = [1,"),
        ("(xs ys : List Nat) (h : 2 < xs.length) (k : 2 < ys.length) : xs.head? = ys.head?", "xs = ["),
        # Values with proofs in them.
        ("(n : Fin 4) : n.val < 3", "n = ⟨3"),
        ("(x : { n : Nat // 1 < n }) : x.val = 2", "x = ⟨3"),
        ("(c : Char) : c = 'a'", "c = 'b'"),
        # Functions that recurse on something else than structure.
        ("(xs ys : List Nat) : mix xs ys = ys ++ xs", "xs = [0], ys = [1]"),
        ("(n : Nat) : halves n + halves n = n", "n = 1"),
        ("(n : Nat) (h : halves n < 2) : n ≤ 2", "n = 3"),
        ("(xs : List Nat) : (mix xs xs).length = xs.length + 2", "xs = []"),
        # Functions that look further into what such a one makes than to its constructor.
        (
            "(xs ys : List Nat) (h : rising xs = true) (k : rising ys = true) : rising (mix xs ys) = true",
            "xs = [1], ys = [0]",
        ),
        ("(x : Nat) (xs : List Nat) (h : x ∈ mix xs xs) : x = 0", "x = 1, xs = [1]"),
    ],
)
async def test_what_refutes_a_statement(probe: ProbeChecker, project: Project, statement: str, shown: str) -> None:
    text = f"{PRELUDE}theorem t {statement} := by\n  sorry\n"
    outcome = await trial(probe, project, text, text.rindex("sorry"))
    assert isinstance(outcome, Refuted)
    assert outcome.shown.startswith(shown)


@pytest.mark.parametrize(
    "statement",
    [
        "(n : Nat) : later n = n",  # what is not there yet may still be made so
        "(n : Nat) (h : n < 0) : n = 7",
        "(α : Sort u) (h : α → False) (x : α) : 1 = 2",
        "(x y : Unit) : x = y",
        "(p q : Prop) (h : p ↔ q) : p = q",
        "(f g : Nat → Nat) (h : ∀ x, f x = g x) : f = g",
        "(xs : List Nat) (h : ∃ n, n ∈ xs) : xs ≠ []",
        "(n : Fin 3) : n.val < 3",
        # A rule that leaves a value open, one that does not tell what its value is, one that never ends.
        "(a b : Nat) (h : a < b) : Linked a b",
        "(n : Nat) (h : n % 2 = 1) : Odd n",
        "(n : Nat) (h : ¬ Round n) : n = n",
        "(n : Nat) : ∃ m, n < m",
        "(n : Nat) (h : Ev n) : ∃ m, n = 2 * m",
        "(xs : List Nat) (h : 1 ∈ xs) : ∃ ys zs, xs = ys ++ 1 :: zs",
        "(n : Nat) : ∃ f : Nat → Nat, f 0 = n + 7",
        "(n : Nat) : ∃ m, m * m = n * n",
        "(xs : List Nat) : ∃ ys, ys.reverse = xs",
        "(m n : Nat) (h : Ev m) (k : Ev n) : Ev (m + n)",
        "(xs ys : List Nat) (h : Part xs ys) : xs.length ≤ ys.length",
        "(xs ys : List Nat) : (mix xs ys).length = xs.length + ys.length",
    ],
)
async def test_what_is_true_or_unknown_is_not_refuted(probe: ProbeChecker, project: Project, statement: str) -> None:
    text = f"{PRELUDE}theorem t {statement} := by\n  sorry\n"
    outcome = await trial(probe, project, text, text.rindex("sorry"))
    assert not isinstance(outcome, Refuted), outcome.shown


async def test_a_trial_that_is_cancelled_leaves_the_prober_at_work(probe: ProbeChecker, project: Project) -> None:
    endless = (
        "def spin : Nat → Nat → Nat\n  | 0, m => m\n  | n + 1, m => spin n (spin n m)\n"
        "theorem t (n m : Nat) : spin (n + 40) m = m := by\n  sorry\n"
    )
    spot = find_spot(SourceText(endless), endless.rindex("sorry"))
    assert spot is not None
    state = await probe.open(project.root / "Endless.lean", endless, spot)
    late = await probe.refute(state, Limits(400_000, 0.2))
    assert not isinstance(late, Refuted)
    text = f"{PRELUDE}theorem t (n : Nat) : twice n = n := by\n  sorry\n"
    assert isinstance(await trial(probe, project, text, text.rindex("sorry")), Refuted)


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        # A type is no variable whose values take turns, nor is a hypothesis: enough is left for the lists.
        ("∀ {α β : Type} (x : List β) (y : List α), (y.zip x).reverse = y.zip x.reverse", "x = [0, 0], y = [0, 1]"),
        ("∀ {α : Type} (x y z : List α), x.length = y.length → x ++ z = y ++ z", "x = [0, 0], y = [0, 1]"),
        # Nor does what nothing is said of.
        ("∀ (n m k : Nat) (xs : List Nat), n ≠ 7", "n = 7"),
    ],
)
async def test_a_guess_about_all_types_is_tried_on_enough_values(
    probe: ProbeChecker, project: Project, statement: str, shown: str
) -> None:
    text = "theorem t (xs : List Nat) : xs = xs := by\n  sorry\n"
    spot = find_spot(SourceText(text), text.rindex("sorry"))
    assert spot is not None
    state = await probe.open(project.root / "Guess.lean", text, spot)
    (outcome,) = await probe.sift(state, [statement], LIMITS)
    assert isinstance(outcome, Refuted)
    assert shown in outcome.shown


async def test_functions_that_recurse_on_a_measure_are_evaluated(probe: ProbeChecker, project: Project) -> None:
    text = f"{PRELUDE}theorem t (n : Nat) : halves (n + n) = n := by\n  sorry\n"
    outcome = await trial(probe, project, text, text.rindex("sorry"))
    assert isinstance(outcome, Survived)
    assert outcome.tested
    assert not outcome.undecided


async def test_terms_that_are_equal_have_the_same_values(probe: ProbeChecker, project: Project) -> None:
    text = f"{PRELUDE}theorem t (p : Nat → Bool) (xs : List α) : xs = xs := by\n  sorry\n"
    spot = find_spot(SourceText(text), text.rindex("sorry"))
    assert spot is not None
    state = await probe.open(project.root / "Terms.lean", text, spot)
    terms = [
        "fun (v : List α) => v",
        "fun (v : List α) => v.reverse.reverse",
        "fun (v : List α) => v.reverse",
        "fun (w : Nat) (v : List Nat) => w + v.length",
        "fun (w : Nat) (v : List Nat) => v.length + w",
        "fun (w : Nat) (v : List Nat) => (mix v [w]).length",
        "fun (w : Nat) (v : List Nat) => v.length + 1",
        "fun (v : List Nat) => v.filter p",
        "fun (v : List Nat) => (v.reverse.filter p).reverse",
        "true",
        "fun (w : Nat) => Nat.ble w w",
    ]
    values = [one.print for one in await probe.values(state, terms, LIMITS)]
    assert all(values)
    same, again, turned, added, swapped, mixed, more, kept, back, plain, always = values
    assert (same, added, mixed, kept, plain) == (again, swapped, more, back, always)
    assert len({same, turned, added, mixed, kept, plain}) == 6


WOVEN = """
inductive Rose where
  | node (n : Nat) (ts : List Rose)
mutual
def turned : Rose → Rose
  | .node n ts => .node n (turnAll ts)
def turnAll : List Rose → List Rose
  | [] => []
  | t :: ts => turnAll ts ++ [turned t]
end
mutual
def labels : Rose → List Nat
  | .node n ts => n :: allLabels ts
def allLabels : List Rose → List Nat
  | [] => []
  | t :: ts => labels t ++ allLabels ts
end
def rising : List Nat → Bool
  | x :: y :: zs => x ≤ y && rising (y :: zs)
  | _ => true
def falling : List Nat → Bool
  | x :: y :: zs => y ≤ x && falling (y :: zs)
  | _ => true
"""


async def test_parts_of_values_that_take_many_constructors_differ(probe: ProbeChecker, project: Project) -> None:
    text = f"{WOVEN}theorem t (t : Rose) : turned t = t := by\n  sorry\n"
    outcome = await trial(probe, project, text, text.rindex("sorry"))
    assert isinstance(outcome, Refuted)
    spot = find_spot(SourceText(text), text.rindex("sorry"))
    assert spot is not None
    state = await probe.open(project.root / "Woven.lean", text, spot)
    terms = ["fun (v : Rose) => v", "fun (v : Rose) => turned v", "fun (v : Rose) => turned (turned v)"]
    one, flipped, back = [value.print for value in await probe.values(state, terms, LIMITS)]
    assert one == back
    assert one
    assert flipped not in ("", one)
    guesses = [
        "∀ (t : Rose), turned t = t",
        "∀ (t : Rose), rising (labels t) = true",
        "∀ (t : Rose), falling (labels t) = true",
        "∀ (t : Rose), (labels t).length = 1 → labels t = [0]",
    ]
    assert [type(one) for one in await probe.sift(state, guesses, LIMITS)] == [Refuted] * len(guesses)


@pytest.mark.parametrize(
    "term", ["fun (v : List Nat) =>", "nothing", "fun (v : Nat) => id fun x : Nat => x", "later 1"]
)
async def test_what_can_not_be_told_has_no_value(probe: ProbeChecker, project: Project, term: str) -> None:
    text = f"{PRELUDE}theorem t (n : Nat) : n = n := by\n  sorry\n"
    spot = find_spot(SourceText(text), text.rindex("sorry"))
    assert spot is not None
    state = await probe.open(project.root / "Unknown.lean", text, spot)
    unknown, one = await probe.values(state, [term, "1"], LIMITS)
    assert (unknown.print, bool(one.print)) == ("", True)
