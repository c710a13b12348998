"""The fused pass: how many kernels it takes, counted, and that its weights are nowhere twice."""

from collections.abc import Callable

import pytest
import torch
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention.plan import Plan
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.fused import FusedForward, fits
from ghostproof.prover.engine.model.graphs import Graphs
from ghostproof.prover.engine.model.recorded import Key, Recorded
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.model.sampler import tries
from support.platforms import NEEDS_TRITON
from support.random_models import FAMILIES, twins

pytestmark = NEEDS_TRITON

MOST_KERNELS = 8  # of a layer, besides its matrix products
PRODUCTS = frozenset({"aten::mm", "aten::addmm", "aten::linear"})
WITHOUT_KERNEL = frozenset(
    {"aten::empty", "aten::empty_like", "aten::empty.memory_format", "aten::detach", "aten::detach_"}
)


class Counter(TorchDispatchMode):
    """Counts what a CUDA device would launch: torch's operators that make something, and Triton's kernels."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        import triton

        self.products = 0
        self.kernels: list[str] = []

        def launch(function: Callable[..., object], *arguments: object, **options: object) -> None:
            self.kernels.append(function.__name__)

        monkeypatch.setattr(triton.JITFunction, "run", launch)

    def __torch_dispatch__(
        self, func: OpOverload, types: object, args: tuple[object, ...] = (), kwargs: dict[str, object] | None = None
    ) -> object:
        name = func.name().split(".")[0]
        if name in PRODUCTS:
            self.products += 1
        elif not func.is_view and name not in WITHOUT_KERNEL and name != "aten::_unsafe_view":
            self.kernels.append(name)
        return func(*args, **(kwargs or {}))


def counted(monkeypatch: pytest.MonkeyPatch, family: str, key: Key, layers: int) -> tuple[int, int]:
    """Matrix products and other kernels of one recorded pass of so many layers; nothing that it computes is right."""
    from ghostproof.prover.engine.attention import triton_kernels
    from ghostproof.prover.engine.model import layer_kernels

    model, _ = twins(family)
    model.config.num_hidden_layers = layers
    forward = FusedForward(model, layer_kernels)
    tables, sizes = torch.zeros(layers, 8, dtype=torch.int64), torch.zeros(4, dtype=torch.int64)
    segments = [Recorded(key, tables, sizes, triton_kernels)] * key.groups
    ids = torch.zeros(key.rows * key.groups, dtype=torch.int64)
    with torch.inference_mode(), Counter(monkeypatch) as counter:
        forward(ids, ids, Plan(segments, logits=key.kind == "step"))
    return counter.products, len(counter.kernels)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("key", [Key("step", 16), Key("suffix", 64), Key("step", 8, 2)], ids=str)
def test_a_layer_is_four_matrix_products_and_few_kernels(
    family: str, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, more = (counted(monkeypatch, family, key, layers) for layers in (1, 3))
    assert (more[0] - few[0]) / 2 == 4
    each = (more[1] - few[1]) / 2
    assert each == (6 if key.groups == 1 else 10)  # a second group: its own three kernels, and both joined
    assert each <= MOST_KERNELS * key.groups
    assert few[1] - each <= 16, "of a pass, besides its layers"


@pytest.mark.parametrize("groups", [1, 2])
def test_a_recorded_step_draws_with_four_kernels_and_little_is_done_around_it(
    groups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step of the runner: what its recording holds behind the model, and what is launched besides."""
    from ghostproof.prover.engine.attention import triton_kernels
    from ghostproof.prover.engine.model import draw_kernels, layer_kernels

    model, _ = twins("llama")
    inside: list[str] = []
    with torch.inference_mode(), Counter(monkeypatch) as counter:

        def record(work: Callable[[], torch.Tensor]) -> Callable[[], torch.Tensor]:
            before = len(counter.kernels), counter.products
            output = work()
            inside[:] = counter.kernels[before[0] :]
            del counter.kernels[before[0] :]
            return lambda: output

        forward = FusedForward(model, layer_kernels)
        graphs = Graphs(EagerForward(model), torch.device("cpu"), triton_kernels, record, (), forward, draw_kernels)
        runner = TorchRunner(model, 1 << 30, forward=graphs, draw=graphs.draw_rows)
        each = []
        for document in "ab"[:groups]:
            trunk = runner.begin([1, 2, 3], document)
            runner.prefill(trunk, 16)
            each.append((runner.fork(trunk, 4, 9), torch.zeros(4, dtype=torch.int64)))
        draws = [TokenDraw(torch.rand(4, tries(0.95)), 1.0, 0.95, greedy_first=True)] * groups
        runner.advance(each, draws)
        assert inside[-4:] == ["_survey", "_pick", "_weigh", "_settle"]
        del counter.kernels[:]
        for _ in range(2):
            runner.advance(each, draws)
    # Ids, positions, lengths and chances where the recording reads them, and what was drawn out of it.
    assert len(counter.kernels) / 2 <= 8 + 5 * (groups - 1), counter.kernels


@pytest.mark.parametrize("family", FAMILIES)
def test_merged_weights_are_nowhere_twice_and_the_model_runs_as_before(family: str) -> None:
    from ghostproof.prover.engine.model import layer_kernels

    model, other = twins(family)
    assert fits(model)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    FusedForward(model, layer_kernels)
    after = model.state_dict()
    assert after.keys() == before.keys()
    for name, weight in before.items():
        assert torch.equal(after[name], weight), name
    storages = {weight.untyped_storage().data_ptr(): weight.untyped_storage().nbytes() for weight in after.values()}
    alone = {weight.untyped_storage().data_ptr(): weight.nbytes for weight in other.state_dict().values()}
    assert sum(storages.values()) == sum(alone.values())
    for module, parts in (("self_attn", ("q", "k", "v")), ("mlp", ("gate", "up"))):
        weights = [model.get_parameter(f"model.layers.0.{module}.{part}_proj.weight") for part in parts]
        assert len({weight.untyped_storage().data_ptr() for weight in weights}) == 1
    ids = torch.arange(20)[None]
    torch.testing.assert_close(model(ids).logits, other(ids).logits, atol=1e-5, rtol=0)


def gelu(model: PreTrainedModel) -> None:
    model.config.hidden_act = "gelu"


def half_rotated(model: PreTrainedModel) -> None:
    rotary = model.get_submodule("model.rotary_emb")
    rotary.inv_freq = torch.nn.Buffer(rotary.get_buffer("inv_freq")[:2])


def scaled(model: PreTrainedModel) -> None:
    vars(model.get_submodule("model.layers.0.self_attn"))["scaling"] = 1.0


@pytest.mark.parametrize("change", [gelu, half_rotated, scaled])
def test_models_that_compute_something_else_are_not_fused(change: Callable[[PreTrainedModel], None]) -> None:
    model, _ = twins("llama")
    change(model)
    assert not fits(model)
