"""The programs that end with each part of another, as a tree: each part behind all that it needs, and nothing else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set


def closure(name: str, needs: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """A part with all that it needs."""
    return frozenset({name}.union(*(closure(needed, needs) for needed in needs[name])))


def paths(needs: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """For each part an order of what it needs, and itself. Parts that need the same begin with the same where possible.

    Args:
        needs: for each part those that it imports itself.
    """
    found: dict[str, tuple[str, ...]] = {}
    _grow((), {name: closure(name, needs) for name in needs}, needs, found)
    return found


def _grow(
    behind: tuple[str, ...],
    missing: Mapping[str, Set[str]],
    needs: Mapping[str, Sequence[str]],
    found: dict[str, tuple[str, ...]],
) -> None:
    """Order what is still missing of each part behind a path that all of them begin with."""
    left = dict(missing)
    while left:
        wanted = defaultdict(list)
        for name, parts in left.items():
            for part in parts:
                if set(needs[part]) <= set(behind):
                    wanted[part].append(name)
        # What most of them need comes first, so that it is there for all of those.
        part = max(sorted(wanted), key=lambda part: len(wanted[part]))
        path = (*behind, part)
        inside = {name: left.pop(name) - {part} for name in wanted[part]}
        found.update({name: path for name, parts in inside.items() if not parts})
        _grow(path, {name: parts for name, parts in inside.items() if parts}, needs, found)
