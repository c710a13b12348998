"""Which theorems look useful for a goal, told by the constants that both speak of. Pure: counts in, scores out.

As in SInE and MePo, a constant counts the more the fewer theorems speak of it, and a theorem counts the less the more
it speaks of what the goal does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ghostproof.learning.features import rarity
from ghostproof.syntax.statement import Statement

# What a constant of a hypothesis counts, compared with one of the target.
HYPOTHESIS = 0.4
# What a foreign constant counts that the goal speaks of once the project's own functions in it are unfolded.
UNFOLDED = 0.3
# What a foreign constant counts in what a theorem asks for, compared with one in what it concludes.
ASKED = 0.3
# Lemmas of the file, and of the project, are likelier than a library's: somebody wrote them for what stands below.
OWN_FILE, OWN_PROJECT = 1.5, 1.25
# What the laws of logic and equality speak of: `Eq.trans` fits every equation, and tells nothing of what stands in one.
LOGIC = frozenset({"Eq", "HEq", "Ne", "Iff", "Not", "And", "Or", "Exists", "True", "False"})
_RELATIONS = frozenset({"Eq", "HEq", "Iff"})
# What it counts that a theorem was used at a goal that looked the same.
WORKED = 0.5


@dataclass(frozen=True)
class Selected:
    """A theorem that may help; `score` is 1 for one that speaks of just what the goal speaks of."""

    statement: Statement
    score: float
    own: bool = False


class Weights:
    """How much each constant of one goal counts.

    Args:
        holders: how many theorems speak of a constant.
        total: how many theorems there are.
    """

    def __init__(self, goal: Statement, holders: Mapping[str, int], total: int) -> None:
        self._holders, self._total = holders, total
        self.shares = {name: self.rarity(name) * HYPOTHESIS for name in goal.asked}
        self.shares.update({name: self.rarity(name) for name in goal.target})
        self._unfolded = goal.unfolded - self.shares.keys()
        self._mass = sum(self.shares.values())
        self._beyond_logic = not goal.target <= LOGIC

    def _is_of_anything(self, statement: Statement) -> bool:
        """Whether all that it shares with the goal is that something equals something, which is said of any values."""
        return self.shares.keys() & (statement.target | statement.asked) <= _RELATIONS

    def rarity(self, name: str) -> float:
        holders = self._holders.get(name, 0)
        return rarity(holders, max(self._total, holders))

    def score(self, statement: Statement) -> float:
        """0 where nothing is shared, 1 where all is."""
        shares = self.shares
        shared = sum(shares[name] for name in statement.target if name in shares)
        if not shared or (self._beyond_logic and self._is_of_anything(statement)):
            return 0.0
        foreign = sum(self._strangeness(name) for name in statement.target if name not in shares)
        foreign += ASKED * sum(self._strangeness(name) for name in statement.asked if name not in shares)
        return shared / (shared + foreign) * min(1.0, shared / self._mass)

    def _strangeness(self, name: str) -> float:
        """What a constant counts against a theorem, that the goal does not speak of."""
        return self.rarity(name) * (UNFOLDED if name in self._unfolded else 1.0)


def select(
    weights: Weights, theorems: Iterable[tuple[Statement, float]], worked: Mapping[str, float], most: int
) -> list[Selected]:
    """The theorems that look most useful, the likeliest first.

    Args:
        theorems: each comes with what its place counts, such as `OWN_FILE`.
        worked: see `promising`.
    """
    found = [
        Selected(statement, score, place > 1)
        for statement, place in theorems
        if (score := weights.score(statement) * place + WORKED * worked.get(statement.name, 0.0)) > 0
    ]
    return sorted(found, key=lambda one: (-one.score, one.statement.name))[:most]
