"""What the prober tells about theorems (`lean/probe/Premises.lean`): what they speak of, and how they are written."""

from collections.abc import Sequence

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.syntax.statement import Reach, Spelling, Statement


def reach_of(answer: ProbeAnswer) -> Reach | None:
    """The answer to `reach`, see `lean/probe/Premises.lean`."""
    if "own" not in answer:
        return None
    target, asked = frozenset(answer.texts("target")), frozenset(answer.texts("hypotheses"))
    goal = Statement("", answer.text("head"), answer.texts("sides"), target, asked, frozenset(answer.texts("unfolded")))
    own = tuple(statements_of(answer.rows("own")))
    return Reach(goal, own, answer.texts("madeOf"), answer.flag("selector"))


def statements_of(rows: Sequence[object]) -> list[Statement]:
    """Theorems as `statementJson` of the prober writes them; rows of another form are nobody's."""
    return [made for row in rows if (made := _statement(row)) is not None]


def written_of(answer: ProbeAnswer, names: Sequence[str]) -> tuple[Spelling, ...]:
    """The answer to `names`, which has an object for each name."""
    parts = answer.parts("names")
    return tuple(
        Spelling(name, part.text("name"), part.text("statement"), part.text("applied"))
        for name, part in zip(names, parts, strict=False)
        if part.text("name")
    )


def _statement(row: object) -> Statement | None:
    match row:
        case [str(name), str(head), list(sides), list(target), list(asked)]:
            return Statement(name, head, tuple(_texts(sides)), frozenset(_texts(target)), frozenset(_texts(asked)))
    return None


def _texts(items: list[object]) -> list[str]:
    return [item for item in items if isinstance(item, str)]
