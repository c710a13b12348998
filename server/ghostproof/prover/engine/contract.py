"""What the parts of the engine promise each other: tokens, memory and forward passes, and requests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from ghostproof.prover.protocol import Priority, SamplingParams, Stop

if TYPE_CHECKING:
    import torch


class Decoder(Protocol):
    """Text of one candidate, token by token."""

    def push(self, token: int) -> str:
        """What the token adds to the text; "" while a character is incomplete."""
        ...


class Tokens(Protocol):
    """The tokenizer, exact in both directions."""

    @property
    def eos(self) -> frozenset[int]: ...
    @property
    def newlines(self) -> frozenset[int]:
        """Every token whose text holds a line end."""
        ...

    @property
    def size(self) -> int:
        """Rows of the model's vocabulary."""
        ...

    def encode(self, text: str, document: str = "") -> list[int]:
        """The whole text's tokens, the beginning-of-text token in front where the model wants one.

        Only what changed since the document's last text is encoded again; the result is that of encoding from scratch.
        """
        ...

    def decoder(self) -> Decoder: ...


class OutOfMemory(Exception):
    """The KV budget, or the device, has no room even after everything unpinned was evicted."""


class Hold(Protocol):
    """A request's hold on the KV cache of its prompt, its trunk, which stays as long as it is held."""

    @property
    def ids(self) -> Sequence[int]:
        """Tokens whose keys and values are there."""
        ...

    @property
    def cached(self) -> int:
        """How many of the prompt's tokens were there already when it was asked for."""
        ...

    @property
    def missing(self) -> int:
        """How many of the prompt's tokens still have to be computed; 0 when the logits are there."""
        ...


class Leaves(Protocol):
    """The own keys and values of n candidates that share one trunk; row i belongs to one candidate."""

    @property
    def rows(self) -> int: ...
    @property
    def length(self) -> int:
        """Tokens each row has of its own."""
        ...


@dataclass(frozen=True)
class TokenDraw:
    """How the next token of each of several rows is drawn.

    Attributes:
        chance: [rows, tries], uniform in [0, 1), on the device; what decides the draws.
        temperature: 0 takes the likeliest token of every row.
        top_p: only the fewest likeliest tokens that hold this share of the mass are drawn.
        greedy_first: the first row takes its likeliest token.
    """

    chance: "torch.Tensor"
    temperature: float
    top_p: float
    greedy_first: bool = False

    @property
    def rows(self) -> int:
        return len(self.chance)


