"""The client against llama.cpp's own server, a real one that is not ours, with a small random model."""

import asyncio
import math
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ghostproof.config import ProverConfig
from ghostproof.errors import ProverFailed
from ghostproof.prover.client.prover import OpenAIProver, remote_prover
from ghostproof.prover.local.launcher import prover_for
from ghostproof.prover.protocol import Completion, Prompt, SamplingParams, Stop, StopRule
from ghostproof.syntax.tactic_end import tactic_end
from support.tiny_gguf import tiny_gguf

SERVER = Path(__file__).parents[1] / "support" / "llama_cpp_server.py"
SLOTS = 2
KEY, KEY_ENV = "a-key-for-llama", "LLAMA_TEST_KEY"
LIMITS = SamplingParams(tokens=12)
PROMPT = Prompt("theorem t (a b : ℕ) : a + b = b + a := by\n  ")


@pytest.fixture(scope="session")
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    model = tiny_gguf(tmp_path_factory.mktemp("llama") / "tiny.gguf")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SERVER), str(model), str(SLOTS), KEY),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    yield (await process.stdout.readline()).decode().strip()
    process.stdin.close()
    await process.wait()


@pytest.fixture
async def prover(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenAIProver]:
    monkeypatch.setenv(KEY_ENV, KEY)
    prover = remote_prover(f"{url}/v1", KEY_ENV)
    yield prover
    await prover.close()


async def drawn(
    prover: OpenAIProver, n: int, limits: SamplingParams = LIMITS, prompt: Prompt = PROMPT
) -> list[Completion]:
    return [candidate async for candidate in prover.ask(prompt, n, limits)]


async def test_candidates_with_probabilities(prover: OpenAIProver) -> None:
    candidates = await drawn(prover, SLOTS)
    assert {c.index for c in candidates} <= {0, 1}
    assert all(c.text.strip() and c.tokens <= 12 and math.isfinite(c.logprob) and c.logprob < 0 for c in candidates)
    assert prover.status.state == "ready"
    assert prover.status.model.endswith("tiny.gguf")


async def test_more_candidates_than_it_has_slots(prover: OpenAIProver) -> None:
    """It refuses `n` above the number of its slots."""
    for _ in range(2):
        candidates = await drawn(prover, 7)
        assert len(candidates) > SLOTS
        assert len({c.text for c in candidates}) == len(candidates)
        assert prover.status.state == "ready"


async def test_the_likeliest_candidate_is_always_the_same(prover: OpenAIProver) -> None:
    greedy = SamplingParams(tokens=12, temperature=0)
    (first,) = await drawn(prover, 1, greedy)
    assert await drawn(prover, 4, greedy) == [first]
    sampled = await drawn(prover, 3, SamplingParams(tokens=12))
    assert [c.text for c in sampled if c.index == 0] in ([first.text], [])


async def test_text_goes_through_unchanged_and_is_counted(prover: OpenAIProver) -> None:
    assert await prover.count(["a ℕ\n", "⟨⟩"]) == [6, 6]
    assert await prover.context() == 1024


async def test_tactics_end_where_they_end(prover: OpenAIProver) -> None:
    prompt = Prompt(PROMPT.text, Stop(rule=StopRule.TACTIC, column=2))
    for candidate in await drawn(prover, 6, SamplingParams(tokens=200), prompt):
        if candidate.finish == "stop":
            assert tactic_end(candidate.text, 2, final=True) == len(candidate.text)


async def test_leaving_frees_the_slot(prover: OpenAIProver) -> None:
    """Both slots are taken by long requests that are left; the next ones find them free."""
    endless = Prompt(PROMPT.text, Stop((" ",)))
    for _ in range(3):
        asking = asyncio.ensure_future(drawn(prover, SLOTS, SamplingParams(tokens=900), endless))
        await asyncio.wait({asking}, timeout=0.05)
        asking.cancel()
        await asyncio.wait({asking})
    assert await drawn(prover, SLOTS)
    async with aclosing(prover.ask(PROMPT, 4, SamplingParams(tokens=5))) as candidates:
        assert await anext(candidates)
    assert await drawn(prover, SLOTS)


async def test_a_prompt_beyond_its_context_is_refused(prover: OpenAIProver) -> None:
    with pytest.raises(ProverFailed, match="context"):
        await drawn(prover, 1, prompt=Prompt("a" * 5000))
    assert await drawn(prover, 1), "which says nothing about the next one"


async def test_warming_is_harmless(prover: OpenAIProver) -> None:
    await prover.warm(PROMPT)
    assert prover.status.state == "ready"


async def test_a_wrong_key_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_ENV, "wrong")
    prover = prover_for(ProverConfig(url=url, key_env=KEY_ENV))
    assert prover is not None
    with pytest.raises(ProverFailed, match="refuses the key") as caught:
        await prover.count(["a"])
    assert KEY_ENV in caught.value.hint
    assert prover.status.state == "error"
    await prover.close()
