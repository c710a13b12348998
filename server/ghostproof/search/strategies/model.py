"""Proofs that a model writes: whole ones first, repairs of what almost went, planned ones, then sketches of sub-goals.

What is asked next about a goal depends on how the answers so far fared; each answer is an `Attempt`, of which whatever
Lean accepts is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ghostproof.search.attempt import Attempt, attempts, follow, learnt
from ghostproof.search.posed import posed
from ghostproof.search.strategy import Failure, Goal, Idea, Move, Query, QueryKind
from ghostproof.verify.verdict import Checked

# What is asked about the theorem itself, and about goals that steps have left, with what each costs: a repair is worth
# more than another draw, a plan takes ten times as many tokens as a proof, a sketch needs the proofs of its steps.
_OF_THEOREM = (
    (QueryKind.PROOF, 0.0),
    (QueryKind.REPAIR, 1.0),
    (QueryKind.PLANNED, 1.2),
    (QueryKind.SKETCH, 1.5),
    (QueryKind.SKETCH, 5.0),
)
_OF_SUBGOAL = ((QueryKind.PROOF, 1.6), (QueryKind.REPAIR, 2.2), (QueryKind.SKETCH, 2.8), (QueryKind.SKETCH, 6.0))
# Steps between the theorem and the last goals that are asked about, and that are sketched.
DEEPEST, DEEPEST_SKETCH = 6, 3
MOST_QUERIES = 32
# Failures that one question shows: more than a model reads with care.
SHOWN = 4
_PER_ANSWER = 0.01


@dataclass
class _Course:
    """What was asked about one goal so far.

    Attributes:
        left: what is still to be asked, in its order.
        pending: texts whose verdicts decide what is asked next.
        judged: texts that have a verdict.
        complete: no more answers come to what was asked last.
    """

    statement: str
    left: list[tuple[QueryKind, float]]
    pending: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)
    failures: list[tuple[int, Failure]] = field(default_factory=list)
    complete: bool = True
    answers: int = 0


class ModelProofs:
    """See `Strategy` and `Asker`. Of one search.

    Args:
        failure: a proof of the theorem that stands there and is refused: its repair is asked for first.
    """

    name = "model"

    def __init__(self, failure: Failure | None = None) -> None:
        self._failure = failure
        self._courses: dict[int, _Course] = {}
        self._queries = 0

    def moves(self, goal: Goal) -> Iterator[Idea]:
        if goal.depth > DEEPEST:
            return
        left = list(_OF_SUBGOAL if goal.number else _OF_THEOREM)
        if goal.depth > DEEPEST_SKETCH:
            left = [(kind, cost) for kind, cost in left if kind is not QueryKind.SKETCH]
        course = self._courses[goal.number] = _Course(posed(goal), left)
        if self._failure is not None and goal.number == 0:
            course.failures.append((0, self._failure))
            course.left.insert(0, (QueryKind.REPAIR, 0.0))
        yield from self._next(course)

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterator[Idea]:
        course = self._courses[goal.number]
        if answer is None:
            course.complete = True
            yield from self._next(course)
            return
        course.answers += 1
        for move in attempts(answer, self.name, extra=_PER_ANSWER * course.answers):
            if move.text not in course.judged:
                course.pending.add(move.text)
            yield move

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterator[Idea]:
        course = self._courses.get(goal.number)
        if isinstance(move, Attempt):
            told = learnt(move, checked)
            if told is not None and told.is_settled and course is not None:
                course.failures.append((told.kept, Failure(told.script, told.message, told.failing)))
            for further in follow(move, checked) if move.strategy == self.name else ():
                if isinstance(further, Attempt) and course is not None and further.text not in course.judged:
                    course.pending.add(further.text)
                yield further
        if course is not None:
            # Whoever has the same idea, the verdict is the same.
            course.judged.add(move.text)
            course.pending.discard(move.text)
            yield from self._next(course)

    def _next(self, course: _Course) -> Iterable[Query]:
        """The next question, once everything is known about the answers to the last one."""
        if not course.complete or course.pending:
            return
        while course.left and self._queries < MOST_QUERIES:
            kind, cost = course.left.pop(0)
            if kind is QueryKind.REPAIR and not course.failures:
                continue
            best = sorted(course.failures, key=lambda failed: -failed[0])
            failed = tuple(failure for _, failure in best[:SHOWN])
            course.complete = False
            self._queries += 1
            yield Query(kind, course.statement, self, cost, failed)
            return
