"""Carries a tactic from the goal where it worked over to another one: which name there is which name here.

Variables are matched by where they stand in targets and hypotheses of the same shape; names that the tactic itself
introduces keep clear of those that are taken; lemmas are named as they can be reached from here. Where the goals speak
of different functions at the same place, what is said of the one is tried of the other, lemmas named after it included.
Nothing is certain about the result: Lean tries it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from ghostproof.learning.features import GoalToken, GoalTokens, accessible, tokens_of
from ghostproof.learning.steps import Premise, TacticStep
from ghostproof.syntax.goal import parse_goal
from ghostproof.syntax.lexical import mask, tokens
from ghostproof.syntax.quoting import last_part

# How much a sign that two names correspond counts.
_IN_TARGET, _SAME_TYPE, _SAME_NAME, _HYPOTHESIS = 2.0, 1.0, 0.6, 3.0
_ALIKE = 0.5  # of a hypothesis's tokens, for two to be taken for each other
_INTRODUCING = re.compile(
    r"\b(?:intros?|rintro|fun|λ|rename_i|next|obtain|rcases|ext|funext)\b|∃|\bwith\b|=>|\b(?:have|let|set|generalize)\b"
)

# Behind it stands a member of a list that a step is given, alone or from right to left.
_LISTED = re.compile(r"\b(?:rwa?|simp|simp_all|simpa|dsimp|grind|only) \[(?:[^\[\]]*, )?(?:← ?)?$")
_NAME = re.compile(r"[^\W\d][\w'!?]*")

Votes = defaultdict[tuple[str, str], float]


@dataclass(frozen=True)
class Renaming:
    """What corresponds to what.

    Attributes:
        variables: names of hypotheses there, and here.
        constants: last parts of names of constants that only the goal there speaks of, and what stands here in their
            place, as it is printed.
    """

    variables: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True)
class Here:
    """A goal that a tactic is wanted for.

    Attributes:
        file_path: as steps have it, to tell whether a lemma's name was written in the same file.
        namespaces: what is open at the place, so that names may be written without it.
    """

    goal: str
    file_path: str = ""
    namespaces: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> GoalTokens:
        return tokens_of(self.goal)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return parse_goal(self.goal).names


def transfers(step: TacticStep, here: Here) -> Iterator[str]:
    """The step's tactic, and the rest of its block, as they would be written here; likelier ways first."""
    texts = [(step.rest, step.rest_premises), (step.tactic, step.premises)][0 if step.rest else 1 :]
    given: set[str] = set()
    for renaming in renamings_of(step.main_goal, here):
        for text, premises in texts:
            carried = _carried(text, premises, step, here, renaming)
            ways = (_with_the_like(carried, here), carried) if carried is not None else ()
            for way in ways:
                if way not in given:
                    given.add(way)
                    yield way


def renamings_of(goal: str, here: Here) -> Iterator[Renaming]:
    """What the names of a goal correspond to here: the likeliest way, and one where the closest choice is the other."""
    there = tokens_of(goal)
    votes, constants = _votes(there, here.tokens), _counterparts(there, here.tokens)
    first = _assigned(votes, frozenset())
    yield Renaming(first, constants)
    # The pair that had the closest rival gives way.
    rivals = [
        (votes[old, new] - vote, old, new)
        for (old, other), vote in votes.items()
        if (new := first.get(old)) is not None and other != new and vote > 0
    ]
    if rivals:
        _, old, new = min(rivals)
        yield Renaming(_assigned(votes, frozenset({(old, new)})), constants)


def _votes(there: GoalTokens, here: GoalTokens) -> Votes:
    votes: Votes = defaultdict(float)
    _align(there.target, here.target, _IN_TARGET, votes)
    for old, type_ in there.propositions.items():
        for new, other in here.propositions.items():
            likeness = SequenceMatcher(None, _kinds(type_), _kinds(other), autojunk=False).ratio()
            if likeness >= _ALIKE:
                _vote(votes, old, new, _HYPOTHESIS * likeness)
                _align(type_, other, likeness, votes)
    for old, type_ in there.variables.items():
        for new, other in here.variables.items():
            if _kinds(type_) == _kinds(other):
                _vote(votes, old, new, _SAME_TYPE)
    for old, new in list(votes):
        if old == new:
            _vote(votes, old, new, _SAME_NAME)
    return votes


