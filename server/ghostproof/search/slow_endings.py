"""What takes Lean long waits for others: more of what got nowhere, and the rest of what comes to no end. Pure.

Where `grind` goes on for seconds behind one induction, it mostly does so behind the next one. What proves a goal mostly
does so within a second or two.
"""

from collections import Counter
from dataclasses import replace

from ghostproof.search.strategy import Move, Try, Work
from ghostproof.suggest.source import Tier
from ghostproof.verify.verdict import Cause, Checked, Inconclusive, Proved

# In thousands of heartbeats; a second is some 1,500 to 2,000 of them.
_LONG = 4_000
_DELAY, _MOST = 0.4, 3
# What a quick move may use before others have their turn, what it may when it is done once more, and what that costs.
SHARE, ALL, _REST = 5_000, 1_000_000, 1.0


class SlowEndings:
    """What is known of one search's endings: the text behind the last `<;>`.

    Attributes:
        resting: how many are done whole now. Beside one of them, others have their turn: two would keep all cores for
            seconds from what takes a moment.
    """

    def __init__(self) -> None:
        self.resting = 0
        self._seen: Counter[str] = Counter()

    def learn(self, work: Try, checked: Checked) -> None:
        """Take how long it took Lean to get nowhere."""
        move = work.move
        self.resting -= is_rest(work)
        undecided = isinstance(checked.verdict, Inconclusive) and not checked.heartbeats
        if not isinstance(checked.verdict, Proved) and (undecided or checked.heartbeats >= _LONG):
            self._seen.update(filter(None, (_ending(move),)))

    def delay(self, move: Move) -> float:
        """What is to be added to its cost."""
        return _DELAY * min(self._seen[_ending(move)], _MOST)


def share_of(move: Move) -> int | None:
    """What it may use at first, in thousands of heartbeats; None: all that its tier may."""
    return SHARE if move.tier is Tier.QUICK else None


def rest_of(work: Try, checked: Checked) -> tuple[float, Try] | None:
    """What was cut short, with its cost, to be done whole when others had their turn."""
    verdict = checked.verdict
    if work.share != SHARE or not isinstance(verdict, Inconclusive) or verdict.cause is not Cause.HEARTBEATS:
        return None
    return work.move.cost + _REST, replace(work, share=ALL)


def is_rest(work: Work) -> bool:
    """Whether it was cut short before, and is done whole now."""
    return isinstance(work, Try) and work.share == ALL


def _ending(move: Move) -> str:
    """The ending of a text that is no lemma: with a lemma, it may be another matter."""
    return "" if move.text.startswith("have ") else move.text.rpartition(" <;> ")[2]
