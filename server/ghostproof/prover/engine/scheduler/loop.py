"""One pass after the other over all requests: decide, compute, absorb. Belongs to one thread, and never waits."""

import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice

import torch

from ghostproof.prover.engine.contract import (
    Ended,
    EndReason,
    EngineStats,
    Event,
    Hold,
    OutOfMemory,
    Runner,
    TokenDraw,
    Tokens,
)
from ghostproof.prover.engine.model.sampler import Chances, Drawn
from ghostproof.prover.engine.scheduler.counters import Counters
from ghostproof.prover.engine.scheduler.request import Request, Row, Sampling
from ghostproof.prover.engine.scheduler.schedule import (
    BatchLimits,
    Pass,
    PrefillPass,
    Relief,
    TakeFrom,
    next_pass,
    relief,
    superseded,
)

log = logging.getLogger(__name__)

CPU_BATCH = BatchLimits(chunk=256, rows=32)
GPU_BATCH = BatchLimits(chunk=2048, rows=64, compact_by_half=True)
NO_NUMBERS = (
    "The model computes no numbers (NaN): its weights are damaged, or too large for their number format. "
    "Fetch them again, or choose another model."
)


@dataclass(frozen=True)
class _Flight:
    """What one pass draws, looked at when the numbers have arrived: for each request, the rows it was computed for."""

    groups: tuple[tuple[Request, tuple[Row, ...]], ...]
    drawn: Drawn


class _Refused(Exception):
    """The request cannot be served as it is."""

    def __init__(self, reason: EndReason, message: str) -> None:
        super().__init__(message)
        self.reason: EndReason = reason
        self.message = message


