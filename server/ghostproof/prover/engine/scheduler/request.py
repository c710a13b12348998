"""One request while it runs: its candidates' texts, where each of them ends, and what is told about it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from torch import Tensor

from ghostproof.prover.engine.contract import Ask, Event, Finished, Hold, Leaves, Text, Tokens
from ghostproof.prover.engine.model.sampler import Chances
from ghostproof.prover.engine.scheduler.schedule import RequestStage, Standing
from ghostproof.prover.engine.transfer import indices
from ghostproof.prover.protocol import Stop, StopRule
from ghostproof.prover.stop import CandidateEnd


class Row:
    """One candidate: its text so far, and where it ends."""

    def __init__(self, index: int, tokens: Tokens, stop: Stop, limit: int, streamed: bool) -> None:
        self.index = index
        self.drawn = 0
        self.logprob = 0.0
        self.finish: Literal["stop", "length"] | None = None
        self.text = ""
        self._tokens = tokens
        self._decoder = tokens.decoder()
        self._stop = stop
        self._ends = CandidateEnd(stop)
        self._limit = limit
        self._streamed = streamed
        self._undecoded: list[int] = []
        self._line_begins = False  # behind a line end: the next line's first word tells whether the tactic goes on
        self._told = 0
        self._untold: list[float] = []

    def absorb(self, token: int, logprob: float) -> None:
        """Take one token. Where the candidate is complete then, `finish` says so, and `text` is final."""
        self.drawn += 1
        self.logprob += logprob
        self._untold.append(logprob)
        if token in self._tokens.eos:
            self._complete("stop")
            return
        self._undecoded.append(token)
        if self._must_decode(token in self._tokens.newlines) and (end := self._decode()) is not None:
            self.text, self.finish = self.text[:end], "stop"
            return
        if self.drawn >= self._limit:
            self._complete("length")

    def telling(self) -> Text | None:
        """What is certain to stay of the text since the last call, with all log-probabilities since then."""
        certain = len(self.text) if self.finish else self._certain()
        if not self.finish and certain == self._told:
            return None
        text = Text(self.index, self.text[self._told : certain], tuple(self._untold))
        self._told = certain
        self._untold = []
        return text

    def finished(self) -> Finished | None:
        """The whole candidate, where it is complete."""
        if not self.finish:
            return None
        return Finished(self.index, self.text, self.logprob, self.drawn, self.finish)

    @property
    def _one_tactic(self) -> bool:
        return self._stop.rule is StopRule.TACTIC

    def _must_decode(self, newline: bool) -> bool:
        """Text is made only where something looks at it: most tokens of a tactic are decoded together, at its end."""
        return self._streamed or bool(self._stop.strings) or (self._one_tactic and (newline or self._line_begins))

    def _decode(self) -> int | None:
        """Bring the text up to date; where the candidate ends in it, if it does."""
        piece = "".join(self._decoder.push(token) for token in self._undecoded)
        self._undecoded.clear()
        self.text += piece
        if self._one_tactic and ("\n" in piece or self._line_begins):
            # One word and something behind it is all of a line that the rule needs.
            line = self.text[self.text.rfind("\n") + 1 :]
            self._line_begins = len(line.split(maxsplit=1)) < 2
        return self._ends.push(piece)

    def _complete(self, finish: Literal["stop", "length"]) -> None:
        """End where the model or the limit ended it, or before, where a stop string or the rule says so."""
        end = self._decode()
        self.finish = finish if end is None else "stop"
        self.text = self.text[: self._ends.finish()]

    def _certain(self) -> int:
        """How much of the text no later token can take back."""
        if self._one_tactic:
            return 0  # trailing comments and blank lines belong to a tactic only if it goes on behind them
        held = 0
        for string in self._stop.strings:
            longest = min(len(string) - 1, len(self.text))
            held = max(held, next((n for n in range(longest, 0, -1) if self.text.endswith(string[:n])), 0))
        return max(self._told, len(self.text) - held)


@dataclass(eq=False)
class Sampling:
    """The candidates of one request while they grow, from their first token on.

    Attributes:
        rows: candidates that still grow, in the order of `leaves`, `newest` and `chances`.
        newest: their latest tokens, [rows], int64.
        chances: what decides their draws.
        limit: most tokens of one candidate.
        issued: tokens of each candidate that were computed, looked at or not.
        began: seconds.
    """

    leaves: Leaves
    rows: list[Row]
    newest: Tensor
    chances: Chances
    limit: int
    issued: int = 1
    began: float = field(default_factory=time.perf_counter)

    @property
    def going(self) -> list[int]:
        """Places of the rows that are not finished: all of them, unless memory to give the others up is missing."""
        return [place for place, row in enumerate(self.rows) if not row.finish]

    @property
    def next_chance(self) -> Tensor:
        """What decides the next token of each row, [rows, tries]."""
        return self.chances.of(self.issued)

    def draw(self, newest: Tensor) -> None:
        """Count in a token of each row, [rows]."""
        self.newest = newest
        self.issued += 1

    def keep(self, places: Sequence[int]) -> None:
        """Go on with the rows at these places only, as the leaves do already."""
        kept = indices(places, self.newest.device)
        self.newest = self.newest.index_select(0, kept)
        self.chances.keep(places)
        self.rows = [self.rows[place] for place in places]


@dataclass(eq=False)
class Request:
    """What the loop knows of one request.

    Attributes:
        number: a later request has a greater one.
        width: candidates that are drawn; fewer than asked for where memory is short.
        ids: the prompt's tokens, once it was scheduled.
        limit: most tokens of one candidate, once the trunk is pinned.
        sampling: its candidates, once they have begun.
    """

    number: int
    ask: Ask
    on_event: Callable[[Event], None]
    seed: int
    submitted: float  # seconds
    width: int
    ids: Sequence[int] | None = None
    hold: Hold | None = None
    limit: int = 0
    sampling: Sampling | None = None
    blocked: bool = False
    narrowed: bool = False
    counted: bool = False  # its prompt is in the engine's counters; it may begin again
    cached: int = 0
    drawn: int = 0
    duplicates: int = 0
    first_token: float | None = None
    _seen: set[str] = field(default_factory=set)

    @property
    def standing(self) -> Standing:
        if self.hold is None:
            stage = RequestStage.WAITING
        elif self.sampling is None:
            stage = RequestStage.PREFILL
        else:
            more = self.sampling.issued < self.sampling.limit
            stage = RequestStage.DRAWING if more else RequestStage.DRAINING
        rows = self.width if self.sampling is None else len(self.sampling.rows)
        return Standing(self.number, self.ask.priority, self.ask.document, rows, stage, self.blocked)

    def new_rows(self, tokens: Tokens) -> list[Row]:
        """A row for each candidate, without a token."""
        return [Row(index, tokens, self.ask.stop, self.limit, self.ask.stream_text) for index in range(self.width)]

    def absorb(self, drawn: Sequence[tuple[Row, int, float]]) -> Iterator[Event]:
        """Take one token for each of these rows; what there is to tell. Tokens of finished rows count for nothing."""
        for row, token, logprob in drawn:
            if row.finish:
                continue
            self.drawn += 1
            row.absorb(token, logprob)
            if self.ask.stream_text and (text := row.telling()):
                yield text
            if finished := row.finished():
                if row.text in self._seen:
                    self.duplicates += 1
                else:
                    self._seen.add(row.text)
                    yield finished

    def message(self) -> str:
        """What a person should know about how it went, where it did not go as asked."""
        if not self.narrowed:
            return ""
        return f"Narrowed to {self.width} of {self.ask.n} candidates: the KV cache has no room for more."
