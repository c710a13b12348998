"""Decides what the engine does next, from what waits and what runs. Pure: nothing here computes or remembers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ghostproof.prover.protocol import Priority


class RequestStage(Enum):
    """How far a request is."""

    WAITING = auto()  # nothing of it is computed or pinned
    PREFILL = auto()  # its trunk is pinned; its candidates have not begun
    DRAWING = auto()  # its candidates grow by a token in each step
    DRAINING = auto()  # its last tokens were computed but not looked at yet


@dataclass(frozen=True)
class Standing:
    """What the schedule knows of one request.

    Attributes:
        request: its number; a later request has a greater one.
        rows: candidates that are drawn at a time; 0 for a warm-up.
        blocked: found no memory; goes on when another request ends.
    """

    request: int
    priority: Priority
    document: str
    rows: int
    stage: RequestStage = RequestStage.WAITING
    blocked: bool = False


@dataclass(frozen=True)
class BatchLimits:
    """How large one pass may be.

    Attributes:
        chunk: most prompt tokens of one pass: what a cancelled or more urgent request waits for.
        rows: candidates, of all requests together, up to which another request is let in.
        compact_by_half: finished candidates are computed on until half of their places are free: on a GPU a row costs
            next to nothing, and to move the others waits for the pass in flight.
    """

    chunk: int
    rows: int
    compact_by_half: bool = False

    def compacts(self, going: int, rows: int) -> bool:
        """Whether `going` of so many rows are moved together; the room is a power of two either way."""
        if not self.compact_by_half:
            return going < rows
        return (going - 1).bit_length() < (rows - 1).bit_length()


@dataclass(frozen=True)
class PrefillPass:
    """Compute part of the prompt of one request, and the first tokens of its candidates when that was all."""

    request: int


@dataclass(frozen=True)
class StepPass:
    """Draw one token for every candidate of these requests."""

    requests: tuple[int, ...]


Pass = PrefillPass | StepPass


def superseded(newer: Standing, others: Iterable[Standing]) -> list[int]:
    """The requests that end because a newer one of the same document and priority came."""
    if not newer.document:
        return []
    return [
        other.request
        for other in others
        if other.document == newer.document and other.priority == newer.priority and other.request < newer.request
    ]


def next_pass(standings: Sequence[Standing], batch: BatchLimits, latest: Pass | None) -> Pass | None:
    """The most urgent pass; None when nothing can be computed.

    Only requests of the most urgent priority that can go on are part of a pass, so that the others pause, with their
    memory, while it lasts. Among equals, prefill and steps take turns: a newcomer joins the batch soon, and a long
    prompt does not hold up the candidates of others.
    """
    for priority in sorted({standing.priority for standing in standings}):
        equals = [standing for standing in standings if standing.priority == priority]
        prefill = _next_prefill(equals, batch)
        drawing = tuple(s.request for s in equals if s.stage is RequestStage.DRAWING and not s.blocked)
        if prefill and not (drawing and isinstance(latest, PrefillPass)):
            return prefill
        if drawing:
            return StepPass(drawing)
    return None


def _next_prefill(equals: Sequence[Standing], batch: BatchLimits) -> PrefillPass | None:
    """The oldest request that has begun, else the oldest that waits, if there is room for its candidates."""
    oldest_first = sorted((s for s in equals if not s.blocked), key=lambda s: s.request)
    for standing in oldest_first:
        if standing.stage is RequestStage.PREFILL:
            return PrefillPass(standing.request)
    begun = sum(s.rows for s in equals if s.stage is not RequestStage.WAITING)
    for standing in oldest_first:
        if standing.stage is RequestStage.WAITING:
            fits = begun == 0 or begun + standing.rows <= batch.rows
            return PrefillPass(standing.request) if fits else None
    return None


class Relief(Enum):
    """What a request that finds no memory does itself."""

    NARROW = auto()  # go on with half of its candidates
    WAIT = auto()  # until another request ends
    GIVE_UP = auto()


@dataclass(frozen=True)
class TakeFrom:
    """Another request loses memory for it."""

    request: int


def relief(needy: Standing, holders: Sequence[Standing], *, alone: bool, computed: bool) -> Relief | TakeFrom:
    """As little as lets a pass that found no memory, or a part of it, go on.

    Args:
        needy: the request of the pass that has most candidates.
        holders: requests outside of the pass that hold memory.
        alone: it is the pass's only request.
        computed: its whole prompt is, so that what it lacks is memory for candidates.
    """
    if not needy.rows:
        return Relief.GIVE_UP
    lesser = gives_way(needy, holders)
    if lesser is not None:
        return TakeFrom(lesser)
    if computed and needy.rows > 1:
        return Relief.NARROW
    return Relief.GIVE_UP if alone and all(holder.blocked for holder in holders) else Relief.WAIT


def gives_way(needy: Standing, holders: Iterable[Standing]) -> int | None:
    """The request that loses memory first for one that finds none: the newest of the least urgent, less urgent ones."""
    lesser = [s for s in holders if s.priority > needy.priority]
    return max(lesser, key=lambda s: (s.priority, s.request)).request if lesser else None
