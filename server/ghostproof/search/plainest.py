"""The plainest constructors of the user's types: one without fields, a successor, and one as of a list. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.verify.definitions import Definitions, InductiveType


@dataclass(frozen=True)
class Plainest:
    """Of one type, as they can be written; "" for one that it does not have.

    Attributes:
        zero: has no fields.
        successor: its one field is of the type itself.
        cons: has two fields, of which one is of the type itself.
        fields: the types of these.
        parameters: the type's own, in their order.
    """

    zero: str = ""
    successor: str = ""
    cons: str = ""
    fields: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


def plainest(known: Definitions) -> dict[str, Plainest]:
    """By the types' names; predicates are none."""
    return dict(_found(known))


def _found(known: Definitions) -> Iterator[tuple[str, Plainest]]:
    for name, family in known.families.items():
        found = _of(family)
        if not family.is_prop and found != Plainest():
            yield name, found


def _of(family: InductiveType) -> Plainest:
    itself = " ".join((family.name, *family.parameters))
    zero, successor, cons = "", "", ""
    two: tuple[str, ...] = ()
    for one in family.constructors:
        if not one.fields:
            zero = zero or one.name
        elif one.fields == (itself,):
            successor = successor or one.name
        elif not cons and len(one.fields) == 2 and one.fields.count(itself) == 1:
            cons, two = one.name, one.fields
    return Plainest(zero, successor, cons, two, family.parameters if two else ())
