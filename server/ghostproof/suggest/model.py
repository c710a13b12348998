"""The model behind the suggestions: the prover that the settings name, its prompts, and when it is worth asking."""

import asyncio
import logging
from collections.abc import Callable

from ghostproof.config import ProverConfig
from ghostproof.errors import ProverFailed
from ghostproof.prover.local.launcher import prover_for
from ghostproof.prover.prompts.prompter import Prompter, prompter_for
from ghostproof.prover.protocol import Prover, ProverStatus, SamplingParams
from ghostproof.suggest.sources.model import ModelSource

log = logging.getLogger(__name__)

# Between two looks at how far a prover is that starts or loads its weights.
LOOK_S = 0.5


class Model:
    """A prover with what belongs to it on this side.

    It is connected to when it is first woken, and read from `source` once it is ready.
    """

    def __init__(self, prover: Prover, config: ProverConfig) -> None:
        self.on_status: Callable[[], None] = lambda: None
        self._prover = prover
        self._config = config
        self._prompter: Prompter | None = None
        self._of_proofs: dict[int, Prompter] = {}
        self._waking: asyncio.Task[None] | None = None
        limits = SamplingParams(tokens=config.tokens, temperature=config.temperature, top_p=config.top_p)
        self.source = ModelSource(prover, self._prompts, config.candidates, limits)

    @property
    def prover(self) -> Prover:
        """What is asked for whole proofs."""
        return self._prover

    @property
    def status(self) -> ProverStatus:
        return self._prover.status

    def wake(self) -> None:
        """Connect to the prover in the background, or start it, unless that is done or under way. Needs a loop."""
        if self._waking is None or self._waking.done():
            if self.status.state == "ready":
                return
            self._waking = asyncio.get_running_loop().create_task(self._wake())

    async def ready(self, seconds: float) -> None:
        """Wake it and wait until it can be asked or has failed, `seconds` at most."""
        self.wake()
        if self._waking is not None:
            await asyncio.wait({self._waking}, timeout=seconds)

    async def close(self) -> None:
        """Let go of the prover. Idempotent."""
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.gather(self._waking, return_exceptions=True)
        await self._prover.close()

    async def proof_prompts(self, tokens: int) -> Prompter:
        """What writes prompts for answers of so many tokens.

        Raises:
            GhostproofError: the prover cannot be asked, or the settings name no family.
        """
        if tokens not in self._of_proofs:
            self._of_proofs[tokens] = await self._made(tokens)
        return self._of_proofs[tokens]

    async def _prompts(self) -> Prompter:
        if self._prompter is None:
            self._prompter = await self._made(self._config.tokens)
        return self._prompter

    async def _made(self, tokens: int) -> Prompter:
        context = min(await self._prover.context(), self._config.context + tokens)
        return prompter_for(self._config.family, self.status.model, self._prover.count, context, tokens)

    async def _wake(self) -> None:
        """Connect, and tell of every change on the way: an engine may load weights for a minute."""
        connecting = asyncio.ensure_future(self._prover.context())
        try:
            said = None
            while not connecting.done():
                said = self._tell(said)
                await asyncio.wait({connecting}, timeout=LOOK_S)
            connecting.result()
        except ProverFailed as problem:
            log.info("the prover cannot be asked: %s", problem.message)
        finally:
            connecting.cancel()
        self._tell(said)

    def _tell(self, said: ProverStatus | None) -> ProverStatus:
        if self.status != said:
            self.on_status()
        return self.status


def model_for(config: ProverConfig) -> Model | None:
    """The model that the settings ask for; None where they ask for none. Nothing is started or connected to yet."""
    prover = prover_for(config)
    return Model(prover, config) if prover else None
