"""The fused pass: how many kernels it takes, counted, and that its weights are nowhere twice."""

from collections.abc import Callable

import pytest
import torch
from transformers import PreTrainedModel

from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.fused import FusedForward, fits
from ghostproof.prover.engine.model.graphs import Graphs
from ghostproof.prover.engine.model.recorded import Key
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.model.sampler import tries
from support.platforms import NEEDS_TRITON
from support.random_models import FAMILIES, twins

pytestmark = NEEDS_TRITON

MOST_KERNELS = 8  # of a layer, besides its matrix products


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("key", [Key("step", 16), Key("suffix", 64), Key("step", 8, 2)], ids=str)
def test_a_layer_is_four_matrix_products_and_few_kernels(family: str, key: Key) -> None:
    from bench.gpu.count import recording

    few, more = (recording(twins(family)[0], key, layers) for layers in (1, 3))
    assert (more.products - few.products) / 2 == 4
    each = (len(more.kernels) - len(few.kernels)) / 2
    # Two for the layer; attention is one of a step and three of a suffix. A second group: its own, and both joined.
    assert each == 2 + (3 if key.kind == "suffix" else 2 * key.groups - 1)
    assert each <= MOST_KERNELS * key.groups
    assert len(few.kernels) - each <= 20, "of a pass with its draw, besides its layers"


@pytest.mark.parametrize("groups", [1, 2])
def test_a_recorded_step_draws_with_four_kernels_and_little_is_done_around_it(
    groups: int,
) -> None:
    """A step of the runner: what its recording holds behind the model, and what is launched besides."""
    from bench.gpu.count import Launches

    from ghostproof.prover.engine.attention import step_kernels, triton_kernels
    from ghostproof.prover.engine.model import draw_kernels, layer_kernels

    model, _ = twins("llama")
    inside: list[str] = []
    with torch.inference_mode(), Launches() as counter:

        def record(work: Callable[[], torch.Tensor]) -> Callable[[], torch.Tensor]:
            before = len(counter.kernels), counter.products
            output = work()
            inside[:] = counter.kernels[before[0] :]
            del counter.kernels[before[0] :]
            return lambda: output

        forward = FusedForward(model, layer_kernels, step_kernels)
        graphs = Graphs(EagerForward(model), torch.device("cpu"), triton_kernels, record, (), forward, draw_kernels)
        runner = TorchRunner(model, 1 << 30, forward=graphs, draw=graphs.draw_rows)
        each = []
        for document in "ab"[:groups]:
            hold = runner.begin([1, 2, 3], document)
            runner.prefill(hold, 16)
            each.append((runner.fork(hold, 4, 9), torch.zeros(4, dtype=torch.int64)))
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
    from ghostproof.prover.engine.attention import step_kernels
    from ghostproof.prover.engine.model import layer_kernels

    model, other = twins(family)
    for pair in zip(model.parameters(), other.parameters(), strict=True):
        for weight in pair:
            if weight.dim() == 1:
                weight.data.add_(torch.linspace(-0.5, 0.5, len(weight)))
    assert fits(model)
    FusedForward(model, layer_kernels, step_kernels)
    before, after = other.state_dict(), model.state_dict()
    assert after.keys() == before.keys()
    for name, weight in before.items():
        expected = weight
        if name.endswith(("gate_proj.weight", "up_proj.weight")):  # they have the weight of the norm before them
            expected = weight * before[name.rsplit("mlp.")[0] + "post_attention_layernorm.weight"]
        elif name.endswith("post_attention_layernorm.weight"):
            expected = torch.ones_like(weight)
        assert torch.equal(after[name], expected), name
    storages = {weight.untyped_storage().data_ptr(): weight.untyped_storage().nbytes() for weight in after.values()}
    alone = {weight.untyped_storage().data_ptr(): weight.nbytes for weight in before.values()}
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


def half_precision(model: PreTrainedModel) -> None:
    torch.nn.Module.to(model, torch.float16)


def scaled(model: PreTrainedModel) -> None:
    vars(model.get_submodule("model.layers.0.self_attn"))["scaling"] = 1.0


@pytest.mark.parametrize("change", [gelu, half_rotated, half_precision, scaled])
def test_models_that_compute_something_else_are_not_fused(change: Callable[[PreTrainedModel], None]) -> None:
    model, _ = twins("llama")
    change(model)
    assert not fits(model)


def test_by_count_a_step_and_an_edit_take_as_long_as_is_wanted() -> None:
    from bench.gpu.estimate import BANDWIDTHS, CONTEXT, cache_bytes, counted, estimate, first_token, weight_bytes

    read, card = weight_bytes() + cache_bytes(CONTEXT), BANDWIDTHS["H200"]
    step = counted(Key("step", 16))
    assert step.products == 4 * 30 + 1
    assert step.kernels.count("_attend_step") == step.kernels.count("_silu_mul") == 30
    assert step.kernels.count("_norm") == 30 + 1
    assert estimate(step, read, card).whole <= 4.1
    for bandwidth in BANDWIDTHS.values():
        assert estimate(step, read, bandwidth).over <= 1.18
    assert estimate(first_token(), read, card).whole <= 4.6
