"""An adviser without a model: answers from a table by the kind of the query and what its statement ends with."""

from collections.abc import AsyncGenerator, Mapping, Sequence

from ghostproof.search.strategy import Consult, QueryKind

Table = Mapping[QueryKind, Mapping[str, Sequence[str]]]


class ScriptedAdviser:
    """Of each kind, the first answers whose words stand in the statement; nothing where there are none."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.asked: list[Consult] = []
        self.tokens = 0

    async def ask(self, work: Consult) -> AsyncGenerator[str, None]:
        self.asked.append(work)
        for words, answers in self._table.get(work.query.kind, {}).items():
            if words in work.query.statement:
                for answer in answers:
                    self.tokens += len(answer)
                    yield answer
                return

    def kinds(self, words: str) -> list[QueryKind]:
        """What was asked for about statements with these words."""
        return [work.query.kind for work in self.asked if words in work.query.statement]
