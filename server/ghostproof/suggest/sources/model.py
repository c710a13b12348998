"""A prover model as a source: one prompt for the goal at hand, and each of its candidates as soon as it is written."""

import logging
import math
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing

from ghostproof.prover import protocol as prover
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.syntax.spot import typed_prefix
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Candidate, Checked, Reason, Rejected

log = logging.getLogger(__name__)

ORIGIN = "model"


# Made when it is first needed: it asks the prover how long its context is.
Prompts = Callable[[], Awaitable[Prompter]]


class ModelSource:
    """Asks the model. Shared by all jobs.

    Args:
        prompts: what writes prompts for the model, and reads its candidates.
        n: candidates drawn for one goal.
    """

    def __init__(self, model: prover.Prover, prompts: Prompts, n: int, limits: prover.SamplingParams) -> None:
        self._model = model
        self._prompts = prompts
        self._n = n
        self._limits = limits
        self.refused: Counter[Reason] = Counter()

    @property
    def name(self) -> str:
        return ORIGIN

    @property
    def ready(self) -> bool:
        return self._model.status.state == "ready"

    def begin(self, state: GoalState, context: Context) -> "ModelInquiry":
        return ModelInquiry(self._model, self._prompts, self._n, self._limits, state, context, self.refused)

    async def warm(self, context: Context, state: GoalState) -> None:
        """Have the model read the prompt of a goal that is likely to be asked about.

        Raises:
            GhostproofError: there is no prompt for it.
        """
        prompter = await self._prompts()
        prompt = await prompter.next_tactic(context.text, context.spot, state.goals, str(context.path))
        await self._model.warm(prompt)


class ModelInquiry:
    """The model at work on one goal.

    What it writes is hostile text until a checker accepted it; nothing here looks into it.
    """

    def __init__(
        self,
        model: prover.Prover,
        prompts: Prompts,
        n: int,
        limits: prover.SamplingParams,
        state: GoalState,
        context: Context,
        refused: Counter[Reason],
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._n = n
        self._limits = limits
        self._state = state
        self._context = context
        self._refused = refused

    async def propose(self) -> AsyncGenerator[Proposal, None]:
        context = self._context
        prompter = await self._prompts()
        prompt = await prompter.next_tactic(context.text, context.spot, self._state.goals, str(context.path))
        typed = typed_prefix(context.spot, context.text)
        async with aclosing(self._model.ask(prompt, self._n, self._limits)) as drawn:
            async for candidate in drawn:
                text = prompter.extract_tactic(candidate.text, prompt)
                if text and text.startswith(typed):
                    yield Proposal(Candidate(text, ORIGIN, _score(candidate)), _tier(candidate))

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        """Counts what the guard refused of the model's candidates."""
        verdict = checked.verdict
        if checked.candidate.source == ORIGIN and isinstance(verdict, Rejected):
            if verdict.reason in (Reason.FORBIDDEN, Reason.PARSE):
                self._refused[verdict.reason] += 1
            if verdict.reason is Reason.FORBIDDEN:
                log.warning("refused a candidate of the model: %s", verdict.message)
        return ()


def _score(candidate: prover.Completion) -> float:
    """Mean log-probability of a token, so that a long tactic is not taken for an unlikely one."""
    return candidate.logprob / max(1, candidate.tokens) if not math.isnan(candidate.logprob) else -math.inf


def _tier(candidate: prover.Completion) -> Tier:
    """The likeliest continuation goes to Lean first."""
    return Tier.INSTANT if candidate.index == 0 else Tier.QUICK
