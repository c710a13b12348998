"""Streams of events, whole and in pieces, sensible and not: candidates come out, or one kind of error."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address
from ghostproof.prover.client.errors import Superseded
from ghostproof.prover.client.stream import CandidateStream
from ghostproof.prover.protocol import Completion, Stop, StopRule
from ghostproof.prover.wire import EventLines

SERVER = Address("http://server", key_env="K")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CHOICE = st.fixed_dictionaries(
    {},
    optional={
        "index": st.integers(-1, 3) | JSON,
        "text": st.sampled_from(["simp", "\n", "  omega\n", "⟨", ""]) | JSON,
        "finish_reason": st.sampled_from([None, "stop", "length"]) | JSON,
        "logprobs": st.fixed_dictionaries({"token_logprobs": st.lists(st.floats() | st.integers() | JSON)}) | JSON,
        "ghostproof": JSON,
    },
)
EVENT = st.fixed_dictionaries({}, optional={"choices": st.lists(CHOICE) | JSON, "ghostproof": JSON, "error": JSON})


def choice(text: str, finish: str | None = None, index: int = 0, logprobs: object = None) -> str:
    part = {"index": index, "text": text, "finish_reason": finish, "logprobs": logprobs}
    return json.dumps({"choices": [part]})


def taken(choices: CandidateStream, *payloads: str) -> list[Completion]:
    return [candidate for payload in payloads for candidate in choices.take(payload)]


@given(st.lists(st.text(st.characters(exclude_characters="\n\r"))), st.data())
def test_events_are_the_same_however_they_are_cut(texts: list[str], data: st.DataObject) -> None:
    stream = "".join(f": ping\r\ndata: {json.dumps(text)}\r\n\r\n" for text in texts).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    lines = EventLines()
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert [json.loads(payload) for piece in pieces for payload in lines.feed(piece)] == texts


def test_a_line_has_a_longest_length() -> None:
    lines = EventLines(longest=10)
    lines.feed(b"data: 1234")
    with pytest.raises(ValueError, match="a line of more than 10 bytes"):
        lines.feed(b"5")


@given(st.lists(EVENT.map(json.dumps) | st.text()), st.booleans())
def test_whatever_comes_is_a_candidate_or_a_failure(payloads: list[str], exact: bool) -> None:
    choices = CandidateStream(SERVER, 2, Stop(("\n",)), 8, first=1, exact=exact)
    try:
        candidates = taken(choices, *payloads)
        choices.end()
    except (ProverFailed, Superseded):
        return
    assert {candidate.index for candidate in candidates} <= {1, 2}


def test_huge_numbers_and_deep_nesting_are_no_way_out() -> None:
    choices = CandidateStream(SERVER, 1, Stop(), 8)
    big = {"token_logprobs": [10**400, -1e308, -1e308]}
    (candidate,) = taken(choices, choice("simp", "stop", logprobs=big))
    assert candidate.logprob != candidate.logprob
    with pytest.raises(ProverFailed, match="no JSON"):
        taken(CandidateStream(SERVER, 1, Stop(), 8), "[" * 200_000)


def test_a_tactic_is_cut_at_its_end_whatever_follows() -> None:
    choices = CandidateStream(SERVER, 1, Stop(rule=StopRule.TACTIC, column=2), 8)
    (cut,) = taken(choices, choice("constructor"), choice("\n"))
    assert (cut.text, cut.tokens, cut.index, cut.finish) == ("constructor", 2, 0, "stop")
    assert math.isnan(cut.logprob)
    assert choices.complete
    assert taken(choices, choice("  · simp\n", "length")) == []


def test_one_that_the_limit_cut_off_says_so() -> None:
    choices = CandidateStream(SERVER, 1, Stop(rule=StopRule.TACTIC), 8)
    (candidate,) = taken(choices, choice("exact ⟨a,", "length"))
    assert (candidate.text, candidate.finish) == ("exact ⟨a,", "length")


def test_an_end_without_a_word_leaves_what_there_is() -> None:
    choices = CandidateStream(SERVER, 2, Stop(), 8)
    (candidate,) = taken(choices, choice("simp"), "[DONE]")
    assert (candidate.text, candidate.finish) == ("simp", "length")
    choices.end()


def test_a_stream_that_breaks_off_is_a_failure() -> None:
    choices = CandidateStream(SERVER, 2, Stop(), 8)
    taken(choices, choice("simp", "stop"), choice("om", index=1))
    with pytest.raises(ProverFailed, match="broke off"):
        choices.end()
