"""The client against servers that behave and servers that do not: candidates, or one clear sentence."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from ghostproof.errors import ProverBusy, ProverFailed
from ghostproof.prover.address import Address, Timeouts, remote
from ghostproof.prover.client.errors import Backoff
from ghostproof.prover.client.prover import OpenAIProver, remote_prover
from ghostproof.prover.protocol import Completion, Priority, Prompt, SamplingParams, Stop, StopRule
from support.misbehaving_prover import KEY, Misbehaving, misbehaving

PATIENT = Timeouts()
IMPATIENT = Timeouts(connect=5, first=0.2, idle=0.2, answer=5)
TACTIC = Stop(rule=StopRule.TACTIC, column=2)
PROMPT = Prompt("by\n  ")
SAMPLED = SamplingParams(greedy_first=False)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def server() -> AsyncIterator[Misbehaving]:
    async with misbehaving() as server:
        yield server


def client(server: Misbehaving, timeouts: Timeouts = PATIENT, clock: Clock | None = None) -> OpenAIProver:
    backoff = Backoff(clock) if clock else None
    return OpenAIProver(lambda: remote(server.url + "/v1", KEY, "THE_KEY"), "m", timeouts, backoff)


def state(prover: OpenAIProver) -> str:
    """What it is now; a function, so that the type checker does not take it for what it was a line before."""
    return prover.status.state


async def asked(
    prover: OpenAIProver, n: int = 3, limits: SamplingParams = SAMPLED, prompt: Prompt = PROMPT
) -> list[Completion]:
    return [candidate async for candidate in prover.ask(prompt, n, limits)]


async def failing(server: Misbehaving, timeouts: Timeouts = PATIENT) -> ProverFailed:
    prover = client(server, timeouts)
    with pytest.raises(ProverFailed) as caught:
        await asked(prover)
    await prover.close()
    assert KEY not in str(caught.value)
    assert KEY not in prover.status.message
    return caught.value


async def test_a_connection_that_the_server_closes_is_no_failure(server: Misbehaving) -> None:
    """Servers close idle connections when they like, even while a request is on its way."""
    server.way = "hangs_up_once"
    prover = client(server)
    assert len(await asked(prover)) == 3
    assert len(server.asked) == 2
    assert state(prover) == "ready"
    await prover.close()


async def test_candidates_come_with_their_probabilities(server: Misbehaving) -> None:
    prover = client(server)
    assert state(prover) == "starting"
    candidates = await asked(prover)
    assert [c.text for c in candidates] == ["simp", "omega", "rfl"]
    assert [c.index for c in candidates] == [0, 1, 2]
    assert candidates[0].logprob == -1.0
    assert candidates[0].tokens == 2
    assert state(prover) == "ready"
    assert prover.status.model == "m"
    assert prover.status.tokens_per_s > 0
    assert server.keys == {f"Bearer {KEY}"}
    await prover.close()


async def test_the_likeliest_candidate_is_a_request_of_its_own(server: Misbehaving) -> None:
    prover = client(server)
    candidates = await asked(prover, limits=SamplingParams())
    assert {c.index: c.text for c in candidates} == {0: "exact h", 1: "simp", 2: "omega"}
    assert sorted((body["n"], body["temperature"]) for body in server.asked) == [(1, 0.0), (2, 1.0)]
    await prover.close()


async def test_equal_candidates_are_one(server: Misbehaving) -> None:
    prover = client(server)
    assert len(await asked(prover, n=8)) == 4
    await prover.close()


@pytest.mark.parametrize("way", ["ignores_n", "refuses_n"])
async def test_a_server_that_gives_one_text_is_asked_for_each(server: Misbehaving, way: str) -> None:
    server.way = way
    prover = client(server)
    assert len(await asked(prover)) == 3
    before = len(server.asked)
    assert len(await asked(prover, limits=SamplingParams(greedy_first=False, seed=5))) == 3
    assert [body["n"] for body in server.asked[before:]] == [1, 1, 1], "it was remembered"
    assert len({body["seed"] for body in server.asked[before:]}) == 3
    await prover.close()


async def test_tactics_are_cut_here_and_the_stream_is_left(server: Misbehaving) -> None:
    server.way = "no_stop_rule"
    prover = client(server)
    candidates = await asked(prover, prompt=Prompt("by\n  ", TACTIC))
    assert [c.text for c in candidates] == ["simp [h0]", "simp [h1]", "simp [h2]"]
    assert {c.finish for c in candidates} == {"stop"}
    await server.gone.wait()
    await prover.close()


async def test_stop_strings_go_to_the_server_and_are_looked_for(server: Misbehaving) -> None:
    server.way = "no_stop_rule"
    prover = client(server)
    candidates = await asked(prover, prompt=Prompt("by\n  ", Stop(("]",))))
    assert candidates[0].text == "simp [h0"
    assert server.asked[-1]["stop"] == ["]"]
    await prover.close()


async def test_closing_the_iterator_closes_the_stream(server: Misbehaving) -> None:
    server.way = "no_stop_rule"
    prover = client(server)
    async with aclosing(prover.ask(Prompt("by", TACTIC), 3, SAMPLED)) as candidates:
        assert (await anext(candidates)).text == "simp [h0]"
    await server.gone.wait()
    assert state(prover) == "ready"
    await prover.close()


async def test_a_newer_request_of_a_document_takes_the_place_of_the_older(server: Misbehaving) -> None:
    server.way = "silent"
    prover = client(server)
    older = asyncio.create_task(asked(prover, prompt=Prompt("a", document="d")))
    await server.came.wait()
    server.way = "well_behaved"
    assert len(await asked(prover, prompt=Prompt("b", document="d"))) == 3
    assert await older == []
    await server.gone.wait()
    await prover.close()


async def test_requests_of_other_documents_and_priorities_go_on(server: Misbehaving) -> None:
    prover = client(server)
    first = prover.ask(Prompt("a", document="d"), 3, SAMPLED)
    assert (await anext(first)).text == "simp"
    assert len(await asked(prover, prompt=Prompt("b", document="e"))) == 3
    assert [c async for c in prover.ask(Prompt("b", document="d"), 1, SAMPLED, Priority.PROOF)]
    assert [c.text async for c in first] == ["omega", "rfl"]
    await prover.close()


async def test_context_counts_and_warming(server: Misbehaving) -> None:
    prover = client(server)
    assert await prover.context() == 1234
    assert await prover.count(["abc", "ℕ", "abc"]) == [3, 3, 3]
    await prover.warm(Prompt("theorem"))
    assert server.asked[-1]["max_tokens"] == 1
    await prover.close()


async def test_without_a_tokenizer_counts_are_estimates_from_above(server: Misbehaving) -> None:
    server.way = "no_tokenizer"
    prover = client(server)
    assert await prover.count(["theorem"]) == [4]
    await prover.close()


MESSAGES = {
    "unauthorized": "refuses the key: Incorrect API key provided: …",
    "html_error": "with a web page, not with JSON",
    "html_page": "with text/html, not with a stream of events",
    "redirect": "with a redirection to http://elsewhere.example, which is not followed",
    "server_error": "fails with status 500: CUDA error: an illegal memory access",
    "busy": "is busy: queue full It asks to wait 7 s.",
    "truncated_stream": "broke off its answer",
    "ends_early": "broke off its answer",
    "malformed_json": "with an event that is no JSON",
    "not_an_object": "with an event that is no object",
    "not_utf8": "answers with",
    "text_is_number": "with a text that is none",
    "wrong_index": "with the candidate 99 of 3",
    "error_in_stream": "fails with status 500: engine dead",
    "endless_line": "with a line of more than",
    "endless_text": "with far more text than was asked for",
    "packed_flood": "with a packed answer, though it was asked not to",
    "only_comments": "with far more than was asked for",
    "empty_events": "with far more pieces than were asked for",
    "many_choices": "with far more pieces than were asked for",
    "logprob_flood": "with far more log-probabilities than tokens were asked for",
    "deep_nesting": "with an event that is no JSON",
    "endless_list": "with far more than was asked for",
    "endless_model_name": "has no model `m`",
    "garbled_echo": "garbles what it is given: 'theoremt(ab:)",
}


@pytest.mark.parametrize("way", MESSAGES)
async def test_what_goes_wrong_is_told_in_a_sentence(server: Misbehaving, way: str) -> None:
    server.way = way
    problem = await failing(server)
    assert MESSAGES[way] in problem.message
    assert problem.hint


@pytest.mark.parametrize("way", ["silent", "slow_first_byte"])
async def test_a_server_that_says_nothing_is_left(server: Misbehaving, way: str) -> None:
    server.way = way
    assert "takes too long" in (await failing(server, IMPATIENT)).message
    await server.gone.wait()


async def test_a_server_that_is_never_silent_and_never_says_anything_is_left(server: Misbehaving) -> None:
    server.way = "trickle_of_comments"
    assert "takes too long" in (await failing(server, Timeouts(stream=0.3))).message
    await server.gone.wait()


async def test_an_error_of_null_is_no_error(server: Misbehaving) -> None:
    server.way = "error_null"
    prover = client(server)
    assert [c.text for c in await asked(prover)] == ["simp", "omega", "rfl"]
    await prover.close()


# What neither ends a tactic nor a literal, a comment, a name or a line.
ENDLESS = ["a", "(", "\n", "exact f ", '"', "/-", "'\\a", "«", "h.", "by\n    "]


@pytest.mark.parametrize("piece", ENDLESS)
async def test_others_get_their_turns_while_thousands_of_events_are_read(server: Misbehaving, piece: str) -> None:
    """However many a server sends at once: a key press waits for a few of them, not for all."""
    server.way, server.piece = "one_character_each", piece
    prover = client(server)
    await prover.context()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    waiting = asyncio.create_task(others())
    await asked(prover, 1, SamplingParams(tokens=4000, greedy_first=False), Prompt("by\n  exact (", TACTIC))
    waiting.cancel()
    assert turns > 4000 / 64
    await prover.close()


async def test_the_tokenizer_trap_is_named_with_its_cure(server: Misbehaving) -> None:
    server.way = "garbled_echo"
    problem = await failing(server)
    assert "PreTrainedTokenizerFast" in problem.hint
    assert server.asked == [], "no prompt was given to a server that garbles it"


async def test_nobody_listens(server: Misbehaving, unused_tcp_port: int) -> None:
    server.url = f"http://127.0.0.1:{unused_tcp_port}"
    problem = await failing(server)
    assert problem.message == f"No prover answers at {server.url}."
    assert problem.hint == "Start the server, or mend `prover.url`."


async def test_a_model_that_is_not_there_is_told_with_those_that_are(server: Misbehaving) -> None:
    prover = OpenAIProver(lambda: Address(server.url, key_env="K"), "gpt-9")
    with pytest.raises(ProverFailed) as caught:
        await prover.context()
    assert caught.value.hint == "Set `prover.remote_model` to one of: `m`, `other`."
    await prover.close()


async def test_after_a_failure_the_server_has_its_rest_and_is_then_tried_again(server: Misbehaving) -> None:
    clock = Clock()
    server.way = "server_error"
    prover = client(server, clock=clock)
    with pytest.raises(ProverFailed):
        await asked(prover)
    server.way = "well_behaved"
    before = len(server.asked)
    with pytest.raises(ProverFailed, match="illegal memory access"):
        await asked(prover)
    await prover.warm(Prompt("a"))
    assert len(server.asked) == before, "it was left alone"
    assert state(prover) == "error"
    clock.now += 1
    assert len(await asked(prover)) == 3
    assert state(prover) == "ready"
    assert prover.status.message == ""
    await prover.close()


def test_the_rest_grows_and_ends_with_success() -> None:
    clock = Clock()
    backoff = Backoff(clock)
    waits = []
    for _ in range(9):
        backoff.failed(ProverFailed("no"))
        start = clock.now
        while True:
            try:
                backoff.check()
                break
            except ProverFailed:
                clock.now += 0.25
        waits.append(clock.now - start)
    assert waits[0] <= 1
    assert 30 <= waits[-1] <= 60.25
    backoff.succeeded()
    backoff.failed(ProverFailed("no"))
    clock.now += 1
    backoff.check()


async def test_a_refused_request_says_nothing_about_the_next(server: Misbehaving) -> None:
    server.way = "context_exceeded"
    prover = client(server)
    with pytest.raises(ProverFailed, match="maximum context length"):
        await asked(prover, n=1)
    assert state(prover) == "ready"
    server.way = "well_behaved"
    assert await asked(prover)
    await prover.close()


async def test_busy_is_an_error_of_its_own(server: Misbehaving) -> None:
    server.way = "busy"
    assert isinstance(await failing(server), ProverBusy)


async def test_missing_probabilities_are_no_number(server: Misbehaving) -> None:
    server.way = "no_logprobs"
    prover = client(server)
    assert math.isnan((await asked(prover, n=1))[0].logprob)
    await prover.close()


async def test_closing_twice_and_never_having_connected() -> None:
    prover = remote_prover("http://127.0.0.1:1", "K")
    await prover.close()
    await prover.close()
