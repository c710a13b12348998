"""Numbers on their way from the host to the device, which nobody waits for."""

from collections.abc import Sequence

import torch
from torch import Tensor


def indices(numbers: Sequence[int], device: torch.device) -> Tensor:
    """The numbers on the device, [len(numbers)], int64, without waiting for it."""
    return sent(torch.tensor(numbers, dtype=torch.int64), device)


def sent(tensor: Tensor, device: torch.device) -> Tensor:
    """The tensor on the device, without waiting for it."""
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)
