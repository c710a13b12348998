"""What `attention/triton_kernels.py` and `model/draw_kernels.py` compute, in plain torch on the CPU.

Keys are read and written at addresses; what rows are drawn with is read where the recording finds it.
"""

import ctypes
from collections.abc import Sequence

import torch
from torch import Tensor

from ghostproof.prover.engine.attention.torch_kernels import SdpaPrefill, TwoPartDecode, eager
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model import sampler
from ghostproof.prover.engine.model.recorded_draw import DrawSlots


class AddressedKernels:
    """Implements `graphs.Operations`.

    Args:
        dtype: of keys and values.
    """

    def __init__(self, dtype: torch.dtype = torch.float32) -> None:
        self._dtype = dtype
        self._decode = TwoPartDecode("eager", eager)
        self._prefill = SdpaPrefill()

    def over_leaves(self, query: Tensor, table: Tensor, sizes: Tensor, kv_heads: int, scale: float) -> Tensor:
        seen, grown, _, _ = sizes.tolist()
        trunk, own = self._trunk(table, kv_heads, query.shape[2]), self._own(table, kv_heads, query.shape[2])
        return self._decode(query, trunk, own, (seen, grown), scale)

    def over_trunk(self, query: Tensor, table: Tensor, sizes: Tensor, kv_heads: int, scale: float) -> Tensor:
        seen, _, _, start = sizes.tolist()
        key, value = self._trunk(table, kv_heads, query.shape[2])[:, :, :seen]
        output = torch.full(query.shape, torch.nan)  # what a row behind the last one holds must not matter
        there = query[: seen - start].transpose(0, 1)
        output[: seen - start] = self._prefill(there, key, value, scale)
        return output.nan_to_num(9.0)

    def store(self, key: Tensor, value: Tensor, table: Tensor, sizes: Tensor, *, own: bool) -> None:
        _, grown, stored, start = sizes.tolist()
        kv_heads, head_dim = key.shape[1:]
        for kind, rows in enumerate((key[:stored], value[:stored])):
            if own:
                self._own(table, kv_heads, head_dim)[kind, :stored, :, grown - 1] = rows
            else:
                self._trunk(table, kv_heads, head_dim)[kind, :, start : start + stored] = rows.transpose(0, 1)

    def _trunk(self, table: Tensor, kv_heads: int, head_dim: int) -> Tensor:
        address, _, capacity, *_ = table.tolist()
        return self._at(address, (2, kv_heads, capacity, head_dim))

    def _own(self, table: Tensor, kv_heads: int, head_dim: int) -> Tensor:
        _, address, _, room, width, *_ = table.tolist()
        return self._at(address, (2, width, kv_heads, room, head_dim))

    def _at(self, address: int, shape: tuple[int, ...]) -> Tensor:
        size = torch.Size(shape).numel() * self._dtype.itemsize
        return torch.frombuffer((ctypes.c_char * size).from_address(address), dtype=self._dtype).view(shape)


class SlotDraws:
    """Implements `recorded_draw.DrawOperations`.

    Attributes:
        passes: rows of each draw so far.
    """

    def __init__(self) -> None:
        self.passes: list[int] = []

    def draw(self, logits: Tensor, slots: DrawSlots) -> None:
        self.passes.append(slots.rows)
        for row, (temperature, top_p, tries, greedy) in enumerate(slots.choice.tolist()):
            one = TokenDraw(slots.chance[row : row + 1, : int(tries)], 0.0 if greedy else temperature, top_p)
            slots.drawn[row] = sampler.draw_rows(logits[row : row + 1], [one])[0]

    def draw_rows(self, logits: Tensor, draws: Sequence[TokenDraw]) -> Tensor:
        return sampler.draw_rows(logits, draws)
