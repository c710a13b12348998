"""What a server's refusal means and what a person can do about it, and when it is worth trying again."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from ghostproof.errors import ProverBusy, ProverFailed
from ghostproof.prover.address import Address
from ghostproof.prover.wire import SUPERSEDED

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
SHOWN_CHARACTERS = 300


class Unreachable(ProverFailed):
    """Nobody answers there."""


class Superseded(Exception):
    """A newer request for the same document has taken this one's place."""


class NotOffered(ProverFailed):
    """The server knows no such path, or no such model."""


class Refused(ProverFailed):
    """The server answers, but not to this request. Another request may well be answered."""

    def __init__(self, message: str, hint: str, code: str) -> None:
        super().__init__(message, hint)
        self.code = code


@dataclass(frozen=True)
class ErrorBody:
    """What a server's error object says."""

    message: str
    code: str


def reason(body: object) -> ErrorBody:
    """The message and the code of an error in any of the shapes that servers give it."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        message = error.get("message") or error.get("detail") or ""
        code = error.get("code") or error.get("type") or ""
        return ErrorBody(_line(message), str(code))
    return ErrorBody(_line(error), "") if isinstance(error, str) else ErrorBody("", "")


def refusal(address: Address, status: int, text: str, retry_after: str = "") -> ProverFailed | Superseded:
    """The error for an answer with a status other than 200."""
    try:
        said = reason(json.loads(text))
    except (ValueError, RecursionError):
        said = ErrorBody("", "")  # a web page, most likely
    return failure(address, status, said, retry_after)


def failure(address: Address, status: int, said: ErrorBody, retry_after: str = "") -> ProverFailed | Superseded:
    """The error for a status and what the server says with it, be it in an answer's head or in a stream."""
    if said.code == SUPERSEDED:
        return Superseded()
    message = address.without_secrets(said.message)
    told = f": {message}" if message else "."
    at = f"The prover at {address.shown}"
    key = f"Put the right key into the environment variable {address.key_env}."
    match status:
        case 401 | 403:
            return ProverFailed(f"{at} refuses the key{told}", key if address.key_env else "Start it again.")
        case 404 | 405 | 501:
            hint = "`prover.url` must be the address of a server that speaks the OpenAI completions protocol."
            return NotOffered(f"{at} does not have what it is asked for{told}", hint)
        case 400 | 413 | 422:
            return Refused(f"{at} refuses the request{told}", "", said.code)
        case 429 | 503 | 507:
            wait = f" It asks to wait {retry_after} s." if retry_after.isdecimal() else ""
            return ProverBusy(f"{at} is busy{told}{wait}", "Ghostproof tries again by itself.")
    return ProverFailed(f"{at} fails with status {status}{told}", "Look into the server's log.")


class Backoff:
    """How long to leave a prover alone after it failed: longer each time, and never in step with others."""

    def __init__(self, clock: Callable[[], float] = monotonic, first_s: float = FIRST_WAIT_S) -> None:
        self._clock = clock
        self._first_s = first_s
        self._failures = 0
        self._until = 0.0
        self.problem: ProverFailed | None = None

    def failed(self, problem: ProverFailed) -> None:
        self.problem = problem
        wait = min(LONGEST_WAIT_S, self._first_s * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        self._until = self._clock() + wait * random.uniform(0.5, 1.0)

    def succeeded(self) -> None:
        self.problem = None
        self._failures = 0
        self._until = 0.0

    def check(self) -> None:
        """Pass, unless the time is not over.

        Raises:
            ProverFailed: the problem that it began with.
        """
        if self.problem is not None and self._clock() < self._until:
            raise ProverFailed(self.problem.message, self.problem.hint)


def _line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"
