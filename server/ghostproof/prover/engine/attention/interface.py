"""What an attention kernel is: for a prompt's newest tokens, and for one token of each candidate."""

from dataclasses import dataclass
from typing import Protocol

import torch


class PrefillKernel(Protocol):
    """Causal attention of a prompt's newest tokens over all of it."""

    @property
    def name(self) -> str: ...

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        """The last query sees every key, the one before it all but the last.

        Args:
            query: [heads, tokens, head_dim].
            key, value: [kv_heads, prefix + tokens, head_dim], a view of the trunk.

        Returns:
            [tokens, heads, head_dim].
        """
        ...


class DecodeKernel(Protocol):
    """Attention of one token for each of several rows over a prefix that they share and tokens of their own.

    The prefix is read once for all rows; grouped heads read each key once for all of the group.
    """

    @property
    def name(self) -> str: ...

    def __call__(
        self, query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        """Args:
            query: [rows, heads, head_dim].
            prefix: [2, kv_heads, capacity, head_dim], a layer of the trunk as it lies in memory.
            own: [2, width, kv_heads, room, head_dim], a layer of the leaves as it lies in memory; width >= rows.
            lengths: tokens of the prefix and tokens of each row, the newest counted, that are to be seen; both > 0.

        Returns:
            [rows, heads, head_dim].
        """
        ...


@dataclass(frozen=True)
class Kernels:
    """What was chosen for a device."""

    prefill: PrefillKernel
    decode: DecodeKernel

    def __str__(self) -> str:
        return f"prefill {self.prefill.name}, decode {self.decode.name}"
