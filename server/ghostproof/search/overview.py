"""What a search did, for people: every goal that it met, what was tried on each, and the steps that make the proof."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ghostproof.search.graph import SearchGraph
from ghostproof.search.node import Node
from ghostproof.search.strategy import Answered, Finding, Looked, QueryKind, Sifted, Tried
from ghostproof.syntax.goal import parse_goal
from ghostproof.verify.small_values import Refuted
from ghostproof.verify.verdict import Inconclusive, Progress, Proved, Rejected, Verdict

# Of one goal; a report that tells of more is not read, and what is left out is counted.
MOST_TRIALS = 200
_MESSAGE = 300


@dataclass(frozen=True)
class MoveTried:
    """One move with Lean's verdict in words.

    Attributes:
        outcome: `proved`, `leaves goals`, `refused`, `no answer`.
        message: what Lean said, shortened.
    """

    text: str
    strategy: str
    outcome: str
    message: str
    ms: float


@dataclass(frozen=True)
class StepTaken:
    """A step that Lean accepted.

    Attributes:
        children: numbers of the goals that it leaves.
        closes: the goal's proof begins with it.
    """

    text: str
    strategy: str
    children: tuple[int, ...]
    closes: bool
    given_up: bool


@dataclass(frozen=True)
class GoalSeen:
    """One goal of the search.

    Attributes:
        on_path: the proof that was found goes through it.
        queries: how many answers there were to each kind of query.
        refuted: guesses that small values refute, each with the instance; at most as many as there are trials.
        left_out: trials beyond those listed.
    """

    number: int
    goal: str
    proof: str | None
    given_up: bool
    on_path: bool
    steps: tuple[StepTaken, ...]
    trials: tuple[MoveTried, ...]
    left_out: int
    queries: tuple[tuple[str, int], ...]
    refuted: tuple[tuple[str, str], ...] = ()

    @property
    def ms(self) -> float:
        """What Lean spent on the trials that are listed."""
        return sum(trial.ms for trial in self.trials)

    @property
    def target(self) -> str:
        """What is to be proved, on one line."""
        return f"⊢ {parse_goal(self.goal).target}"

    @property
    def closed_by(self) -> str:
        """The strategy whose step closes it, "" where none does."""
        return next((step.strategy for step in self.steps if step.closes), "")


@dataclass(frozen=True)
class Overview:
    """The goals in the order in which they were met, the theorem's first; a step's goals come behind it."""

    goals: tuple[GoalSeen, ...]

    def goal(self, number: int) -> GoalSeen:
        return self.goals[number]


class Journal:
    """Remembers what was found at each goal of one search, within bounds."""

    def __init__(self) -> None:
        self._trials: defaultdict[int, list[MoveTried]] = defaultdict(list)
        self._left_out: defaultdict[int, int] = defaultdict(int)
        self._refuted: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        self._answers: defaultdict[int, dict[QueryKind, int]] = defaultdict(dict)

    def note(self, finding: Finding) -> None:
        """Take down a finding before or after the graph absorbs it."""
        number = finding.work.number
        match finding:
            case Tried(work=work, checked=checked):
                if len(self._trials[number]) >= MOST_TRIALS:
                    self._left_out[number] += 1
                    return
                outcome, message = _told(checked.verdict)
                trial = MoveTried(work.move.text, work.move.strategy, outcome, message[:_MESSAGE], checked.ms)
                self._trials[number].append(trial)
            case Looked(refuted=Refuted() as trial) if len(self._refuted[number]) < MOST_TRIALS:
                self._refuted[number].append(("this goal", trial.shown))
            case Sifted(work=work, trials=trials):
                tried = zip(work.doubt.statements, trials, strict=False)
                found = [(statement, trial.shown) for statement, trial in tried if isinstance(trial, Refuted)]
                self._refuted[number] += found[: MOST_TRIALS - len(self._refuted[number])]
            case Answered(work=work, answer=answer) if work.query.kind is not QueryKind.LEMMAS:
                kinds = self._answers[number]
                kinds[work.query.kind] = kinds.get(work.query.kind, 0) + (answer is not None)

    def overview(self, graph: SearchGraph) -> Overview:
        """What is known now."""
        path = _path(graph.nodes)
        return Overview(tuple(self._seen(node, node.number in path) for node in graph.nodes))

    def _seen(self, node: Node, on_path: bool) -> GoalSeen:
        closing = _closing(node)
        steps = tuple(
            StepTaken(step.move.text, step.move.strategy, step.children, nth == closing, step.dead)
            for nth, step in enumerate(node.steps)
        )
        answers = tuple((kind.value, count) for kind, count in self._answers[node.number].items())
        goal = node.goal.main.goal if node.goal is not None and not node.grouped else node.key
        trials, left_out = tuple(self._trials[node.number]), self._left_out[node.number]
        refuted = tuple(self._refuted[node.number])
        return GoalSeen(node.number, goal, node.proof, node.failed, on_path, steps, trials, left_out, answers, refuted)


def _path(nodes: Iterable[Node]) -> set[int]:
    """The goals that the proof goes through."""
    known = {node.number: node for node in nodes}
    found: set[int] = set()
    waiting = [0] if known[0].proof is not None else []
    while waiting:
        number = waiting.pop()
        closing = _closing(known[number])
        if number not in found and closing is not None:
            waiting += known[number].steps[closing].children
        found.add(number)
    return found


def _closing(node: Node) -> int | None:
    """Which step the goal's proof begins with."""
    if node.proof is None:
        return None
    begins = (nth for nth, step in enumerate(node.steps) if not step.dead and step.proof == node.proof)
    return next(begins, None)


def _told(verdict: Verdict) -> tuple[str, str]:
    match verdict:
        case Proved():
            return "proved", ""
        case Progress(goals=goals, closed_main=closed):
            return ("proved", "") if closed else ("leaves goals", f"{len(goals)} left")
        case Rejected(reason=reason, message=message):
            return "refused", message or reason.value
        case Inconclusive(cause=cause, message=message):
            return "no answer", message or cause.value
