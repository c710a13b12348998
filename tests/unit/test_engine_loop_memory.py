"""What happens when the KV cache is full: who gives way, who goes on with less, who is told so."""

from collections.abc import Sequence

import pytest
import torch

from ghostproof.prover.engine.contract import Hold, Leaves, OutOfMemory, TokenDraw
from ghostproof.prover.engine.scheduler.schedule import BatchLimits
from ghostproof.prover.protocol import Priority
from support.byte_tokens import EOS, ByteTokens
from support.engine_listener import Asker, Listener, ask
from support.naive_runner import NaiveRunner, random_model


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def full(budget: int, rows: int = 100) -> tuple[Asker, NaiveRunner]:
    """A loop whose cache has room for so many tokens."""
    runner = NaiveRunner(random_model(EOS), budget=budget)
    return Asker(ByteTokens(), runner, BatchLimits(16, rows)), runner


def begin(loop: Asker, runner: NaiveRunner, heard: Listener) -> None:
    while not runner.leaves:
        loop.loop.run_pass()
    assert not heard.is_over


def test_candidates_are_halved_until_they_fit() -> None:
    loop, runner = full(10 + 5 * 10)
    heard = loop.run_one(ask("a" * 10, n=16, tokens=10))
    assert len(heard.finished) == 4
    assert heard.ended.reason == "done"
    assert heard.ended.message == "Narrowed to 4 of 16 candidates: the KV cache has no room for more."
    assert (runner.pinned, runner.leaves) == (0, [])


def test_those_that_are_left_are_what_they_would_have_been() -> None:
    narrow, wide = full(60)[0], full(1000)[0]
    what = ask("a" * 10, n=16, tokens=10)
    few, many = narrow.run_one(what).by_index, wide.run_one(what).by_index
    assert few == {index: many[index] for index in range(4)}


def test_one_candidate_that_does_not_fit_is_told_so_and_others_go_on() -> None:
    loop, runner = full(20)
    ended = loop.run_one(ask("a" * 15, n=4, tokens=10)).ended
    assert ended.reason == "memory"
    assert "Even one candidate finds no room" in ended.message
    assert runner.pinned == 0
    assert loop.run_one(ask("a" * 5, n=1, tokens=10)).ended.reason == "done"


def test_a_prompt_that_does_not_fit_is_told_so() -> None:
    assert full(20)[0].run_one(ask("a" * 21)).ended.reason == "memory"


def test_a_warm_up_takes_memory_from_nobody() -> None:
    loop, runner = full(60)
    _, proof = loop.add(ask("p" * 10, n=1, tokens=30, priority=Priority.PROOF))
    begin(loop, runner, proof)
    _, warm = loop.add(ask("w" * 30, n=0, priority=Priority.WARM))
    loop.run()
    assert warm.ended.reason == "memory"
    assert proof.ended.reason == "done"


def test_a_proof_gives_candidates_up_for_a_tactic() -> None:
    loop, runner = full(10 + 4 * 20 + 10)
    _, proof = loop.add(ask("p" * 10, n=4, tokens=20, priority=Priority.PROOF))
    begin(loop, runner, proof)
    _, tactic = loop.add(ask("t" * 10, n=2, tokens=10))
    loop.run()
    assert len(tactic.finished) == 2
    assert (tactic.ended.reason, proof.ended.reason) == ("done", "done")
    assert len(proof.finished) == 2
    assert proof.ended.message.startswith("Narrowed to 2 of 4")


def test_a_proof_with_one_candidate_ends_for_a_tactic() -> None:
    loop, runner = full(50)
    _, proof = loop.add(ask("p" * 10, n=1, tokens=30, priority=Priority.PROOF))
    begin(loop, runner, proof)
    _, tactic = loop.add(ask("t" * 10, n=2, tokens=10))
    loop.run()
    assert tactic.ended.reason == "done"
    assert (proof.ended.reason, proof.ended.message) == ("memory", "It gave its memory to a more urgent request.")


def test_a_proof_that_has_not_begun_to_draw_waits_again() -> None:
    loop, _ = full(60)
    _, proof = loop.add(ask("p" * 40, n=1, tokens=10, priority=Priority.PROOF))
    loop.loop.run_pass()
    _, tactic = loop.add(ask("t" * 20, n=2, tokens=10))
    loop.run()
    assert (tactic.ended.reason, len(tactic.finished)) == ("done", 2)
    assert (proof.ended.reason, proof.ended.prompt_tokens) == ("done", 40)