class Runner(Protocol):
    """The model with its memory: every forward pass goes through here. Belongs to one thread."""

    @property
    def device(self) -> "torch.device": ...
    @property
    def attention(self) -> str:
        """What was chosen, for people: `prefill sdpa-flash, decode triton`."""
        ...

    @property
    def context(self) -> int:
        """Longest prompt and candidate together, in tokens."""
        ...

    @property
    def used(self) -> int:
        """Bytes of keys and values, pinned or kept for later."""
        ...

    @property
    def pinned(self) -> int:
        """Bytes that requests hold right now; 0 when none is running."""
        ...

    @property
    def budget(self) -> int: ...

    def begin(self, ids: Sequence[int], document: str) -> Hold:
        """Pin the trunk that has the longest prefix of `ids` in common, over all documents and branches.

        Raises:
            OutOfMemory
        """
        ...

    def prefill(self, hold: Hold, tokens: int) -> bool:
        """Compute at most so many of the missing tokens, one forward pass; true when none is missing any more.

        Raises:
            OutOfMemory: the trunk is as it was; the call can be repeated.
        """
        ...

    def logits(self, hold: Hold) -> "torch.Tensor":
        """Logits behind the trunk's last token, [vocabulary], float32, on the device."""
        ...

    def fork(self, hold: Hold, rows: int, room: int) -> Leaves:
        """Leaves for `rows` candidates of at most `room` tokens on a finished trunk. The trunk's keys are not copied.

        Raises:
            OutOfMemory
        """
        ...

    def step(self, groups: Sequence[tuple[Leaves, "torch.Tensor"]]) -> "torch.Tensor":
        """One token for every row of every group, in one forward pass.

        Args:
            groups: leaves with their rows' newest tokens, [rows], on the device.

        Returns:
            Logits, [all rows, vocabulary], float32, on the device.

        Raises:
            OutOfMemory: no row has gone on; the call can be repeated, with fewer rows.
        """
        ...

    def draw(self, logits: "torch.Tensor", draws: Sequence[TokenDraw]) -> "torch.Tensor":
        """A token for each row.

        Args:
            logits: [all rows, vocabulary], or [1, vocabulary] for rows of one draw that share them.

        Returns:
            Tokens and their natural log-probabilities at temperature 1, [all rows, 2], float64, on the device.
        """
        ...

    def advance(self, groups: Sequence[tuple[Leaves, "torch.Tensor"]], draws: Sequence[TokenDraw]) -> "torch.Tensor":
        """`step`, and the next token of every row as `draw` answers; `draws` has one for each group.

        Raises:
            OutOfMemory: no row has gone on; the call can be repeated, with fewer rows.
        """
        ...

    def keep(self, leaves: Leaves, rows: Sequence[int]) -> None:
        """Go on with these rows only, in this order."""
        ...

    def release(self, leaves: Leaves) -> None:
        """Give the leaves' memory back."""
        ...

    def end(self, hold: Hold) -> None:
        """Unpin the trunk; what was computed stays until the budget needs the room."""
        ...


@dataclass(frozen=True)
class Ask:
    """One request to the engine. `n` 0 prefills only."""

    prompt: str
    n: int
    limits: SamplingParams
    stop: Stop
    priority: Priority = Priority.TACTIC
    document: str = ""
    stream_text: bool = False  # a `Text` for every step, not only finished candidates


@dataclass(frozen=True)
class Text:
    """A candidate goes on."""

    index: int
    text: str
    logprobs: tuple[float, ...]


@dataclass(frozen=True)
class Finished:
    """A candidate is complete; `text` is the whole of it."""

    index: int
    text: str
    logprob: float
    tokens: int
    finish: Literal["stop", "length"]


EndReason: TypeAlias = Literal["done", "superseded", "cancelled", "memory", "context", "error"]


@dataclass(frozen=True)
class Ended:
    """The last event of a request.

    Attributes:
        reason: `superseded` by a newer request of its document, `cancelled` by the client, `memory` where even one
            candidate finds no room, `context` where the prompt is longer than the model's context, `error` otherwise.
        duplicates: candidates dropped because an equal one was finished before.
    """

    reason: EndReason
    message: str = ""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    drawn_tokens: int = 0
    duplicates: int = 0
    ttft_ms: float = 0.0
    total_ms: float = 0.0


Event = Text | Finished | Ended


@dataclass(frozen=True)
class EngineStats:
    """Counters since the start, and sizes now."""

    requests: int = 0
    running: int = 0
    waiting: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    drawn_tokens: int = 0
    steps: int = 0
    ended: dict[str, int] = field(default_factory=dict)
    kv_used: int = 0
    kv_pinned: int = 0
    kv_budget: int = 0
    tokens_per_s: float = 0.0


class Engine(Protocol):
    """Requests in, events out. One thread of its own runs the model; every method may be called from any thread."""

    def submit(self, ask: Ask, on_event: Callable[[Event], None]) -> int:
        """Queue a request. `on_event` is called on the engine's thread, `Ended` last and exactly once."""
        ...

    def cancel(self, request: int) -> None:
        """End the request within one step. Unknown and finished ones are ignored."""
        ...

    def stats(self) -> EngineStats: ...
    def close(self) -> None:
        """End every request and the thread. Idempotent."""
        ...
