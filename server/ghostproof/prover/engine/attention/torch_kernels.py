"""Attention by torch's operators and by flash-attn: the reference, and what a CPU runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention


@dataclass(frozen=True)
class SdpaPrefill:
    """Whatever torch itself chooses: its flash kernel on the CPU."""

    name: str = "sdpa"

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        output = scaled_dot_product_attention(
            query[None],
            key[None],
            value[None],
            attn_mask=causal_lower_right(query.shape[1], key.shape[1]),
            scale=scale,
            enable_gqa=len(query) > len(key),
        )
        return output[0].transpose(0, 1)


@dataclass(frozen=True)
class TorchFlashPrefill:
    """torch's flash operator, called by itself: for half precision on CUDA from Ampere on.

    `scaled_dot_product_attention` may hand a first chunk to cuDNN instead, which plans anew for every length that it
    has not seen. Causal means here that the last query sees every key; grouped heads are the operator's own.
    """

    name: str = "sdpa-flash"

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        operator = torch.ops.aten._scaled_dot_product_flash_attention
        output: torch.Tensor = operator(query[None], key[None], value[None], is_causal=True, scale=scale)[0]
        return output[0].transpose(0, 1)


@dataclass(frozen=True)
class FlashPrefill:
    """flash-attn, version 2 or 3; causal there means that the last query sees every key."""

    name: str
    function: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]]

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        query, key, value = (part.transpose(0, 1)[None] for part in (query, key, value))
        output = self.function(query, key, value, softmax_scale=scale, causal=True)
        return (output if isinstance(output, torch.Tensor) else output[0])[0]


Partial: TypeAlias = tuple[torch.Tensor, torch.Tensor]
"""Attention over some of the keys, [..., queries, head_dim], and the log-sum-exp of its scores, [..., queries]."""


class TwoPartDecode:
    """The prefix for all rows at once, then each row's own tokens, merged by log-sum-exp.

    Args:
        part: attention without a mask over keys and values [batch, kv_heads, keys, head_dim], for queries
            [batch, kv_heads, queries, head_dim].
    """

    def __init__(self, name: str, part: Callable[[torch.Tensor, torch.Tensor, torch.Tensor, float], Partial]) -> None:
        self.name = name
        self._part = part

    def __call__(
        self, query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        rows, heads, head_dim = query.shape
        kv_heads = prefix.shape[1]
        grouped = query.reshape(rows, kv_heads, heads // kv_heads, head_dim)
        together = grouped.transpose(0, 1).reshape(1, kv_heads, -1, head_dim)
        keys, values = prefix[:, None, :, : lengths[0]]
        output, weight = self._part(together, keys, values, scale)
        shared = (
            output.reshape(kv_heads, rows, -1, head_dim).transpose(0, 1),
            weight.reshape(kv_heads, rows, -1).transpose(0, 1),
        )
        keys, values = own[:, :rows, :, : lengths[1]]
        return merge(shared, self._part(grouped, keys, values, scale)).reshape(rows, heads, head_dim)


def merge(first: Partial, second: Partial) -> torch.Tensor:
    """Attention over the keys of both parts."""
    share = torch.sigmoid(second[1].float() - first[1].float())[..., None]
    return torch.lerp(first[0].float(), second[0].float(), share).to(first[0].dtype)


def eager(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> Partial:
    """Plain torch, softmax in float32: what every kernel must agree with, and as fast as any on a CPU."""
    scores = torch.matmul(query * scale, key.transpose(-1, -2)).float()
    top = scores.amax(-1, keepdim=True)
    weights = scores.sub_(top).exp_()
    total = weights.sum(-1, keepdim=True)
    output = torch.matmul(weights.to(value.dtype), value).float() / total
    return output.to(value.dtype), (top + total.log()).squeeze(-1)


def flash(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> Partial:
    """torch's flash kernel, for half precision on CUDA."""
    output, weight, *_ = torch.ops.aten._scaled_dot_product_flash_attention(query, key, value, scale=scale)
    return output, weight
