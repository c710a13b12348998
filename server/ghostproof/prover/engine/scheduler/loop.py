"""One pass after the other over all requests: decide, compute, absorb. Belongs to one thread, and never waits."""

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Literal

import torch
from torch import Tensor

from ghostproof.prover.engine.contract import Ended, EngineStats, Event, Hold, OutOfMemory, Runner, Tokens
from ghostproof.prover.engine.model.sampler import Drawn, draw, uniforms
from ghostproof.prover.engine.scheduler.request import Request, Row
from ghostproof.prover.engine.scheduler.schedule import BatchLimits, Pass, PrefillPass, gives_way, next_pass, superseded
from ghostproof.prover.engine.transfer import indices

log = logging.getLogger(__name__)

Reason = Literal["done", "superseded", "cancelled", "memory", "context", "error"]

CPU_BATCH = BatchLimits(chunk=256, rows=32)
GPU_BATCH = BatchLimits(chunk=2048, rows=64)


@dataclass(frozen=True)
class _Flight:
    """What one pass draws, looked at when the numbers have arrived: for each request, the rows it was computed for."""

    groups: tuple[tuple[Request, tuple[Row, ...]], ...]
    drawn: Drawn


class _Refused(Exception):
    """The request cannot be served as it is."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
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
        self._ended: Counter[str] = Counter()
        self._counts = EngineStats()
        self.stats = self._counts
        self._publish()

    @property
    def busy(self) -> bool:
        return bool(self._requests or self._flights)

    def add(self, request: Request) -> None:
        """Let the request wait for its turn. An older one of the same document and priority ends."""
        self._counts = replace(self._counts, requests=self._counts.requests + 1)
        older = superseded(request.standing, [other.standing for other in self._requests.values()])
        self._requests[request.number] = request
        for number in older:
            self._end(self._requests[number], "superseded", "A newer request of its document came.")
        self._publish()

    def cancel(self, number: int) -> None:
        if request := self._requests.get(number):
            self._end(request, "cancelled")

    def end_all(self, reason: Reason, message: str) -> None:
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
        if request.trunk is None:
            self._begin(request)
        trunk = request.trunk
        assert trunk is not None
        if trunk.missing and not self._runner.prefill(trunk, self._batch.chunk):
            return self._paced()
        if not request.width:
            self._end(request, "done")
            return self._paced()
        return self._fork(request, trunk)

    def _fork(self, request: Request, trunk: Hold) -> _Flight:
        """Draw the first tokens, and let the candidates part. Without memory nothing has changed, so that it can be
        tried again."""
        limits = request.ask.limits
        chance = uniforms(request.seed, request.width, request.limit, limits.top_p, self._runner.device)
        logits = self._runner.logits(trunk).view(1, -1)
        tokens, logprobs = draw(
            logits, chance[:, 0], limits.temperature, limits.top_p, greedy_first=limits.greedy_first
        )
        drawn = Drawn([tokens], [logprobs])
        request.leaves = self._runner.fork(trunk, request.width, request.limit)
        request.begin_rows(self._tokens)
        request.newest, request.chance, request.issued = tokens, chance, 1
        request.forked = time.perf_counter()
        return _Flight(((request, tuple(request.rows)),), drawn)

    def _begin(self, request: Request) -> None:
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
        request.trunk = self._runner.begin(ids, request.ask.document)
        if not request.counted:
            request.counted, request.cached = True, request.trunk.cached
            self._counts = replace(
                self._counts,
                prompt_tokens=self._counts.prompt_tokens + len(ids),
                cached_tokens=self._counts.cached_tokens + request.cached,
            )

    def _step(self, group: Sequence[Request]) -> _Flight:
        inputs = []
        for request in group:
            assert request.leaves is not None
            assert request.newest is not None
            inputs.append((request.leaves, request.newest))
        logits = self._runner.step(inputs)
        self._counts = replace(self._counts, steps=self._counts.steps + 1)
        try:
            drawn = self._draw(group, logits)
        except torch.OutOfMemoryError as full:
            # The leaves have gone on already, so that the step cannot be tried again.
            for request in group:
                self._end(request, "memory", f"No room to draw a token: {full}")
            return self._paced()
        return _Flight(tuple((request, tuple(request.rows)) for request in group), drawn)

    def _draw(self, group: Sequence[Request], logits: Tensor) -> Drawn:
        """The next tokens of all requests; `logits` is [all rows, vocabulary]."""
        tokens, logprobs = [], []
        for request, rows in zip(group, torch.split(logits, [len(r.rows) for r in group]), strict=True):
            assert request.chance is not None
            limits = request.ask.limits
            chance = request.chance[:, request.issued]
            newest, own = draw(rows, chance, limits.temperature, limits.top_p, greedy_first=request.greedy)
            request.newest = newest
            request.issued += 1
            tokens.append(newest)
            logprobs.append(own)
        return Drawn(tokens, logprobs)

    def _paced(self) -> _Flight:
        """Nothing was drawn; the host waits for the pass all the same, so that it never runs far ahead."""
        pace = torch.zeros(0, device=self._runner.device)
        return _Flight((), Drawn([pace], [pace]))

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
        before = request.drawn
        if request.first_token is None:
            request.first_token = time.perf_counter()
        for event in request.absorb(drawn):
            if not self._tell(request, event):
                self._end(request, "error", "Its listener failed.")
                return
        self._counts = replace(self._counts, drawn_tokens=self._counts.drawn_tokens + request.drawn - before)
        going = request.going
        if not going:
            self._end(request, "done", request.message())
        elif len(going) < len(request.rows):
            self._keep(request, going)

    def _keep(self, request: Request, places: Sequence[int]) -> bool:
        """Go on with the rows at these places only. False where there is no memory to move them: nothing changed."""
        assert request.leaves is not None
        assert request.newest is not None
        assert request.chance is not None
        try:
            self._runner.keep(request.leaves, places)
        except OutOfMemory:
            return False
        kept = indices(places, self._runner.device)
        request.newest = request.newest.index_select(0, kept)
        request.chance = request.chance.index_select(0, kept)
        request.rows = [request.rows[place] for place in places]
        return True

    # Memory.

    def _make_room(self, group: Sequence[Request], full: str) -> None:
        """A pass for the group found no memory: give up as little as lets it, or a part of it, go on."""
        needy = max(group, key=lambda request: (request.standing.rows, request.number))
        holders = [r.standing for r in self._requests.values() if r.trunk is not None and r not in group]
        lesser = gives_way(needy.standing, holders)
        forking = needy.trunk is not None and not needy.trunk.missing
        if not needy.width:
            self._end(needy, "memory", f"No room to warm the prompt: {full}")
        elif lesser is not None:
            self._shrink(self._requests[lesser], "It gave its memory to a more urgent request.")
        elif forking and needy.standing.rows > 1:
            self._narrow(needy)
        elif len(group) > 1 or not all(holder.blocked for holder in holders):
            needy.blocked = True
            self._put_back(needy)
        else:
            self._end(needy, "memory", f"Even one candidate finds no room in the KV cache: {full}")

    def _shrink(self, request: Request, why: str) -> None:
        """Take memory away from a request: of its prompt, else of half of its candidates, else all."""
        if not request.rows:
            self._put_back(request)
        elif len(request.rows) > 1:
            self._narrow(request)
        else:
            self._end(request, "memory", why)

    def _narrow(self, request: Request) -> None:
        """Go on with half of the candidates."""
        request.narrowed = True
        request.width = request.standing.rows // 2
        if request.rows and not self._keep(request, request.going[: request.width]):
            self._end(request, "memory", "No room even to give candidates up.")
        self._unblock()

    def _put_back(self, request: Request) -> None:
        """Have a request that draws nothing yet wait again; what was computed stays while nobody needs the room."""
        if request.trunk is not None and not request.rows:
            trunk, request.trunk = request.trunk, None
            self._runner.end(trunk)

    def _unblock(self) -> None:
        for request in self._requests.values():
            request.blocked = False

    # Ending.

    def _end(self, request: Request, reason: Reason, message: str = "") -> None:
        """Give everything of the request back, and tell its end. The only place where a request ends."""
        if self._requests.pop(request.number, None) is None:
            return
        log.debug("request %d ended: %s %s", request.number, reason, message)
        with ExitStack() as last:
            last.callback(self._tell, request, self._ended_event(request, reason, message))
            last.callback(self._publish)
            if request.trunk is not None:
                last.callback(self._give_back, partial(self._runner.end, request.trunk))
            if request.leaves is not None:
                last.callback(self._give_back, partial(self._runner.release, request.leaves))
        self._unblock()

    def _ended_event(self, request: Request, reason: Reason, message: str) -> Ended:
        now = time.perf_counter()
        self._ended[reason] += 1
        if request.drawn and now > request.forked:
            self._counts = replace(self._counts, tokens_per_s=request.drawn / (now - request.forked))
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
        waiting = sum(request.trunk is None for request in self._requests.values())
        self.stats = replace(
            self._counts,
            running=len(self._requests) - waiting,
            waiting=waiting,
            ended=dict(self._ended),
            kv_used=self._runner.used,
            kv_pinned=self._runner.pinned,
            kv_budget=self._runner.budget,
        )

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
