"""Theorems in reach, told by a real Lean: those of an imported module, and those of the file above the goal."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.app import App
from ghostproof.config import Config, LeanConfig, LearnConfig, SuggestConfig
from ghostproof.suggest.job import Snapshot
from ghostproof.suggest.source import Context
from ghostproof.suggest.sources.premises import PremiseSource
from ghostproof.syntax.spot import find_action_spots
from ghostproof.syntax.statement import Spelling
from ghostproof.text import SourceText
from ghostproof.verify.checker import Limits
from ghostproof.verify.verdict import Candidate, Proved, Suggestion
from support.patience import BUDGET_S

pytestmark = [pytest.mark.lean, pytest.mark.slow]

CONFIG = Config(
    lean=LeanConfig(toolchain="embedded", checker="probe", document_s=300),
    suggest=SuggestConfig(budget_s=BUDGET_S),
    learn=LearnConfig(automatic=False),
)
ABOVE = """namespace Shop
variable {α : Type}

def rev : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

private theorem rev_append (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  induction xs <;> simp_all [rev]

theorem rev_rev (xs : List α) : rev (rev xs) = xs := by
  induction xs <;> simp_all [rev, rev_append]

theorem rev_open (xs : List α) : rev xs = rev (rev (rev xs)) := by
  sorry

theorem rev_on_it (xs : List α) : rev (rev (rev xs)) = rev xs :=
  (rev_open xs).symm

@[deprecated rev_rev (since := "2026-01-01")]
theorem rev_old (xs : List α) : rev (rev xs) = xs := rev_rev xs

"""
TREE = """inductive Tree where
  | leaf
  | node (left right : Tree)

def mirror : Tree → Tree
  | .leaf => .leaf
  | .node l r => .node (mirror r) (mirror l)

theorem mirror_leaf : mirror .leaf = .leaf := rfl

theorem own (t : Tree) : mirror (mirror t) = t := by
  stop
"""
# Each theorem about `grow` speaks of one thing more, of which `total` has only two.
CALLED = """inductive Bush where
  | tip
  | node (left right : Bush)

def grow (b : Bush) : Bush := b
def plus (m n : Nat) : Nat := m + n
def minus (m n : Nat) : Nat := m - n
def weight (b : Bush) : Nat := 0

def total : Bush → Nat
  | .tip => 0
  | .node l r => plus (total l) (total r)

theorem a_grow_minus (b : Bush) (h : grow b = b) : minus 1 1 = 0 := rfl
theorem b_grow_weight (b : Bush) : weight (grow b) = 0 := rfl
theorem z_grow_node (l r : Bush) : grow (.node l r) = .node l r := rfl
theorem z_grow_plus (b : Bush) : plus (total (grow b)) 1 = plus (total b) 1 := rfl

theorem own (b : Bush) : total (grow b) = total b := by
  stop
"""
BELOW = "\n\ntheorem rev_below (xs : List α) : rev (rev xs) = xs := rev_rev xs\n"
OWN = ABOVE + "theorem own (xs ys : List α) : rev (rev xs ++ rev ys) = ys ++ xs := by\n  stop" + BELOW
OUTSIDE = ABOVE + "end Shop\n\ntheorem own (xs : List Nat) (f : Nat) : Shop.rev (Shop.rev xs) = xs := by\n  stop\n"
SHADOWED = ABOVE + "theorem own (xs : List α) (rev_rev : True) : rev (rev xs) = xs := by\n  stop\n"
SMALL = "theorem small (a b : Nat) (h : a < b) (short : b < 100) : a < b + 1 := by\n  omega\n\n"
# Goals that a theorem above proves by itself, and the term that says so; "" where it does not quite.
APPLIED = {
    "theorem own (ys : List α) : rev (rev ys) = ys": "rev_rev ys",
    "theorem own (ys : List α) : ys = rev (rev ys)": "(rev_rev ys).symm",
    "theorem own (ys : List α) : rev (rev (rev ys)) = rev ys": "rev_rev _",
    "theorem own (m n : Nat) (k : n < 100) (l : m < n) : m < n + 1": "small m n l k",
    "theorem own (m n : Nat) (l : m < n) : m < n + 1": "",
    "theorem own (ys zs : List α) : rev (rev ys) = zs": "",
}
ROADS = """inductive Road : Nat → Nat → Prop where
  | next (n : Nat) : Road n (n + 1)
  | back {m n : Nat} (h : Road m n) : Road n m

inductive Trip : Nat → Nat → Prop where
  | stay {n : Nat} : Trip n n
  | go {l m n : Nat} (h : Road l m) (h' : Trip m n) : Trip l n

"""
HUE = "inductive Hue where\n  | red | green\n  deriving DecidableEq\n\n"
# Goals that rules alone prove, and what such a proof has in it.
CHAINED = {
    "theorem own (a b c : Nat) (h : Road a b) (k : Road b c) : Trip a c": "Trip.go h",
    "theorem own (a b c : Nat) (h : Trip a b ∧ Road c b) : Trip b c": "Road.back h.2",
    "theorem own (a b : Nat) (h : Road a b) : ∃ c, Road b c ∧ Trip c b": "Road.back h",
    "theorem own (a : Nat) : ∀ b, Road a b → Trip b a": "fun b ",
    "theorem own (a b : Nat) (ih : ∀ c, Road c b → Trip c a) (h : Road b b) : b = 7 ∨ Trip b a": "Or.inr (ih b h)",
}
NOT_CHAINED = "theorem own (a b : Nat) (h : Trip a b) : Road a b"
# No other rules prove what this one does: it is an induction.
JOIN = """namespace Way

private theorem join {l m n : Nat} (h : Trip l m) (h' : Trip m n) : Trip l n := by
  induction h with
  | stay => exact h'
  | go r _ ih => exact .go r (ih h')

"""
JOINED = "theorem own (a b c : Nat) (h : Trip a b) (k : Road b c) : Trip a c"
# As JOIN is seen from within and from without.
PRIVATE = {JOIN: "join h (Trip.go k Trip.stay)", JOIN + "end Way\n\n": "Way.join h (Trip.go k Trip.stay)"}
IMPORTED = "theorem t (a b c : Nat) : a * b * c = a * (b * c) := by\n  stop\n"


@pytest.fixture(scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    """Nothing but theorems is proposed, so that whatever closes a goal is one of them."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ghostproof.learning.premise_index.cache_root", lambda: cache)
        made = App(CONFIG, lambda path: None, without=("automation", "nearest"))
        yield made
        await made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One project, so that one Lean does for all of them."""
    return tmp_path_factory.mktemp("shop")


async def snapshot(app: App, path: Path, text: str) -> Snapshot:
    text = text.replace("stop", "sorry")
    spots = find_action_spots(SourceText(text), text.rindex("by\n  sorry") + 5)
    return await app.suggest(path, text, spots).wait(lambda s: s.done, BUDGET_S + 300)


def proof(found: Snapshot) -> Suggestion | None:
    return next((s for s in found.suggestions if isinstance(s.verdict, Proved)), None)


async def spelled(app: App, path: Path, text: str) -> list[Spelling]:
    """The theorems that look useful at a place, as they are written there."""
    found = await snapshot(app, path, text)
    assert found.state is not None
    assert found.spot is not None
    source = PremiseSource(app.workspace, lambda path: None, lambda path: None)
    _, premises = await source.premises(
        found.state, Context(path, text.replace("stop", "sorry"), found.spot), types=True
    )
    assert all(one.spelling.type for one in premises)
    return [one.spelling for one in premises]


async def names(app: App, path: Path, text: str) -> list[str]:
    return [spelling.text for spelling in await spelled(app, path, text)]


async def test_theorems_of_the_file_close_a_goal(app: App, folder: Path) -> None:
    found = proof(await snapshot(app, folder / "A.lean", OWN))
    assert found is not None
    assert found.source == "premises"
    assert "rev_append" in found.text


async def test_what_rests_on_sorry_is_deprecated_or_stands_below_is_not_named(app: App, folder: Path) -> None:
    assert sorted(await names(app, folder / "A.lean", OWN)) == ["rev_append", "rev_rev"]


async def test_what_lean_says_of_a_type_s_recursors_is_not_named(app: App, folder: Path) -> None:
    assert await names(app, folder / "A.lean", TREE) == ["mirror_leaf"]


@pytest.mark.parametrize(
    "own", ["theorem own (a : Nat) (h : Road a 1) : Road 1 a", "theorem own (c : Hue) : Hue.red = c"]
)
async def test_what_lean_makes_of_a_type_by_itself_is_not_named(app: App, folder: Path, own: str) -> None:
    assert await names(app, folder / "J.lean", f"{ROADS}{HUE}{own} := by\n  stop\n") == []


async def test_what_a_function_calls_and_takes_apart_tells_which_theorems_it_needs(app: App, folder: Path) -> None:
    """Only their names say which comes first, where nobody looks into `total`."""
    assert (await names(app, folder / "H.lean", CALLED))[:2] == ["z_grow_plus", "z_grow_node"]


async def test_names_are_as_short_as_they_can_be(app: App, folder: Path) -> None:
    assert "Shop.rev_rev" in await names(app, folder / "B.lean", OUTSIDE)
    # A hypothesis of that name is something else.
    assert sorted(await names(app, folder / "C.lean", SHADOWED)) == ["Shop.rev_rev", "rev_append"]


@pytest.mark.parametrize("statement", list(APPLIED))
async def test_a_theorem_that_says_what_is_asked_for_is_applied(app: App, folder: Path, statement: str) -> None:
    found = await spelled(app, folder / "F.lean", ABOVE + SMALL + statement + " := by\n  stop\n")
    assert {spelling.applied for spelling in found} - {""} == {APPLIED[statement]} - {""}


async def chain(app: App, path: Path, statement: str) -> str:
    """The term that rules alone make for a goal behind `ROADS`, theorems of the file among them, which Lean has
    accepted; "" where there is none.
    """
    found = await snapshot(app, path, ROADS + statement + " := by\n  stop\n")
    assert found.state is not None
    space, limits = app.workspace(path), Limits(seconds=BUDGET_S)
    reach = await space.reach(found.state, limits)
    assert reach is not None
    term = await space.chained(found.state, [theorem.name for theorem in reach.own], limits)
    if term:
        checked = await space.check(found.state, Candidate(f"exact {term}", "premises"), limits)
        assert isinstance(checked.verdict, Proved)
    return term


@pytest.mark.parametrize("statement", list(CHAINED))
async def test_what_rules_alone_prove_is_one_term(app: App, folder: Path, statement: str) -> None:
    assert CHAINED[statement] in await chain(app, folder / "I.lean", statement)


@pytest.mark.parametrize("above", list(PRIVATE))
async def test_a_private_theorem_of_the_file_is_a_rule(app: App, folder: Path, above: str) -> None:
    assert await chain(app, folder / "I.lean", above + JOINED) == PRIVATE[above]


async def test_what_no_rules_prove_has_no_such_term(app: App, folder: Path) -> None:
    assert await chain(app, folder / "I.lean", NOT_CHAINED) == ""


async def test_what_a_function_is_made_of_is_told(app: App, folder: Path) -> None:
    found = await snapshot(app, folder / "H.lean", CALLED)
    assert found.state is not None
    reach = await app.workspace(folder / "H.lean").reach(found.state, Limits(seconds=BUDGET_S))
    assert reach is not None
    assert "plus" in reach.made_of
    assert "total" not in reach.made_of, "it stands in the goal itself"


async def test_a_theorem_of_an_import_closes_a_goal_once_it_is_read(app: App, folder: Path) -> None:
    path = folder / "D.lean"
    assert proof(await snapshot(app, path, IMPORTED)) is None
    await app.learning.read_library(path, IMPORTED)
    found = proof(await snapshot(app, path, "-- The next one.\n" + IMPORTED))
    assert found is not None
    assert found.source == "premises"
    assert "Nat.mul_" in found.text, "which of those that close it comes first is not decided"


async def test_what_a_file_imports_is_read_before_anything_is_asked_in_it(app: App, folder: Path) -> None:
    path, text = folder / "G.lean", "import Init.Data.Nat.Basic\n" + IMPORTED
    await app.learning.read_library(path, text)
    found = proof(await snapshot(app, path, text))
    assert found is not None
    assert found.source == "premises"


async def test_scratch_does_without(tmp_path: Path) -> None:
    app = App(replace(CONFIG, lean=replace(CONFIG.lean, checker="scratch")), without=("automation", "nearest"))
    try:
        found = await snapshot(app, tmp_path / "E.lean", IMPORTED)
        assert (found.suggestions, found.error) == ((), None)
    finally:
        await app.close()
