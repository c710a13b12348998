"""What a system does for trees of processes: one head, started alone, ended with everything below it."""

from collections.abc import Mapping
from typing import Any, Protocol


class Trees(Protocol):
    """One side for each kind of system. Both can be imported everywhere."""

    def head(self) -> Mapping[str, Any]:
        """Arguments of `subprocess` for a process that heads a tree of its own."""
        ...

    def detached(self) -> Mapping[str, Any]:
        """Arguments of `subprocess` for a process that outlives this one, whatever happens to its console."""
        ...

    def adopt(self, pid: int) -> None:
        """The head of a tree has just been started."""
        ...

    def kill(self, pid: int) -> None:
        """End the tree below a head, which may have ended before. Never raises; the head is still to be waited for."""
        ...

    def was_ended(self, code: int) -> bool:
        """Whether an exit code says that the process was ended from outside, or crashed, and did not leave."""
        ...

    def was_killed(self, code: int) -> bool:
        """Whether an exit code is what `kill` leaves."""
        ...
