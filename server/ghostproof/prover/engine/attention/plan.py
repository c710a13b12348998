"""What the rows of one forward pass are, and their attention in place of the one that the model's code would compute.

Keys and values are written where they stay, straight from the model's projections; nothing of a prefix is copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from transformers import AttentionInterface

from ghostproof.prover.engine.attention.interface import DecodeKernel, PrefillKernel
from ghostproof.prover.engine.contract import TokenDraw

NAME = "ghostproof"


class Segment(Protocol):
    """Rows of a pass that belong together."""

    @property
    def rows(self) -> int: ...

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        """Store the rows' keys and values, and compute their attention.

        Args:
            query: [heads, rows, head_dim].
            key, value: [kv_heads, rows, head_dim].

        Returns:
            [rows, heads, head_dim].
        """
        ...


@dataclass(frozen=True)
class Suffix:
    """Tokens of a prompt behind the first `start` ones.

    Attributes:
        kv: the trunk's layers, [2, kv_heads, capacity, head_dim] each.
        store: false where the keys and values are there already and only the hidden states are wanted.
    """

    kv: Sequence[torch.Tensor]
    start: int
    rows: int
    kernel: PrefillKernel
    store: bool = True

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        keys, values = self.kv[layer][..., : self.start + self.rows, :]
        if self.store:
            keys[:, self.start :] = key
            values[:, self.start :] = value
        return self.kernel(query, keys, values, scale)


@dataclass(frozen=True)
class Group:
    """A token for each of the leaves of one trunk.

    Attributes:
        prefix: the trunk's layers, [2, kv_heads, capacity, head_dim] each, of which `seen` tokens are the prefix.
        own: the leaves' layers, [2, width, kv_heads, room, head_dim] each, with `length` tokens before this pass.
    """

    prefix: Sequence[torch.Tensor]
    seen: int
    own: Sequence[torch.Tensor]
    length: int
    rows: int
    kernel: DecodeKernel

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        own = self.own[layer]
        own[0, : self.rows, :, self.length] = key.transpose(0, 1)
        own[1, : self.rows, :, self.length] = value.transpose(0, 1)
        return self.kernel(query.transpose(0, 1), self.prefix[layer], own, (self.seen, self.length + 1), scale)


@dataclass(frozen=True)
class Plan:
    """What the rows of one pass are, in their order.

    Attributes:
        logits: whether these are wanted, rather than the last hidden states.
        draws: where tokens are wanted, rather than logits: one for each segment.
    """

    segments: Sequence[Segment]
    logits: bool = False
    draws: Sequence[TokenDraw] = ()


def attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    *,
    plan: Plan,
    **_: object,
) -> tuple[torch.Tensor, None]:
    """What transformers calls in every attention layer.

    Args:
        query: [1, heads, rows, head_dim].
        key, value: [1, kv_heads, rows, head_dim].
        attention_mask: always None.

    Returns:
        [1, rows, heads, head_dim], and no weights.
    """
    layer = module.layer_idx
    assert isinstance(layer, int)
    sizes = [segment.rows for segment in plan.segments]
    parts = zip(plan.segments, *(torch.split(part[0], sizes, 1) for part in (query, key, value)), strict=True)
    outputs = [segment.attend(layer, q, k, v, scaling) for segment, q, k, v in parts]
    return (outputs[0] if len(outputs) == 1 else torch.cat(outputs))[None], None


# No mask is registered under the name: transformers then makes none, and does not look for packed sequences either.
AttentionInterface.register(NAME, attention)
