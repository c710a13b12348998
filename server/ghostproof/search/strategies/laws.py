"""The laws of the goal's structures and classes with its functions: what holds in every monoid needs no induction."""

from collections.abc import Iterable, Iterator

from ghostproof.search.class_operations import class_operations
from ghostproof.search.laws import laws_for
from ghostproof.search.operations import bracketed
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.verify.verdict import Checked

# With the automatic closers that are told of functions.
_COST, _PER_PLACE = 1.1, 0.1
_CLOSERS = ("simp [{names}]", "simp_all [{names}]", "grind [{names}]")


_ASSOCIATIVE = "have {name} : Std.Associative (α := {kind}) {op} := ⟨by {closer}⟩"
_COMMUTATIVE = "have {name} : Std.Commutative (α := {kind}) {op} := ⟨by {closer}⟩"
_UNIT = """have {name} : Std.LawfulIdentity (α := {kind}) {op} {unit} :=
  {{ left_id := by {closer}, right_id := by {closer} }}"""


class Laws:
    """See `Strategy`."""

    name = "laws"

    def moves(self, goal: Goal) -> Iterator[Move]:
        functions = dict.fromkeys(f.name for f in goal.view.functions)
        rules = [name for name in functions if name not in goal.known.endless]
        for place, closer in enumerate(_CLOSERS):
            if laws := laws_for(closer, goal.view, goal.known):
                text = closer.format(names=", ".join((*(functions if closer.startswith("grind") else rules), *laws)))
                yield Move(text, self.name, _COST + _PER_PLACE * place, tier=Tier.INSTANT)
        for place, text in enumerate(_completed(goal)):
            yield Move(text, self.name, _COST + _PER_PLACE * (len(_CLOSERS) + place), tier=Tier.QUICK)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _completed(goal: Goal) -> Iterator[str]:
    """Instances by which `grind` knows an operation of a class as what it is: then it works out what equations mean.

    Told of laws alone it uses them on terms that are there, and `b = b ⋆ (a ⋆ c)` has one that is nowhere.
    """
    view = goal.view
    closer = f"grind [{', '.join(laws_for('grind', view, goal.known))}]"
    units = [one.name for one in goal.known.operations if not one.arguments]
    assoc, beside = fresh(("assoc", "law"), view.taken)
    for one in class_operations(view, goal.known) if view.propositions else ():
        if one.arguments != (one.result, one.result):
            continue
        said = {"kind": bracketed(one.result), "op": one.name, "closer": closer}
        first = _ASSOCIATIVE.format(name=assoc, **said)
        commutes = _COMMUTATIVE.format(name=beside, **said)
        has_unit = (_UNIT.format(name=beside, unit=unit, **said) for unit in units)
        yield from ("\n".join((first, further, closer)) for further in (*has_unit, commutes))
        yield f"{first}\n{closer}"
