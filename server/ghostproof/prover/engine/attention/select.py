"""Which attention kernels a device gets: the fastest that are installed and right there."""

import importlib
import logging
from contextlib import suppress
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
FLASH_ATTN = (("flash-attn 3", "flash_attn_interface", (9,)), ("flash-attn 2", "flash_attn", (8, 9, 10, 12)))
"""Names, modules and the major compute capabilities they are built for, the fastest first."""


def select(device: torch.device, dtype: torch.dtype, head_dim: int = 128) -> Kernels:
    """The fastest kernels that are installed and work on the device; nothing is fetched."""
    if device.type != "cuda" or dtype not in (torch.float16, torch.bfloat16) or _before_ampere(device):
        return Kernels(SdpaPrefill(), TwoPartDecode("eager", eager))
    return Kernels(_flash_attn(device) or TorchFlashPrefill(), _shared_prefix(device, dtype, head_dim))


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


def _flash_attn(device: torch.device) -> PrefillKernel | None:
    """flash-attn where it is installed, can be loaded by this torch and knows the device."""
    for name, module, majors in FLASH_ATTN:
        with suppress(ImportError):
            function = importlib.import_module(module).flash_attn_func
            if torch.cuda.get_device_capability(device)[0] in majors:
                return FlashPrefill(name, function)
    return None
