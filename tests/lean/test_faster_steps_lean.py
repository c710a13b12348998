"""A proof that takes a real Lean long, and what comes of it by Lean's own advice."""

from pathlib import Path

import pytest

from ghostproof.search.in_place import NOTABLE, InPlace
from ghostproof.search.opened import opened
from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker

pytestmark = pytest.mark.lean

# `simp` walks a long way to learn that the rule does not apply.
SLOW = """\
@[simp] def walk : Nat → List Bool → Bool
  | 0, _ => false
  | n + 1, path => walk n (true :: path) || walk n (false :: path)
def g (n : Nat) : Nat := if walk 12 [n == 0] = true then 0 else n
@[simp] theorem g_zero (n : Nat) (h : walk 12 [n == 0] = true) : g n = 0 := if_pos h

theorem t (n : Nat) : g n + 0 = g n ∧ 0 + g n = g n := by
  sorry
"""
LONG_S = 300.0


@pytest.mark.parametrize("proof", ["simp", "constructor <;> simp"])
async def test_what_takes_long_says_what_it_needs(probe: ProbeChecker, tmp_path: Path, proof: str) -> None:
    path = tmp_path / "Slow.lean"
    spot = find_spot(SourceText(SLOW), SLOW.index("sorry"))
    assert spot is not None
    state, spot = await opened(probe, path, SLOW, spot)
    place = InPlace(probe, path, SLOW, spot, state, Limits(400_000, LONG_S))
    slow = await place.accepted(proof)
    assert slow is not None
    faster = await place.polished(slow, LONG_S)
    assert faster.text.startswith(f"{proof} only [Nat.add_zero, Nat.zero_add")
    assert faster.heartbeats <= slow.heartbeats - NOTABLE
