"""What the loop counts, and what others may read of it."""

from collections import Counter
from dataclasses import dataclass, field

from ghostproof.prover.engine.contract import EngineStats, Runner


@dataclass
class Counters:
    """Counts since the start; belongs to the loop's thread."""

    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    drawn_tokens: int = 0
    steps: int = 0
    tokens_per_s: float = 0.0
    ended: Counter[str] = field(default_factory=Counter)

    def snapshot(self, runner: Runner, running: int, waiting: int) -> EngineStats:
        """The counts as they are now, which any thread may read."""
        return EngineStats(
            requests=self.requests,
            running=running,
            waiting=waiting,
            prompt_tokens=self.prompt_tokens,
            cached_tokens=self.cached_tokens,
            drawn_tokens=self.drawn_tokens,
            steps=self.steps,
            ended=dict(self.ended),
            kv_used=runner.used,
            kv_pinned=runner.pinned,
            kv_budget=runner.budget,
            tokens_per_s=self.tokens_per_s,
        )
