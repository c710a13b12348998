"""What a goal looks like, as a set of features: read from its printed form alone, so that goals of yesterday compare.

A feature is a short text. Names of hypotheses and of bound variables never occur in one: a variable is what its type
is, so that goals about other variables look alike. Whatever Lean prints as `List.reverse xs` here and as `xs.reverse`
there is one constant, known by the last part of its name.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ghostproof.syntax.goal import GoalText, identifiers, parse_goal
from ghostproof.syntax.names import NAME, NUMBER
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import last_part

# A goal may be as long as memory allows; what stands further behind tells little more.
MOST_TOKENS = 400
BOUND = "_"

_TOKEN = re.compile(rf"\.(?={NAME.pattern})|{NAME.pattern}|{NUMBER}|[()\[\]{{}}⟨⟩,:⊢]|[^\s\w()\[\]{{}}⟨⟩,:⊢]+")
_BINDING = re.compile(r"(?:[∀∃λ]!?|\bfun\b)\s*([^,=↦]*)")
_BRACKETS = frozenset("()[]{}⟨⟩,:")
_NAME = re.compile(NAME.pattern)
# Inaccessible names, turned into such as can be read like others.
_DAGGERS = str.maketrans("✝¹²³⁴⁵⁶⁷⁸⁹⁰", "'1234567890")


@dataclass(frozen=True)
class GoalToken:
    """A token of a goal.

    Attributes:
        kind: the same in goals that are alike: a variable's is `#` and the head of its type, a constant's the last part
            of its name.
        name: of the variable that it is, as `accessible` has it; else "".
        written: the whole name of a constant as it is printed, or what of it stands behind a dot; else "".
    """

    kind: str
    name: str = ""
    written: str = ""


@dataclass(frozen=True)
class GoalTokens:
    """A goal's texts as tokens.

    Attributes:
        head: the target's head constant; see `proposition.head_of`.
        propositions: each hypothesis that is a proposition, so far as its text tells, by name.
        variables: the types of the others, by name.
    """

    head: str
    target: tuple[GoalToken, ...]
    propositions: dict[str, tuple[GoalToken, ...]]
    variables: dict[str, tuple[GoalToken, ...]]


def accessible(text: str) -> str:
    """A printed text with inaccessible names made such as can be read like others: `n✝¹` becomes `n'1`."""
    return text.translate(_DAGGERS)


def features(goal: str) -> frozenset[str]:
    """The features of a printed goal: its constants, pairs of neighbours, and whole shapes, by where they stand."""
    tokens = tokens_of(goal)
    found = {f"head {tokens.head}", f"shape {shape(tokens.target)}"}
    found |= _of_text("t", tokens.target)
    for proposition in tokens.propositions.values():
        found |= _of_text("h", proposition)
        found.add(f"has {shape(proposition)}")
    found |= {f"v {shape(variable)}" for variable in tokens.variables.values()}
    return frozenset(found)


def constants(goal: str) -> frozenset[str]:
    """The constants and notations that a printed goal has anywhere, by the last parts of their names."""
    tokens = tokens_of(goal)
    texts = (tokens.target, *tokens.propositions.values(), *tokens.variables.values())
    return frozenset(token.kind for text in texts for token in text if _is_constant(token))


def shape(tokens: Sequence[GoalToken]) -> str:
    """A text that is equal for texts that differ in the names of variables only."""
    numbers: dict[str, int] = {}
    return " ".join(t.kind + str(numbers.setdefault(t.name, len(numbers))) if t.name else t.kind for t in tokens)


def tokens_of(goal: str) -> GoalTokens:
    """A printed goal taken apart."""
    parsed = parse_goal(accessible(goal))
    kinds = _kinds(parsed)
    propositions: dict[str, tuple[GoalToken, ...]] = {}
    variables: dict[str, tuple[GoalToken, ...]] = {}
    for line in parsed.lines:
        found = _tokens(line.type, kinds)
        (propositions if _is_claim(line.type, kinds) else variables).update(dict.fromkeys(line.names, found))
    return GoalTokens(head_of(parsed.target), _tokens(parsed.target, kinds), propositions, variables)


def rarity(having: int, among: int) -> float:
    """The weight of a feature that so many of so many goals have: what is in all of them tells nothing."""
    return math.log1p((among - having + 0.5) / (having + 0.5))


def likeness(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """How alike two sets of features are, 0 to 1: the weight of what they share against the weight of all (Jaccard).

    Args:
        weights: of every feature that counts; others count 1.
    """
    shared = sum(weights.get(feature, 1.0) for feature in one & other)
    whole = sum(weights.get(feature, 1.0) for feature in one | other)
    return shared / whole if whole else 0.0


def _of_text(where: str, tokens: tuple[GoalToken, ...]) -> set[str]:
    said = [token for token in tokens if token.kind not in _BRACKETS]
    found = {f"{where} {token.kind}" for token in said if _is_constant(token)}
    return found | {f"{where} {a.kind} {b.kind}" for a, b in pairwise(said)}


def _is_constant(token: GoalToken) -> bool:
    return not token.name and token.kind not in _BRACKETS and token.kind != BOUND


def _kinds(parsed: GoalText) -> dict[str, str]:
    """For each hypothesis the head of its type."""
    return {name: last_part(head_of(line.type)) for line in parsed.lines for name in line.names}


def _is_claim(type_: str, kinds: Mapping[str, str]) -> bool:
    return any(sign in f" {type_} " for sign in _CLAIMS) or kinds.get(head_of(type_), "") in ("Prop", "∀")


_RELATIONS = ("=", "≠", "≤", "<", "≥", ">", "∧", "∨", "↔", "∈", "∉", "∣", "⊆", "~", "<+", "<:+", "<+:", "≍", "≈", "≡")
_CLAIMS = (*(f" {sign} " for sign in _RELATIONS), "¬", "∃", "∀")


def _tokens(text: str, kinds: Mapping[str, str]) -> tuple[GoalToken, ...]:
    bound = {name for group in _BINDING.findall(text) for name in identifiers(group.partition(" : ")[0])}
    return tuple(islice(_read(text, kinds, bound), MOST_TOKENS))


def _read(text: str, kinds: Mapping[str, str], bound: set[str]) -> Iterator[GoalToken]:
    field = False
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == ".":
            field = True
            continue
        if not _NAME.match(token):
            yield GoalToken(token)
        elif field:
            yield from map(_constant, token.split("."))
        else:
            yield from _of_name(token, kinds, bound)
        field = False


def _of_name(name: str, kinds: Mapping[str, str], bound: set[str]) -> Iterator[GoalToken]:
    """A constant's last part; a variable's kind, and the fields taken of it."""
    first, _, fields = name.partition(".")
    if first in bound or first == BOUND:
        yield GoalToken(BOUND)
    elif first in kinds:
        yield GoalToken(f"#{kinds[first]}", first)
    else:
        yield _constant(name)
        return
    yield from (_constant(part) for part in fields.split(".") if part)


def _constant(name: str) -> GoalToken:
    return GoalToken(last_part(name) or name, written=name)
