"""The decode loop, pass by pass, over a runner that computes everything from scratch."""

from collections.abc import Callable
from itertools import pairwise

import pytest
import torch

from ghostproof.prover.engine.contract import Ended
from ghostproof.prover.engine.scheduler.schedule import BatchLimits
from ghostproof.prover.protocol import Priority, StopRule
from support.byte_tokens import EOS, ByteTokens
from support.engine_listener import Asker, ask
from support.naive_runner import NaiveRunner, random_model

NEWLINE = ord("\n")


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(params=[0, 1], ids=["in step", "one ahead"])
def ahead(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def asker(
    ahead: int = 0, runner: NaiveRunner | None = None, shape: BatchLimits | None = None
) -> tuple[Asker, NaiveRunner]:
    runner = runner or NaiveRunner(random_model(EOS + 1, likely=[EOS, NEWLINE, ord("a"), ord("b")]))
    return Asker(ByteTokens(), runner, shape or BatchLimits(16, 8), ahead), runner


def test_candidates_arrive_as_they_finish(ahead: int) -> None:
    loop, runner = asker(ahead)
    heard = loop.run_one(ask(n=6))
    lengths = [event.tokens for event in heard.finished]
    assert lengths == sorted(lengths)
    assert len({event.text for event in heard.finished}) == len(heard.finished)
    assert len(heard.finished) + heard.ended.duplicates == 6
    assert heard.ended.reason == "done"
    assert runner.pinned == 0
    assert not runner.leaves


def test_a_request_among_others_is_what_it_is_alone(ahead: int) -> None:
    asks = [ask(f"prompt {i}" * (i + 1), n=3 + i % 2, seed=i, document=f"d{i}", top_p=0.5 + i / 10) for i in range(4)]
    alone = [asker(ahead)[0].run_one(what).by_index for what in asks]
    loop, runner = asker(ahead, shape=BatchLimits(16, 100))
    heard = [loop.add(what)[1] for what in asks]
    loop.run()
    assert [listener.by_index for listener in heard] == alone
    assert max(len(p) for p in runner.passes if isinstance(p, tuple)) > 1, "they were in one pass"


def test_running_ahead_changes_nothing() -> None:
    (in_step, _), (early, _) = asker(0), asker(1)
    assert in_step.run_one(ask(n=8)).by_index == early.run_one(ask(n=8)).by_index


def test_moving_rows_by_half_changes_nothing_but_their_moves(ahead: int) -> None:
    (at_once, _), (by_half, runner) = asker(ahead), asker(ahead, shape=BatchLimits(16, 8, compact_by_half=True))
    heard = by_half.run_one(ask(n=8))
    assert heard.by_index == at_once.run_one(ask(n=8)).by_index
    widths = [rows for each in runner.passes if isinstance(each, tuple) for rows in each]
    assert widths[0] == 8
    for before, after in pairwise(widths):
        assert after == before or (after - 1).bit_length() < (before - 1).bit_length()
    assert runner.pinned == 0


def test_a_candidate_does_not_depend_on_how_many_there_are() -> None:
    few, many = asker()[0].run_one(ask(n=2)), asker()[0].run_one(ask(n=8))
    assert few.by_index == {index: what for index, what in many.by_index.items() if index < 2}


def test_the_seed_decides() -> None:
    one, same, other = (asker()[0].run_one(ask(n=4, seed=seed, greedy_first=False)).by_index for seed in (1, 1, 2))
    assert one == same != other
    fresh = [asker()[0].run_one(ask(n=4, seed=None, greedy_first=False)).by_index for _ in range(2)]
    assert fresh[0] != fresh[1]


def test_the_first_candidate_is_the_likeliest_continuation(ahead: int) -> None:
    runner = NaiveRunner(random_model(EOS))
    heard = asker(ahead, runner)[0].run_one(ask("abc", n=4, tokens=6))
    ids = list(b"abc")
    for _ in range(6):
        ids.append(int(runner.model(ids).argmax()))
    decoder = ByteTokens().decoder()
    assert heard.by_index[0][0] == "".join(decoder.push(token) for token in ids[3:])


def test_at_temperature_0_one_candidate_is_drawn() -> None:
    loop, runner = asker()
    heard = loop.run_one(ask(n=8, temperature=0.0))
    assert list(heard.by_index) == [0]
    assert {p for p in runner.passes if isinstance(p, tuple)} == {(1,)}


def test_the_limit_of_tokens_is_exact_and_no_pass_is_wasted_on_it(ahead: int) -> None:
    runner = NaiveRunner(random_model(EOS))
    heard = asker(ahead, runner)[0].run_one(ask("abc", n=3, tokens=5))
    assert {(event.tokens, event.finish) for event in heard.finished} == {(5, "length")}
    assert heard.ended.drawn_tokens == 15
    assert len([p for p in runner.passes if isinstance(p, tuple)]) == 4


def test_finished_rows_are_not_computed_further() -> None:
    loop, runner = asker()
    heard = loop.run_one(ask(n=8, tokens=40))
    assert sum(sum(p) for p in runner.passes if isinstance(p, tuple)) + 8 == heard.ended.drawn_tokens


def test_the_context_ends_candidates() -> None:
    runner = NaiveRunner(random_model(EOS), context=10)
    heard = asker(0, runner)[0].run_one(ask("abcdef", n=2, tokens=50))
    assert {(event.tokens, event.finish) for event in heard.finished} == {(4, "length")}


@pytest.mark.parametrize(
    ("length", "n", "reason"), [(10, 1, "context"), (11, 0, "context"), (10, 0, "done"), (9, 1, "done")]
)
def test_a_prompt_as_long_as_the_context(length: int, n: int, reason: str) -> None:
    runner = NaiveRunner(random_model(EOS), context=10)
    ended = asker(0, runner)[0].run_one(ask("a" * length, n=n)).ended
    assert ended.reason == reason
    assert ("context is 10" in ended.message) == (reason == "context")
    assert runner.pinned == 0


def test_an_empty_prompt_is_an_error() -> None:
    ended = asker()[0].run_one(ask("")).ended
    assert (ended.reason, ended.message) == ("error", "The prompt is empty.")


def test_a_warm_up_leaves_its_prompt_in_the_cache() -> None:
    loop, runner = asker()
    warmed = loop.run_one(ask("a" * 40, n=0, priority=Priority.WARM, document="d"))
    assert (warmed.ended.reason, warmed.ended.prompt_tokens, warmed.ended.cached_tokens) == ("done", 40, 0)
    assert runner.passes == [16, 16, 8]
    assert loop.run_one(ask("a" * 40, document="d")).ended.cached_tokens == 40


def test_no_tokens_are_as_no_candidates() -> None:
    assert asker()[0].run_one(ask(tokens=0)).events[:-1] == []


def test_log_probabilities_are_summed_up_over_what_was_drawn() -> None:
    runner = NaiveRunner(random_model(EOS))
    heard = asker(0, runner)[0].run_one(ask("abc", n=1, tokens=5, temperature=0.0))
    ids, total = list(b"abc"), 0.0
    for _ in range(5):
        scores = runner.model(ids).log_softmax(-1)
        ids.append(int(scores.argmax()))
        total += float(scores.max())
    assert heard.finished[0].logprob == pytest.approx(total, abs=1e-4)


# Who goes first.


def passes_of(loop: Asker, until: Callable[[], bool]) -> int:
    for passes in range(1000):
        if until():
            return passes
        loop.loop.run_pass()
    raise AssertionError("it never came")


def test_a_newer_request_of_a_document_supersedes_the_older_at_once() -> None:
    loop, runner = asker()
    _, older = loop.add(ask("a" * 100, document="d"))
    loop.loop.run_pass()
    _, newer = loop.add(ask("a" * 100, document="d"))
    assert older.ended.reason == "superseded"
    assert runner.pinned == 0
    loop.run()
    assert newer.ended.reason == "done"
    assert newer.ended.cached_tokens == 16, "what was computed for the older is not computed again"


def test_other_documents_and_priorities_are_left_alone() -> None:
    loop, _ = asker()
    heard = [
        loop.add(ask(document=document, priority=priority))[1]
        for document, priority in [
            ("d", Priority.TACTIC),
            ("e", Priority.TACTIC),
            ("d", Priority.PROOF),
            ("", Priority.TACTIC),
        ]
    ]
    loop.add(ask(document=""))
    loop.run()
    assert {listener.ended.reason for listener in heard} == {"done"}


def test_cancelling_takes_effect_before_the_next_pass(ahead: int) -> None:
    loop, runner = asker(ahead)
    number, heard = loop.add(ask("a" * 200, n=4))
    loop.loop.run_pass()
    loop.loop.cancel(number)
    assert heard.ended.reason == "cancelled"
    assert runner.pinned == 0
    loop.loop.cancel(number)
    loop.run()
    assert runner.passes == [16]


def test_cancelling_while_drawing(ahead: int) -> None:
    loop, runner = asker(ahead, NaiveRunner(random_model(EOS)))
    number, heard = loop.add(ask(n=4, tokens=100))
    passes_of(loop, lambda: len(runner.passes) > 5)
    before = len(runner.passes)
    loop.loop.cancel(number)
    loop.run()
    assert len(runner.passes) == before
    assert heard.ended.drawn_tokens >= 4
    assert not runner.leaves


def test_a_tactic_preempts_a_proof_which_goes_on_afterwards() -> None:
    loop, runner = asker(0, NaiveRunner(random_model(EOS)))
    _, proof = loop.add(ask("proof", n=2, tokens=40, priority=Priority.PROOF, document="d"))
    passes_of(loop, lambda: len(runner.passes) > 4)
    _, tactic = loop.add(ask("tactic", n=3, tokens=6, document="d"))
    before = len(runner.passes)
    passes_of(loop, lambda: tactic.is_over)
    assert runner.passes[before:] == [6, *[(3,)] * 5], "nothing but the tactic was computed"
    assert not proof.is_over
    loop.run()
    assert proof.by_index == asker(0, runner)[0].run_one(ask("proof", n=2, tokens=40)).by_index, (
        "the pause changed nothing"
    )


def test_a_tactic_preempts_a_warm_up_within_one_chunk() -> None:
    loop, runner = asker(0, NaiveRunner(random_model(EOS)))
    _, warm = loop.add(ask("w" * 160, n=0, priority=Priority.WARM))
    loop.loop.run_pass()
    _, tactic = loop.add(ask("t" * 10, n=1, tokens=2))
    passes_of(loop, lambda: tactic.is_over)
    assert runner.passes == [16, 10, (1,)]
    loop.run()
    assert warm.ended.reason == "done"


def test_a_long_prompt_does_not_hold_up_another_documents_candidates() -> None:
    loop, runner = asker(0, NaiveRunner(random_model(EOS)))
    _, drawing = loop.add(ask("a", n=2, tokens=8))
    loop.loop.run_pass()
    loop.add(ask("b" * 160, n=2, tokens=8))
    passes_of(loop, lambda: drawing.is_over)
    assert runner.passes[1:5] in ([(2,), 16, (2,), 16], [16, (2,), 16, (2,)])


# What is counted.


def test_stats_add_up() -> None:
    loop, runner = asker()
    loop.add(ask("a" * 20, n=2))
    loop.add(ask("b" * 20, n=2))
    waiting = loop.loop.stats
    assert (waiting.requests, waiting.running, waiting.waiting) == (2, 0, 2)
    loop.run()
    number, _ = loop.add(ask())
    loop.loop.cancel(number)
    stats = loop.loop.stats
    assert (stats.requests, stats.running, stats.waiting) == (3, 0, 0)
    assert stats.ended == {"done": 2, "cancelled": 1}
    assert stats.prompt_tokens == 40
    assert stats.steps == len([p for p in runner.passes if isinstance(p, tuple)])
    assert stats.tokens_per_s > 0
    assert (stats.kv_pinned, stats.kv_used, stats.kv_budget) == (0, runner.used, runner.budget)


def test_times_are_told() -> None:
    ended = asker()[0].run_one(ask()).ended
    assert 0 < ended.ttft_ms <= ended.total_ms


# What others do wrong.


def test_a_listener_that_fails_loses_only_its_own_request(caplog: pytest.LogCaptureFixture) -> None:
    loop, runner = asker(0, NaiveRunner(random_model(EOS)))
    told: list[object] = []

    def fails(event: object) -> None:
        told.append(event)
        raise RuntimeError("the loop of the client is closed")

    loop.add(ask(n=3, tokens=4), fails)
    _, other = loop.add(ask(n=3, tokens=4))
    loop.run()
    assert [type(event) for event in told][-1] is Ended
    assert sum(isinstance(event, Ended) for event in told) == 1
    assert other.ended.reason == "done"
    assert runner.pinned == 0
    assert "listener" in caplog.text


def failing_once(monkeypatch: pytest.MonkeyPatch, runner: NaiveRunner, where: str) -> None:
    """Have this method of the runner fail when it is called next."""

    def fail(*arguments: object) -> None:
        monkeypatch.undo()
        raise RuntimeError(f"CUDA error in {where}")

    monkeypatch.setattr(runner, where, fail)


@pytest.mark.parametrize("where", ["begin", "prefill", "logits", "fork", "step", "keep"])
def test_a_model_that_fails_ends_the_requests_of_that_pass(
    where: str, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, runner = asker(ahead)
    failing_once(monkeypatch, runner, where)
    heard = loop.run_one(ask(n=8, tokens=40))
    assert heard.ended.reason == "error"
    assert f"CUDA error in {where}" in heard.ended.message
    assert (runner.pinned, runner.leaves) == (0, [])
    assert loop.run_one(ask(n=8, tokens=40)).by_index == asker()[0].run_one(ask(n=8, tokens=40)).by_index


@pytest.mark.parametrize("where", ["release", "end"])
def test_a_model_that_fails_to_give_back_ends_nothing_else(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loop, runner = asker()
    failing_once(monkeypatch, runner, where)
    assert loop.run_one(ask()).ended.reason == "done"
    assert loop.run_one(ask()).ended.reason == "done"


def test_a_tokenizer_that_fails_ends_one_request() -> None:
    class Broken(ByteTokens):
        def encode(self, text: str, document: str = "") -> list[int]:
            if text == "bad":
                raise ValueError("surrogates not allowed")
            return super().encode(text, document)

    _, runner = asker()
    loop = Asker(Broken(), runner)
    assert loop.run_one(ask("bad")).ended.message == "ValueError: surrogates not allowed"
    assert loop.run_one(ask("good")).ended.reason == "done"


def test_the_rule_of_one_tactic_is_applied(ahead: int) -> None:
    loop, _ = asker(ahead)
    heard = loop.run_one(ask(n=8, tokens=30, rule=StopRule.TACTIC))
    assert all(event.text == event.text.rstrip() for event in heard.finished)


def test_a_model_that_computes_no_numbers_is_told_so_and_the_next_request_runs(
    ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, runner = asker(ahead)
    with monkeypatch.context() as broken:
        broken.setattr(runner, "logits", lambda hold: torch.full((EOS + 1,), torch.nan))
        ended = loop.run_one(ask(n=3)).ended
    assert ended.reason == "error"
    assert "NaN" in ended.message
    assert runner.pinned == 0
    assert loop.run_one(ask(n=3, document="other")).ended.reason == "done"
