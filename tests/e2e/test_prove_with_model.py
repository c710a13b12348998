"""`prove` with a real model in the loop: SmolLM2-135M in an engine process, its answers judged by a real Lean.

So small a model proves next to nothing: what it writes looks like proofs, and is none.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ghostproof.config import ProverConfig
from ghostproof.prover.prompts.plain import PROOFS, SKETCHES
from ghostproof.prover.protocol import Completion, Priority, Prompt, Prover, ProverStatus, SamplingParams
from ghostproof.report.proofs import page
from ghostproof.report.reported import Reported
from ghostproof.search.model_adviser import Draws, ModelAdviser
from ghostproof.search.proof import Outcome
from ghostproof.search.prove import prove, strategies
from ghostproof.search.task import Task
from ghostproof.suggest.model import Model, model_for
from ghostproof.syntax.missing import find_places
from ghostproof.text import SourceText
from ghostproof.verify.checker import Checker
from support.small_models import smollm2

pytestmark = [pytest.mark.lean, pytest.mark.slow]

# What nobody can prove.
LEMMA = "theorem t (n : Nat) : odd (odd n) = odd n := by\n"
STATED = f"opaque odd : Nat → Nat\n\n{LEMMA}"
OPEN = f"{STATED}  sorry\n"
BUDGET_S = 300.0
DRAWS = Draws(proofs=2, tokens=32, plan_tokens=32, temperature=0.7)


@dataclass
class Heard:
    """A prover, with what it is asked and what it answers."""

    prover: Prover
    prompts: list[Prompt]
    answers: list[Completion]

    @property
    def status(self) -> ProverStatus:
        return self.prover.status

    async def ask(
        self, prompt: Prompt, n: int, limits: SamplingParams, priority: Priority = Priority.TACTIC
    ) -> AsyncGenerator[Completion, None]:
        self.prompts.append(prompt)
        async for completion in self.prover.ask(prompt, n, limits, priority):
            self.answers.append(completion)
            yield completion

    async def warm(self, prompt: Prompt) -> None:
        await self.prover.warm(prompt)

    async def context(self) -> int:
        return await self.prover.context()

    async def count(self, texts: list[str]) -> list[int]:
        return await self.prover.count(texts)

    async def about(self) -> str:
        return await self.prover.about()

    async def close(self) -> None:
        await self.prover.close()


@pytest.fixture
async def model(own_folders: None) -> AsyncIterator[Model]:
    made = model_for(ProverConfig(model=str(smollm2()), device="cpu", kv_gib=0.25))
    assert made is not None
    await made.ready(BUDGET_S)
    assert made.status.state == "ready", made.status.message
    yield made
    await made.close()


async def proved(probe: Checker, model: Model, path: Path, text: str) -> tuple[Outcome, Heard]:
    """A search in which nobody but the model has ideas."""
    heard = Heard(model.prover, [], [])
    adviser = ModelAdviser(heard, model.proof_prompts, DRAWS)
    others = frozenset(strategy.name for strategy in strategies())
    spots = find_places(SourceText(text), text.index("sorry"))
    return await prove(Task(probe, path, text, BUDGET_S, adviser=adviser, without=others), spots), heard


async def test_what_a_model_writes_is_judged_and_nothing_unverified_comes_out(
    probe: Checker, model: Model, tmp_path: Path
) -> None:
    outcome, heard = await proved(probe, model, tmp_path / "Open.lean", OPEN)
    assert outcome.error is None
    assert outcome.proof is None
    assert outcome.exhausted, "each kind of question was asked, and nothing is left to try"

    asked = [prompt.text for prompt in heard.prompts]
    assert asked[0] == PROOFS + STATED, "the format for any language model"
    sketched = next(text for text in asked if text.startswith(SKETCHES))
    assert sketched.endswith(LEMMA)

    assert heard.answers
    assert outcome.tokens == sum(answer.tokens for answer in heard.answers) > 0
    assert outcome.overview is not None
    goal = outcome.overview.goals[0]  # a step may have left others
    assert dict(goal.queries).keys() >= {"proof", "sketch"}
    assert {trial.strategy for trial in goal.trials} <= {"model"}
    assert not {trial.outcome for trial in goal.trials} & {"proved"}
    assert f"the model drew {outcome.tokens} tokens" in page([Reported("Open.lean:4:3", outcome)])
