"""What a log of use tells: how much of what was shown was taken and kept, and how long the first suggestion took."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SourceUse:
    """Suggestions of one source that were taken, and those of them that were still there after a minute."""

    accepted: int = 0
    kept: int = 0


@dataclass(frozen=True)
class UsageSummary:
    """All of a log.

    Attributes:
        shown: lists or ghost texts.
        accepted, edited, deleted: suggestions; changed or gone again within a minute.
        first_ms_p50, first_ms_p90: milliseconds to the first verified suggestion; None where nothing was shown.
    """

    shown: int = 0
    accepted: int = 0
    edited: int = 0
    deleted: int = 0
    first_ms_p50: float | None = None
    first_ms_p90: float | None = None
    sources: Mapping[str, SourceUse] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        return self.accepted - self.edited - self.deleted

    @property
    def acceptance(self) -> float | None:
        """Share of what was shown that was taken."""
        return self.accepted / self.shown if self.shown else None


def summary(events: Iterable[Mapping[str, object]]) -> UsageSummary:
    """The summary of events as the log has them; what became of a suggestion counts once."""
    shown = 0
    first: list[float] = []
    source_of: dict[object, str] = {}
    changed: dict[object, str] = {}
    for event in events:
        number = event.get("id")
        match event.get("event"):
            case "shown":
                shown += 1
                ms = event.get("first_ms")
                if isinstance(ms, int | float):
                    first.append(ms)
            case "accepted":
                source_of[number] = str(event.get("source", ""))
            case "edited" | "deleted" as what if number in source_of:
                changed.setdefault(number, str(what))
    accepted = Counter(source_of.values())
    kept = Counter(source for number, source in source_of.items() if number not in changed)
    fates = Counter(changed.values())
    return UsageSummary(
        shown,
        len(source_of),
        fates["edited"],
        fates["deleted"],
        quantile(first, 0.5),
        quantile(first, 0.9),
        {source: SourceUse(accepted[source], kept[source]) for source in sorted(accepted)},
    )


def quantile(values: Sequence[float], share: float) -> float | None:
    """The least value that at least so large a share of the values does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]
