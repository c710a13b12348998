"""Which ways to end a proof have taken Lean long, so that others have their turn before more of the same. Pure.

Where `grind` goes on for seconds behind one induction, it mostly does so behind the next one.
"""

from collections import Counter

from ghostproof.search.strategy import Move
from ghostproof.verify.verdict import Checked, Inconclusive, Proved

# In thousands of heartbeats; a second is some 1,500 to 2,000 of them.
_LONG = 4_000
_DELAY, _MOST = 0.4, 3


class SlowEndings:
    """What is known of one search's endings: the text behind the last `<;>`."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def learn(self, move: Move, checked: Checked) -> None:
        """Take how long it took Lean to get nowhere."""
        undecided = isinstance(checked.verdict, Inconclusive) and not checked.heartbeats
        if not isinstance(checked.verdict, Proved) and (undecided or checked.heartbeats >= _LONG):
            self._seen.update(filter(None, (_ending(move),)))

    def delay(self, move: Move) -> float:
        """What is to be added to its cost."""
        return _DELAY * min(self._seen[_ending(move)], _MOST)


def _ending(move: Move) -> str:
    """The ending of a text that is no lemma: with a lemma, it may be another matter."""
    return "" if move.text.startswith("have ") else move.text.rpartition(" <;> ")[2]
