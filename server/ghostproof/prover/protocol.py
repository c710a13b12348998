"""What a prover is: something that continues a prompt with candidates and gives each away as soon as it is finished."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, Protocol


class Priority(IntEnum):
    """Which request goes first when several wait; smaller is sooner."""

    TACTIC = 0
    WARM = 1
    PROOF = 2


class StopRule(IntEnum):
    """When a candidate is complete, besides the model's own end and the stop strings."""

    NONE = 0
    TACTIC = 1  # one tactic, as `prover/stop.py` sees it


@dataclass(frozen=True)
class SamplingParams:
    """How candidates are drawn.

    Attributes:
        tokens: most tokens of one candidate.
        temperature: 0 takes the likeliest token each time.
        top_p: share of the probability mass that is sampled from, in (0, 1].
        seed: None draws afresh each time.
        greedy_first: the first candidate is the likeliest continuation, whatever the temperature.
    """

    tokens: int = 128
    temperature: float = 1.0
    top_p: float = 0.95
    seed: int | None = None
    greedy_first: bool = True


@dataclass(frozen=True)
class Stop:
    """Where a candidate ends.

    Attributes:
        strings: the candidate ends before the first of them.
        rule: further rule on the text so far.
        column: column (code points) at which the candidate's first character stands, for `StopRule.TACTIC`.
        before: beginning of the tactic that the prompt ends with, for `StopRule.TACTIC`; the column is that of its
            first character then.
    """

    strings: tuple[str, ...] = ()
    rule: StopRule = StopRule.NONE
    column: int = 0
    before: str = ""


@dataclass(frozen=True)
class Prompt:
    """A prompt without the tokenizer's beginning-of-text token, which the backend puts in front.

    Attributes:
        text: stable parts first, the goal state last.
        stop: where candidates for it end.
        document: names what is being edited. A newer request for the same document supersedes the older one of the same
            priority; the KV cache is kept per document. "" belongs to nobody.
    """

    text: str
    stop: Stop = Stop()
    document: str = ""


@dataclass(frozen=True)
class Completion:
    """One finished continuation of a prompt: hostile text.

    Attributes:
        text: without what ended it.
        logprob: natural logarithm of its probability under the model at temperature 1, its end included; `nan` where
            the backend does not tell.
        tokens: how many tokens were drawn for it, its end included.
        index: which of the n it is; 0 is the greedy one where that was asked for.
        finish: `stop` where it is complete, `length` where a limit cut it off.
    """

    text: str
    logprob: float
    tokens: int
    index: int
    finish: Literal["stop", "length"]


@dataclass(frozen=True)
class ProverStatus:
    """What an editor shows of the prover.

    Attributes:
        state: `off` where none is configured, `starting` until it answers, `loading` until its weights are there.
        device: such as `cuda (NVIDIA H200)` or `cpu`; "" for a server that does not tell.
        tokens_per_s: tokens drawn per second in the latest request, all candidates together; 0 while unknown.
        message: what is wrong and what to do, where something is.
        goes_to: the server that prompts are sent to, where that is none of ours on this machine.
    """

    state: Literal["off", "starting", "loading", "ready", "error"] = "off"
    model: str = ""
    device: str = ""
    tokens_per_s: float = 0.0
    message: str = ""
    goes_to: str = ""


class Prover(Protocol):
    """A model that can be asked. Safe to use from many tasks of one event loop."""

    @property
    def status(self) -> ProverStatus: ...

    def ask(
        self, prompt: Prompt, n: int, limits: SamplingParams, priority: Priority = Priority.TACTIC
    ) -> AsyncGenerator[Completion, None]:
        """Up to `n` different candidates, each as soon as it is finished. Closing the iterator cancels on the server.

        Raises:
            ProverFailed: it cannot be reached or refuses; `status` says the same. Until a back-off time is over,
                further calls fail at once.
        """
        ...

    async def warm(self, prompt: Prompt) -> None:
        """Have the prompt's KV cache ready. Never raises for a prover that cannot be reached."""
        ...

    async def context(self) -> int:
        """The longest prompt and candidate together, in tokens.

        Raises:
            ProverFailed: as `ask`.
        """
        ...

    async def count(self, texts: list[str]) -> list[int]:
        """How many tokens each text has; an upper estimate where the backend cannot tell.

        Raises:
            ProverFailed: as `ask`.
        """
        ...

    async def about(self) -> str:
        """What a person may want to know beyond `status`: attention, memory, context.

        Raises:
            ProverFailed: as `ask`.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; the prover itself goes on. Idempotent."""
        ...
