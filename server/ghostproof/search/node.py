"""What the graph of a search is made of: goals, and the steps that Lean accepted at them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from ghostproof.search.skeleton import Skeleton
from ghostproof.search.slow_endings import is_rest
from ghostproof.search.strategy import Consult, Goal, Learnt, Move, Work

# What waits, by its cost at the goal and, of equal cost, by who came first.
Agenda = list[tuple[float, int, Work]]


@dataclass
class SharedMove:
    """A text that is tried at a goal once, whoever wants it tried.

    Attributes:
        move: as it is tried; what all that wanted it plan for its goals comes together in it.
        started: it is with Lean, or judged.
        delayed: others had their turn before it, as its kind takes long.
    """

    move: Move
    started: bool = False
    delayed: bool = False

    def join(self, move: Move) -> bool:
        """Take in the same text from somebody else; whether its turn comes earlier for that."""
        mine, cost = self.move, min(self.move.cost, move.cost)
        both = zip_longest(mine.plan, move.plan, fillvalue=())
        plan = tuple(tuple(dict.fromkeys((*first, *second))) for first, second in both)
        patient = mine.patient and move.patient
        self.move = replace(mine, cost=cost, plan=plan, onward=_least(mine.onward, move.onward), patient=patient)
        return cost < mine.cost and not self.started


def _least(*onward: float | None) -> float | None:
    return min((each for each in onward if each is not None), default=None)


@dataclass
class Step:
    """A move that Lean accepted, with the goals that it leaves."""

    move: Move
    skeleton: Skeleton
    children: tuple[int, ...]
    dead: bool = False
    adds: float = 0.0  # to the cost of what it leaves
    proof: str | None = None  # with proofs of all that it leaves, as the goal's own proof was put together


@dataclass
class Node:
    """A goal with what is known of it.

    Attributes:
        key: the goal as Lean prints it, without its tag: equal ones are one node, proved once.
        parent: where it was first seen: the goal, the step of it, and the place among what the step leaves.
        cost: of the path to it.
        grouped: it is several goals with common metavariables, which only a proof of all of them closes.
        has_lemmas: a step above it stated some.
        waiting: work on it that is not done yet.
        moves: what was ever wanted tried, by its text and whether nothing may be left.
        planned: what the steps above it want tried on it, until its state is known.
        agenda, rests, questions: work on it that waits for its turn, as heaps; what was cut short before stands apart,
            and so does what is asked of others.
    """

    number: int
    key: str
    parent: tuple[int, Step, int] | None
    depth: int
    cost: float
    grouped: bool = False
    has_lemmas: bool = False
    goal: Goal | None = None
    steps: list[Step] = field(default_factory=list)
    proof: str | None = None
    waiting: int = 0
    failed: bool = False
    moves: dict[tuple[str, bool], SharedMove] = field(default_factory=dict)
    planned: list[Move] = field(default_factory=list)
    agenda: Agenda = field(default_factory=list)
    rests: Agenda = field(default_factory=list)
    questions: Agenda = field(default_factory=list)

    def first(self, *, questions: bool, rests: bool) -> tuple[float, int, Work, Agenda] | None:
        """The cheapest work on it, with its cost for the whole search, its turn and its agenda; None: there is none."""
        heaps = (self.agenda, *([self.rests] if rests else []), *([self.questions] if questions else []))
        return min(((self.cost + heap[0][0], *heap[0][1:], heap) for heap in heaps if heap), default=None)

    def agenda_of(self, work: Work) -> Agenda:
        """The heap that a piece of work on it waits in."""
        return self.questions if isinstance(work, Consult) else self.rests if is_rest(work) else self.agenda


@dataclass(frozen=True)
class Origin:
    """How a goal comes from the one above.

    Attributes:
        above: that goal's number.
        step: its text with `sorry` for each goal that it leaves.
        goals: their numbers; None for one that was seen before.
    """

    above: int
    step: str
    goals: tuple[int | None, ...]


def script_of(nodes: Mapping[int, Node], number: int, hole: str) -> str:
    """The proof up to a goal, `hole` in its place and `sorry` in that of every other one."""
    node, text = nodes[number], hole
    while node.parent is not None:
        above, step, place = node.parent
        holes = ["sorry"] * step.skeleton.holes
        holes[place] = text
        text = step.skeleton.fill(holes, blocks=True)
        node = nodes[above]
    return text


def origin_of(nodes: Mapping[int, Node], number: int) -> Origin | None:
    """The step that a goal was first seen in; None for the theorem itself and for goals that are one."""
    node = nodes[number]
    if node.parent is None or node.grouped:
        return None
    above, step, _ = node.parent
    first = (child if nodes[child].parent == (above, step, at) else None for at, child in enumerate(step.children))
    return Origin(above, step.skeleton.fill(["sorry"] * step.skeleton.holes, blocks=True), tuple(first))


def learnt_at(nodes: Mapping[int, Node], number: int) -> tuple[Learnt, ...]:
    """How the goals fare that a goal's steps have left."""
    children = dict.fromkeys(child for step in nodes[number].steps for child in step.children)
    left = (nodes[child] for child in children)
    return tuple(Learnt(node.key, node.proof is not None, node.failed) for node in left)


def path_to(nodes: Mapping[int, Node], node: Node) -> Iterator[str]:
    """The keys from a goal up to the root; a step that leaves one of them goes in a circle."""
    yield node.key
    while node.parent is not None:
        node = nodes[node.parent[0]]
        yield node.key
        if node.goal is not None:
            yield key_of(node.goal.main.goal)


def move_key(move: Move) -> tuple[str, bool]:
    """What makes two moves the same piece of work."""
    return move.text, move.onward is None


def key_of(goal: str) -> str:
    """The goal's text without its tag."""
    first, newline, rest = goal.partition("\n")
    return rest if newline and first.startswith("case ") else goal


def length_of(proof: str) -> tuple[int, int]:
    """What the shortest of several proofs is told by: its lines first."""
    return proof.count("\n"), len(proof)
