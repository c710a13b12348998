"""What may be learned from when a theorem is tried: the steps above it, and nothing of its own proof or from below.

Above is what stands in the same file before it, and in the files that come before this one: none of these imports it.
A database has exactly these steps and no others, so that the weights of what goals have in common tell nothing either.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ghostproof.evaluation.theorem import HiddenTheorem
from ghostproof.learning.learned import Learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore

Steps = Mapping[str, Sequence[TacticStep]]


def steps_above(steps: Steps, order: Sequence[str], theorem: HiddenTheorem) -> dict[str, tuple[TacticStep, ...]]:
    """The steps that may be learned from, by files.

    Args:
        steps: of all files, by their names.
        order: the files' names in their order.
    """
    found = {name: tuple(steps.get(name, ())) for name in order[: theorem.number]}
    own = steps.get(theorem.file, ())
    return found | {theorem.file: tuple(step for step in own if _ends_above(step, theorem))}


def _ends_above(step: TacticStep, theorem: HiddenTheorem) -> bool:
    return step.end[0] < theorem.line and step.decl_start[0] < theorem.line


class Above:
    """A database of its own that is kept at what stands above the theorem that is tried. For one worker."""

    def __init__(self, path: Path, steps: Steps, order: Sequence[str]) -> None:
        self._steps, self._order = steps, tuple(order)
        self._store = StepStore(path, max(1, sum(map(len, steps.values()))))
        self._kept: dict[str, tuple[TacticStep, ...]] = {}
        self._names: dict[Path, str] = {}

    def move(self, theorem: HiddenTheorem) -> None:
        """Have in it what stands above this one. In the order of theorems this costs what came in between."""
        wanted = steps_above(self._steps, self._order, theorem)
        for name in self._kept.keys() - wanted.keys():
            self._store.forget(name)
        for name, steps in wanted.items():
            if self._kept.get(name) != steps:
                self._store.replace(name, "", steps)
        self._kept = wanted
        self._names[theorem.path] = theorem.file

    def learned(self, path: Path) -> Learned:
        """What is known where a file is tried; see `App`."""
        return Learned(self._store, lambda path: self._names.get(path, path.name))

    @property
    def store(self) -> StepStore:
        return self._store

    def close(self) -> None:
        self._store.close()
