"""What is kept of prompts: matching, cutting, branching, growing, eviction; against lists of tokens."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule

from ghostproof.prover.engine.contract import OutOfMemory
from ghostproof.prover.engine.kvcache.memory import KV, Layout, Memory
from ghostproof.prover.engine.kvcache.trunk import BUCKET, CPU_SHORT_TAIL, SMALL_PART, Ids, TrunkHold, Trunks

LAYOUT = Layout(layers=2, kv_heads=1, head_dim=1, dtype=torch.float32, device=torch.device("cpu"))
BUCKET_BYTES = LAYOUT.layers * 2 * BUCKET * 4


def tokens(*pieces: tuple[int, int]) -> Ids:
    """Runs of tokens: the first so many of an endless run that has a number."""
    return np.concatenate([run * 1000 + np.arange(length, dtype=np.int32) for run, length in pieces])


def stem(trunks: Trunks, prompt: Ids, document: str = "a") -> TrunkHold:
    """A hold on the whole of the prompt, computed."""
    hold = trunks.begin(prompt, document)
    compute(trunks, hold)
    return hold


def compute(trunks: Trunks, hold: TrunkHold, most: int = 10_000) -> None:
    """Write so many missing tokens: the token as its key, its position as its value."""
    trunks.settle(hold)
    start, end = hold.have, min(hold.have + most, len(hold.prompt))
    for layer in hold.trunk.kv.layers:
        layer[0, 0, start:end, 0] = torch.from_numpy(hold.prompt[start:end]).float()
        layer[1, 0, start:end, 0] = torch.arange(start, end).float()
    hold.advance(end, hidden_behind(hold.prompt[:end]))


def hidden_behind(ids: Ids) -> torch.Tensor:
    """A stand-in for the last hidden state: different for different tokens."""
    return torch.tensor([hash(ids.tobytes())])


def assert_written(hold: TrunkHold) -> None:
    """Every layer has the keys and values of the prompt's tokens."""
    for layer in hold.trunk.kv.layers:
        key, value = layer[:, 0, : hold.have, 0]
        assert key.tolist() == hold.prompt[: hold.have].tolist()
        assert value.tolist() == list(range(hold.have))
    if hold.hidden is not None:
        assert hold.hidden == hidden_behind(hold.prompt)


def naive_common(first: list[int], second: list[int]) -> int:
    length = 0
    while length < min(len(first), len(second)) and first[length] == second[length]:
        length += 1
    return length


def trunks_of(buckets: int, device: str = "cpu") -> tuple[Trunks, Memory]:
    trunks = Trunks(buckets * BUCKET_BYTES, replace(LAYOUT, device=torch.device(device)))
    return trunks, trunks.memory


prompts = st.lists(st.tuples(st.integers(1, 3), st.sampled_from((1, 2, 40, 200, 300))), min_size=1, max_size=4)
documents = st.sampled_from(("a", "b", ""))


