"""When Lean has said everything about one version of a document: told by what its messages say of its work.

Read in the sources of Lean 4.17 to 4.35, and seen on 4.28 and 4.35: the worker's reporter publishes while it goes, the
worker writes its messages in their order, and the watchdog keeps that order.

- A set of diagnostics may come at any time, and an empty one comes before anything is elaborated: Lake's own messages
  are taken back by it. If Lean was fast, the only real set is the last thing that the reporter says.
- "Nothing is in progress" may come before that set, and in the midst of the work, as some of Lean's tasks have no place
  in the text.
- The answer to `waitForDiagnostics` comes behind the reporter's end.

Hence none of them is enough, and all of them are, in whatever order: an answer that comes early, as on some older Lean,
waits for the others.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from ghostproof.errors import GhostproofError
from ghostproof.lean.transport import Json

_FATAL_KIND = 2


class Sign(Enum):
    """What one message tells about Lean's work on a version."""

    DIAGNOSTICS = "diagnostics"
    WORKING = "something is in progress"
    RESTING = "nothing is in progress"
    FATAL = "no progress any more"  # the header is wrong, or the worker has died
    ANSWER = "the answer to waitForDiagnostics"


def progress(parts: Sequence[Json]) -> Sign:
    """What a `$/lean/fileProgress` says, by its `processing`."""
    if not parts:
        return Sign.RESTING
    return Sign.FATAL if all(part.get("kind") == _FATAL_KIND for part in parts) else Sign.WORKING


@dataclass
class Elaboration:
    """What Lean has said about one version of a document. `finished` without `failure`: it has said everything."""

    version: int
    raw: list[Json] = field(default_factory=list)
    failure: GhostproofError | None = None
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    _published: bool = False
    _answered: bool = False
    _progress: Sign | None = None

    def mark(self, sign: Sign) -> None:
        match sign:
            case Sign.DIAGNOSTICS:
                self._published = True
            case Sign.ANSWER:
                self._answered = True
            case _:
                self._progress = sign
        # A wrong header is answered with a result, a dead worker with an error, which is a failure.
        if self._answered and self._published and self._progress in (Sign.RESTING, Sign.FATAL):
            self.finished.set()

    @property
    def lacks_answer(self) -> bool:
        """No progress any more, and nothing that tells whether the header is wrong or the worker has died."""
        return self._progress is Sign.FATAL and not self._answered

    def fail(self, failure: GhostproofError) -> None:
        """End it without a result. The first failure stays; a finished elaboration is not undone."""
        if not self.finished.is_set():
            self.failure = failure
            self.finished.set()
