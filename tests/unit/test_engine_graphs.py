"""Recorded passes against passes that are not: which recording serves what, and that replaying it changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from ghostproof.prover.engine.attention.plan import Group, Plan, Suffix
from ghostproof.prover.engine.attention.torch_kernels import SdpaPrefill, TwoPartDecode, eager
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model import graphs
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.graphs import Graphs
from ghostproof.prover.engine.model.recorded import STEPS, SUFFIXES, Key, key_of, sizes_of, tables_of
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for
from ghostproof.prover.engine.model.sampler import tries
from support.addressed_kernels import AddressedKernels, SlotDraws
from support.random_models import FAMILIES, VOCABULARY, twins

pytestmark = pytest.mark.usefixtures("unwritten_memory")

CPU = torch.device("cpu")
DECODE = TwoPartDecode("eager", eager)


@dataclass
class Recorder:
    """Keeps a pass and runs it again, as a recording does; what it answers lies at one address."""

    failures: list[Exception] = field(default_factory=list)
    replays: int = 0

    def __call__(self, work: Callable[[], Tensor]) -> Callable[[], Tensor]:
        if self.failures:
            raise self.failures.pop(0)
        output = work()

        def replay() -> Tensor:
            self.replays += 1
            return output.copy_(work())

        return replay


@dataclass
class Both:
    """Runners of equal weights, of which one replays its passes."""

    plain: TorchRunner
    replaying: TorchRunner
    graphs: Graphs
    recorder: Recorder


def both(family: str = "llama-grouped") -> Both:
    one, other = twins(family)
    recorder = Recorder()
    graphs = Graphs(EagerForward(other), CPU, AddressedKernels(), recorder)
    return Both(TorchRunner(one, 1 << 30), TorchRunner(other, 1 << 30, forward=graphs), graphs, recorder)


def ids(count: int, seed: int) -> list[int]:
    drawn: list[int] = torch.randint(VOCABULARY, (count,), generator=torch.Generator().manual_seed(seed)).tolist()
    return drawn


def everything(runner: TorchRunner) -> list[Tensor]:
    """Logits of two documents' prompts, their candidates, edits, and steps of both together."""
    seen = []
    one, other = runner.begin(ids(300, 1), "a"), runner.begin(ids(70, 2), "b")
    for hold in (one, other):
        while not runner.prefill(hold, 128):
            pass
        seen.append(runner.logits(hold))
    leaves, alone = runner.fork(one, 5, 80), runner.fork(other, 1, 9)
    for step in range(4):
        seen.append(runner.step([(leaves, torch.tensor(ids(5, step)))]))
    runner.keep(leaves, [4, 1, 0])
    seen.append(runner.step([(leaves, torch.tensor(ids(3, 7))), (alone, torch.tensor([5]))]))
    edited = runner.begin(ids(300, 1)[:280] + ids(400, 3), "a")  # a trunk of its own, which does not fit the first
    while not runner.prefill(edited, 64):
        pass
    seen.append(runner.logits(edited))
    for step in range(70):  # the leaves move to a larger place
        seen.append(runner.step([(leaves, torch.tensor(ids(3, step)))]))
    again = runner.begin(ids(290, 1), "c")  # a part of the first: only the last token's state is missing
    assert runner.prefill(again, 64)
    seen.append(runner.logits(again))
    seen.append(runner.step([(alone, torch.tensor([6]))]))
    for thing in (leaves, alone):
        runner.release(thing)
    for hold in (one, other, edited, again):
        runner.end(hold)
    return seen


@pytest.mark.parametrize("family", FAMILIES)
def test_replaying_changes_nothing(family: str) -> None:
    pair = both(family)
    for actual, expected in zip(everything(pair.replaying), everything(pair.plain), strict=True):
        torch.testing.assert_close(actual, expected, atol=1e-4, rtol=0)
    assert pair.recorder.replays > 80
    assert pair.graphs.recorded == {Key("step", 8), Key("step", 4), Key("step", 1)} | {
        Key("suffix", rows) for rows in (16, 64, 128)
    }
    assert pair.replaying.used == pair.plain.used


def three_groups(runner: TorchRunner) -> list[Tensor]:
    """Steps of three prompts' candidates in one pass, and of two of them in another order."""
    holds = [runner.begin(ids(20 + seed, seed), str(seed)) for seed in range(3)]
    for hold in holds:
        assert runner.prefill(hold, 64)
    leaves = [runner.fork(hold, 3, 9) for hold in holds]
    columns = [torch.tensor(ids(3, seed)) for seed in range(3)]
    first = runner.step(list(zip(leaves, columns, strict=True)))
    return [first, runner.step([(leaves[2], columns[0]), (leaves[0], columns[1])])]


