"""What is left of a declaration once all that is missing in it was searched for: each place by its line, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from ghostproof.lsp.protocol import ProofMissing
from ghostproof.search.unfinished import Unfinished
from ghostproof.text import SourceText
from ghostproof.visible import visible_lines

MOST_TRIED = 200
# Nobody reads more of them in one message.
MOST_REASONS = 8
NOT_SEARCHED = "The declaration has changed meanwhile; this was not searched for."


@dataclass(frozen=True)
class Left:
    """A place for which no proof was found.

    Attributes:
        at: its offset from where the declaration begins; nothing above it is changed by the proofs that follow.
        why: why there is none, in a sentence.
        goals: those that stayed open.
        tried: what was tried, in short.
        part: the best part of a proof, at a spot that is counted as `at` is.
    """

    at: int
    why: str
    goals: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    part: Unfinished | None = None


def told(left: Sequence[Left], source: SourceText, start: int) -> ProofMissing:
    """What a person is told in the end.

    Args:
        start: offset in the source at which the declaration begins.
    """
    reasons: dict[str, list[int]] = {}
    for each in left:
        reasons.setdefault(each.why, []).append(source.position(start + each.at).line + 1)
    lines = [f"{_lines(numbers)}: {why}" for why, numbers in reasons.items()]
    if len(lines) > MOST_REASONS:
        lines[MOST_REASONS:] = [f"and {len(lines) - MOST_REASONS} more."]
    return {
        "message": visible_lines("\n".join(["Not proved:", *lines])),
        "tried": [*islice(dict.fromkeys(chain.from_iterable(each.tried for each in left)), MOST_TRIED)],
        "left": [visible_lines(goal) for each in left for goal in each.goals],
    }


def _lines(numbers: Iterable[int]) -> str:
    *before, last = dict.fromkeys(map(str, numbers))
    return f"lines {', '.join(before)} and {last}" if before else f"line {last}"