class Loop:
    """Serves requests, pass by pass.

    Args:
        ahead: passes that may be computed before the tokens of the one before were looked at. With 1 the device does
            not wait for the host; a finished row is computed once more, for nothing.

    Attributes:
        stats: as of the latest pass; replaced as a whole, so that any thread may read it.
    """

    def __init__(self, tokens: Tokens, runner: Runner, batch: BatchLimits, ahead: int) -> None:
        self._tokens = tokens
        self._runner = runner
        self._batch = batch
        self._ahead = ahead
        self._requests: dict[int, Request] = {}
        self._flights: deque[_Flight] = deque()
        self._latest: Pass | None = None
        self._counters = Counters()
        self.stats = EngineStats()
        self._publish()

    @property
    def busy(self) -> bool:
        return bool(self._requests or self._flights)

    def add(self, request: Request) -> None:
        """Let the request wait for its turn. An older one of the same document and priority ends."""
        self._counters.requests += 1
        older = superseded(request.standing, [other.standing for other in self._requests.values()])
        self._requests[request.number] = request
        for number in older:
            self._end(self._requests[number], "superseded", "A newer request of its document came.")
        self._publish()

    def cancel(self, number: int) -> None:
        if request := self._requests.get(number):
            self._end(request, "cancelled")

    def end_all(self, reason: EndReason, message: str) -> None:
        self._flights.clear()
        with ExitStack() as every:
            for request in self._requests.values():
                every.callback(self._end, request, reason, message)

    def run_pass(self) -> None:
        """Compute one pass, and look at what earlier ones have drawn."""
        chosen = next_pass([request.standing for request in self._requests.values()], self._batch, self._latest)
        if chosen is not None:
            self._latest = chosen
            self._compute(chosen)
        while len(self._flights) > (self._ahead if chosen else 0):
            self._land(self._flights.popleft())
        self._publish()

    # Computing.

    def _compute(self, chosen: Pass) -> None:
        numbers = (chosen.request,) if isinstance(chosen, PrefillPass) else chosen.requests
        group = [self._requests[number] for number in numbers]
        with self._contained(group):
            try:
                flight = self._prefill(group[0]) if isinstance(chosen, PrefillPass) else self._step(group)
                self._flights.append(flight)
            except (OutOfMemory, torch.OutOfMemoryError) as full:
                self._make_room(group, str(full))
            except _Refused as refused:
                self._end(group[0], refused.reason, refused.message)

    @contextmanager
    def _contained(self, group: Sequence[Request]) -> Iterator[None]:
        """Whatever goes wrong in here ends these requests at most: the others, and the engine, go on."""
        try:
            yield
        except Exception as error:  # torch raises nothing narrower than RuntimeError, and our own mistakes are anything
            log.exception("a pass of the model failed")
            for request in group:
                self._end(request, "error", f"{type(error).__name__}: {error}")

    def _prefill(self, request: Request) -> _Flight:
        hold = request.hold if request.hold is not None else self._begin(request)
        if hold.missing and not self._runner.prefill(hold, self._batch.chunk):
            return self._paced()
        if not request.width:
            self._end(request, "done")
            return self._paced()
        return self._fork(request, hold)

    def _fork(self, request: Request, hold: Hold) -> _Flight:
        """Draw the first tokens, and let the candidates part. Without memory nothing has changed, so that it can be
        tried again."""
        limits = request.ask.limits
        chances = Chances(request.seed, request.width, request.limit, limits.top_p, self._runner.device)
        first = TokenDraw(chances.of(0), limits.temperature, limits.top_p, limits.greedy_first)
        numbers = self._runner.draw(self._runner.logits(hold).view(1, -1), [first])
        drawn = Drawn(numbers)
        leaves = self._runner.fork(hold, request.width, request.limit)
        rows = request.new_rows(self._tokens)
        request.sampling = Sampling(leaves, rows, numbers[:, 0].long(), chances, request.limit)
        return _Flight(((request, tuple(rows)),), drawn)

    def _begin(self, request: Request) -> Hold:
        """Pin the prompt's trunk."""
        ids = self._tokens.encode(request.ask.prompt, request.ask.document) if request.ids is None else request.ids
        request.ids = ids
        if not ids:
            raise _Refused("error", "The prompt is empty.")
        room = self._runner.context - len(ids)
        if room < min(request.width, 1):
            raise _Refused(
                "context",
                f"The prompt has {len(ids)} tokens; the model's context is {self._runner.context}, candidate included.",
            )
        request.limit = min(request.ask.limits.tokens, room)
        request.hold = hold = self._runner.begin(ids, request.ask.document)
        if not request.counted:
            request.counted, request.cached = True, hold.cached
            self._counters.prompt_tokens += len(ids)
            self._counters.cached_tokens += request.cached
        return hold

    def _step(self, group: Sequence[Request]) -> _Flight:
        every = [(request, request.sampling) for request in group if request.sampling is not None]
        draws = [_draw(request, sampling) for request, sampling in every]
        numbers = self._runner.advance([(sampling.leaves, sampling.newest) for _, sampling in every], draws)
        self._counters.steps += 1
        newest = numbers[:, 0].long().split([one.rows for one in draws])
        for (_, sampling), own in zip(every, newest, strict=True):
            sampling.draw(own)
        return _Flight(tuple((request, tuple(sampling.rows)) for request, sampling in every), Drawn(numbers))

    def _paced(self) -> _Flight:
        """Nothing was drawn; the host waits for the pass all the same, so that it never runs far ahead."""
        return _Flight((), Drawn(torch.zeros(0, 2, device=self._runner.device)))

    # Absorbing.

    def _land(self, flight: _Flight) -> None:
        """Look at what a pass has drawn."""
        numbers: Iterator[tuple[int, float]] = iter(())
        # CUDA may report only here what went wrong in an earlier pass.
        with self._contained([request for request, _ in flight.groups]):
            numbers = iter(flight.drawn.take())
        for request, rows in flight.groups:
            if request.number in self._requests:
                with self._contained([request]):
                    self._absorb(request, [(row, *next(numbers)) for row in rows])
            else:
                deque(islice(numbers, len(rows)), maxlen=0)

    def _absorb(self, request: Request, drawn: Sequence[tuple[Row, int, float]]) -> None:
        if any(math.isnan(logprob) for *_, logprob in drawn):
            self._end(request, "error", NO_NUMBERS)
            return
        before = request.drawn
        if request.first_token is None:
            request.first_token = time.perf_counter()
        for event in request.absorb(drawn):
            if not self._tell(request, event):
                self._end(request, "error", "Its listener failed.")
                return
        self._counters.drawn_tokens += request.drawn - before
        if (sampling := request.sampling) is None:
            return
        going = sampling.going
        if not going:
            self._end(request, "done", request.message())
        elif self._batch.compacts(len(going), len(sampling.rows)):
            self._keep(sampling, going)

    def _keep(self, sampling: Sampling, places: Sequence[int]) -> bool:
        """Go on with the rows at these places only. False where there is no memory to move them: nothing changed."""
        try:
            self._runner.keep(sampling.leaves, places)
        except OutOfMemory:
            return False
        sampling.keep(places)
        return True

    # Memory.

    def _make_room(self, group: Sequence[Request], full: str) -> None:
        """A pass for the group found no memory: give up as little as lets it, or a part of it, go on."""
        needy = max(group, key=lambda request: (request.standing.rows, request.number))
        holders = [r.standing for r in self._requests.values() if r.hold is not None and r not in group]
        computed = needy.hold is not None and not needy.hold.missing
        match relief(needy.standing, holders, alone=len(group) == 1, computed=computed):
            case TakeFrom(lesser):
                self._shrink(self._requests[lesser], "It gave its memory to a more urgent request.")
            case Relief.NARROW:
                self._narrow(needy)
            case Relief.WAIT:
                needy.blocked = True
                self._put_back(needy)
            case Relief.GIVE_UP if needy.width:
                self._end(needy, "memory", f"Even one candidate finds no room in the KV cache: {full}")
            case Relief.GIVE_UP:
                self._end(needy, "memory", f"No room to warm the prompt: {full}")

    def _shrink(self, request: Request, why: str) -> None:
        """Take memory away from a request: of its prompt, else of half of its candidates, else all."""
        if request.sampling is None:
            self._put_back(request)
        elif len(request.sampling.rows) > 1:
            self._narrow(request)
        else:
            self._end(request, "memory", why)

    def _narrow(self, request: Request) -> None:
        """Go on with half of the candidates."""
        request.narrowed = True
        request.width = request.standing.rows // 2
        sampling = request.sampling
        if sampling is not None and not self._keep(sampling, sampling.going[: request.width]):
            self._end(request, "memory", "No room even to give candidates up.")
        self._unblock()

    def _put_back(self, request: Request) -> None:
        """Have a request that draws nothing yet wait again; what was computed stays while nobody needs the room."""
        if request.hold is not None and request.sampling is None:
            hold, request.hold = request.hold, None
            self._runner.end(hold)

    def _unblock(self) -> None:
        for request in self._requests.values():
            request.blocked = False

    # Ending.

    def _end(self, request: Request, reason: EndReason, message: str = "") -> None:
        """Give everything of the request back, and tell its end. The only place where a request ends."""
        if self._requests.pop(request.number, None) is None:
            return
        log.debug("request %d ended: %s %s", request.number, reason, message)
        with ExitStack() as last:
            last.callback(self._tell, request, self._ended_event(request, reason, message))
            last.callback(self._publish)
            if request.hold is not None:
                last.callback(self._give_back, partial(self._runner.end, request.hold))
            if request.sampling is not None:
                last.callback(self._give_back, partial(self._runner.release, request.sampling.leaves))
        self._unblock()

    def _ended_event(self, request: Request, reason: EndReason, message: str) -> Ended:
        now = time.perf_counter()
        self._counters.ended[reason] += 1
        if request.drawn and request.sampling is not None and now > request.sampling.began:
            self._counters.tokens_per_s = request.drawn / (now - request.sampling.began)
        return Ended(
            reason=reason,
            message=message,
            prompt_tokens=len(request.ids or ()),
            cached_tokens=request.cached,
            drawn_tokens=request.drawn,
            duplicates=request.duplicates,
            ttft_ms=1000 * (request.first_token - request.submitted) if request.first_token else 0.0,
            total_ms=1000 * (now - request.submitted),
        )

    def _publish(self) -> None:
        waiting = sum(request.hold is None for request in self._requests.values())
        self.stats = self._counters.snapshot(self._runner, len(self._requests) - waiting, waiting)

    def _tell(self, request: Request, event: Event) -> bool:
        """Whether the listener took the event."""
        try:
            request.on_event(event)
        except Exception:  # foreign code: the other requests go on
            log.exception("the listener of a request failed")
            return False
        return True

    def _give_back(self, give: Callable[[], None]) -> None:
        try:
            give()
        except Exception:  # the request has ended all the same, and is told so
            log.exception("the runner could not give memory back")


def _draw(request: Request, sampling: Sampling) -> TokenDraw:
    """How the request's next tokens are drawn."""
    limits = request.ask.limits
    greedy = limits.greedy_first and sampling.rows[0].index == 0
    return TokenDraw(sampling.next_chance, limits.temperature, limits.top_p, greedy)