class Editing(RuleBasedStateMachine):
    """Prompts of several documents come, are computed in parts, fork and go, in any order."""

    holds = Bundle("holds")

    @initialize(buckets=st.sampled_from((5, 12, 1000)))
    def empty(self, buckets: int) -> None:
        self.trunks, self.memory = trunks_of(buckets)
        self.roomy = buckets == 1000
        self.held: list[TrunkHold] = []

    def live(self) -> list[tuple[str, list[int]]]:
        return [(trunk.document, trunk.ids.tolist()) for trunk in self.trunks]

    def assert_kept(self, before: list[tuple[str, list[int]]], hold: TrunkHold) -> None:
        """With room for all, only a short tail of the same document may be lost."""
        if not self.roomy:
            return
        after = [ids for _, ids in self.live()]
        for document, ids in before:
            kept = max(naive_common(ids, other) for other in after)
            if kept < len(ids):
                assert document == hold.document != ""
                assert len(ids) - kept <= max(CPU_SHORT_TAIL, kept // SMALL_PART)

    @rule(target=holds, pieces=prompts, document=documents)
    def begin(self, pieces: list[tuple[int, int]], document: str) -> TrunkHold | None:
        prompt, before = tokens(*pieces), self.live()
        try:
            hold = self.trunks.begin(prompt, document)
        except OutOfMemory:
            assert not self.roomy
            return None
        self.held.append(hold)
        assert hold.have == max((naive_common(prompt.tolist(), ids) for _, ids in before), default=0)
        assert hold.cached == hold.have - (hold.have == len(prompt) and hold.hidden is None)
        self.assert_kept(before, hold)
        return hold

    @rule(hold=holds, most=st.sampled_from((1, 50, 1000)))
    def compute(self, hold: TrunkHold | None, most: int) -> None:
        if hold not in self.held:
            return
        before, have = self.live(), hold.have
        try:
            compute(self.trunks, hold, most)
        except OutOfMemory:
            assert not self.roomy
            return
        assert hold.have >= min(have + most, len(hold.prompt))
        self.assert_kept(before, hold)

    @rule(target=holds, hold=holds)
    def share(self, hold: TrunkHold | None) -> TrunkHold | None:
        if hold not in self.held or hold.missing:
            return None
        self.held.append(shared := self.trunks.share(hold))
        return shared

    @rule(hold=consumes(holds))
    def end(self, hold: TrunkHold | None) -> None:
        if hold in self.held:
            self.held.remove(hold)
            self.trunks.end(hold)
            self.trunks.end(hold)

    @precondition(lambda self: not self.held)
    @rule()
    def give_everything_up(self) -> None:
        while self.trunks.evict():
            pass
        assert self.memory.used == 0

    @invariant()
    def every_hold_has_its_tokens(self) -> None:
        for hold in self.held:
            assert_written(hold)

    @invariant()
    def bytes_are_counted(self) -> None:
        pinned = {id(hold.trunk): hold.trunk.kv.bytes for hold in self.held}
        assert self.memory.used == sum(trunk.kv.bytes for trunk in self.trunks) <= self.memory.budget
        assert self.memory.used - self.trunks.idle_bytes == sum(pinned.values())


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def test_typing_grows_one_trunk() -> None:
    trunks, memory = trunks_of(100)
    for length in range(10, 700, 30):
        hold = stem(trunks, tokens((1, length), (2, 20)))
        trunks.end(hold)
    assert len(list(trunks)) == 1
    assert memory.used == 3 * BUCKET_BYTES


def test_a_jump_back_and_forward_again_finds_everything() -> None:
    trunks, _ = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 1500), (2, 50))))
    trunks.end(back := stem(trunks, tokens((1, 600), (3, 50))))
    assert back.cached == 600
    forward = trunks.begin(tokens((1, 1500), (4, 50)), "a")
    assert forward.cached == 1500


def test_typing_after_a_jump_back_stays_on_its_branch() -> None:
    trunks, _ = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 1500))))
    for goal in (2, 3, 4):
        trunks.end(stem(trunks, tokens((1, 600), (goal, 50))))
    assert sorted(trunk.length for trunk in trunks) == [650, 1500]


@pytest.mark.parametrize(
    ("device", "tail", "trunks_then"),
    [("cpu", 64, 1), ("cpu", 65, 2), ("meta", 65, 1), ("meta", 256, 1), ("meta", 257, 2)],
)
def test_a_short_tail_is_not_worth_a_branch(device: str, tail: int, trunks_then: int) -> None:
    """How short depends on what computing it again costs the device; `meta` stands for any that is no CPU."""
    trunks, _ = trunks_of(100, device)
    trunks.end(stem(trunks, tokens((1, 200), (2, tail))))
    trunks.end(stem(trunks, tokens((1, 200), (3, 20))))
    assert len(list(trunks)) == trunks_then


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("", "")])
def test_another_document_or_nobody_s_keeps_its_tail(first: str, second: str) -> None:
    trunks, _ = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 200), (2, 20)), first))
    trunks.end(stem(trunks, tokens((1, 200), (3, 20)), second))
    assert trunks.begin(tokens((1, 200), (2, 20)), first).missing == 0


def test_what_is_in_use_is_never_cut() -> None:
    trunks, _ = trunks_of(100)
    running = stem(trunks, tokens((1, 200), (2, 20)))
    newer = stem(trunks, tokens((1, 200), (3, 20)))
    assert newer.trunk is not running.trunk
    assert_written(running)
    assert_written(newer)


def test_a_longer_prompt_shares_a_trunk_in_use() -> None:
    trunks, memory = trunks_of(100)
    running = stem(trunks, tokens((1, 200)))
    longer = stem(trunks, tokens((1, 200), (2, 700)))
    assert longer.trunk is running.trunk
    assert memory.used == 4 * BUCKET_BYTES
    assert_written(running)


def test_prompts_that_are_computed_at_once_share_what_they_have_in_common() -> None:
    trunks, _ = trunks_of(100)
    first = trunks.begin(tokens((1, 400), (2, 100)), "a")
    compute(trunks, first, computed := 50)
    second = trunks.begin(tokens((1, 400), (3, 100)), "a")
    while first.missing or second.missing:
        for hold in (first, second):
            trunks.settle(hold)
            before = hold.have
            compute(trunks, hold, 50)
            computed += hold.have - before
    assert computed == 600
    assert_written(first)
    assert_written(second)


