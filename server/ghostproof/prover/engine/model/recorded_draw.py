"""What recorded kernels are told of how tokens are drawn, at addresses of its own, and where they put them."""

from collections.abc import Sequence
from typing import Protocol

import torch

from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model.sampler import MOST_TRIES, tries
from ghostproof.prover.engine.transfer import sent

CHOICES = 4  # numbers that tell how a row is drawn


def servable(draw: TokenDraw) -> bool:
    """Whether it can be drawn by trial. A small nucleus is not: all of its tokens are put in order."""
    return draw.temperature <= 0 or draw.top_p >= 1 or tries(draw.top_p) > 1


class DrawSlots:
    """How each of several rows is drawn, and what was drawn.

    Attributes:
        chance: [rows, MOST_TRIES], uniform in [0, 1).
        choice: [rows, CHOICES]: temperature, share of the nucleus, numbers of `chance` that count, whether greedily.
        drawn: [rows, 2], float64, as `contract.Runner.draw` answers.
    """

    def __init__(self, rows: int, device: torch.device) -> None:
        self.chance = torch.zeros(rows, MOST_TRIES, device=device)
        self.choice = torch.zeros(rows, CHOICES, device=device)
        self.choice[:, -1] = 1  # a row that nobody has told about is drawn greedily
        self.drawn = torch.zeros(rows, 2, dtype=torch.float64, device=device)
        self._told: list[tuple[float, ...] | None] = [None] * rows

    @property
    def rows(self) -> int:
        return len(self.drawn)

    def fill(self, first: int, draw: TokenDraw) -> None:
        """Rows from `first` on are drawn so. What is sent at most are a few numbers, and only those that changed."""
        rows, count = slice(first, first + draw.rows), draw.chance.shape[1]
        self.chance[rows, :count].copy_(draw.chance)
        greedy = [draw.temperature <= 0 or (draw.greedy_first and row == 0) for row in range(draw.rows)]
        choice = [(draw.temperature, draw.top_p, float(count), float(own)) for own in greedy]
        if self._told[rows] != choice:
            self.choice[rows].copy_(sent(torch.tensor(choice), self.choice.device), non_blocking=True)
            self._told[rows] = choice

    def first(self, rows: int) -> "DrawSlots":
        """The first so many of them, at the same addresses; to be read only."""
        part = DrawSlots(0, self.drawn.device)
        part.chance, part.choice, part.drawn = self.chance[:rows], self.choice[:rows], self.drawn[:rows]
        return part


class DrawOperations(Protocol):
    """Draws by kernels of its own; `draw_kernels` implements it."""

    def draw(self, logits: torch.Tensor, slots: DrawSlots) -> None: ...
    def draw_rows(self, logits: torch.Tensor, draws: Sequence[TokenDraw]) -> torch.Tensor: ...
