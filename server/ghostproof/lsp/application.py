"""What the language server needs of the application behind it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from ghostproof.errors import GhostproofError
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Suggestion


class Answer(Protocol):
    """What is known of a request so far; suggestions are ranked, best first."""

    @property
    def suggestions(self) -> Sequence[Suggestion]: ...
    @property
    def spot(self) -> Spot | None:
        """Where Lean saw a goal, among the spots that were asked about."""
        ...

    @property
    def state(self) -> GoalState | None:
        """The goals there, once Lean has told them."""
        ...

    @property
    def checked(self) -> int:
        """Candidates with a verdict."""
        ...

    @property
    def done(self) -> bool: ...
    @property
    def error(self) -> GhostproofError | None: ...


class Job(Protocol):
    """A search for suggestions that goes on by itself."""

    @property
    def snapshot(self) -> Answer: ...
    async def wait(self, until: Callable[[Any], bool], seconds: float) -> Answer:
        """Returns when `until(snapshot)`, the job is done, or the time is over. Cancelling it leaves the job alone."""
        ...


class ProverStatus(Protocol):
    """What an editor shows of the model."""

    @property
    def state(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def tokens_per_s(self) -> float: ...
    @property
    def goes_to(self) -> str: ...
    @property
    def message(self) -> str: ...


class Lives(Protocol):
    """How the two checkers fare."""

    @property
    def probe(self) -> str: ...
    @property
    def scratch(self) -> str: ...


class Status(Protocol):
    """What an editor shows in its status bar."""

    @property
    def toolchain(self) -> str: ...
    @property
    def checker(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def lives(self) -> Lives: ...
    @property
    def notice(self) -> str: ...
    @property
    def prover(self) -> ProverStatus: ...


class Application(Protocol):
    """Everything behind the language server."""

    on_status: Callable[[Any], None]

    def suggest(self, path: Path, text: str, spots: Spot | Sequence[Spot]) -> Job: ...
    def warm(self, path: Path, text: str, spot: Spot | None = None) -> None: ...
    def forget(self, path: Path) -> None: ...
    async def restart(self) -> None: ...
    async def close(self) -> None: ...