def test_an_equal_waits_for_memory() -> None:
    loop, runner = full(60)
    _, first = loop.add(ask("a" * 10, n=2, tokens=20))
    begin(loop, runner, first)
    _, second = loop.add(ask("b" * 30, n=1, tokens=10))
    loop.loop.run_pass()
    assert loop.loop.stats.waiting == 1
    loop.run()
    assert (first.ended.reason, second.ended.reason) == ("done", "done")
    assert (len(first.finished), len(second.finished)) == (2, 1)
    assert loop.loop.stats.prompt_tokens == 40


def test_two_that_cannot_both_begin_do_not_wait_for_each_other() -> None:
    loop, _ = full(50)
    heard = [loop.add(ask(letter * 24, n=1, tokens=20))[1] for letter in "ab"]
    loop.run()
    assert [listener.ended.reason for listener in heard] == ["done", "done"]


class Grows(NaiveRunner):
    """Leaves that find no memory in the middle of a step."""

    most: int = 4

    def step(self, groups: Sequence[tuple[Leaves, torch.Tensor]]) -> torch.Tensor:
        if sum(leaves.rows for leaves, _ in groups) > self.most:
            raise OutOfMemory("no room for a step")
        return super().step(groups)


def test_a_step_without_memory_goes_on_with_fewer() -> None:
    loop = Asker(ByteTokens(), Grows(random_model(EOS)), BatchLimits(16, 100))
    heard = [loop.add(ask(letter, n=8, tokens=6))[1] for letter in "ab"]
    loop.run()
    assert [listener.ended.reason for listener in heard] == ["done", "done"]
    assert all(listener.finished for listener in heard)


def test_a_step_that_never_finds_memory_ends() -> None:
    runner = Grows(random_model(EOS))
    runner.most = 0
    ended = Asker(ByteTokens(), runner).run_one(ask(n=8, tokens=6)).ended
    assert ended.reason == "memory"
    assert (runner.pinned, runner.leaves) == (0, [])


class Device(NaiveRunner):
    """A device whose own memory is full where it is told to, for more than two rows."""

    full: str = ""

    def _check(self, where: str, rows: int) -> None:
        if where == self.full and rows > 2:
            raise torch.OutOfMemoryError("CUDA out of memory")

    def fork(self, hold: Hold, rows: int, room: int) -> Leaves:
        self._check("fork", rows)
        return super().fork(hold, rows, room)

    def step(self, groups: Sequence[tuple[Leaves, torch.Tensor]]) -> torch.Tensor:
        self._check("step", sum(leaves.rows for leaves, _ in groups))
        return super().step(groups)


@pytest.mark.parametrize("where", ["fork", "step"])
def test_memory_of_the_device_is_memory(where: str) -> None:
    runner = Device(random_model(EOS))
    runner.full = where
    heard = Asker(ByteTokens(), runner).run_one(ask(n=8, tokens=6))
    assert (heard.ended.reason, len(heard.finished)) == ("done", 2)
    assert (runner.pinned, runner.leaves) == (0, [])


@pytest.mark.parametrize("draws", [1, 2], ids=["the first token", "the second token"])
def test_a_draw_without_memory_goes_on_with_fewer(draws: int) -> None:
    class Draws(NaiveRunner):
        left = draws

        def draw(self, logits: torch.Tensor, draws: Sequence[TokenDraw]) -> torch.Tensor:
            self.left -= 1
            if not self.left:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().draw(logits, draws)

    model, what = random_model(EOS), ask(n=4, tokens=6)
    runner = Draws(model)
    heard = Asker(ByteTokens(), runner).run_one(what)
    assert (heard.ended.reason, len(heard.finished)) == ("done", 2)
    whole = Asker(ByteTokens(), NaiveRunner(model)).run_one(what).by_index
    assert heard.by_index == {index: whole[index] for index in range(2)}
    assert (runner.pinned, runner.leaves) == (0, [])


def test_rows_that_no_memory_is_left_to_give_up_cost_nothing_else() -> None:
    class Cramped(NaiveRunner):
        def keep(self, leaves: Leaves, rows: Sequence[int]) -> None:
            raise OutOfMemory("no room to move rows")

    model = random_model(EOS + 1, likely=[EOS, ord("a"), ord("b")])
    what = ask(n=8, tokens=30)
    cramped = Asker(ByteTokens(), Cramped(model)).run_one(what)
    assert cramped.by_index == Asker(ByteTokens(), NaiveRunner(model)).run_one(what).by_index
    assert cramped.ended.reason == "done"