def _counterparts(there: GoalTokens, here: GoalTokens) -> dict[str, str]:
    """Constants that only the one goal has, and what only the other one has at the same places of its target."""
    ours, theirs = _named(here), _named(there)
    votes: Votes = defaultdict(float)
    matcher = SequenceMatcher(None, _kinds(there.target), _kinds(here.target), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and b - a == d - c:
            for old, new in zip(there.target[a:b], here.target[c:d], strict=True):
                if old.written and new.written and old.kind not in ours and new.kind not in theirs:
                    votes[old.kind, new.written] += 1
    return _assigned(votes, frozenset())


def _named(tokens: GoalTokens) -> set[str]:
    texts = (tokens.target, *tokens.propositions.values(), *tokens.variables.values())
    return {token.kind for text in texts for token in text if token.written}


def _align(one: Sequence[GoalToken], other: Sequence[GoalToken], weight: float, votes: Votes) -> None:
    """Let names vote that stand at corresponding places."""
    matcher = SequenceMatcher(None, _kinds(one), _kinds(other), autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            share = weight if tag == "equal" else weight / 2
            for old, new in zip(one[a:b], other[c:d], strict=True):
                if old.name and new.name:
                    _vote(votes, old.name, new.name, share)


def _vote(votes: Votes, old: str, new: str, weight: float) -> None:
    votes[old, new] += weight


def _kinds(tokens: Sequence[GoalToken]) -> list[str]:
    return [token.kind for token in tokens]


def _assigned(votes: Mapping[tuple[str, str], float], banned: frozenset[tuple[str, str]]) -> dict[str, str]:
    """Each name to one of its own, those that have most votes first."""
    chosen: dict[str, str] = {}
    for old, new in sorted(votes, key=lambda pair: -votes[pair]):
        if old not in chosen and new not in chosen.values() and (old, new) not in banned:
            chosen[old] = new
    return chosen


def _carried(text: str, named: Sequence[Premise], step: TacticStep, here: Here, renaming: Renaming) -> str | None:
    """A text of the step's with the names of here; None where a name that it needs has no counterpart."""
    there = set(parse_goal(accessible(step.main_goal)).names)
    inaccessible = {accessible(name) for name in here.names if "✝" in name}
    premises = {premise.start: premise for premise in named}
    fresh = _fresh(text, there, here, set(renaming.variables.values()))
    parts: list[str] = []
    at = 0
    for start, end, word, follows in _identifiers(text):
        first, dot, fields = word.partition(".")
        new = word
        if start in premises:
            analogous = _analogous(word, renaming.constants)
            new = analogous or _reachable(word, premises[start], step, here)
        elif first in fresh:
            new = fresh[first] + dot + fields
        elif first in there and follows != ":=":
            known = renaming.variables.get(first)
            if known is None or known in inaccessible:
                return None
            new = known + dot + fields
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _with_the_like(text: str, here: Here) -> str:
    """With every hypothesis that is of the same kind as one in a list of a step beside it: `rw [f, ihl, ihr]`.

    A case of a tree has an assumption for each branch, where one of a list, from which the step may come, has a single
    one.
    """
    kinds = {name: _kinds(type_) for name, type_ in here.tokens.propositions.items() if _NAME.fullmatch(name)}
    words = {word for _, _, word, _ in _identifiers(text)}
    parts: list[str] = []
    at = 0
    for start, end, word, follows in _identifiers(text):
        if word in kinds and follows in (",", "]") and _LISTED.search(text[:start]):
            like = [name for name in kinds if name not in words and kinds[name] == kinds[word]]
            parts += [text[at:end], *(f", {name}" for name in like)]
            words |= set(like)
            at = end
    return "".join([*parts, text[at:]])


def _identifiers(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Identifiers with their offsets, but fields behind a dot; and the token that follows each."""
    found = list(tokens(mask(text)[0], 0, len(text)))
    for before, token, after in zip([None, *found], found, [*found[1:], None], strict=False):
        word = text[token.start : token.end]
        behind_dot = before is not None and before.text.endswith(".") and before.end == token.start
        if re.match(r"[^\W\d]", word) and not behind_dot:
            yield token.start, token.end, word, after.text if after else ""


def _fresh(text: str, there: set[str], here: Here, used: set[str]) -> dict[str, str]:
    """New names for those that the tactic introduces and that are taken here."""
    taken = set(map(accessible, here.names))
    introduced = {
        word
        for start, _, word, _ in _identifiers(text)
        if "." not in word and word not in there and word in taken and _INTRODUCING.search(text[:start])
    }
    renamed: dict[str, str] = {}
    for name in sorted(introduced):
        new = name + "'"
        while new in taken | there | set(renamed.values()) | used:
            new += "'"
        renamed[name] = new
    return renamed


def _analogous(written: str, constants: Mapping[str, str]) -> str:
    """What is said here in place of a constant, or of a lemma that is named after one; "" where it stays."""
    space, dot, last = written.rpartition(".")
    if last in constants:
        return constants[last]
    parts = last.split("_")
    named = [last_part(constants[part]) if part in constants else part for part in parts]
    return space + dot + "_".join(named) if named != parts else ""


def _reachable(written: str, premise: Premise, step: TacticStep, here: Here) -> str:
    """How a constant can be written here: as there, if that means the same, else by its full name."""
    full = premise.full_name
    if written == full or step.file_path == here.file_path or not full.endswith("." + written):
        return written
    reach = full.removesuffix(written).rstrip(".")
    return written if reach in here.namespaces else full