def test_a_whole_prompt_in_the_cache_needs_its_logits_only() -> None:
    trunks, _ = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 100))))
    trunks.end(stem(trunks, tokens((1, 150))))
    shorter, middle = (trunks.begin(tokens((1, length)), "a") for length in (100, 120))
    assert (shorter.cached, shorter.missing) == (100, 0)
    assert (middle.cached, middle.missing) == (119, 1)


def test_logits_of_what_was_cut_are_forgotten() -> None:
    trunks, _ = trunks_of(100)
    for prompt in (tokens((1, 100), (2, 50)), tokens((1, 100), (3, 200))):
        trunks.end(stem(trunks, prompt))
    assert trunks.begin(tokens((1, 100), (3, 50)), "a").missing == 1


def test_the_oldest_use_goes_first_and_a_held_trunk_never() -> None:
    trunks, _ = trunks_of(3)
    held = stem(trunks, tokens((1, 100)))
    for run in (2, 3):
        trunks.end(stem(trunks, tokens((run, 100))))
    trunks.end(trunks.begin(tokens((2, 100)), "a"))
    trunks.end(stem(trunks, tokens((4, 100))))
    assert sorted(int(trunk.ids[0]) for trunk in trunks) == [1000, 2000, 4000]
    assert_written(held)


def test_no_room_changes_nothing() -> None:
    trunks, memory = trunks_of(2)
    held = stem(trunks, tokens((1, 300)))
    with pytest.raises(OutOfMemory):
        trunks.begin(tokens((2, 10)), "a")
    with pytest.raises(OutOfMemory):
        trunks.begin(tokens((1, 600)), "a")
    assert memory.used == 2 * BUCKET_BYTES
    assert_written(held)
    trunks.end(held)
    assert memory.used - trunks.idle_bytes == 0


def test_without_room_for_a_branch_what_nobody_holds_is_cut() -> None:
    trunks, memory = trunks_of(2)
    trunks.end(stem(trunks, tokens((1, 300), (2, 100)), "a"))
    assert stem(trunks, tokens((1, 300), (3, 100)), "b").cached == 300
    assert memory.used == 2 * BUCKET_BYTES


def test_the_device_s_own_shortage_gives_idle_trunks_up() -> None:
    trunks, memory = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 100))))
    trunks.end(stem(trunks, tokens((2, 100))))
    shortages = iter((True, False))

    def work() -> str:
        if next(shortages):
            raise torch.OutOfMemoryError("no memory on the device")
        return "done"

    assert memory.attempt(work) == "done"
    assert memory.used == BUCKET_BYTES


def test_a_shortage_that_stays_is_told() -> None:
    trunks, memory = trunks_of(100)
    trunks.end(stem(trunks, tokens((1, 100))))

    def work() -> None:
        raise torch.OutOfMemoryError("no memory on the device")

    with pytest.raises(OutOfMemory, match="no memory on the device"):
        memory.attempt(work)
    assert memory.used == 0


class Short(KV):
    """The device has no memory for the second layer of anything larger than 64 tokens."""

    def _empty(self, shape: Sequence[int]) -> torch.Tensor:
        if shape[-2] > 64 and self.layers[0].shape[-2] > 64:
            raise torch.OutOfMemoryError("no memory on the device")
        return super()._empty(shape)


def test_a_device_that_runs_full_half_way_loses_nothing() -> None:
    memory = Memory(100 * BUCKET_BYTES, lambda: False)
    kv = Short(memory, LAYOUT, 64)
    for layer in kv.layers:
        layer.copy_(torch.arange(64.0)[:, None].expand(2, 1, 64, 1))
    with pytest.raises(OutOfMemory):
        kv.reserve(128, 64)
    assert kv.capacity == 64
    assert memory.used == kv.bytes
    assert all(layer[1, 0, :64, 0].tolist() == list(range(64)) for layer in kv.layers)
    kv.free()
    assert memory.used == 0


def test_tensors_stay_where_they_are_until_they_grow() -> None:
    kv = KV(Memory(100 * BUCKET_BYTES, lambda: False), LAYOUT, 64, rows=8)
    addresses = [layer.data_ptr() for layer in kv.layers]
    kv.reserve(64, 10)
    kv.select([0, 2, 7, 5, 1], 8, 10)
    assert [layer.data_ptr() for layer in kv.layers] == addresses
    kv.reserve(128, 10)
    assert [layer.data_ptr() for layer in kv.layers] != addresses
