"""One stream of the completions protocol: pieces of n texts come in, finished candidates go out."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Literal, cast

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address
from ghostproof.prover.client.errors import failure, reason
from ghostproof.prover.protocol import Completion, Stop
from ghostproof.prover.stop import CandidateEnd
from ghostproof.prover.wire import VENDOR

DONE = "[DONE]"
LEAST_LOGPROB = -1e6
# Far more than any server has a use for: what exceeds it is no answer.
CHARACTERS_PER_TOKEN = 256
PIECES_PER_TOKEN, SPARE_PIECES = 4, 64


@dataclass
class _Choice:
    """One candidate while it comes.

    Attributes:
        size: of its text, in characters; `pieces`: of how many it is made.
        logprob: sum of the log-probabilities of its `told` tokens, NaN where one was none.
    """

    index: int
    ends: CandidateEnd
    parts: list[str] = field(default_factory=list)
    size: int = 0
    pieces: int = 0
    told: int = 0
    logprob: float = 0.0
    over: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    @property
    def tokens(self) -> int:
        return max(self.pieces, self.told)


class CandidateStream:
    """What one stream has said so far.

    Args:
        address: whose stream it is.
        n: how many candidates were asked for; `first` is the index of the first of them.
        limit: most tokens that were asked for.
        exact: the server ends candidates by `stop` itself; any other is watched, and cut here.
    """

    def __init__(
        self, address: Address, n: int, stop: Stop, limit: int, *, first: int = 0, exact: bool = False
    ) -> None:
        self._address = address
        self._longest = limit * CHARACTERS_PER_TOKEN
        self._most_told = limit + SPARE_PIECES
        self._pieces_left = n * (limit * PIECES_PER_TOKEN + SPARE_PIECES)
        self._exact = exact
        self._choices = [_Choice(first + i, CandidateEnd(stop)) for i in range(n)]
        self._told_end = False
        self.tokens_per_s = 0.0

    @property
    def complete(self) -> bool:
        """Every candidate is finished: what still comes does not matter."""
        return all(choice.over for choice in self._choices)

    @property
    def drawn(self) -> int:
        """Tokens drawn so far, as far as the server tells."""
        return sum(choice.tokens for choice in self._choices)

    def take(self, payload: str) -> Iterator[Completion]:
        """The candidates that one event finishes.

        Raises:
            ProverFailed: the event is not what the protocol wants, or tells an error.
            Superseded
        """
        if payload == DONE:
            self._told_end = True
            yield from self._leftovers()
            return
        event = self._read(payload)
        if isinstance(extra := event.get(VENDOR), dict) and isinstance(speed := extra.get("tokens_per_s"), float):
            self.tokens_per_s = speed
        choices = event.get("choices", [])
        if not isinstance(choices, list):
            raise self._malformed("`choices` is no list")
        self._pieces_left -= max(1, len(choices))
        if self._pieces_left < 0:
            raise self._malformed("far more pieces than were asked for")
        for part in choices:
            if candidate := self._absorb(part):
                yield candidate

    def end(self) -> None:
        """The stream is over. Candidates of which it has said nothing may be missing, and no others.

        Raises:
            ProverFailed: it is over before its time.
        """
        begun = [choice for choice in self._choices if choice.pieces or choice.over]
        if not self._told_end and not (begun and all(choice.over for choice in begun)):
            raise ProverFailed(
                f"The prover at {self._address.shown} broke off its answer.",
                "Look into the server's log; Ghostproof tries again by itself.",
            )

    def _read(self, payload: str) -> Mapping[str, object]:
        try:
            event = json.loads(payload)
        except (ValueError, RecursionError) as problem:
            raise self._malformed("an event that is no JSON") from problem
        if not isinstance(event, dict):
            raise self._malformed("an event that is no object")
        if event.get("error") is not None:  # some servers say `"error": null` where all is well
            said = reason(event)
            error = event["error"]
            status = error.get("status", error.get("code", 500)) if isinstance(error, dict) else 500
            raise failure(self._address, status if isinstance(status, int) else 500, said)
        return event

    def _absorb(self, part: object) -> Completion | None:
        if not isinstance(part, dict):
            raise self._malformed("a choice that is no object")
        index, text, finish = part.get("index", 0), part.get("text") or "", part.get("finish_reason")
        if not isinstance(index, int) or not 0 <= index < len(self._choices):
            raise self._malformed(f"the candidate {index!r:.20} of {len(self._choices)}")
        if not isinstance(text, str):
            raise self._malformed("a text that is none")
        choice = self._choices[index]
        if choice.over:
            return None
        self._take(choice, text, _logprobs(part.get("logprobs")))
        if self._exact:
            return self._exactly(choice, part.get(VENDOR), finish) if finish else None
        return self._cut(choice, text, finish)

    def _take(self, choice: _Choice, text: str, logprobs: Sequence[float]) -> None:
        choice.size += len(text)
        choice.told += len(logprobs)
        if choice.size > self._longest:
            raise self._malformed("far more text than was asked for")
        if choice.told > self._most_told:
            raise self._malformed("far more log-probabilities than tokens were asked for")
        choice.logprob += sum(logprobs)
        if text:
            choice.parts.append(text)
            choice.pieces += 1

    def _exactly(self, choice: _Choice, extra: object, finish: object) -> Completion:
        """Our own engine has cut the text, and tells what was drawn with the last piece of it."""
        if not isinstance(extra, dict):
            raise self._malformed("no figures of a candidate")
        tokens = extra.get("tokens")
        choice.over = True
        return Completion(
            choice.text,
            _logprob(extra.get("logprob")),
            tokens if isinstance(tokens, int) else 0,
            choice.index,
            "length" if finish == "length" else "stop",
        )

    def _cut(self, choice: _Choice, text: str, finish: object) -> Completion | None:
        end = choice.ends.push(text)
        if end is None and finish == "length":
            return self._finished(choice, choice.size, "length")
        if end is None and finish:
            end = choice.ends.finish()
        return None if end is None else self._finished(choice, end, "stop")

    def _leftovers(self) -> Iterator[Completion]:
        """Some servers end the stream without a word about how each candidate ended."""
        for choice in self._choices:
            if choice.size and not choice.over:
                yield self._finished(choice, choice.size, "length")

    def _finished(self, choice: _Choice, end: int, finish: Literal["stop", "length"]) -> Completion:
        choice.over = True
        logprob = choice.logprob if choice.told else nan
        return Completion(choice.text[:end], logprob, choice.tokens, choice.index, finish)

    def _malformed(self, what: str) -> ProverFailed:
        return ProverFailed(
            f"The prover at {self._address.shown} answers with {what}.",
            "`prover.url` must be the address of a server that speaks the OpenAI completions protocol.",
        )


def _logprobs(block: object) -> list[float]:
    """Of each token of a piece, in the shape of OpenAI and vLLM or in that of llama.cpp."""
    if not isinstance(block, dict):
        return []
    values = block.get("token_logprobs")
    if values is None and isinstance(content := block.get("content"), list):
        values = [token.get("logprob") for token in content if isinstance(token, dict)]
    if not isinstance(values, list):
        return []
    return [_logprob(value) for value in values if value is not None]


def _logprob(value: object) -> float:
    """NaN for what can be no logarithm of a probability."""
    known = isinstance(value, int | float) and LEAST_LOGPROB <= value <= 0.01  # rounding may lift it above 0
    return float(cast(float, value)) if known else nan
