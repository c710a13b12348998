"""What a CUDA device would launch, counted without one."""

# mypy: disable-error-code="import-not-found, import-untyped"
# Triton is installed only where it is of use, and has no types.

from collections.abc import Callable
from dataclasses import dataclass

import torch
import triton
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention import step_kernels, triton_kernels
from ghostproof.prover.engine.attention.plan import Plan
from ghostproof.prover.engine.model import draw_kernels, layer_kernels
from ghostproof.prover.engine.model.fused import FusedForward
from ghostproof.prover.engine.model.recorded import Key, Recorded
from ghostproof.prover.engine.model.recorded_draw import DrawSlots

PRODUCTS = frozenset({"aten::mm", "aten::addmm", "aten::addmm_", "aten::linear"})
WITHOUT_KERNEL = frozenset({
    "aten::empty", "aten::empty_like", "aten::detach", "aten::detach_", "aten::_unsafe_view",
})  # fmt: skip


class Launches(TorchDispatchMode):
    """Counts torch's operators that make something, and Triton's kernels, which are not run meanwhile.

    Attributes:
        products: matrix products. kernels: names of all others, in order.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.products = 0
        self.kernels: list[str] = []
        self._run: Callable[..., object] = triton.JITFunction.run

    def __enter__(self) -> "Launches":
        triton.JITFunction.run = lambda kernel, *_, **__: self.kernels.append(kernel.__name__)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *problem: object) -> None:
        triton.JITFunction.run = self._run
        super().__exit__(*problem)  # type: ignore[no-untyped-call]

    def __torch_dispatch__(
        self, func: OpOverload, types: object, args: tuple[object, ...] = (), kwargs: dict[str, object] | None = None
    ) -> object:
        name = func.name().split(".")[0]
        made = func(*args, **(kwargs or {}))
        if name in PRODUCTS:
            self.products += 1
        elif name not in WITHOUT_KERNEL and not (func.is_view and _is_at_one_address(made, args[0])):
            self.kernels.append(name)
        return made


def _is_at_one_address(made: object, source: object) -> bool:
    """Whether nothing was copied: a conversion calls itself a view, and is one only where the type stays."""
    if not (isinstance(made, torch.Tensor) and isinstance(source, torch.Tensor)):
        return True
    return made.untyped_storage().data_ptr() == source.untyped_storage().data_ptr()


@dataclass(frozen=True)
class Recording:
    """What one recorded pass launches: matrix products, and the names of all other kernels."""

    products: int
    kernels: tuple[str, ...]

    @property
    def heavy(self) -> int:
        """Kernels that read weights or cached keys."""
        return self.products + self._attending

    @property
    def light(self) -> int:
        return len(self.kernels) - self._attending

    @property
    def _attending(self) -> int:
        return self.kernels.count("_attend") + self.kernels.count("_attend_step")


def recording(model: PreTrainedModel, key: Key, layers: int) -> Recording:
    """Of so many of the model's layers on the CPU; nothing that it computes is right."""
    model.config.num_hidden_layers = layers
    forward = FusedForward(model, layer_kernels, step_kernels)
    tables, sizes = torch.zeros(layers, 8, dtype=torch.int64), torch.zeros(4, dtype=torch.int64)
    segments = [Recorded(key, tables, sizes, triton_kernels)] * key.groups
    ids = torch.zeros(key.rows * key.groups, dtype=torch.int64)
    slots = DrawSlots(len(ids), torch.device("cpu"))
    is_step = key.kind == "step"
    with torch.inference_mode(), Launches() as launches:
        output = forward(ids, ids, Plan(segments, logits=is_step))
        if is_step:
            draw_kernels.draw(output, slots)
    return Recording(launches.products, tuple(launches.kernels))
