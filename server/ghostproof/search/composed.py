"""One function of a goal applied to what another one gives, as one operation: `member x (toList t)`. Pure.

What it says of a value is found neither of the outer function, which knows nothing of trees, nor of the inner one.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.operations import Operation, bracketed


def composed(one: Sequence[Operation], nested: Collection[tuple[str, str]]) -> Iterator[Operation]:
    """The operations of all pairs of which the inner function leads to another type, and the outer one measures it.

    Args:
        one: operations in one argument.
        nested: names of functions, each with one that it is applied to in the goal, or that a step puts there.
    """
    for outer, inner in product(one, one):
        if (outer.name, inner.name) not in nested or inner.fixed or inner.takes == (inner.gives,):
            continue
        if outer.takes == (inner.gives,) and outer.gives in ("Bool", "Nat", "Prop"):
            form = outer(bracketed(inner.form))
            yield replace(outer, form=form, takes=inner.takes, inside=inner.about)
