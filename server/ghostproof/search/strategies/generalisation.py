"""A goal made more general: a call that occurs again becomes a variable, a hypothesis is used up or dropped.

Of `sorted (sort xs) = true ⊢ sorted (insert x (sort xs)) = true` this makes a lemma about `insert` alone. What says
nothing of the goal's functions would stand as a condition in the assumption of an induction. The new goal may be false,
so that small values are tried on it first.
"""

from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of, sides_of
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.verdict import Checked

_COST, _ONWARD, _PER_PLACE = 1.2, 1.2, 0.1
_DROP = 1.8
# Calls of one goal that are made variables, and steps above: a goal that needs more is another one.
_MOST, _DEEPEST = 3, 4


class Generalisation:
    """See `Strategy`."""

    name = "generalisation"

    def moves(self, goal: Goal) -> Iterator[Move]:
        view = goal.view
        if goal.depth > _DEEPEST or view.head == "∀":
            return
        # Hypotheses of the theorem itself are there for a purpose.
        if goal.depth and (dropped := " ".join(_irrelevant(view))):
            yield Move(f"clear {dropped}", self.name, _DROP, _ONWARD, doubtful=True)
        variable = fresh(["v"], view.taken)[0]
        for place, (call, hypotheses) in enumerate(_repeated(view)):
            extra = _PER_PLACE * place
            again = view.target.count(call) > 1
            for text in dict.fromkeys(_texts(call, hypotheses if goal.depth else [], variable, again=again)):
                yield Move(text, self.name, _COST + extra, _ONWARD + extra, doubtful=True)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _irrelevant(view: GoalView) -> Iterator[str]:
    """Hypotheses that speak of a value in the goal that an induction may go over, and of none of its functions."""
    said = {first_part(word) for word in identifiers(view.target)}
    functions = {
        function.name for function in view.functions if any(call in view.target for call in function.applications)
    }
    values = {h.name for h in view.data if h.recursive and h.name in said}
    for h in view.propositions if functions else ():
        spoken = set(identifiers(h.type))
        if values & {first_part(word) for word in spoken} and not functions & spoken:
            yield h.name


def _repeated(view: GoalView) -> Iterator[tuple[str, list[Hypothesis]]]:
    """Calls without calls in them that occur twice, with the hypotheses that speak of them."""
    calls = [call for function in view.functions for call in function.applications]
    least = [call for call in calls if call in view.target and not any(one in call for one in calls if one != call)]
    found = 0
    for call in dict.fromkeys(least):
        speak = [h for h in view.propositions if call in h.type and head_of(h.type) != "∀"]
        if (speak or view.target.count(call) > 1) and found < _MOST:
            found += 1
            yield call, speak


def _texts(call: str, hypotheses: list[Hypothesis], variable: str, *, again: bool) -> Iterator[str]:
    for h in hypotheses:
        left, equals, _ = sides_of(h.type)
        if equals and call in left and not left.startswith(("∃", "¬")):
            yield f"rw [← {h.name}]\ngeneralize {call} = {variable}\nclear {h.name}"
        yield f"generalize {call} = {variable} at {h.name} ⊢"
    if again:
        yield f"generalize {call} = {variable}"
