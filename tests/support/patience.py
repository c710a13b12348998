"""How tests ask: on a machine that is busy with other things the same is found, later.

Lean's heartbeats bound the work of a candidate and are the same everywhere; seconds are only there to end what hangs.
"""

from collections.abc import Sequence

from ghostproof.config import SuggestConfig
from ghostproof.suggest.job import Suggester
from ghostproof.suggest.source import Source

BUDGET_S = 240.0
PATIENCE = 30.0


def patient(sources: Sequence[Source]) -> Suggester:
    """A suggester that gives its candidates their heartbeats, however long those take."""
    return Suggester(sources, SuggestConfig(), PATIENCE)
