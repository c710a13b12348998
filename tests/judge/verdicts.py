"""What the judge makes of what Lean said about a claim. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from judge.batches import Asked
from judge.lean import Message

UNSOUND = frozenset({"sorryAx", "Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler"})
_ANSWER = re.compile(r"proof(?P<proof>(?: [+-]\S+)*) statement(?P<statement>(?: [+-]\S+)*)\s*")


class Ruling(Enum):
    AGREES = "agrees"  # Lean accepts it, and it rests on nothing unproved
    UNSEEN = "unseen"  # Lean has no new error with it, but what it rests on can't be told
    DISAGREES = "disagrees"


@dataclass(frozen=True)
class Judged:
    ruling: Ruling
    why: str


@dataclass(frozen=True)
class Axioms:
    """What a proof rests on beyond the library, and what its statement rests on already.

    Attributes:
        own: axioms that the file declares.
        unsound: axioms of Lean's with which anything can be proved.
    """

    own: frozenset[str]
    unsound: frozenset[str]
    of_statement: frozenset[str]

    @property
    def blamed(self) -> frozenset[str]:
        return (self.own | self.unsound) - self.of_statement


def within(asked: Asked, messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if asked.first <= message.line <= asked.last]


def errors(asked: Asked, messages: Iterable[Message]) -> list[str]:
    """What is wrong with the declaration. Names that the judge gave or that change with the place are evened out."""
    return [_even(message.text) for message in within(asked, messages) if message.severity == "error"]


def new_errors(asked: list[str], before: list[str]) -> list[str]:
    """Errors that the sketch did not have."""
    return list((Counter(asked) - Counter(before)).elements())


def axioms(asked: Asked, messages: Iterable[Message]) -> Axioms | None:
    """The answers to the questions about a claim; None if one was not answered."""
    answers = [
        match
        for question in asked.questions
        for message in messages
        if message.line == question and (match := _ANSWER.fullmatch(message.text))
    ]
    if not asked.questions or len(answers) != len(asked.questions):
        return None
    proof = {word for match in answers for word in match["proof"].split()}
    statement = {word for match in answers for word in match["statement"].split()}
    return Axioms(_own(proof), _unsound(proof), _own(statement) | _unsound(statement))


def _own(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[1:] for word in words if word.startswith("+") and not word.endswith("Judge.hole"))


def _unsound(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word[1:] for word in words) & UNSOUND


def _even(message: str) -> str:
    return re.sub(r"\b\d+\b", "", re.sub(r"\?[\w.]+", "?", message))
