"""Whole proofs with a real Lean: what must be found is found, and nothing of a search is left when it was cancelled."""

import asyncio
from pathlib import Path

import pytest

from ghostproof.search.proof import Outcome
from ghostproof.search.prove import prove
from ghostproof.search.task import Task
from ghostproof.syntax.spot import Spot, find_spot
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker

pytestmark = pytest.mark.lean

LISTS = """
def app : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys
def turn : List α → List α
  | [] => []
  | x :: xs => app (turn xs) [x]
def onto : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => onto xs (x :: acc)
def sumOnto : List Nat → Nat → Nat
  | [], acc => acc
  | n :: ns, acc => sumOnto ns (acc + n)
"""
PARITY = """
mutual
def evn : Nat → Bool
  | 0 => true
  | n + 1 => od n
def od : Nat → Bool
  | 0 => false
  | n + 1 => evn n
end
"""
PROVED = {
    "easy": "theorem t (p q : Prop) (hp : p) (hq : q) : q ∧ p := by\n  sorry\n",
    "a term": "theorem t (a b : Nat) : a + b = b + a := sorry\n",
    "induction": LISTS + "theorem t (xs : List α) : app xs [] = xs := by\n  sorry\n",
    "three variables": LISTS + "theorem t (a b c : List α) : app (app a b) c = app a (app b c) := by\n  sorry\n",
    "an accumulator": LISTS + "theorem t (xs : List Nat) (a : Nat) : sumOnto xs a = a + sumOnto xs 0 := by\n  sorry\n",
    "a lemma about what is turned": LISTS + "theorem t (xs : List α) : onto (onto xs []) [] = xs := by\n  sorry\n",
    "lemmas one on the other": LISTS
    + "theorem t (a b : List α) : turn (app a b) = app (turn b) (turn a) := by\n  sorry\n",
    "mutual": PARITY + "theorem t (n : Nat) : evn n = !od n := by\n  sorry\n",
}  # fmt: skip
FALSE = LISTS + "theorem t (xs ys : List Nat) : app xs ys = app ys xs := by\n  sorry\n"
# Nobody can say whether it is true.
OPEN = (
    LISTS
    + "opaque odd : List Nat → List Nat\ntheorem t (a b : List Nat) : app a (odd b) = app (odd b) a := by\n  sorry\n"
)
# A search ends by itself when it has a proof; a loaded machine may need long for that.
BUDGET_S = 300.0
HEARTBEATS = 200_000


def hole(text: str) -> Spot:
    found = find_spot(SourceText(text), text.index("sorry"))
    assert found is not None
    return found


async def proved(probe: ProbeChecker, folder: Path, text: str) -> Outcome:
    return await prove(Task(probe, folder / "Prove.lean", text, BUDGET_S, HEARTBEATS), [hole(text)])


@pytest.mark.parametrize("name", PROVED)
async def test_what_must_be_proved(probe: ProbeChecker, tmp_path: Path, name: str) -> None:
    outcome = await proved(probe, tmp_path, PROVED[name])
    assert outcome.error is None
    assert outcome.proof is not None, outcome.why_none
    whole = outcome.proof.put_into(PROVED[name])
    assert "sorry" not in whole
    assert "✝" not in whole
    assert max(map(len, whole.split("\n"))) <= 100


async def test_what_is_false_is_told_with_what_refutes_it(probe: ProbeChecker, tmp_path: Path) -> None:
    outcome = await proved(probe, tmp_path, FALSE)
    assert outcome.proof is None
    assert outcome.refuted is not None, outcome.why_none
    assert {name for name, _ in outcome.refuted.values} == {"xs", "ys"}


async def test_a_cancelled_search_leaves_nothing(probe: ProbeChecker, tmp_path: Path) -> None:
    trying = asyncio.Event()

    def told(outcome: Outcome) -> None:
        if outcome.tried:
            trying.set()

    before = asyncio.all_tasks()
    search = asyncio.create_task(
        prove(Task(probe, tmp_path / "Prove.lean", OPEN, BUDGET_S, HEARTBEATS, report=told), [hole(OPEN)])
    )
    await asyncio.wait_for(trying.wait(), BUDGET_S)
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search
    pid = probe.pid
    # Lean's threads are free for others: the process that was used goes on to answer.
    outcome = await proved(probe, tmp_path, PROVED["easy"])
    assert outcome.proof is not None
    assert probe.pid == pid
    assert asyncio.all_tasks() <= before
