"""Which accepted suggestions are shown, and in which order. Pure: verdicts in, a list out."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

from ghostproof.syntax.goal import GoalText, has_metavariable, identifiers, normal_form, parse_goal, size
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Proved, Suggestion

# Steps shown beside a proof: enough to go another way, not so many that they hide it.
STEPS_BESIDE_A_PROOF = 3
# Ways in which the project itself would close the goal, shown beside the best one, and would go on.
OWN_WAYS, OWN_STEPS = 2, 3

# Steps that can turn a true goal into a false one. They come behind steps that cannot, and nothing rests on this list
# but their place.
_LOSSY = frozenset({"left", "right", "exists", "use", "apply", "exact", "refine", "exfalso", "congr", "gcongr"})

# A split on a variable alone, bare or with its cases written out.
_SPLIT = re.compile(r"(induction|cases) ([^\W\d][\w']*)(?: with\n.*)?$", re.DOTALL)
# `fun_induction f (g x)` forgets what stands in the brackets.
_FORGETFUL = re.compile(r"fun_(?:induction|cases) [^<\n]*[(\[{⟨\d]")

# Between texts of one length, the tactic that says more about why it works wins.
_PLAIN = ("rfl", "exact", "assumption", "contradiction", "decide", "omega", "simp", "trivial", "simp_all", "grind")


def closes(suggestion: Suggestion) -> bool:
    """Whether the main goal is gone and nothing new is left."""
    return isinstance(suggestion.verdict, Proved) or suggestion.verdict.closed_main


def state_of(goals: Iterable[str]) -> tuple[str, ...]:
    """Goals up to the names of their hypotheses; equal for states that need the same proof."""
    return tuple(_normal_form(goal) for goal in goals)


def rank(
    state: GoalState,
    accepted: Iterable[Suggestion],
    *,
    closers: int = 1,
    limit: int = 8,
    seen: Collection[tuple[str, ...]] = (),
    own: Collection[str] = (),
) -> tuple[Suggestion, ...]:
    """The suggestions worth showing, best first.

    What closes the goal comes first, the shortest text before longer ones. Then fewer goals before more, safe steps
    before lossy ones, simpler goals before bigger ones, likelier texts before unlikelier ones, shorter before longer
    ones. Equal states, up to the names of hypotheses, are one suggestion: the one that names most of them, then the
    shortest. Beside a proof only few plain steps remain, no half-done combinations.

    Args:
        closers: how many ways to close the goal are kept.
        limit: length of the list.
        seen: states (as `state_of`) that the proof went through already.
        own: sources that say what the project's own proofs do; some of theirs are kept wherever they would stand.
    """
    accepted = list(accepted)
    closing = sorted((s for s in accepted if closes(s)), key=lambda s: (not isinstance(s.verdict, Proved), *_text(s)))
    best = closing[: min(closers, limit)]
    best += [s for s in closing[len(best) :] if s.source in own][: min(OWN_WAYS, limit - len(best))]
    room = min(STEPS_BESIDE_A_PROOF, limit - len(best)) if best else limit
    steps = _distinct(
        s
        for s in accepted
        if not closes(s)
        and not _is_detour(state, s, seen, as_taken=s.source in own)
        and not (best and ("<;>" in s.text or (s.source in own and _is_open(s))))
    )
    ordered = _induction_first(sorted(steps, key=lambda s: _step(state, s)))
    theirs = [s for s in accepted if s.source in own and s in ordered and not _is_open(s)]
    return (*best, *_with_own(ordered, theirs, room, limit - len(best)))


def _is_open(step: Suggestion) -> bool:
    """Whether it leaves something to be found besides proofs, as a theorem does that fits nearly every goal."""
    return any(has_metavariable(goal) for goal in step.goals)


def _with_own(steps: list[Suggestion], own: list[Suggestion], room: int, most: int) -> list[Suggestion]:
    """The first steps, and behind them the likeliest ones of the project's own way that are not among them.

    Args:
        own: those of its sources, in the order in which these have proposed them.
        room: for steps of all kinds.
        most: for all of them together.
    """
    left = [step for step in own if step not in steps[:room]]
    first = steps[: min(room, most - min(OWN_STEPS, len(left)))]
    return [*first, *[step for step in own if step not in first][: most - len(first)][:OWN_STEPS]]


def _induction_first(steps: list[Suggestion]) -> list[Suggestion]:
    """Each `induction x` that brings assumptions before a `cases x`, which is the same without them."""
    ranked = list(steps)
    for step in steps:
        head, variable = _split(step)
        rival = next((s for s in ranked if _split(s) == ("cases", variable)), None) if head == "induction" else None
        if rival is None or ranked.index(rival) > ranked.index(step) or _lines(step) <= _lines(rival):
            continue
        ranked.remove(step)
        ranked.insert(ranked.index(rival), step)
    return ranked


def _split(step: Suggestion) -> tuple[str, str]:
    """The tactic and the variable of a split that has nothing behind it."""
    match = _SPLIT.match(step.text)
    return (match[1], match[2]) if match else ("", "")


def _lines(step: Suggestion) -> int:
    return sum(len(_parse(goal).names) for goal in step.goals)


def _distinct(steps: Iterable[Suggestion]) -> Iterable[Suggestion]:
    by_state: dict[tuple[str, ...], Suggestion] = {}
    for step in steps:
        key = state_of(step.goals)
        known = by_state.get(key)
        if known is None or _naming(step) < _naming(known):
            by_state[key] = step
    return by_state.values()


def _naming(step: Suggestion) -> tuple[object, ...]:
    return (sum(_parse(goal).inaccessible for goal in step.goals), *_text(step))


def _text(s: Suggestion) -> tuple[object, ...]:
    head = s.text.split(maxsplit=1)[0] if s.text.strip() else ""
    plain = _PLAIN.index(head) if head in _PLAIN else len(_PLAIN)
    return (len(s.text), plain, -s.score, s.text)


def _step(state: GoalState, s: Suggestion) -> tuple[object, ...]:
    fresh = _fresh_goals(state, s)
    head = s.text.split(maxsplit=1)[0]
    return (
        _FORGETFUL.match(s.text) is not None,
        len(s.goals),
        head in _LOSSY,
        sum(_size(goal) for goal in fresh),
        -s.score,
        *_text(s),
    )


def _fresh_goals(state: GoalState, s: Suggestion) -> tuple[str, ...]:
    """The goals that the step made: those behind the main goal stay at the end, untouched."""
    others = state.goals[1:]
    if others and s.goals[-len(others) :] == others:
        return s.goals[: -len(others)]
    return s.goals


def _is_detour(state: GoalState, s: Suggestion, seen: Collection[tuple[str, ...]], *, as_taken: bool) -> bool:
    """Whether a step leads nowhere.

    Args:
        as_taken: it is one that proofs take, as a rewriting by a definition's equation is, or a case split: the goal
            may look bigger after it, if only it is another one.
    """
    if state_of(s.goals) in seen:
        return True
    before = _parse(state.goals[0])
    fresh = _fresh_goals(state, s)
    if as_taken:
        return any(_is_same(before, _parse(goal)) or _is_weakened(before, _parse(goal)) for goal in fresh)
    return any(_is_no_easier(before, _parse(goal), alone=len(fresh) == 1) for goal in fresh)


def _is_no_easier(before: GoalText, after: GoalText, *, alone: bool) -> bool:
    kept = set(before.lines) <= set(after.lines)
    if after.target == before.target and (kept or _split_in_vain(before, after)):
        return True
    if set(before.lines) != set(after.lines):
        return False
    return _is_weakened(before, after) or (alone and len(after.target) > len(before.target))


def _is_same(before: GoalText, after: GoalText) -> bool:
    return after.target == before.target and set(after.lines) == set(before.lines)


def _is_weakened(before: GoalText, after: GoalText) -> bool:
    """Whether nothing is left of the goal but that its hypotheses contradict each other."""
    same = set(before.lines) == set(after.lines)
    return same and after.target == "False" and not before.target.startswith("¬")


def _split_in_vain(before: GoalText, after: GoalText) -> bool:
    """Whether all that is gone are variables that nothing spoke of."""
    left = set(after.lines)
    gone = {name for line in before.lines if line not in left for name in line.names} - set(after.names)
    kept = [line for line in before.lines if not gone.intersection(line.names)]
    spoken = {first_part(word) for text in (before.target, *(line.type for line in kept)) for word in identifiers(text)}
    return bool(gone) and left >= set(kept) and not gone & spoken


@lru_cache(maxsize=2048)
def _size(goal: str) -> int:
    return size(goal)


@lru_cache(maxsize=2048)
def _parse(goal: str) -> GoalText:
    return parse_goal(goal)


@lru_cache(maxsize=2048)
def _normal_form(goal: str) -> str:
    return normal_form(goal)
