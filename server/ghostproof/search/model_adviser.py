"""A prover model as the adviser of a search: a prompt for each query, and the scripts in what the model writes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from ghostproof.errors import PromptTooLong
from ghostproof.prover.prompts.family import Lessons, Mistake
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.prover.protocol import Priority, Prompt, Prover, SamplingParams
from ghostproof.search.adviser import Facts, no_facts
from ghostproof.search.strategy import Consult, Failure, Query, QueryKind
from ghostproof.syntax.spot import Spot, SpotKind

log = logging.getLogger(__name__)

# Made when it is first needed, as it asks the prover; with the tokens of a context that one answer may take.
PromptsWithRoom = Callable[[int], Awaitable[Prompter]]


@dataclass(frozen=True)
class Draws:
    """How much is drawn for one query.

    Attributes:
        proofs: answers; a planned one takes the time of several, so there are half as many.
        tokens, plan_tokens: most of one answer, without a plan and with one.
    """

    proofs: int = 8
    tokens: int = 1024
    plan_tokens: int = 8192
    temperature: float = 1.0
    top_p: float = 0.95

    def of(self, kind: QueryKind) -> int:
        return self.proofs if kind is QueryKind.PROOF else max(1, self.proofs // 2)

    def limits(self, tokens: int) -> SamplingParams:
        return SamplingParams(tokens=tokens, temperature=self.temperature, top_p=self.top_p)


class ModelAdviser:
    """See `Adviser`.

    Args:
        facts: statements of theorems from elsewhere that look useful, the likeliest first; asked once.
    """

    def __init__(self, model: Prover, prompts: PromptsWithRoom, draws: Draws, facts: Facts = no_facts) -> None:
        self._model, self._prompts, self._draws = model, prompts, draws
        self._facts = facts
        self._told: asyncio.Future[Sequence[str]] | None = None
        self._tokens = 0

    @property
    def tokens(self) -> int:
        return self._tokens

    async def ask(self, work: Consult) -> AsyncGenerator[str, None]:
        query = work.query
        thinks = query.kind in (QueryKind.PLANNED, QueryKind.REPAIR)
        wanted = self._draws.plan_tokens if thinks else self._draws.tokens
        # A model with a short context thinks shorter.
        tokens = min(wanted, await self._model.context() // 2)
        prompter = await self._prompts(tokens)
        if self._told is None:
            self._told = asyncio.ensure_future(self._facts())
        facts = await asyncio.shield(self._told)
        try:
            prompt = await _prompt(prompter, work, tokens, facts)
        except PromptTooLong as problem:
            log.info("a %s is not asked for: %s", query.kind.value, problem.message)
            return
        if prompt is None:
            return
        n, limits = self._draws.of(query.kind), self._draws.limits(tokens)
        async with aclosing(self._model.ask(prompt, n, limits, Priority.PROOF)) as drawn:
            async for candidate in drawn:
                self._tokens += candidate.tokens
                # What was cut off begins as a proof may begin.
                script = prompter.extract_proof(candidate.text)
                if script is not None:
                    yield script


async def _prompt(prompter: Prompter, work: Consult, tokens: int, facts: Sequence[str]) -> Prompt | None:
    query = work.query
    code, spot = query.statement, _end(query)
    match query.kind:
        case QueryKind.PROOF | QueryKind.PLANNED:
            thinks = query.kind is QueryKind.PLANNED
            return await prompter.whole_proof(code, spot, tokens, cot=thinks, premises=facts)
        case QueryKind.REPAIR:
            return await prompter.repair(code, spot, tokens, "", [_mistake(failure) for failure in query.failed])
        case QueryKind.SKETCH:
            proved = tuple(fact.goal for fact in work.learnt if fact.proved)
            left = tuple(fact.goal for fact in work.learnt if not fact.proved)
            refused = tuple(_mistake(f) for f in query.failed if "sorry" in f.script)
            return await prompter.sketch(code, spot, tokens, "", Lessons(proved, left, refused[:1]))
        case QueryKind.LEMMAS:
            return None  # others know them


def _end(query: Query) -> Spot:
    """Where the proof of the query's statement begins."""
    end = len(query.statement)
    column = end - (query.statement.rfind("\n") + 1)
    return Spot(end, end, "", column, SpotKind.BLANK_LINE)


def _mistake(failure: Failure) -> Mistake:
    return Mistake(failure.script, failure.message, failure.step)