@pytest.mark.parametrize("family", FAMILIES)
def test_two_requests_are_one_recorded_pass(family: str) -> None:
    pair = both(family)
    torch.testing.assert_close(three_groups(pair.replaying), three_groups(pair.plain), atol=1e-4, rtol=0)
    assert pair.graphs.recorded >= {Key("step", 4, 2), Key("step", 4)}
    assert pair.recorder.replays >= 2


def test_hidden_states_outlive_the_next_replay() -> None:
    runner = both().replaying
    first, second = runner.begin(ids(20, 1), "a"), runner.begin(ids(20, 2), "b")
    runner.prefill(first, 20)
    before = runner.logits(first).clone()
    runner.prefill(second, 20)
    torch.testing.assert_close(runner.logits(first), before, rtol=0, atol=0)


def test_what_cannot_be_recorded_runs_as_before() -> None:
    pair = both()
    pair.recorder.failures = [RuntimeError("operation not permitted when stream is capturing")]
    expected, actual = everything(pair.plain), everything(pair.replaying)
    torch.testing.assert_close(actual, expected, atol=1e-4, rtol=0)
    assert pair.graphs.refused == {Key("suffix", 128)}


def test_a_recording_that_found_no_memory_is_made_later() -> None:
    pair = both()
    pair.recorder.failures = [torch.OutOfMemoryError("full")]
    torch.testing.assert_close(everything(pair.replaying), everything(pair.plain), atol=1e-4, rtol=0)
    assert not pair.graphs.refused
    assert Key("suffix", 128) in pair.graphs.recorded


def test_warming_up_records_every_usual_pass_and_holds_nothing() -> None:
    pair = both()
    graphs.warm_up(pair.replaying)
    usual = {Key("step", rows) for rows in STEPS} | {Key("suffix", rows) for rows in SUFFIXES}
    assert pair.graphs.recorded == usual
    assert pair.replaying.pinned == 0


def test_nothing_is_recorded_on_a_cpu() -> None:
    model, _ = twins("llama-grouped")
    assert graphs.replaying(model, kernels_for(model)) is None


def step_of(rows: int, width: int) -> Group:
    return Group([torch.empty(2, 1, 8, 4)] * 2, 5, [torch.empty(2, width, 1, 16, 4)] * 2, 3, rows, DECODE)


def suffix_of(rows: int) -> Suffix:
    return Suffix([torch.empty(2, 1, 512, 4)] * 2, 7, rows, SdpaPrefill())


@pytest.mark.parametrize(
    ("rows", "width", "bucket"),
    [(1, 1, 1), (2, 2, 2), (3, 4, 4), (3, 8, 4), (9, 16, 16), (17, 32, 32), (32, 32, 32), (33, 64, None), (3, 3, None)],
)
def test_recordings_of_steps(rows: int, width: int, bucket: int | None) -> None:
    assert key_of(step_of(rows, width)) == (bucket and Key("step", bucket))


@pytest.mark.parametrize(
    ("rows", "bucket"),
    [(1, 16), (16, 16), (17, 32), (64, 64), (65, 128), (256, 256), (257, 512), (513, 768), (769, None)],
)
def test_recordings_of_suffixes(rows: int, bucket: int | None) -> None:
    assert key_of(suffix_of(rows)) == (bucket and Key("suffix", bucket))


def test_what_the_recorded_kernels_are_told() -> None:
    step, suffix = step_of(3, 4), suffix_of(20)
    assert sizes_of(step) == (5, 4, 3, 0)
    assert sizes_of(suffix) == (27, 0, 20, 7)
    assert sizes_of(Suffix(suffix.kv, 7, 1, suffix.kernel, store=False)) == (8, 0, 0, 7)
    assert tables_of(step) == ((step.prefix[0].data_ptr(), step.own[0].data_ptr(), 8, 16, 4),) * 2
    assert tables_of(suffix) == ((suffix.kv[0].data_ptr(), 0, 512, 0, 0),) * 2


def test_many_groups_are_not_taken_apart() -> None:
    passes: list[int] = []

    def eager_forward(ids: Tensor, positions: Tensor, plan: Plan) -> Tensor:
        passes.append(len(plan.segments))
        return torch.zeros(len(ids), 4)

    forward = Graphs(eager_forward, CPU, AddressedKernels(), Recorder())
    groups = [step_of(1, 1)] * (graphs.MOST_APART + 1)
    rows = torch.zeros(len(groups), dtype=torch.int64)
    forward(rows, rows, Plan(groups, logits=True))
    assert passes == [len(groups)]
    forward(rows[1:], rows[1:], Plan(groups[1:], logits=True))
    assert set(passes[1:]) == {2}


