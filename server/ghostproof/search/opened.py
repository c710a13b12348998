"""The goal that a search is for, as Lean has it at a spot: one that a proof can close, alone; or why there is none."""

from dataclasses import replace
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, GoalState
from ghostproof.verify.definitions import Definitions

_BULLET = "· "
DATA = "What is missing here is a value, not a proof."
UNCLEAR = "There is nothing to prove yet: Lean reads a `sorry` in the statement itself."


async def opened(checker: Checker, path: Path, text: str, spot: Spot) -> tuple[GoalState, Spot]:
    """The state at a spot, and the spot that the proof goes to: behind a bullet where further goals wait.

    Raises:
        NoGoal: there is none, or no proof can close it.
        LeanDied, LeanTimeout: Lean does not come to it.
    """
    state = await checker.open(path, text, spot)
    if state.main.is_data:
        raise NoGoal(DATA, "Which one is for you to say; `ghostproof suggest` shows what Lean accepts there.")
    if SORRY.search(mask(state.main.target)[0]):
        raise NoGoal(UNCLEAR, _what_first(state, text, spot))
    alone = _behind_bullet(text, spot) if len(state.goals) > 1 else None
    return (state, spot) if alone is None else (await checker.open(path, text, alone), alone)


def clouded(state: GoalState, known: Definitions) -> str:
    """What a goal speaks of and nothing is known of, in a sentence for people; "" if there is nothing."""
    lost = [h.name for h in state.main.hypotheses if SORRY.search(mask(h.type)[0])]
    names = [f"`{name}`" for name in (*sorted(known.unfinished), *lost)]
    if not names:
        return ""
    some = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
    them = "them" if names[1:] else "it"
    if (above := state.error_above) is not None:  # which may be somewhere else
        first = f"The first error above is in line {above.line + 1}: {above.message}"
        return f"Little is known of {some} while there is an error or a `sorry` in {them}. {first}"
    return f"Little is known of {some} while there is a `sorry` in {them}: finish that first."


def _what_first(state: GoalState, text: str, spot: Spot) -> str:
    above, begins = state.error_above, text.count("\n", 0, declaration_at(text, spot.start).start)
    if above is None or above.line < begins:
        return "Complete the statement, or what it is made of; Lean reads an error in it as a `sorry`, too."
    return f"Line {above.line + 1} has an error: {above.message}"


def _behind_bullet(text: str, spot: Spot) -> Spot | None:
    """The spot with a bullet of its own, where it is a `sorry`: behind other tactics of its line, in brackets."""
    if spot.kind is not SpotKind.SORRY:
        return None
    before = text[text.rfind("\n", 0, spot.start) + 1 : spot.start]
    if not before.strip():
        return replace(spot, lead=_BULLET, column=spot.column + len(_BULLET))
    if not before.rstrip().endswith(";"):
        return None
    lead = f"({_BULLET}"
    return replace(spot, lead=lead, column=len(before) + len(lead), tail=")")
