"""Where candidates end, what their text is then, and what is streamed of it before."""

import pytest

from ghostproof.prover.engine.contract import Ask
from ghostproof.prover.engine.scheduler.request import Row
from ghostproof.prover.protocol import Stop, StopRule
from support.byte_tokens import EOS, ByteDecoder, ByteTokens
from support.engine_listener import Asker, Listener, ask
from support.naive_runner import NaiveRunner, scripted_model

TACTIC = Stop(rule=StopRule.TACTIC, column=2)


def written(text: str, what: Ask, *, ends: bool = True) -> Listener:
    """A request to a model that writes exactly this text, and ends then."""
    tokens = [*text.encode(), *([EOS] if ends else [])]
    model = scripted_model(EOS + 1, tokens, prompt=len(what.prompt.encode()))
    return Asker(ByteTokens(), NaiveRunner(model)).run_one(what)


def only(heard: Listener) -> tuple[str, int, str]:
    (event,) = heard.finished
    return event.text, event.tokens, event.finish


def test_the_models_own_end() -> None:
    assert only(written("simp", ask(n=1))) == ("simp", 5, "stop")


def test_the_limit() -> None:
    assert only(written("simp [foo]", ask(n=1, tokens=4))) == ("simp", 4, "length")


def test_an_incomplete_character_at_the_limit_is_left_out() -> None:
    assert only(written("h⟨x", ask(n=1, tokens=3))) == ("h", 3, "length")


@pytest.mark.parametrize("rule", [StopRule.NONE, StopRule.TACTIC])
def test_an_end_at_once_is_an_empty_candidate(rule: StopRule) -> None:
    assert only(written("", ask(n=1, rule=rule))) == ("", 1, "stop")


STRINGS: list[tuple[str, tuple[str, ...], str, int]] = [
    ("a b c", (" ",), "a", 2),
    ("abcde", ("cd", "bc"), "a", 3),
    ("abcde", ("cde", "d"), "abc", 4),
    ("aab", ("ab",), "a", 3),
    ("x```y", ("```",), "x", 4),
    ("h ⟨a⟩", ("⟩",), "h ⟨a", 9),
    ("abc", ("", "zz"), "abc", 4),
    ("ends with s", ("s",), "end", 4),
]


@pytest.mark.parametrize(("text", "strings", "expected", "tokens"), STRINGS)
@pytest.mark.parametrize("streamed", [False, True])
def test_stop_strings(text: str, strings: tuple[str, ...], expected: str, tokens: int, streamed: bool) -> None:
    heard = written(text, ask(n=1, strings=strings, stream_text=streamed))
    assert only(heard) == (expected, tokens, "stop")


def test_a_stop_string_that_the_limit_cuts_off_is_text() -> None:
    assert only(written("ab--", ask(n=1, strings=("---",), tokens=4))) == ("ab--", 4, "length")


def test_a_stop_string_in_the_last_token_counts() -> None:
    assert only(written("ab--", ask(n=1, strings=("--",), tokens=4))) == ("ab", 4, "stop")


RULE: list[tuple[str, str]] = [
    ("simp\n  omega\n", "simp"),
    (
        "induction n with\n  | zero => rfl\n  | succ n ih => simp\n  done\n",
        "induction n with\n  | zero => rfl\n  | succ n ih => simp",
    ),
    ("have h : p := by\n    simp\n  exact h\n", "have h : p := by\n    simp"),
    ("constructor\n  · simp", "constructor"),
    ("exact foo", "exact foo"),
]


@pytest.mark.parametrize(("text", "expected"), RULE)
@pytest.mark.parametrize("streamed", [False, True])
def test_one_tactic(text: str, expected: str, streamed: bool) -> None:
    heard = written(text, ask(n=1, rule=StopRule.TACTIC, column=2, tokens=200, stream_text=streamed))
    assert only(heard)[0] == expected


def test_a_tactic_on_one_line_ends_with_its_line() -> None:
    assert only(written("simp\n  omega", ask(n=1, rule=StopRule.TACTIC, column=2))) == ("simp", 5, "stop")


def test_a_stop_string_before_the_tactics_end() -> None:
    assert only(written("have h := by\n    simp;; x\n", ask(n=1, rule=StopRule.TACTIC, strings=(";;",), tokens=99)))[
        0
    ].endswith("simp")


def test_a_tactic_that_the_limit_cuts_off() -> None:
    assert only(written("have h := by simp", ask(n=1, rule=StopRule.TACTIC, tokens=12))) == (
        "have h := by",
        12,
        "length",
    )


def test_a_tactics_text_is_made_only_where_a_line_ends() -> None:
    decoded: list[int] = []

    class Counting(ByteTokens):
        def decoder(self) -> ByteDecoder:
            class Decoder(ByteDecoder):
                def push(self, token: int) -> str:
                    decoded.append(token)
                    return super().push(token)

            return Decoder()

    row = Row(0, Counting(), TACTIC, 99, streamed=False)
    for token in b"exact foo":
        row.absorb(token, -0.5)
    assert not decoded
    row.absorb(ord("\n"), -0.5)
    assert len(decoded) == 10


# Duplicates.


def test_equal_texts_are_told_once() -> None:
    heard = written("simp\n", ask(n=5, rule=StopRule.TACTIC))
    assert len(heard.finished) == 1
    assert heard.ended.duplicates == 4
    assert heard.ended.drawn_tokens == 25


# Streaming.


def streams(heard: Listener) -> dict[int, tuple[str, int]]:
    """All that was streamed of each candidate: its text, and how many log-probabilities."""
    whole: dict[int, tuple[str, int]] = {}
    for event in heard.texts:
        text, count = whole.get(event.index, ("", 0))
        whole[event.index] = (text + event.text, count + len(event.logprobs))
    return whole


@pytest.mark.parametrize(("text", "strings"), [(text, strings) for text, strings, _, _ in STRINGS])
def test_what_is_streamed_is_the_text_and_is_never_taken_back(text: str, strings: tuple[str, ...]) -> None:
    heard = written(text, ask(n=1, strings=strings, stream_text=True))
    assert streams(heard) == {0: (heard.finished[0].text, heard.finished[0].tokens)}


def test_a_step_streams_what_it_added() -> None:
    heard = written("h ⟨a", ask(n=1, stream_text=True))
    assert [event.text for event in heard.texts] == ["h", " ", "⟨", "a", ""]
    assert [len(event.logprobs) for event in heard.texts] == [1, 1, 3, 1, 1]


def test_what_may_become_a_stop_string_is_held_back() -> None:
    heard = written("a-b--c", ask(n=1, strings=("---",), stream_text=True))
    assert [event.text for event in heard.texts] == ["a", "-b", "--c", ""]


def test_one_tactic_is_streamed_when_it_is_complete() -> None:
    heard = written("simp -- why\n  done\n", ask(n=1, rule=StopRule.TACTIC, tokens=99, stream_text=True))
    assert [event.text for event in heard.texts] == [heard.finished[0].text]


def test_texts_come_before_their_candidate() -> None:
    heard = written("a", ask(n=1, stream_text=True))
    assert [type(event).__name__ for event in heard.events] == ["Text", "Text", "Finished", "Ended"]
