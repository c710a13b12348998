"""What a search that found no proof has proved all the same: steps that close most of the goal, `sorry` for the rest.

It is no proof, and only whoever asks for it gets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.search.edit import Edit
from ghostproof.search.node import Node, Step
from ghostproof.search.place import block_spot
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.line_width import fitted
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker

# Steps above each other; nobody would go on with more.
_DEEPEST = 12


@dataclass(frozen=True)
class Unfinished:
    """A part of a proof for the goal at a spot of a text. Lean has accepted each step of it, at the goal of the step.

    Attributes:
        text: tactics, relative to column 0, with `sorry` where something is left to be proved.
        left: the goals of these, from the top.
    """

    spot: Spot
    text: str
    left: tuple[str, ...]

    @property
    def replacement(self) -> str:
        """What replaces the text of the spot, laid out for it."""
        return self.spot.place(self.text)

    @property
    def shown(self) -> str:
        """The part as a person reads it."""
        return self.spot.shown(self.text)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All that it changes in the text."""
        return (Edit(self.spot.start, self.spot.end, self.replacement),)

    def put_into(self, text: str) -> str:
        """The text with it; the text must be the one that was searched."""
        return self.spot.fill(text, self.text)

    def moved(self, by: int) -> "Unfinished":
        """The same for a text in which its declaration stands further down."""
        return replace(self, spot=self.spot.moved(by))


@dataclass(frozen=True)
class _Part:
    """The best that is known for a goal; `share` of it is proved, 1 for all."""

    text: str
    share: float
    left: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[float, int, int, int]:
        return -round(self.share, 6), len(self.left), self.text.count("\n"), len(self.text)


def unfinished(nodes: Sequence[Node], text: str, spot: Spot) -> Unfinished | None:
    """The part of a proof that leaves least of the goal at a spot; None where every step leaves all of it, or nothing.

    Args:
        nodes: all goals that the search met, by their numbers, the theorem's first.
    """
    best = _best(nodes, nodes[0], {}, ())
    if not 0 < best.share < 1:
        return None
    spot = block_spot(text, spot) if "\n" in best.text else spot
    return Unfinished(spot, fitted(best.text, text, spot), best.left)


def _best(nodes: Sequence[Node], node: Node, known: dict[int, _Part], above: tuple[int, ...]) -> _Part:
    if node.number in known:
        return known[node.number]
    if node.proof is not None:
        return _Part(node.proof, 1.0)
    found = [_Part("sorry", 0.0, (node.key,))]
    if len(above) < _DEEPEST:
        for step in node.steps:
            children = [nodes[child] for child in step.children]
            if _leads_on(step, children) and not {node.number, *above}.intersection(step.children):
                parts = [_best(nodes, child, known, (*above, node.number)) for child in children]
                left = tuple(goal for part in parts for goal in part.left)
                text = step.skeleton.fill([part.text for part in parts])
                found.append(_Part(text, sum(part.share for part in parts) / len(parts), left))
    best = min(found, key=lambda part: part.rank)
    known[node.number] = best
    return best


def _leads_on(step: Step, children: Sequence[Node]) -> bool:
    """Whether a person can go on from a step: what it leaves is not refuted, can be told apart, and is not refused."""
    refused = all(child.proof is not None for child in children)
    lost = any(child.grouped or (child.failed and child.goal is None) for child in children)
    return not refused and not lost


async def holds(checker: Checker, path: Path, text: str, part: Unfinished) -> bool:
    """Whether Lean comes through a text with the part in it to the last of its `sorry`s, and has nothing against it.

    Raises:
        LeanDied, LeanTimeout: Lean did not come there.
    """
    whole = part.put_into(text)
    start = part.spot.start
    holes = list(SORRY.finditer(mask(whole)[0], start, start + len(part.replacement)))
    if len(holes) != len(part.left):
        return False
    at, behind = holes[-1].span()
    last = Spot(at, behind, "", at - (whole.rfind("\n", 0, at) + 1), SpotKind.SORRY)
    try:
        before = await checker.open(path, text, part.spot)
        after = await checker.open(path, whole, last)
    except NoGoal:
        return False
    return after.error_above == before.error_above
