"""The and/or graph of a proof search: which work comes next, and what follows from what was found.

Pure: no clock, no Lean. A goal is proved by one of its steps; a step is proved when all goals that it leaves are.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from ghostproof.search.layout import order_of, skeleton_of
from ghostproof.search.node import (
    Node,
    Origin,
    SharedMove,
    Step,
    key_of,
    learnt_at,
    length_of,
    move_key,
    origin_of,
    path_to,
    script_of,
)
from ghostproof.search.shares import LEMMA, Shares
from ghostproof.search.skeleton import Skeleton, after
from ghostproof.search.slow_endings import SlowEndings, is_rest, rest_of, share_of
from ghostproof.search.strategy import (
    Answered,
    Compare,
    Compared,
    Consult,
    Finding,
    Goal,
    Idea,
    Look,
    Looked,
    Move,
    Sift,
    Sifted,
    Strategy,
    Tried,
    Try,
    Work,
    asking,
    cost_of,
)
from ghostproof.suggest.source import Tier
from ghostproof.syntax.goal import has_metavariable
from ghostproof.syntax.grind_words import told_to_grind
from ghostproof.verify.checker import MainGoal
from ghostproof.verify.definitions import NONE, Definitions
from ghostproof.verify.verdict import Progress, Proved

# Cases of one step, and steps above each other. Real proofs have fewer; a search that goes on there is lost.
MOST_CASES, DEEPEST = 12, 7
# A goal that does not close by itself waits the longer the more of its kind stand beside it.
PER_CASE = 0.3


class SearchGraph:
    """The search for a proof of one goal.

    Args:
        main: the goal at the hole, as Lean told it.
        above: the text of the file up to the hole.
        known: what the functions and types are that it speaks of.
    """

    def __init__(self, main: MainGoal, above: str, strategies: Sequence[Strategy], known: Definitions = NONE) -> None:
        self._strategies, self._above = tuple(strategies), above
        self._numbers, self._turns = count(), count()
        self._nodes: dict[int, Node] = {}
        self._by_key: dict[str, int] = {}
        self._reducible: set[str] = set()
        self.tried, self._slow, self._shares = 0, SlowEndings(), Shares()
        self._meet(self._node(key_of(main.goal), None, 0, 0.0), main, known)

    # ------------------------------------------------------------------------------------------------ what is known

    @property
    def proof(self) -> str | None:
        """The shortest proof of the whole that is known."""
        return self._nodes[0].proof

    @property
    def open_goals(self) -> tuple[str, ...]:
        """Goals that are still worth work, those of the likeliest path first."""
        wanted = self._wanted()
        found = sorted((node for node in self._nodes.values() if node.number in wanted), key=lambda n: n.cost)
        return tuple(node.key for node in found)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All goals that were met, by their numbers; only to be looked at."""
        return tuple(self._nodes.values())

    @property
    def met(self) -> int:
        """Goals that were met."""
        return len(self._nodes)

    @property
    def exhausted(self) -> bool:
        """Nothing that any strategy knows of is left to try."""
        return self._nodes[0].failed

    def is_doubtful(self, number: int) -> bool:
        """Whether a goal may be false although the one above is true."""
        parent = self._nodes[number].parent
        return parent is not None and parent[1].move.doubtful

    def open_goal(self, number: int) -> str:
        """The text of a goal as the step above it left it."""
        return self._nodes[number].key

    def origin(self, number: int) -> Origin | None:
        """The step that a goal was first seen in; None for the theorem itself and for goals that are one."""
        return origin_of(self._nodes, number)

    def script(self, number: int, hole: str) -> str:
        """The proof up to a goal, `hole` in its place and `sorry` in that of every other one."""
        return script_of(self._nodes, number, hole)

    # ----------------------------------------------------------------------------------------------------- the search

    def next_work(self, *, questions: bool = True, alone: bool = True) -> Work | None:
        """The cheapest work that may still lead to a proof, or to a shorter one; None if there is none now.

        Args:
            questions: whether one may be put now.
            alone: nothing else is in Lean, so that it may be the turn of what is patient.
        """
        wanted = [self._nodes[number] for number in self._wanted()]
        while first := self._shares.first(wanted, questions=questions, resting=self._slow.resting):
            _, _, work, agenda = first
            if not alone and self._is_patient(work):
                return None
            heapq.heappop(agenda)
            if (started := self._started(work)) is not None:
                return started
        return None

    def _started(self, work: Work) -> Work | None:
        """The work as it is known now; None where it was brought forward, and has had its turn."""
        if isinstance(work, Consult):
            return replace(work, learnt=learnt_at(self._nodes, work.number))
        if not isinstance(work, Try) or is_rest(work):
            self._slow.resting += is_rest(work)
            return work
        node, shared = self._nodes[work.number], self._shared(work)
        if shared.started:
            node.waiting -= 1
            self._settle(node)
            return None
        if not shared.delayed and (delay := self._slow.delay(shared.move)):
            shared.delayed = True
            node.waiting -= 1
            self._push(node, cost_of(work) + delay, work)
            return None
        shared.started = True
        return Try(work.number, shared.move, share_of(shared.move))

    def wants(self, work: Work) -> bool:
        """Whether what it finds could still make a proof of the whole, or a shorter one."""
        return work.number in self._wanted() or self.is_ahead(work)

    def is_ahead(self, work: Work) -> bool:
        """Whether it is a quick move whose turn at the theorem's goal came before that of the line that proves it."""
        root = self._nodes[0]
        if not isinstance(work, Try) or work.number or root.proof is None or work.move.tier > Tier.INSTANT:
            return False
        costs = (step.move.cost for step in root.steps if step.proof == root.proof and not step.children)
        return work.move.cost < min(costs, default=0.0)

    def again(self, work: Work) -> None:
        """Give back work that was not done."""
        node = self._nodes[work.number]
        node.waiting -= 1
        self._slow.resting -= is_rest(work)
        if isinstance(work, Try) and not is_rest(work):
            self._shared(work).started, work = False, replace(work, share=None)
        self._push(node, cost_of(work), work)

    def _is_patient(self, work: Work) -> bool:
        match work:
            case Look():
                return False
            case Try():
                return self._shared(work).move.patient  # somebody else may want it at once
            case Consult(query=idea) | Sift(doubt=idea) | Compare(terms=idea):
                return idea.patient

    def _shared(self, work: Try) -> SharedMove:
        return self._nodes[work.number].moves[move_key(work.move)]

    def absorb(self, finding: Finding) -> None:
        """Take what was found; every piece of work is answered once."""
        node = self._nodes[finding.work.number]
        # More answers may come behind one.
        node.waiting -= not (isinstance(finding, Answered) and finding.answer is not None)
        match finding:
            case Looked(main=main, known=known):
                if main is not None:
                    self._meet(node, main, known)
            case Tried():
                self._judge(node, finding)
            case Answered(work=work):
                assert node.goal is not None
                self._offer(node, work.query.asker.hear(node.goal, work.query, finding.answer))
            case Sifted(work=work):
                assert node.goal is not None
                self._offer(node, work.doubt.doubter.sifted(node.goal, work.doubt, finding.trials))
            case Compared(work=work):
                assert node.goal is not None
                self._offer(node, work.terms.comparer.compared(node.goal, work.terms, finding.values))
        self._settle(node)

    def reject(self, script: str) -> None:
        """The proof as a whole was not accepted in place: what it was made of is given up, the search goes on."""
        root = self._nodes[0]
        if root.proof != script:
            return
        root.proof = None
        for step in root.steps:
            if self._filled(step) == script:
                step.dead = True
        self._prove(root)
        self._settle(root)

    def _judge(self, node: Node, tried: Tried) -> None:
        move, verdict = tried.work.move, tried.checked.verdict
        self._slow.learn(tried.work, tried.checked)
        self._shares.learn(node, tried.work, tried.checked)
        if (rest := rest_of(tried.work, tried.checked)) is not None:
            self._push(node, *rest)
            return
        self.tried += 1
        assert node.goal is not None
        closed = isinstance(verdict, Proved) or (
            isinstance(verdict, Progress) and verdict.closed_main and not node.grouped
        )
        if closed:
            self._add(node, Step(move, Skeleton((move.text,)), ()))
        elif isinstance(verdict, Progress) and move.onward is not None:
            behind = 0 if node.grouped else tried.others
            self._grow(node, move, verdict.goals[: len(verdict.goals) - behind])
        for strategy in self._strategies:
            self._offer(node, strategy.follow(node.goal, move, tried.checked))

    def _grow(self, node: Node, move: Move, goals: Sequence[str]) -> None:
        """Make nodes of what a step leaves, unless the step leads nowhere."""
        order = move.order or order_of(move, len(goals))
        if sorted(order) == list(range(len(goals))):
            goals = [goals[nth] for nth in order]
        keys = [key_of(goal) for goal in goals]
        grouped = any(map(has_metavariable, goals))  # none of them can be proved without the others
        if grouped:
            skeleton, keys = after(move.text, 1), ["\n\n".join(keys)]
        else:
            assert node.goal is not None
            skeleton = skeleton_of(move, goals, node.goal.main)
        if skeleton.holes != len(keys) or not 0 < len(goals) <= MOST_CASES:
            return
        if node.depth >= DEEPEST or set(keys) & set(path_to(self._nodes, node)):
            return
        step = Step(move, skeleton, ())
        step.adds = (move.onward or 0.0) + (0.0 if move.lossless else PER_CASE) * (len(goals) - 1)
        cost, depth = node.cost + step.adds, node.depth + (not move.lossless)
        children = []
        for place, key in enumerate(keys):
            known = self._by_key.get(key)
            if known is None:
                child = self._node(key, (node.number, step, place), depth, cost)
                child.grouped, child.has_lemmas = grouped, node.has_lemmas or move.strategy == LEMMA
                self._push(child, 0.0, Look(child.number))
                known = child.number
            else:
                self._nearer(self._nodes[known], cost)
            children.append(known)
        plan = node.moves[move_key(move)].move.plan
        for number, planned in zip(children, plan, strict=False):
            self._plan(self._nodes[number], planned)
        step.children = tuple(children)
        self._add(node, step)

    def _nearer(self, node: Node, cost: float) -> None:
        """A goal that was met before is not as far as it seemed, nor is what its steps leave."""
        if cost < node.cost:
            node.cost = cost
            for child, adds in ((child, step.adds) for step in node.steps for child in step.children):
                self._nearer(self._nodes[child], cost + adds)

    def _add(self, node: Node, step: Step) -> None:
        for earlier in node.steps:
            earlier.dead |= earlier.move.text == step.move.replaces
        node.steps.append(step)
        self._prove(node)

    def _prove(self, node: Node) -> None:
        """Find the node's shortest proof anew, and those of the goals above that rest on it."""
        for step in node.steps:
            step.proof = None if step.dead else self._filled(step)
        found = [step.proof for step in node.steps if step.proof is not None]
        best = min(found, key=length_of, default=None)
        if best is None or (node.proof is not None and length_of(best) >= length_of(node.proof)):
            return
        node.proof = best
        for above in self._nodes.values():
            if any(node.number in step.children for step in above.steps):
                self._prove(above)

    def _filled(self, step: Step) -> str | None:
        proofs = [self._nodes[child].proof for child in step.children]
        texts = [proof for proof in proofs if proof is not None]
        return step.skeleton.fill(texts) if len(texts) == len(proofs) else None

    def _settle(self, node: Node) -> None:
        """Give up a goal for which nothing is left to try, and the steps that need it."""
        if node.failed or node.proof is not None or node.waiting or any(not step.dead for step in node.steps):
            return
        node.failed = True
        for above in self._nodes.values():
            lost = [step for step in above.steps if node.number in step.children and not step.dead]
            for step in lost:
                step.dead = True
            if lost:
                self._settle(above)

    # ---------------------------------------------------------------------------------------------------------- parts

    def _node(self, key: str, parent: tuple[int, Step, int] | None, depth: int, cost: float) -> Node:
        node = Node(next(self._numbers), key, parent, depth, cost)
        self._nodes[node.number] = node
        self._by_key[key] = node.number
        return node

    def _meet(self, node: Node, main: MainGoal, known: Definitions) -> None:
        key = key_of(main.goal)
        if node.parent is not None and not node.grouped:
            # With the names of its case, a goal may turn out to be one that stands above it.
            if key != node.key and key in path_to(self._nodes, node):
                return
            self._by_key.setdefault(key, node.number)
        planned = frozenset(move.strategy for move in node.planned)
        self._reducible |= known.reducible.union(function.name for function in main.functions if function.reducible)
        node.goal = Goal(node.number, main, self._above, node.depth, planned, known)
        self._offer(node, node.planned)
        for strategy in self._strategies:
            self._offer(node, strategy.moves(node.goal))

    def _plan(self, node: Node, moves: Iterable[Move]) -> None:
        """Have a goal that a step leaves tried in the way that the step was meant, as soon as its state is known."""
        if node.goal is None:
            node.planned += moves
        else:
            self._offer(node, moves)

    def _offer(self, node: Node, ideas: Iterable[Idea]) -> None:
        for idea in ideas:
            if not isinstance(idea, Move):
                self._push(node, idea.cost, asking(node.number, idea))
                continue
            if (text := told_to_grind(idea.text, self._reducible)) != idea.text:
                idea = replace(idea, text=text)
            shared = node.moves.get(move_key(idea))
            if shared is None:
                node.moves[move_key(idea)] = SharedMove(idea)
                self._push(node, idea.cost, Try(node.number, idea))
            else:
                self._join(node, shared, idea)

    def _join(self, node: Node, shared: SharedMove, move: Move) -> None:
        """What another strategy wants of a move that is known: its turn earlier, and its plan for what it leaves."""
        if shared.join(move):
            self._push(node, shared.move.cost, Try(node.number, shared.move))
        for step in node.steps:
            if move_key(step.move) == move_key(move):
                for child, planned in zip(step.children, move.plan, strict=False):
                    self._plan(self._nodes[child], planned)

    def _push(self, node: Node, cost: float, work: Work) -> None:
        node.waiting += 1
        heapq.heappush(node.agenda_of(work), (cost, next(self._turns), work))

    def _wanted(self) -> set[int]:
        """Goals from which a proof of the root could still be made; once there is one, a shorter one."""
        wanted: set[int] = set()
        stack = [0]
        while stack:
            node = self._nodes[stack.pop()]
            if node.number in wanted or node.failed or self._is_enough(node.proof):
                continue
            wanted.add(node.number)
            stack += [child for step in node.steps if not step.dead for child in step.children]
        return wanted

    def _is_enough(self, proof: str | None) -> bool:
        """Whether nothing better is looked for at a goal with such a proof: until the root has one, any is enough."""
        return proof is not None and (self.proof is None or "\n" not in proof)
