"""Attention kernels against attention written down naively, in float64."""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.prover.engine.attention import torch_kernels
from ghostproof.prover.engine.attention.interface import DecodeKernel, PrefillKernel
from ghostproof.prover.engine.attention.select import TOLERANCE, _difference, flash_attn, select
from ghostproof.prover.engine.attention.torch_kernels import (
    FlashPrefill,
    Partial,
    SdpaPrefill,
    TorchFlashPrefill,
    TwoPartDecode,
    eager,
    merge,
)
from support.platforms import NEEDS_TRITON

SCALE = 0.3


def naive(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *, causal: bool) -> torch.Tensor:
    """[heads, tokens, head_dim] over [kv_heads, keys, head_dim], the last query over every key."""
    query, key, value = query.double(), key.double(), value.double()
    output = torch.empty_like(query)
    group = len(query) // len(key)
    for head in range(len(query)):
        for token in range(query.shape[1]):
            seen = key.shape[1] - (query.shape[1] - 1 - token if causal else 0)
            scores = (key[head // group, :seen] @ query[head, token]) * SCALE
            output[head, token] = torch.softmax(scores, 0) @ value[head // group, :seen]
    return output


def cpu_flash(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> Partial:
    """torch's flash kernel for the CPU, which answers as the one for CUDA does."""
    part: Partial = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(query, key, value, scale=scale)
    return part


def naive_flash_attn(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *, softmax_scale: float, causal: bool
) -> torch.Tensor:
    """A stand-in with the interface of flash-attn: [batch, tokens, heads, head_dim], causal to the lower right."""
    assert softmax_scale == SCALE
    output = naive(*(part[0].transpose(0, 1) for part in (query, key, value)), causal=causal)
    return output.transpose(0, 1)[None].to(query.dtype)


DECODES: list[DecodeKernel] = [TwoPartDecode("eager", eager), TwoPartDecode("flash", cpu_flash)]
PREFILLS: list[PrefillKernel] = [
    SdpaPrefill(),
    FlashPrefill("flash-attn 2", naive_flash_attn),
    FlashPrefill("flash-attn 3", lambda *args, **options: (naive_flash_attn(*args, **options), torch.empty(0))),
]
parametrize = pytest.mark.parametrize


@parametrize("decode", DECODES, ids=lambda decode: decode.name)
@parametrize("group", [1, 3])
@parametrize(("rows", "width"), [(1, 1), (3, 4)])
@parametrize(("seen", "length"), [(1, 1), (7, 1), (30, 9), (2, 16)])
def test_decode_sees_the_prefix_and_its_own_tokens(
    decode: DecodeKernel, group: int, rows: int, width: int, seen: int, length: int
) -> None:
    torch.manual_seed(seen)
    prefix, own = torch.randn(2, 2, 32, 8), torch.randn(2, width, 2, 16, 8)
    query = torch.randn(rows, 2 * group, 8)
    output = decode(query, prefix, own, (seen, length), SCALE)
    assert output.shape == query.shape
    for row in range(rows):
        key, value = (torch.cat((prefix[kind, :, :seen], own[kind, row, :, :length]), 1) for kind in (0, 1))
        expected = naive(query[row][:, None], key, value, causal=False)[:, 0]
        torch.testing.assert_close(output[row].double(), expected, atol=1e-6, rtol=1e-5)


@parametrize("decode", DECODES, ids=lambda decode: decode.name)
def test_decode_in_half_precision(decode: DecodeKernel) -> None:
    torch.manual_seed(0)
    prefix, own, query = torch.randn(2, 2, 32, 8), torch.randn(2, 4, 2, 16, 8), torch.randn(4, 4, 8)
    exact = decode(query, prefix, own, (32, 5), SCALE)
    half = decode(query.bfloat16(), prefix.bfloat16(), own.bfloat16(), (32, 5), SCALE)
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(half.float(), exact, atol=0.03, rtol=0.03)


@parametrize("decode", DECODES, ids=lambda decode: decode.name)
def test_scores_beyond_what_exp_holds(decode: DecodeKernel) -> None:
    prefix, own = torch.zeros(2, 1, 4, 8), torch.zeros(2, 1, 1, 4, 8)
    prefix[0, 0, 2], prefix[1, 0, 2], own[1] = 100.0, 1.0, -1.0
    query = torch.full((1, 1, 8), 100.0)
    torch.testing.assert_close(decode(query, prefix, own, (4, 4), SCALE), torch.ones(1, 1, 8))
    own[0, 0, 0, 3] = 200.0
    torch.testing.assert_close(decode(query, prefix, own, (4, 4), SCALE), -torch.ones(1, 1, 8))


@parametrize("prefill", PREFILLS, ids=lambda prefill: prefill.name)
@parametrize("group", [1, 3])
@parametrize(("start", "tokens"), [(0, 1), (0, 9), (9, 1), (20, 5)])
def test_prefill_is_causal_behind_what_is_cached(prefill: PrefillKernel, group: int, start: int, tokens: int) -> None:
    torch.manual_seed(tokens)
    trunk = torch.randn(2, 2, 64, 8)
    key, value = trunk[..., : start + tokens, :]
    query = torch.randn(2 * group, tokens, 8)
    output = prefill(query, key, value, SCALE)
    expected = naive(query, key, value, causal=True).transpose(0, 1)
    torch.testing.assert_close(output.double(), expected, atol=1e-6, rtol=1e-5)


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_merge_weighs_by_the_mass_of_the_scores(first: float, second: float) -> None:
    parts = [(torch.tensor([value]), torch.tensor(weight)) for value, weight in ((1.0, first), (0.0, second))]
    share = 1 / (1 + math.exp(second - first))
    assert merge(parts[0], parts[1]).item() == pytest.approx(share, abs=1e-6)


def test_choice_for_a_cpu() -> None:
    assert str(select(torch.device("cpu"), torch.float32)) == "prefill sdpa, decode eager"


def test_choice_for_cuda_names_an_installed_kernel() -> None:
    chosen = select(torch.device("cuda"), torch.bfloat16)
    assert chosen.prefill.name in ("sdpa-flash", "flash-attn 2", "flash-attn 3")
    assert chosen.decode.name in ("sdpa-flash", "triton")


def test_float32_on_cuda_has_no_flash_kernel() -> None:
    assert str(select(torch.device("cuda"), torch.float32)) == "prefill sdpa, decode eager"


def test_cards_before_ampere_get_no_flash_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (7, 5))
    assert str(select(torch.device("cuda"), torch.float16)) == "prefill sdpa, decode eager"


@pytest.mark.parametrize("group", [1, 4])
@pytest.mark.parametrize("tokens", [1, 7, 16])
def test_torchs_flash_operator_takes_chunks_and_grouped_heads(group: int, tokens: int) -> None:
    query = torch.empty(2 * group, tokens, 64, dtype=torch.bfloat16, device="meta")
    key = torch.empty(2, 16, 64, dtype=torch.bfloat16, device="meta")
    assert TorchFlashPrefill()(query, key, key, SCALE).shape == (tokens, 2 * group, 64)


def right(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, **options: object) -> torch.Tensor:
    """A stand-in for flash-attn's function, in the precision that it would have."""
    scale = options["softmax_scale"]
    assert isinstance(scale, float)
    assert options["causal"] is True
    query, key, value = (part[0].transpose(0, 1) for part in (query, key, value))
    return SdpaPrefill()(query, key, value, scale)[None]


def one_key_short(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, **options: object) -> torch.Tensor:
    key = key.clone()
    key[:, 3] = key[:, 4]
    return right(query, key, value, **options)


def wrong_type(*_: torch.Tensor, **options: object) -> torch.Tensor:
    raise RuntimeError("FlashAttention only supports bf16 and fp8 data type")


def install(monkeypatch: pytest.MonkeyPatch, capability: int, **functions: object) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (capability, 0))
    for name in ("flash_attn_interface", "fa3_fwd_interface", "flash_attn"):
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        if name in functions:
            vars(module)["flash_attn_func"] = functions[name]
            monkeypatch.setitem(sys.modules, name, module)
        else:
            monkeypatch.delitem(sys.modules, name, raising=False)


def chosen() -> str | None:
    kernel = flash_attn(torch.device("cpu"), torch.bfloat16, 64)
    return None if kernel is None else kernel.name


@parametrize(
    ("capability", "functions", "name"),
    [
        (9, {"fa3_fwd_interface": right, "flash_attn": right}, "flash-attn 3"),
        (9, {"flash_attn_interface": right}, "flash-attn 3"),
        (8, {"fa3_fwd_interface": right, "flash_attn": right}, "flash-attn 2"),
        (9, {"flash_attn": right}, "flash-attn 2"),
        (7, {"fa3_fwd_interface": right, "flash_attn": right}, None),
        (9, {}, None),
    ],
)
def test_the_newest_flash_attn_that_the_card_can_run(
    monkeypatch: pytest.MonkeyPatch, capability: int, functions: dict[str, object], name: str | None
) -> None:
    install(monkeypatch, capability, **functions)
    assert chosen() == name


@parametrize("broken", [one_key_short, wrong_type, None], ids=["wrong key", "wrong type", "no function"])
def test_a_flash_attn_that_is_not_right_is_passed_over(monkeypatch: pytest.MonkeyPatch, broken: object) -> None:
    install(monkeypatch, 9, fa3_fwd_interface=broken, flash_attn=right)
    assert chosen() == "flash-attn 2"
    install(monkeypatch, 9, fa3_fwd_interface=broken)
    assert chosen() is None


def test_a_first_chunk_never_goes_where_torch_may_choose_cudnn(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> torch.Tensor:
        raise AssertionError("scaled_dot_product_attention chooses by itself")

    monkeypatch.setattr(torch_kernels, "scaled_dot_product_attention", refuse)
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", refuse)
    chosen = select(torch.device("cuda"), torch.bfloat16).prefill
    query, key = (torch.empty(2, 16, 64, dtype=torch.bfloat16, device="meta") for _ in range(2))
    assert chosen.name == "sdpa-flash"
    assert chosen(query, key, key, SCALE).shape == (16, 2, 64)


@parametrize("missing", range(0, 64, 7))
def test_flash_attn_that_misses_any_key_is_not_taken(missing: int) -> None:
    """One key of a chunk behind cached ones, and of a first chunk, where half of the queries come before it."""

    def short(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        key = key.clone()
        key[:, missing] = -key[:, missing]
        return SdpaPrefill()(query, key, value, scale)

    cpu = torch.device("cpu")
    exact = _difference(SdpaPrefill(), cpu, torch.bfloat16, 64)
    assert exact < TOLERANCE < _difference(Prefill(short), cpu, torch.bfloat16, 64)


@dataclass
class Prefill:
    function: Callable[[torch.Tensor, torch.Tensor, torch.Tensor, float], torch.Tensor]
    name: str = "stand-in"

    def __call__(self, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float) -> torch.Tensor:
        return self.function(query, key, value, scale)


@pytest.mark.slow
@NEEDS_TRITON
def test_a_decode_kernel_that_misses_any_key_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    from ghostproof.prover.engine.attention import triton_kernels

    reference = TwoPartDecode("eager", eager)
    missing: list[int | None] = [None]

    class Short:
        def __call__(
            self,
            query: torch.Tensor,
            prefix: torch.Tensor,
            own: torch.Tensor,
            lengths: tuple[int, int],
            scale: float,
        ) -> torch.Tensor:
            prefix, own, (seen, grown) = prefix.float(), own.float(), lengths
            place = missing[0]
            if place is not None and place < seen:
                prefix[:, :, place] = prefix[:, :, seen - 1]
                seen -= 1
            elif place is not None:
                own[:, :, :, place - seen] = own[:, :, :, grown - 1]
                grown -= 1
            return reference(query.float(), prefix, own, (seen, grown), scale).to(query.dtype)

    monkeypatch.setattr(triton_kernels, "TritonDecode", Short)
    cpu = torch.device("cpu")
    assert triton_kernels.unfit(cpu, torch.bfloat16, 64) == ""
    taken = []
    for place in range(2, 333 + 70, 7):
        missing[0] = place
        if not triton_kernels.unfit(cpu, torch.bfloat16, 64).startswith("the results differ"):
            taken.append(place)
    assert taken == []
