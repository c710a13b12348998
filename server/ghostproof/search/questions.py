"""Questions of a search that somebody is answering meanwhile: the model, or who knows the theorems in reach."""

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from ghostproof.errors import GhostproofError
from ghostproof.search.adviser import Adviser
from ghostproof.search.strategies.premises import Lemmas
from ghostproof.search.strategy import Answered, Consult, QueryKind
from ghostproof.verify.checker import GoalState

log = logging.getLogger(__name__)


class Questions:
    """What was asked and is still being answered.

    Args:
        adviser: answers what strategies ask; None where nobody does.
        lemmas: knows the theorems in reach of a goal; None where nobody does.
    """

    def __init__(self, adviser: Adviser | None, lemmas: Lemmas | None) -> None:
        self._adviser, self._lemmas = adviser, lemmas
        self._answers: dict[Consult, AsyncGenerator[str, None]] = {}
        self.tokens = 0

    def __len__(self) -> int:
        return len(self._answers)

    def put(self, work: Consult, state: GoalState | None) -> None:
        """Put a question about a goal; its state where that is known."""
        self._answers[work] = self._of_lemmas(state) if work.query.kind is QueryKind.LEMMAS else self._ask(work)

    async def hear(self, work: Consult) -> Answered:
        """The next answer; None in it once there are no more."""
        answer = await anext(self._answers[work], None)
        if answer is None:
            del self._answers[work]
        return Answered(work, answer)

    async def drop(self, work: Consult) -> None:
        """End a question that nobody wants answered any more."""
        await self._answers.pop(work).aclose()

    async def close(self) -> None:
        """End all questions."""
        for answers in self._answers.values():
            await answers.aclose()
        self._answers.clear()

    async def _of_lemmas(self, state: GoalState | None) -> AsyncGenerator[str, None]:
        if state is not None and self._lemmas is not None:
            for text in await self._lemmas(state):
                yield text

    async def _ask(self, work: Consult) -> AsyncGenerator[str, None]:
        """The adviser's answers; one that fails is not asked again."""
        adviser = self._adviser
        if adviser is None:
            return
        try:
            async with aclosing(adviser.ask(work)) as answers:
                async for answer in answers:
                    self.tokens = adviser.tokens
                    yield answer
        except GhostproofError as problem:
            log.warning("the model is not asked: %s", problem.message)
            self._adviser = None
        finally:
            self.tokens = adviser.tokens
