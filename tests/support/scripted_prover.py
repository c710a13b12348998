"""A prover without a model: candidates from a list, given away when the test says so, and its ways to fail."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from ghostproof.errors import ProverFailed
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Completion, Priority, Prompt, ProverStatus, SamplingParams


def drawn(text: str, index: int = 1, logprob: float = -1.0, tokens: int = 4) -> Completion:
    return Completion(text, logprob, tokens, index, "stop")


class ScriptedProver:
    """Gives away `candidates`, each once a permit was released; then fails with `failure`, if there is one."""

    def __init__(self, candidates: Sequence[Completion] = (), failure: ProverFailed | None = None) -> None:
        self.status = ProverStatus("ready", "Some-Prover-7B", "cpu")
        self.candidates = list(candidates)
        self.failure = failure
        self.permits = asyncio.Semaphore(0)
        self.prompts: list[Prompt] = []
        self.warmed: list[Prompt] = []
        self.closed_early = asyncio.Event()
        self.is_closed = False

    def release(self, count: int = 1) -> None:
        for _ in range(count):
            self.permits.release()

    async def ask(
        self, prompt: Prompt, n: int, limits: SamplingParams, priority: Priority = Priority.TACTIC
    ) -> AsyncGenerator[Completion, None]:
        self.prompts.append(prompt)
        try:
            for candidate in self.candidates:
                await self.permits.acquire()
                yield candidate
            if self.failure is not None:
                raise self.failure
        except (asyncio.CancelledError, GeneratorExit):
            self.closed_early.set()
            raise

    async def warm(self, prompt: Prompt) -> None:
        self.warmed.append(prompt)

    async def context(self) -> int:
        return 4096

    async def count(self, texts: list[str]) -> list[int]:
        return [len(text) for text in texts]

    async def about(self) -> str:
        return "context 4,096 tokens"

    async def close(self) -> None:
        self.is_closed = True


class GoalsAlone:
    """A family of models: the goals are the prompt, and a candidate is what the model wrote; `junk` is no tactic."""

    name = "goals"

    def matches(self, model: str) -> bool:
        return False

    def next_tactic(self, view: View) -> Prompt:
        return Prompt("\n".join(view.goals))

    def whole_proof(self, view: View, *, cot: bool) -> None:
        return None

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> None:
        return None

    def sketch(self, view: View, lessons: Lessons) -> None:
        return None

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return None if text == "junk" else text

    def extract_proof(self, text: str) -> None:
        return None
