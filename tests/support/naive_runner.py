"""A runner that computes every token from scratch: the oracle for caches, forks and passes over several requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from ghostproof.prover.engine.contract import Hold, Leaves, OutOfMemory, TokenDraw
from ghostproof.prover.engine.model.sampler import draw_rows

Model = Callable[[Sequence[int]], Tensor]
"""Logits [vocabulary] behind the tokens."""


@dataclass(eq=False)
class NaiveTrunk:
    prompt: tuple[int, ...]
    cached: int
    computed: int

    @property
    def ids(self) -> tuple[int, ...]:
        return self.prompt[: self.computed]

    @property
    def missing(self) -> int:
        return len(self.prompt) - self.computed


@dataclass(eq=False)
class NaiveLeaves:
    trunk: NaiveTrunk
    room: int
    texts: list[list[int]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.texts)

    @property
    def length(self) -> int:
        return len(self.texts[0]) if self.texts else 0


@dataclass
class NaiveRunner:
    """Implements `contract.Runner` without any cache of keys and values; a token counts as one byte.

    Attributes:
        passes: forward passes so far: tokens of a prefill, or rows of every group of a step.
    """

    model: Model
    context: int = 512
    budget: int = 1 << 30
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    attention: str = "none"
    passes: list[int | tuple[int, ...]] = field(default_factory=list)
    trunks: list[NaiveTrunk] = field(default_factory=list)
    leaves: list[NaiveLeaves] = field(default_factory=list)
    kept: list[tuple[int, ...]] = field(default_factory=list)

    @property
    def pinned(self) -> int:
        return sum(len(t.prompt) for t in self.trunks) + sum(len(v.texts) * v.room for v in self.leaves)

    @property
    def used(self) -> int:
        return self.pinned + sum(map(len, self.kept))

    def begin(self, ids: Sequence[int], document: str) -> Hold:
        prompt = tuple(ids)
        cached = max((_common(prompt, other) for other in [*self.kept, *(t.ids for t in self.trunks)]), default=0)
        self._reserve(len(prompt))
        trunk = NaiveTrunk(prompt, cached, cached)
        self.trunks.append(trunk)
        return trunk

    def prefill(self, hold: Hold, tokens: int) -> bool:
        mine = self._trunk(hold)
        count = min(tokens, mine.missing)
        mine.computed += count
        self.passes.append(count)
        return mine.missing == 0

    def logits(self, hold: Hold) -> Tensor:
        assert hold.missing == 0
        return self.model(self._trunk(hold).prompt)

    def fork(self, hold: Hold, rows: int, room: int) -> Leaves:
        assert hold.missing == 0
        self._reserve(rows * room)
        leaves = NaiveLeaves(self._trunk(hold), room, [[] for _ in range(rows)])
        self.leaves.append(leaves)
        return leaves

    def step(self, groups: Sequence[tuple[Leaves, Tensor]]) -> Tensor:
        logits = []
        for leaves, newest in groups:
            mine = self._leaves(leaves)
            assert newest.shape == (mine.rows,)
            for row, token in zip(mine.texts, newest.tolist(), strict=True):
                row.append(token)
                assert len(row) <= mine.room
                logits.append(self.model((*mine.trunk.prompt, *row)))
        self.passes.append(tuple(leaves.rows for leaves, _ in groups))
        return torch.stack(logits)

    def draw(self, logits: Tensor, draws: Sequence[TokenDraw]) -> Tensor:
        return draw_rows(logits, draws)

    def advance(self, groups: Sequence[tuple[Leaves, Tensor]], draws: Sequence[TokenDraw]) -> Tensor:
        logits = self.step(groups)
        try:
            return self.draw(logits, draws)
        except torch.OutOfMemoryError:
            for leaves, _ in groups:
                for row in self._leaves(leaves).texts:
                    row.pop()
            raise

    def keep(self, leaves: Leaves, rows: Sequence[int]) -> None:
        mine = self._leaves(leaves)
        mine.texts = [mine.texts[row] for row in rows]

    def release(self, leaves: Leaves) -> None:
        self.leaves.remove(self._leaves(leaves))

    def end(self, hold: Hold) -> None:
        mine = self._trunk(hold)
        self.trunks.remove(mine)
        self.kept.append(mine.ids)

    def _trunk(self, hold: Hold) -> NaiveTrunk:
        return next(known for known in self.trunks if known is hold)

    def _leaves(self, leaves: Leaves) -> NaiveLeaves:
        return next(known for known in self.leaves if known is leaves)

    def _reserve(self, tokens: int) -> None:
        while self.kept and self.used + tokens > self.budget:
            self.kept.pop(0)
        if self.used + tokens > self.budget:
            raise OutOfMemory(f"{self.used} of {self.budget} bytes used, {tokens} more wanted")


def random_model(vocabulary: int, sharpness: float = 2.0, likely: Sequence[int] = ()) -> Model:
    """Random logits that depend on every token so far; `likely` ones are more probable."""

    def logits(ids: Sequence[int]) -> Tensor:
        generator = torch.Generator().manual_seed(hash(tuple(ids)) & (2**63 - 1))
        drawn = torch.randn(vocabulary, generator=generator) * sharpness
        drawn[list(likely)] += 2 * sharpness
        return drawn

    return logits


def scripted_model(vocabulary: int, text: Sequence[int], prompt: int) -> Model:
    """Writes `text` behind a prompt of so many tokens, whatever is drawn."""

    def logits(ids: Sequence[int]) -> Tensor:
        drawn = torch.full((vocabulary,), -30.0)
        drawn[text[min(len(ids) - prompt, len(text) - 1)]] = 0.0
        return drawn

    return logits


def hf_model(folder: Path) -> Model:
    """A transformers model in float32, one whole sequence at a time."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    known: dict[tuple[int, ...], Tensor] = {}

    def logits(ids: Sequence[int]) -> Tensor:
        key = tuple(ids)
        if key not in known:
            with torch.inference_mode():
                known[key] = model(torch.tensor([key]), logits_to_keep=1, use_cache=False).logits[0, -1]
        return known[key]

    return logits


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
