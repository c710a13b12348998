"""A real model in a real engine process, its candidates checked by a real Lean, beside automation and alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.app import App, Status
from ghostproof.config import Config, LeanConfig, ProverConfig, SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.prover.local.paths import engine_paths
from ghostproof.suggest.job import Snapshot, Suggester
from ghostproof.suggest.model import Model, model_for
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker
from support.engine_processes import holders
from support.small_models import smollm2, tiny_llama

pytestmark = pytest.mark.lean

LESS = "theorem t (a b c : Nat) (h : a + b < c) : a + b + 1 ≤ c := by\n  sorry\n"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_llama(tmp_path_factory.mktemp("models") / "tiny-llama")


def settings(model: Path) -> Config:
    lean = LeanConfig(toolchain="embedded")
    return Config(lean=lean, prover=ProverConfig(model=str(model), device="cpu", kv_gib=0.2, candidates=8, tokens=24))


def spot_of(text: str) -> Spot:
    return find_action_spots(SourceText(text), text.index("sorry"))[0]


@asynccontextmanager
async def awake(config: ProverConfig) -> AsyncIterator[Model]:
    model = model_for(config)
    assert model is not None
    try:
        await model.ready(300)
        assert model.status.state == "ready", model.status.message
        yield model
    finally:
        await model.close()


async def alone(model: Model, probe: ProbeChecker, project: Project, text: str) -> Snapshot:
    """What the model finds without automation's help."""
    suggester = Suggester([model.source], SuggestConfig())
    job = suggester.start(probe, project.root / "Model.lean", text, [spot_of(text)], 300)
    return await job.wait(lambda s: s.done, 300)


@pytest.mark.slow
async def test_a_models_tactic_is_accepted_by_lean(own_folders: None, probe: ProbeChecker, project: Project) -> None:
    async with awake(replace(settings(smollm2()).prover, temperature=0.7)) as model:
        snapshot = await alone(model, probe, project, LESS)
        assert snapshot.error is None
        best = snapshot.suggestions[0]
        assert (best.text, best.source, best.kind) == ("omega", "model", "proved")
        assert model.status.tokens_per_s > 0


async def test_what_a_random_model_writes_is_never_shown_unaccepted(
    own_folders: None, probe: ProbeChecker, project: Project, tiny: Path
) -> None:
    async with awake(settings(tiny).prover) as model:
        snapshot = await alone(model, probe, project, LESS)
        assert snapshot.error is None
        assert snapshot.suggestions == ()


async def test_the_app_has_both_sources_and_tells_of_the_model(own_folders: None, project: Project, tiny: Path) -> None:
    app = App(settings(tiny))
    told: list[Status] = []
    app.on_status = told.append
    path = project.root / "Both.lean"
    try:
        assert (await app.ready(300)).state == "ready"
        job = app.suggest(path, LESS, [spot_of(LESS)], budget_s=60)
        snapshot = await job.wait(lambda s: s.done, 300)
        assert snapshot.suggestions[0].kind == "proved"
        assert snapshot.suggestions[0].source != "model"
    finally:
        await app.close()
    states = [status.prover.state for status in told]
    assert states[0] in ("starting", "loading")
    assert "ready" in states
    assert told[-1].prover.model == "tiny-llama"


async def test_an_engine_that_is_killed_leaves_automation(own_folders: None, project: Project, tiny: Path) -> None:
    config = settings(tiny)
    app = App(config)
    try:
        await app.ready(300)
        for engine in holders(engine_paths(config.prover.model, config.prover.device).lock):
            engine.kill()
            await asyncio.to_thread(engine.wait)
        job = app.suggest(project.root / "Killed.lean", LESS, [spot_of(LESS)], budget_s=60)
        snapshot = await job.wait(lambda s: s.done, 300)
        assert snapshot.error is None
        assert snapshot.suggestions[0].kind == "proved"
    finally:
        await app.close()
