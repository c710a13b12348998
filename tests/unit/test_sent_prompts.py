"""`doctor` shows what a remote model is sent; without one there is nothing to show."""

import pytest

from ghostproof.commands.doctor import TRIAL, TRIAL_GOAL, TRIAL_SPOT
from ghostproof.commands.sent import examine_prompts
from ghostproof.config import ProverConfig
from ghostproof.errors import BadInput

URL = "http://models.example:8000/v1"


@pytest.mark.parametrize("family", ["auto", "deepseek-v2", "kimina", "bfs", "plain"])
async def test_the_prompt_is_shown_as_it_is_written(family: str) -> None:
    found = await examine_prompts(ProverConfig(url=URL, family=family), TRIAL, TRIAL_SPOT, TRIAL_GOAL)
    assert (found.name, found.ok) == ("prompts", True)
    assert found.value.startswith(f"go to {URL}: ")
    for part in ("imports", "statements of theorems", "the file above", "4096 tokens", "its goals", "Lean refused"):
        assert part in found.value
    assert "⊢ p" in found.cure
    if family in ("deepseek-v2", "kimina"):  # the others are asked by the goal alone
        assert TRIAL.split("\n")[0] in found.cure
    assert ("plain" if family == "auto" else family) in found.cure


async def test_a_family_that_there_is_not_is_told() -> None:
    with pytest.raises(BadInput, match="no model family"):
        await examine_prompts(ProverConfig(url=URL, family="none"), TRIAL, TRIAL_SPOT, TRIAL_GOAL)
