"""What an adviser is: somebody who takes time to answer questions of strategies, while Lean goes on with its work."""

from collections.abc import AsyncGenerator
from typing import Protocol

from ghostproof.search.strategy import Consult


class Adviser(Protocol):
    """Answers questions about goals. Safe to use from many tasks of one event loop."""

    def ask(self, work: Consult) -> AsyncGenerator[str, None]:
        """Scripts of tactics, laid out at column 0, each as soon as it is there; hostile texts. Closing it cancels.

        Raises:
            GhostproofError: it cannot be asked.
        """
        ...
