"""The completions protocol as JSON: what a request may say, and how events become an answer. No sockets here."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal, NoReturn
from uuid import uuid4

from ghostproof.prover.engine.contract import Ask, Ended, Event, Finished, Text
from ghostproof.prover.protocol import SamplingParams, Stop
from ghostproof.prover.wire import SUPERSEDED, VENDOR, Extra

MOST_CANDIDATES = 256
MOST_STOPS = 16
DEFAULT_TOKENS = 16  # OpenAI's
MOST_TOKENS = 1 << 20

JsonBody = dict[str, object]

# What our engine does not do, and the values with which it need not.
_NEUTRAL: Mapping[str, tuple[object, ...]] = {
    "echo": (False, None),
    "suffix": ("", None),
    "logit_bias": (None, {}),
    "presence_penalty": (0, None),
    "frequency_penalty": (0, None),
}
_ENDINGS: Mapping[str, tuple[int, str, str]] = {
    SUPERSEDED: (409, SUPERSEDED, "A newer request for the same document has come."),
    "cancelled": (409, "cancelled", "The request was cancelled."),
    "memory": (503, "out_of_memory", "There is no memory for even one candidate."),
    "context": (400, "context_length_exceeded", "The prompt is longer than the model's context."),
    "error": (500, "engine_error", "The engine failed."),
}


class BadRequest(Exception):
    """What a client has done wrong, and the HTTP status for it."""

    def __init__(self, message: str, param: str | None = None, code: str | None = None, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.param, self.code, self.status = message, param, code, status


def error(message: str, status: int, code: str | None = None, param: str | None = None) -> JsonBody:
    """OpenAI's error object. `status` stands in it too, for errors inside a stream."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code, "status": status}}


def ended(event: Ended) -> tuple[int, JsonBody]:
    """Status and error object of a request that did not end well."""
    status, code, message = _ENDINGS[event.reason]
    return status, error(event.message or message, status, code)


@dataclass(frozen=True)
class Wanted:
    """A request that was understood.

    Attributes:
        model: "" where the client names none.
        logprobs: the answer has a block of log-probabilities.
        usage: a stream ends with the numbers of tokens.
        finished_only: events are finished candidates with their figures, which only our own client asks for.
    """

    ask: Ask
    model: str
    stream: bool
    logprobs: bool
    usage: bool
    finished_only: bool


def read(fields: Mapping[str, object]) -> Wanted:
    """Understand the JSON of a request.

    Raises:
        BadRequest: naming the field that is wrong.
    """
    for name, neutral in _NEUTRAL.items():
        if fields.get(name) not in neutral:
            raise BadRequest(f"`{name}` is not supported.", name, "unsupported")
    extra = _extra(fields.get(VENDOR))
    own = extra or Extra()
    n = _integer(fields, "n", 1, 0, MOST_CANDIDATES)
    tokens = _integer(fields, "max_tokens", DEFAULT_TOKENS, 0, MOST_TOKENS)
    if _integer(fields, "best_of", n, 0, MOST_CANDIDATES) != n:
        raise BadRequest("`best_of` must equal `n`.", "best_of", "unsupported")
    options = fields.get("stream_options") or {}
    if not isinstance(options, dict):
        _wrong("stream_options", "must be an object")
    ask = Ask(
        prompt=_prompt(fields.get("prompt")),
        n=n if tokens else 0,
        limits=_limits(fields, max(tokens, 1), greedy_first=own.greedy_first),
        stop=Stop(_stops(fields.get("stop")), own.rule, own.column, own.before),
        priority=own.priority,
        document=own.document,
        stream_text=extra is None,
    )
    return Wanted(
        ask,
        _string(fields, "model"),
        _flag(fields, "stream"),
        _logprobs(fields.get("logprobs")),
        options.get("include_usage") is True,
        extra is not None,
    )


@dataclass
class _AnsweredChoice:
    text: str = ""
    logprobs: list[tuple[str, float]] = field(default_factory=list)
    finish: Literal["stop", "length"] | None = None


