"""What scratch cannot tell is told by the probe, within one search, whichever of them is up first."""

import pytest

from ghostproof.app import App
from ghostproof.config import Config, LeanConfig
from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText

pytestmark = [pytest.mark.lean, pytest.mark.slow]

# The embedded Lean tells no axioms: whether a closing tactic used the unproved lemma, scratch cannot know.
TEXT = """\
def f (n : Nat) : Nat := n + 1

@[simp] theorem f_big (n : Nat) : 5 < f n := sorry

theorem t (a b : Nat) (h : a ≤ b) : a ≤ b + 1 := by
  sorry
"""


async def test_a_proof_that_scratch_cannot_vouch_for_is_found_by_the_probe(project: Project) -> None:
    app = App(Config(lean=LeanConfig(toolchain="embedded", checker="auto", document_s=300)))
    path = project.root / "Again.lean"
    spot = find_action_spots(SourceText(TEXT), TEXT.rindex("sorry"))[0]
    try:
        job = app.suggest(path, TEXT, [spot], budget_s=400)
        snapshot = await job.wait(lambda snapshot: snapshot.done, 500)
    finally:
        await app.close()
    assert [s.kind for s in snapshot.suggestions][:1] == ["proved"]
