"""What Lean would tell of functions and types that tests speak of."""

from ghostproof.verify.definitions import Constructor, Definition, Definitions, InductiveType, Law


def told(*all_of_them: Definition | InductiveType | Law) -> Definitions:
    """These as a search knows them."""
    return Definitions(
        {one.name: one for one in all_of_them if isinstance(one, Definition)},
        {one.name: one for one in all_of_them if isinstance(one, InductiveType)},
        tuple(one for one in all_of_them if isinstance(one, Law)),
    )


def function(
    name: str,
    kind: str = "",
    matched: tuple[int, ...] = (0,),
    varying: tuple[int, ...] = (),
    uses: tuple[str, ...] = (),
    *,
    deep: bool = False,
    measured: bool = False,
    block: tuple[str, ...] = (),
) -> Definition:
    """A function that calls itself, of a type such as `List α → Nat`."""
    *arguments, result = kind.split(" → ")
    return Definition(
        name,
        ("α", "β"),
        tuple(arguments),
        result,
        uses,
        frozenset(),
        True,
        matched,
        varying,
        deep,
        block,
        name,
        measured,
    )


def family(kind: str, /, *, block: tuple[str, ...] = (), **constructors: str) -> InductiveType:
    """An inductive type with constructors, each with the types of its fields, such as `node="α, Rose α"`."""
    name, *parameters = kind.split()
    found = (
        Constructor(f"{name}.{one}", tuple(filter(None, fields.split(", ")))) for one, fields in constructors.items()
    )
    return InductiveType(name, tuple(parameters), (), False, tuple(found), block, name)
