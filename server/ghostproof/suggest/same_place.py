"""What a search for suggestions is asked, and which one that is there already answers the same."""

from collections.abc import Mapping

from ghostproof.suggest.job import SuggestJob
from ghostproof.syntax.spot import Spot

# A text, and the spots in it of which the first is meant where Lean sees a goal.
AskedPlace = tuple[str, tuple[Spot, ...]]


def same_place(jobs: Mapping[AskedPlace, SuggestJob], text: str, asked: tuple[Spot, ...]) -> AskedPlace:
    """The question whose job also answers this one; this one, where there is none.

    Ghost text asks about one spot, a menu about several: where both come to the same, they have to say the same. A job
    that has found a goal answers whoever asks about its spot, and before that only about spots where it found none.
    """
    for (of, spots), job in jobs.items():
        found = job.snapshot.spot
        if of != text or found is None or found not in spots or found not in asked:
            continue
        if set(asked[: asked.index(found)]) <= set(spots[: spots.index(found)]):
            return of, spots
    return text, asked
