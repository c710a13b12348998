"""What the front needs to serve: a model that was loaded, and how far loading has come."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ghostproof.prover.engine.contract import Engine, Tokens

LoadState = Literal["starting", "loading", "ready", "error"]
# Told what is being done and, where it is known, the part that is done (0 to 1). Called from any thread.
LoadProgress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class LoadedModel:
    """A model at work.

    Attributes:
        context: longest prompt and candidate together, in tokens.
        device, attention: for people.
    """

    engine: Engine
    tokens: Tokens
    context: int
    device: str
    attention: str


@dataclass(frozen=True)
class LoadStage:
    """How far the process is.

    Attributes:
        part: 0 to 1, None while unknown.
        message: what is being done, or what is wrong.
        hint: what to do about what is wrong.
    """

    state: LoadState = "starting"
    message: str = ""
    hint: str = ""
    part: float | None = None
