"""One question to a server: the requests it is made of, and the candidates as they finish.

Our own engine takes the whole question in one request. Any other server is asked for the likeliest candidate and for
the rest separately, and, where it gives one text for each request whatever `n` says, for each one separately.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ghostproof.jobs import Turn
from ghostproof.prover.address import Address
from ghostproof.prover.client.capabilities import Server
from ghostproof.prover.client.errors import Refused
from ghostproof.prover.client.merge import merged
from ghostproof.prover.client.stream import CandidateStream
from ghostproof.prover.protocol import Completion, Priority, Prompt, SamplingParams
from ghostproof.prover.wire import VENDOR, Extra

if TYPE_CHECKING:
    from ghostproof.prover.client.http import Connection

log = logging.getLogger(__name__)

COMPLETIONS = "/v1/completions"
# What a stream may take: an event for each token says much beside its text.
BYTES_PER_TOKEN, SPARE_BYTES = 4096, 1 << 20


@dataclass(frozen=True)
class Draw:
    """One request: `n` candidates, the first of which is number `first` of the question."""

    n: int
    first: int
    limits: SamplingParams


@dataclass
class Question:
    """What is asked of which server.

    Attributes:
        one_each: the server gives one text for each request; set where it turns out so.
        tokens_per_s: as our own engine tells it, 0 for any other.
        drawn: tokens drawn so far, as far as the server tells.
    """

    connection: "Connection"
    address: Address
    server: Server
    prompt: Prompt
    priority: Priority
    one_each: bool = False
    tokens_per_s: float = 0.0
    drawn: int = 0
    _begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def candidates(self, n: int, limits: SamplingParams, turn: Turn) -> AsyncGenerator[Completion, None]:
        """All candidates as they finish; equal ones are not dropped. Closing it closes every stream.

        Raises:
            ProverFailed
            Superseded: a newer request has come.
        """
        if self.server.ours:
            streams = [self._stream(Draw(n, 0, limits))]
        else:
            draws = plan(n, limits, one_each=self.one_each)
            streams = [self._foreign(draw, leads=i == 0) for i, draw in enumerate(draws)]
        async with aclosing(merged(streams, turn)) as candidates:
            async for candidate in candidates:
                yield candidate

    async def _foreign(self, draw: Draw, *, leads: bool) -> AsyncGenerator[Completion, None]:
        """One draw, once more by a request for each candidate where one request does not give them all.

        All but the first wait until that has its first token: the server's prompt cache then serves them.
        """
        if not leads:
            await self._begun.wait()
        answered: set[int] = set()
        try:
            async with aclosing(self._stream(draw)) as candidates:
                async for candidate in candidates:
                    answered.add(candidate.index)
                    yield candidate
        except Refused as problem:
            if draw.n == 1:
                raise
            log.info("%d candidates in one request: %s", draw.n, problem.message)
        finally:
            self._begun.set()
        if draw.n == 1 or len(answered) == draw.n:
            return
        missing = [i for i in range(draw.first, draw.first + draw.n) if i not in answered]
        singles = [self._stream(Draw(1, i, _seeded(draw.limits, i))) for i in missing]
        async with aclosing(merged(singles, Turn())) as candidates:
            async for candidate in candidates:
                yield candidate
        self.one_each = self.one_each or len(answered) <= 1

    async def _stream(self, draw: Draw) -> AsyncGenerator[Completion, None]:
        """The candidates of one request. Closing it closes the stream, and the server stops."""
        ours = self.server.ours
        tokens = draw.limits.tokens
        choices = CandidateStream(self.address, draw.n, self.prompt.stop, tokens, first=draw.first, exact=ours)
        request = body(self.server, self.prompt, draw, self.priority)
        largest = draw.n * tokens * BYTES_PER_TOKEN + SPARE_BYTES
        events = self.connection.stream(COMPLETIONS, request, largest)
        try:
            async with aclosing(events):
                async for payload in events:
                    self._begun.set()
                    for candidate in choices.take(payload):
                        yield candidate
                    # Our engine's last event tells the speed; another server may not know that all are cut.
                    if choices.complete and not ours:
                        break
            choices.end()
        finally:
            self.drawn += choices.drawn
            self.tokens_per_s = choices.tokens_per_s


def plan(n: int, limits: SamplingParams, *, one_each: bool) -> Sequence[Draw]:
    """The requests to a server that is not ours."""
    if limits.temperature == 0:
        return [Draw(1, 0, limits)]
    draws: list[Draw] = []
    if limits.greedy_first:
        draws.append(Draw(1, 0, replace(limits, temperature=0.0)))
    rest = range(len(draws), n)
    if one_each:
        return draws + [Draw(1, i, _seeded(limits, i)) for i in rest]
    return [*draws, Draw(len(rest), rest.start, limits)] if rest else draws


def body(server: Server, prompt: Prompt, draw: Draw, priority: Priority) -> dict[str, object]:
    """The JSON of one request."""
    limits, stop = draw.limits, prompt.stop
    fields: dict[str, object] = {
        "model": server.model,
        "prompt": prompt.text,
        "n": draw.n,
        "max_tokens": limits.tokens,
        "temperature": limits.temperature,
        "top_p": limits.top_p if limits.temperature else 1.0,
        "stream": True,
    }
    if stop.strings:
        fields["stop"] = list(stop.strings)
    if limits.seed is not None:
        fields["seed"] = limits.seed
    if server.ours:
        extra = Extra(stop.rule, stop.column, stop.before, prompt.document, priority, limits.greedy_first)
        return fields | {VENDOR: extra.plain()}
    return fields | {"logprobs": 1}


def _seeded(limits: SamplingParams, index: int) -> SamplingParams:
    """Requests of one candidate each must not all draw the same one."""
    return limits if limits.seed is None else replace(limits, seed=limits.seed + index)
