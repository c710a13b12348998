"""Attention of one forward pass over trunks and leaves, in place of the one that the model's code would compute.

Keys and values are written where they stay, straight from the model's projections; nothing of a prefix is copied.
"""

import importlib
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol, TypeAlias

import torch
from torch.nn.attention.bias import causal_lower_right
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

log = logging.getLogger(__name__)

NAME = "ghostproof"


class Prefill(Protocol):
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


class Decode(Protocol):
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
    kernel: Prefill
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
    kernel: Decode

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        own = self.own[layer]
        own[0, : self.rows, :, self.length] = key.transpose(0, 1)
        own[1, : self.rows, :, self.length] = value.transpose(0, 1)
        return self.kernel(query.transpose(0, 1), self.prefix[layer], own, (self.seen, self.length + 1), scale)


@dataclass(frozen=True)
class Plan:
    """What the rows of one pass are, in their order."""

    segments: Sequence[Segment]


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


@dataclass(frozen=True)
class SdpaPrefill:
    """torch's own kernels: flash on CUDA in half precision, and on the CPU."""

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
class FlashPrefill:
    """flash-attn, version 2 or 3; causal there means that the last query sees every key."""

    name: str
    function: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]]

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        query, key, value = (part.transpose(0, 1)[None] for part in (query, key, value))
        output = self.function(query, key, value, softmax_scale=scale, causal=True)
        return (output if isinstance(output, torch.Tensor) else output[0])[0]


Part: TypeAlias = tuple[torch.Tensor, torch.Tensor]
"""Attention over some of the keys, [..., queries, head_dim], and the log-sum-exp of its scores, [..., queries]."""


class TwoPartDecode:
    """The prefix for all rows at once, then each row's own tokens, merged by log-sum-exp.

    Args:
        part: attention without a mask over keys and values [batch, kv_heads, keys, head_dim], for queries
            [batch, kv_heads, queries, head_dim].
    """

    def __init__(self, name: str, part: Callable[[torch.Tensor, torch.Tensor, torch.Tensor, float], Part]) -> None:
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


def merge(first: Part, second: Part) -> torch.Tensor:
    """Attention over the keys of both parts."""
    share = torch.sigmoid(second[1].float() - first[1].float())[..., None]
    return torch.lerp(first[0].float(), second[0].float(), share).to(first[0].dtype)


def eager(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> Part:
    """Plain torch, softmax in float32: what every kernel must agree with, and as fast as any on a CPU."""
    scores = torch.matmul(query * scale, key.transpose(-1, -2)).float()
    top = scores.amax(-1, keepdim=True)
    weights = scores.sub_(top).exp_()
    total = weights.sum(-1, keepdim=True)
    output = torch.matmul(weights.to(value.dtype), value).float() / total
    return output.to(value.dtype), (top + total.log()).squeeze(-1)


def flash(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> Part:
    """torch's flash kernel, for half precision on CUDA."""
    output, weight, *_ = torch.ops.aten._scaled_dot_product_flash_attention(query, key, value, scale=scale)
    return output, weight


@dataclass(frozen=True)
class Kernels:
    """What was chosen for a device."""

    prefill: Prefill
    decode: Decode

    def __str__(self) -> str:
        return f"prefill {self.prefill.name}, decode {self.decode.name}"


FLASH_ATTN = (("flash-attn 3", "flash_attn_interface", (9,)), ("flash-attn 2", "flash_attn", (8, 9, 10, 12)))
"""Names, modules and the major compute capabilities they are built for, the fastest first."""


def select(device: torch.device, dtype: torch.dtype, head_dim: int = 128) -> Kernels:
    """The fastest kernels that are installed and work on the device; nothing is fetched."""
    if device.type != "cuda" or dtype not in (torch.float16, torch.bfloat16):
        return Kernels(SdpaPrefill(), TwoPartDecode("eager", eager))
    return Kernels(_flash_attn(device) or SdpaPrefill("sdpa-flash"), _shared_prefix(device, dtype, head_dim))


def _shared_prefix(device: torch.device, dtype: torch.dtype, head_dim: int) -> Decode:
    """Our Triton kernel where Triton is installed and the kernel is right, else torch's flash kernel."""
    if find_spec("triton") is None or not torch.cuda.is_available():
        return TwoPartDecode("sdpa-flash", flash)
    from ghostproof.prover.engine import kernels  # imports Triton

    if problem := kernels.unfit(device, dtype, head_dim):
        log.warning("the Triton kernel is not used: %s", problem)
        return TwoPartDecode("sdpa-flash (triton failed)", flash)
    return kernels.TritonDecode()


def _flash_attn(device: torch.device) -> Prefill | None:
    """flash-attn where it is installed, can be loaded by this torch and knows the device."""
    for name, module, majors in FLASH_ATTN:
        with suppress(ImportError):
            function = importlib.import_module(module).flash_attn_func
            if torch.cuda.get_device_capability(device)[0] in majors:
                return FlashPrefill(name, function)
    return None
