"""What an adviser is: somebody who takes time to answer questions of strategies, while Lean goes on with its work."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol

from ghostproof.search.strategy import Consult

# Statements of theorems from elsewhere that look useful, the likeliest first.
Facts = Callable[[], Awaitable[Sequence[str]]]


async def no_facts() -> Sequence[str]:
    """Where nothing is known that the file does not say."""
    return ()


class Adviser(Protocol):
    """Answers questions about goals. Safe to use from many tasks of one event loop."""

    @property
    def tokens(self) -> int:
        """How many tokens were drawn for all its answers so far, those that were of no use included."""
        ...

    def ask(self, work: Consult) -> AsyncGenerator[str, None]:
        """Scripts of tactics, laid out at column 0, each as soon as it is there; hostile texts. Closing it cancels.

        Raises:
            GhostproofError: it cannot be asked.
        """
        ...