class CompletionAnswer:
    """One request's answer while it comes into being."""

    def __init__(self, wanted: Wanted, model: str) -> None:
        self._wanted = wanted
        self._head: JsonBody = {
            "id": f"cmpl-{uuid4().hex}",
            "object": "text_completion",
            "created": int(time.time()),
            "model": model,
        }
        self._choices = [_AnsweredChoice() for _ in range(wanted.ask.n)]

    def chunk(self, event: Event) -> JsonBody | None:
        """What a stream says about an event; None where that is nothing."""
        match event:
            case Text():
                return self._part(event.index, event.text, None, _pieces(event))
            case Finished() if self._wanted.finished_only:
                figures = {"logprob": finite(event.logprob), "tokens": event.tokens}
                choice = {"index": event.index, "text": event.text, "logprobs": None, "finish_reason": event.finish}
                return self._head | {"choices": [choice | {VENDOR: figures}]}
            case Finished():
                return self._part(event.index, event.text[len(self._choices[event.index].text) :], event.finish, [])
        return None

    def dropped(self) -> list[JsonBody]:
        """The ends of candidates that were dropped because they equal others: a client that counts them gets all."""
        if self._wanted.finished_only:
            return []
        return [
            self._part(index, "", "stop", []) for index, choice in enumerate(self._choices) if choice.finish is None
        ]

    def last(self, event: Ended, speed: float) -> list[JsonBody]:
        """What a stream says at its end, besides `[DONE]`."""
        usage = self._head | {"choices": [], "usage": _usage(event)}
        if self._wanted.finished_only:
            return [usage | {VENDOR: _figures(event, speed)}]
        return [usage] if self._wanted.usage else []

    def in_one_piece(self, event: Ended, speed: float) -> JsonBody:
        """The answer in one piece. The events must have gone through `chunk`, and `dropped` must have been called."""
        choices: list[JsonBody] = [
            {
                "index": index,
                "text": choice.text,
                "logprobs": self._block(choice.logprobs, 0),
                "finish_reason": choice.finish,
            }
            for index, choice in enumerate(self._choices)
        ]
        answer: JsonBody = self._head | {"choices": choices, "usage": _usage(event)}
        return answer | {VENDOR: _figures(event, speed)} if self._wanted.finished_only else answer

    def _part(
        self, index: int, text: str, finish: Literal["stop", "length"] | None, logprobs: list[tuple[str, float]]
    ) -> JsonBody:
        choice = self._choices[index]
        offset = len(choice.text)
        choice.text += text
        choice.logprobs += logprobs
        choice.finish = finish
        part = {"index": index, "text": text, "logprobs": self._block(logprobs, offset), "finish_reason": finish}
        return self._head | {"choices": [part]}

    def _block(self, logprobs: Sequence[tuple[str, float]], offset: int) -> JsonBody | None:
        if not self._wanted.logprobs:
            return None
        offsets: list[int] = []
        for piece, _ in logprobs:
            offsets.append(offset)
            offset += len(piece)
        return {
            "tokens": [piece for piece, _ in logprobs],
            "token_logprobs": [finite(value) for _, value in logprobs],
            "top_logprobs": [{piece: finite(value)} for piece, value in logprobs],
            "text_offset": offsets,
        }


def _pieces(event: Text) -> list[tuple[str, float]]:
    """Several tokens may make one piece of text, when a character or a possible stop string was held back: the last
    of them then stands for all of it."""
    if not event.logprobs:
        return []
    *before, last = event.logprobs
    return [("", value) for value in before] + [(event.text, last)]


def finite(value: float) -> float | None:
    """JSON knows no infinity."""
    return value if isfinite(value) else None


def _usage(event: Ended) -> JsonBody:
    return {
        "prompt_tokens": event.prompt_tokens,
        "completion_tokens": event.drawn_tokens,
        "total_tokens": event.prompt_tokens + event.drawn_tokens,
        "prompt_tokens_details": {"cached_tokens": event.cached_tokens},
    }


def _figures(event: Ended, speed: float) -> JsonBody:
    return {
        "duplicates": event.duplicates,
        "ttft_ms": event.ttft_ms,
        "total_ms": event.total_ms,
        "tokens_per_s": finite(speed),
    }


def _wrong(name: str, how: str) -> NoReturn:
    raise BadRequest(f"`{name}` {how}.", name, "invalid_value")


def _limits(fields: Mapping[str, object], tokens: int, *, greedy_first: bool) -> SamplingParams:
    seed = fields.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        _wrong("seed", "must be a whole number")
    return SamplingParams(
        tokens=tokens,
        temperature=_number(fields, "temperature", 1.0, 0.0, 100.0),
        top_p=_number(fields, "top_p", 1.0, 1e-6, 1.0),
        seed=None if seed is None else seed % (1 << 63),
        greedy_first=greedy_first,
    )


def _prompt(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        _wrong("prompt", "must be one string; lists of prompts and of tokens are not supported")
    return _text(value, "prompt")


def _stops(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > MOST_STOPS or not all(isinstance(s, str) and s for s in values):
        _wrong("stop", f"must be a string, or a list of at most {MOST_STOPS}, none of them empty")
    return tuple(_text(stop, "stop") for stop in values)


def _text(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        _wrong(name, "holds half a character")
    return value


def _logprobs(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    if not isinstance(value, int) or not 0 <= value <= 1:
        _wrong("logprobs", "must be 0 or 1: the drawn tokens' own")
    return True


def _extra(value: object) -> Extra | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        _wrong(VENDOR, "must be an object")
    try:
        return Extra.read(value)
    except ValueError as problem:
        raise BadRequest(f"`{VENDOR}`: {problem}.", VENDOR, "invalid_value") from problem


def _string(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name) or ""
    if not isinstance(value, str):
        _wrong(name, "must be a string")
    return value


def _flag(fields: Mapping[str, object], name: str) -> bool:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        _wrong(name, "must be true or false")
    return bool(value)


def _integer(fields: Mapping[str, object], name: str, default: int, least: int, most: int) -> int:
    value = fields.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        _wrong(name, f"must be a whole number from {least} to {most}")
    return value


def _number(fields: Mapping[str, object], name: str, default: float, least: float, most: float) -> float:
    value = fields.get(name)
    if value is None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
        _wrong(name, f"must be a number from {least:g} to {most:g}")
    return float(value)
