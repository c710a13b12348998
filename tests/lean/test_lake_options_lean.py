"""A Lake project's options hold in the probe as they do in the official server."""

from pathlib import Path

import pytest

from ghostproof.config import Config
from ghostproof.lean.toolchain import discover
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from ghostproof.workspace import make_probe

pytestmark = pytest.mark.lean

TEXT = "theorem t (f : Nat → Nat) : f = fun x => f x := by\n  sorry\n"


async def test_the_goal_is_printed_with_the_options_of_the_lakefile(embedded_root: Path, tmp_path: Path) -> None:
    (tmp_path / "lakefile.toml").write_text('name = "mine"\n[leanOptions]\npp.unicode.fun = true\n', "utf-8")
    probe = make_probe(await discover(tmp_path, prefer="embedded"), Config())
    try:
        spot = find_action_spots(SourceText(TEXT), TEXT.index("sorry"))[0]
        state = await probe.open(tmp_path / "Mine.lean", TEXT, spot)
    finally:
        await probe.close()
    assert state.goals[0].endswith("⊢ f = fun x ↦ f x")