def some_draws(rows: int, top_p: float, *, greedy_first: bool = True) -> TokenDraw:
    chance = torch.rand(rows, tries(top_p), generator=torch.Generator().manual_seed(rows))
    return TokenDraw(chance, 0.7, top_p, greedy_first)


def drawn_texts(runner: TorchRunner, top_p: float) -> list[Tensor]:
    """Tokens and log-probabilities of one prompt's candidates, of two prompts' in one pass, and of fewer."""
    one, other = runner.begin(ids(30, 1), "a"), runner.begin(ids(20, 2), "b")
    for hold in (one, other):
        assert runner.prefill(hold, 64)
    seen = [runner.draw(runner.logits(one).view(1, -1), [some_draws(3, top_p)])]
    leaves, beside = runner.fork(one, 3, 9), runner.fork(other, 4, 9)
    seen.append(runner.advance([(leaves, torch.tensor(ids(3, 3)))], [some_draws(3, top_p)]))
    both_groups = [(leaves, torch.tensor(ids(3, 4))), (beside, torch.tensor(ids(4, 5)))]
    seen.append(runner.advance(both_groups, [some_draws(3, 0.9), some_draws(4, top_p, greedy_first=False)]))
    greedy = TokenDraw(torch.full((4, 1), 0.5), 0.0, 1.0)
    seen.append(runner.advance(both_groups[::-1], [greedy, some_draws(3, top_p)]))
    runner.keep(leaves, [2, 0])
    seen.append(runner.advance([(leaves, torch.tensor([1, 2]))], [some_draws(2, top_p, greedy_first=False)]))
    return seen


@pytest.mark.parametrize("top_p", [0.95, 1.0, 0.4])
def test_what_a_recorded_pass_draws_is_what_is_drawn_behind_one(top_p: float) -> None:
    one, other = twins("llama-grouped")
    draws = SlotDraws()
    replayed = Graphs(EagerForward(other), CPU, AddressedKernels(), Recorder(), draw=draws)
    plain = TorchRunner(one, 1 << 30)
    for actual, expected in zip(
        drawn_texts(TorchRunner(other, 1 << 30, forward=replayed), top_p), drawn_texts(plain, top_p), strict=True
    ):
        assert actual[:, 0].tolist() == expected[:, 0].tolist()
        torch.testing.assert_close(actual[:, 1], expected[:, 1], atol=1e-4, rtol=0)
    assert {key for key in replayed.recorded if key.kind == "step"} == {
        Key("step", 4), Key("step", 4, 2), Key("step", 2),
    }  # fmt: skip
    assert set(draws.passes) == {4, 8, 2}, "each recording draws for as many rows as it has"


def test_a_step_that_cannot_be_recorded_draws_all_the_same() -> None:
    one, other = twins("llama-grouped")
    broken = Recorder([RuntimeError("no recording")] * 9)
    replayed = Graphs(EagerForward(other), CPU, AddressedKernels(), broken, draw=SlotDraws())
    expected = drawn_texts(TorchRunner(one, 1 << 30), 0.95)
    torch.testing.assert_close(
        drawn_texts(TorchRunner(other, 1 << 30, forward=replayed), 0.95), expected, atol=1e-4, rtol=0
    )
    assert replayed.refused


class AlignedKernels(AddressedKernels):
    """Insists on tables as aligned as a compiled kernel takes them to be."""

    def store(self, key: Tensor, value: Tensor, table: Tensor, sizes: Tensor, *, own: bool) -> None:
        assert table.data_ptr() % 16 == 0
        super().store(key, value, table, sizes, own=own)


def test_the_tables_of_all_layers_are_aligned_alike() -> None:
    model, _ = twins("llama-grouped")
    replayed = Graphs(EagerForward(model), CPU, AlignedKernels(), Recorder())
    everything(TorchRunner(model, 1 << 30, forward=replayed))
    assert replayed.recorded


def test_a_recording_that_fails_leaves_its_stream_and_its_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    pools, current = iter(range(10)), ["ours"]
    used: list[int] = []

    @contextmanager
    def fails(graph: object, pool: int, capture_error_mode: str) -> Iterator[None]:
        used.append(pool)
        current[0] = "torch's own"
        yield
        raise RuntimeError("the recording is broken")

    monkeypatch.setattr(torch.cuda, "graph_pool_handle", lambda: next(pools))
    monkeypatch.setattr(torch.cuda, "CUDAGraph", object)
    monkeypatch.setattr(torch.cuda, "graph", fails)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda: current[0])
    monkeypatch.setattr(torch.cuda, "set_stream", lambda stream: current.__setitem__(0, stream))
    record = graphs.CudaGraphs()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            record(lambda: torch.zeros(1))
        assert current == ["ours"]
    assert used == [0, 1]
