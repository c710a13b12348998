"""The runner against transformers' own code on the same weights: cached = uncached, shared = expanded, all = each."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM, PreTrainedModel, Qwen2Config, Qwen2ForCausalLM

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine.attention.plan import Plan, Suffix
from ghostproof.prover.engine.contract import OutOfMemory, Runner
from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model.forward import EagerForward, Forward
from ghostproof.prover.engine.model.runner import TorchRunner
from support.random_models import CONTEXT, FAMILIES, VOCABULARY, twins

pytestmark = pytest.mark.usefixtures("unwritten_memory")


def assert_close(actual: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(actual, expected, atol=1e-4, rtol=0)


class Passes:
    """How many rows every forward pass has; `shortages` of the next passes find no memory on the device."""

    def __init__(self, forward: Forward) -> None:
        self.rows: list[int] = []
        self.plans: list[Plan] = []
        self.shortages = 0
        self._forward = forward

    def __call__(self, ids: Tensor, positions: Tensor, plan: Plan) -> Tensor:
        hidden = self._forward(ids, positions, plan)
        if self.shortages:
            self.shortages -= 1
            raise torch.OutOfMemoryError("no memory on the device")
        self.rows.append(len(ids))
        self.plans.append(plan)
        return hidden


@dataclass
class Pair:
    """A runner, and what transformers says of the same weights."""

    runner: TorchRunner
    model: PreTrainedModel
    passes: Passes

    @torch.inference_mode()
    def expected(self, ids: Sequence[int]) -> Tensor:
        """Logits behind the last token, [vocabulary], nothing cached."""
        logits: Tensor = self.model(torch.tensor([list(ids)])).logits
        return logits[0, -1]

    @torch.inference_mode()
    def expanded(self, ids: Sequence[int], rows: Tensor) -> list[Tensor]:
        """Logits behind each of the rows' tokens [rows, tokens]: the prompt's cache is copied for every row."""
        cache = DynamicCache(config=self.model.config)
        self.model(torch.tensor([list(ids)]), past_key_values=cache)
        cache.batch_repeat_interleave(len(rows))
        return [self.model(column[:, None], past_key_values=cache).logits[:, -1] for column in rows.T]

    def hold(self, ids: Sequence[int], document: str = "a", chunk: int = CONTEXT) -> TrunkHold:
        """A hold on a trunk that has all of the tokens."""
        hold = self.runner.begin(ids, document)
        while not self.runner.prefill(hold, chunk):
            pass
        return hold


def pair_of(family: str, budget: int = 1 << 30) -> Pair:
    engine, own = twins(family)
    passes = Passes(EagerForward(engine))
    return Pair(TorchRunner(engine, budget, forward=passes), own, passes)


@pytest.fixture(params=FAMILIES)
def pair(request: pytest.FixtureRequest) -> Pair:
    return pair_of(request.param)


@pytest.fixture
def llama() -> Pair:
    return pair_of("llama")


def draw(count: int, seed: int = 0) -> list[int]:
    ids: list[int] = torch.randint(VOCABULARY, (count,), generator=torch.Generator().manual_seed(seed)).tolist()
    return ids


def draw_rows(rows: int, count: int, seed: int = 0) -> Tensor:
    return torch.tensor(draw(rows * count, seed)).view(rows, count)


def test_the_runner_is_what_the_loop_expects(llama: Pair) -> None:
    runner: Runner = llama.runner
    assert (runner.device.type, runner.context, runner.budget) == ("cpu", CONTEXT, 1 << 30)
    assert runner.attention == "prefill sdpa, decode eager"


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_a_prompt_in_chunks(pair: Pair, chunk: int) -> None:
    ids = draw(65)
    hold = pair.hold(ids, chunk=chunk)
    assert (list(hold.ids), hold.cached, hold.missing) == (ids, 0, 0)
    assert_close(pair.runner.logits(hold), pair.expected(ids))


@given(
    edits=st.lists(
        st.tuples(st.floats(0, 1), st.integers(1, 40), st.sampled_from("ab"), st.integers(1, 64)),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("family", FAMILIES)
def test_cached_is_uncached(family: str, edits: list[tuple[float, int, str, int]]) -> None:
    pair = pair_of(family)
    ids = draw(90)
    pair.runner.end(pair.hold(ids))
    for seed, (where, added, document, chunk) in enumerate(edits, 1):
        ids = ids[: int(where * len(ids))] + draw(added, seed)
        hold = pair.hold(ids, document, chunk)
        assert_close(pair.runner.logits(hold), pair.expected(ids))
        pair.runner.end(hold)
    assert pair.runner.pinned == 0


def test_only_what_is_new_is_computed(llama: Pair) -> None:
    ids, passes = draw(300), llama.passes
    llama.runner.end(llama.hold(ids))
    llama.runner.end(again := llama.hold(ids))
    llama.runner.end(edited := llama.hold(ids[:280] + draw(30, 1)))
    llama.runner.end(shorter := llama.hold(ids[:100]))
    assert (again.cached, edited.cached, shorter.cached) == (300, 280, 99)
    assert passes.rows == [300, 30, 1]
    assert [part.store for plan in passes.plans for part in plan.segments if isinstance(part, Suffix)] == [
        True,
        True,
        False,  # others may be reading what is there
    ]
    assert_close(llama.runner.logits(shorter), llama.expected(ids[:100]))


@pytest.mark.parametrize(("rows", "steps"), [(1, 3), (5, 70)])
def test_shared_is_expanded(pair: Pair, rows: int, steps: int) -> None:
    ids, own = draw(80), draw_rows(rows, steps, 1)
    hold = pair.hold(ids)
    leaves = pair.runner.fork(hold, rows, steps)
    for column, logits in zip(own.T, pair.expanded(ids, own), strict=True):
        assert_close(pair.runner.step([(leaves, column)]), logits)
    assert (leaves.rows, leaves.length) == (rows, steps)
    with pytest.raises(ValueError, match="room for"):
        pair.runner.step([(leaves, own[:, 0])])
    pair.runner.release(leaves)
    pair.runner.end(hold)
    assert pair.runner.pinned == 0


def test_groups_together_are_each_alone(pair: Pair) -> None:
    prompts = [draw(30), draw(30)[:20] + draw(50, 1), draw(7, 2)]
    owns = [draw_rows(rows, 6, rows) for rows in (3, 1, 4)]
    leaves = [pair.runner.fork(pair.hold(ids, str(ids)), len(own), 9) for ids, own in zip(prompts, owns, strict=True)]
    expected = [pair.expanded(ids, own) for ids, own in zip(prompts, owns, strict=True)]
    pair.runner.step([(leaves[2], owns[2][:, 0])])  # its rows are longer than the others' from here on
    for step in range(5):
        places = (step, step, step + 1)
        logits = pair.runner.step([(own, rows[:, at]) for own, rows, at in zip(leaves, owns, places, strict=True)])
        assert_close(logits, torch.cat([each[at] for each, at in zip(expected, places, strict=True)]))


@pytest.mark.parametrize("kept", [[0, 2, 3, 5], [5], [4, 1], [0, 1, 2], [5, 4, 3, 2, 1, 0]])
def test_rows_that_are_kept_go_on(pair: Pair, kept: list[int]) -> None:
    ids, own = draw(40), draw_rows(6, 8, 1)
    leaves = pair.runner.fork(pair.hold(ids), 6, 20)
    for column in own.T[:5]:
        pair.runner.step([(leaves, column)])
    before = pair.runner.used
    pair.runner.keep(leaves, kept)
    assert leaves.rows == len(kept)
    assert pair.runner.used < before if len(kept) <= 4 else pair.runner.used == before
    expected = pair.expanded(ids, own)
    for at in range(5, 8):
        assert_close(pair.runner.step([(leaves, own[kept, at])]), expected[at][kept])


def test_rows_are_given_up_before_their_first_token(llama: Pair) -> None:
    ids, own = draw(40), draw_rows(6, 2, 1)
    leaves = llama.runner.fork(llama.hold(ids), 6, 20)
    llama.runner.keep(leaves, [1, 4])
    assert_close(llama.runner.step([(leaves, own[[1, 4], 0])]), llama.expanded(ids, own)[0][[1, 4]])


@pytest.mark.parametrize("rows", [[], [3], [-1], [1, 1]])
def test_rows_that_cannot_be_kept(llama: Pair, rows: list[int]) -> None:
    leaves = llama.runner.fork(llama.hold(draw(9)), 3, 4)
    with pytest.raises(ValueError, match="rows"):
        llama.runner.keep(leaves, rows)


def test_rows_keep_their_prefix_while_its_trunk_goes_on(pair: Pair) -> None:
    ids, own = draw(60), draw_rows(3, 8, 1)
    hold = pair.hold(ids)
    leaves = pair.runner.fork(hold, 3, 8)
    pair.runner.end(hold)
    others = (ids + draw(500, 2), ids[:50] + draw(10, 3), ids + draw(40, 4), ids[:30], draw(20, 5), ids)
    for column, logits, other in zip(own.T, pair.expanded(ids, own), others, strict=False):
        assert_close(pair.runner.step([(leaves, column)]), logits)
        between = pair.hold(other)
        assert_close(pair.runner.logits(between), pair.expected(other))
        pair.runner.end(between)


def test_prompts_in_turns_compute_their_common_part_once(pair: Pair) -> None:
    first_ids, second_ids = (draw(100) + draw(30, seed) for seed in (1, 2))
    passes = pair.passes
    first = pair.runner.begin(first_ids, "a")
    pair.runner.prefill(first, 20)
    second = pair.runner.begin(second_ids, "a")
    while not all([pair.runner.prefill(second, 20), pair.runner.prefill(first, 20)]):
        pass
    assert sum(passes.rows) == 160
    for hold, ids in ((first, first_ids), (second, second_ids)):
        assert_close(pair.runner.logits(hold), pair.expected(ids))


def test_a_device_without_memory_costs_idle_trunks_only(llama: Pair) -> None:
    passes = llama.passes
    for seed in (1, 2, 3):
        llama.runner.end(llama.hold(draw(20, seed)))
    ids, own = draw(40), draw_rows(2, 2, 9)
    hold, before = llama.runner.begin(ids, "a"), llama.runner.used
    passes.shortages = 1
    llama.runner.prefill(hold, 100)
    assert llama.runner.used == before * 3 // 4
    leaves = llama.runner.fork(hold, 2, 2)
    expected = llama.expanded(ids, own)
    passes.shortages = 1
    assert_close(llama.runner.step([(leaves, own[:, 0])]), expected[0])
    passes.shortages = 2
    with pytest.raises(OutOfMemory, match="no memory on the device"):
        llama.runner.step([(leaves, own[:, 1])])
    assert leaves.length == 1
    passes.shortages = 0
    assert_close(llama.runner.step([(leaves, own[:, 1])]), expected[1])


def test_a_prefill_without_memory_can_be_repeated(llama: Pair) -> None:
    ids, passes = draw(40), llama.passes
    hold = llama.runner.begin(ids, "a")
    llama.runner.prefill(hold, 15)
    passes.shortages = 1
    with pytest.raises(OutOfMemory):
        llama.runner.prefill(hold, 15)
    assert hold.missing == 25
    llama.runner.prefill(hold, 25)
    assert_close(llama.runner.logits(hold), llama.expected(ids))


def test_a_tiny_budget() -> None:
    token = 3 * 2 * 32 * 4  # layers, keys and values, width, bytes of a float32
    pair = pair_of("llama", (256 + 4 * 64) * token)
    ids, rows = draw(200), draw_rows(4, 100, 1)
    hold = pair.hold(ids)
    with pytest.raises(OutOfMemory):
        pair.runner.begin(draw(300, 1), "b")
    with pytest.raises(OutOfMemory):
        pair.runner.fork(hold, 8, 100)
    assert pair.runner.pinned == pair.runner.used == 256 * token
    leaves = pair.runner.fork(hold, 4, 100)
    for column in rows.T[:64]:
        pair.runner.step([(leaves, column)])
    with pytest.raises(OutOfMemory):
        pair.runner.step([(leaves, rows[:, 64])])
    pair.runner.keep(leaves, [1, 3])
    expected = pair.expanded(ids, rows[[1, 3]])
    for at in range(64, 100):
        assert_close(pair.runner.step([(leaves, rows[[1, 3], at])]), expected[at])
    pair.runner.release(leaves)
    pair.runner.end(hold)
    assert (pair.runner.pinned, pair.runner.used) == (0, 256 * token)
    assert_close(pair.runner.logits(pair.hold(draw(200, 1), "b")), pair.expected(draw(200, 1)))


def test_what_is_out_of_bounds(llama: Pair) -> None:
    runner = llama.runner
    for count in (0, CONTEXT + 1):
        with pytest.raises(ValueError, match="context"):
            runner.begin(draw(count), "a")
    hold = runner.begin(draw(30), "a")
    runner.prefill(hold, 29)
    with pytest.raises(ValueError, match="missing"):
        runner.logits(hold)
    with pytest.raises(ValueError, match="missing"):
        runner.fork(hold, 1, 1)
    runner.prefill(hold, 29)
    for rows, room in ((0, 4), (1, 0), (1, CONTEXT)):
        with pytest.raises(ValueError, match="context"):
            runner.fork(hold, rows, room)
    runner.end(hold)
    assert runner.pinned == 0


def test_a_token_at_the_very_end_of_the_context(llama: Pair) -> None:
    ids = draw(CONTEXT - 1)
    leaves = llama.runner.fork(llama.hold(ids), 1, 1)
    assert_close(llama.runner.step([(leaves, torch.tensor([5]))])[0], llama.expected([*ids, 5]))


def tiny(**changes: object) -> dict[str, object]:
    return {"vocab_size": 8, "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 2, **changes}


def test_models_whose_keys_depend_on_more_than_tokens_are_refused() -> None:
    stretched = {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 1e4}
    with pytest.raises(ModelBroken, match="dynamic"):
        TorchRunner(LlamaForCausalLM(LlamaConfig.from_dict(tiny(rope_parameters=stretched))), 1 << 20)
    window = tiny(num_key_value_heads=2, use_sliding_window=True, sliding_window=4, max_window_layers=1)
    with pytest.raises(ModelBroken, match="whole prompt"):
        TorchRunner(Qwen2ForCausalLM(Qwen2Config.from_dict(window)), 1 << 20)
