"""Which attention kernels a device gets: the fastest that are installed and right there."""

import importlib
import logging
from importlib.util import find_spec

import torch

from ghostproof.prover.engine.attention.interface import DecodeKernel, Kernels, PrefillKernel
from ghostproof.prover.engine.attention.torch_kernels import (
    FlashPrefill,
    SdpaPrefill,
    TorchFlashPrefill,
    TwoPartDecode,
    eager,
    flash,
)

log = logging.getLogger(__name__)

AMPERE = 8  # major compute capability
FLASH_ATTN = (
    ("flash-attn 3", "flash_attn_interface", (9,)),
    ("flash-attn 3", "fa3_fwd_interface", (9,)),
    ("flash-attn 2", "flash_attn", (8, 9, 10, 12)),
)
"""Names, modules and the major compute capabilities they are built for, the fastest first."""
# Half precision differs by up to three thousandths from float32; one missing key of two hundred shows above this.
TOLERANCE = 0.006
# What foreign code may raise that was built for another torch, or does not take the type: all of it means "not this".
FAILURES = (ImportError, OSError, RuntimeError, ValueError, TypeError, AttributeError, AssertionError)


def select(device: torch.device, dtype: torch.dtype, head_dim: int = 128) -> Kernels:
    """The fastest kernels that are installed and work on the device; nothing is fetched."""
    if device.type != "cuda" or dtype not in (torch.float16, torch.bfloat16) or _before_ampere(device):
        return Kernels(SdpaPrefill(), TwoPartDecode("eager", eager))
    return Kernels(flash_attn(device, dtype, head_dim) or TorchFlashPrefill(), _shared_prefix(device, dtype, head_dim))


def _before_ampere(device: torch.device) -> bool:
    """Whether the card lacks what torch's flash operator needs."""
    return torch.cuda.is_available() and torch.cuda.get_device_capability(device)[0] < AMPERE


def _shared_prefix(device: torch.device, dtype: torch.dtype, head_dim: int) -> DecodeKernel:
    """Our Triton kernel where Triton is installed and the kernel is right, else torch's flash kernel."""
    if find_spec("triton") is None or not torch.cuda.is_available():
        return TwoPartDecode("sdpa-flash", flash)
    from ghostproof.prover.engine.attention import triton_kernels  # imports Triton

    if problem := triton_kernels.unfit(device, dtype, head_dim):
        log.warning("the Triton kernel is not used: %s", problem)
        return TwoPartDecode("sdpa-flash (triton failed)", flash)
    return triton_kernels.TritonDecode()


def flash_attn(device: torch.device, dtype: torch.dtype, head_dim: int) -> PrefillKernel | None:
    """flash-attn where it is installed, can be loaded by this torch, knows the device and agrees with the reference."""
    for name, module, majors in FLASH_ATTN:
        if find_spec(module) is None or torch.cuda.get_device_capability(device)[0] not in majors:
            continue
        try:
            kernel = FlashPrefill(name, importlib.import_module(module).flash_attn_func)
            difference = _difference(kernel, device, dtype, head_dim)
        except FAILURES as problem:
            log.warning("%s (%s) is not used: %s: %s", name, module, type(problem).__name__, problem)
            continue
        if difference < TOLERANCE:
            return kernel
        log.warning("%s (%s) is not used: its results differ by %.2g", name, module, difference)
    return None


def _difference(kernel: PrefillKernel, device: torch.device, dtype: torch.dtype, head_dim: int) -> float:
    """The largest difference from the reference in float32, for a chunk behind cached keys and for a first one."""
    generator = torch.Generator(device).manual_seed(0)
    differences = []
    for tokens, keys in ((33, 200), (64, 64)):
        query, key, value = (
            torch.randn((heads, count, head_dim), generator=generator, device=device).to(dtype)
            for heads, count in ((4, tokens), (2, keys), (2, keys))
        )
        actual = kernel(query, key, value, head_dim**-0.5).float()
        expected = SdpaPrefill()(query.float(), key.float(), value.float(), head_dim**-0.5)
        seen_much = slice(tokens // 2, None)  # the first ones of a first chunk round a few large values
        differences.append(float((actual - expected)[seen_much].abs().max()))
    return max(differences)
