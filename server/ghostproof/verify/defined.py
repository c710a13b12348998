"""What an answer of the prober's to `define` says. Pure: nothing here talks to Lean."""

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.verify.definitions import Constructor, Definition, Definitions, InductiveType, Law


def definitions_of(answer: ProbeAnswer) -> Definitions:
    """The functions and types that an answer tells of; what has no name is left out."""
    functions = (_function(one) for one in answer.parts("functions"))
    families = (_family(one) for one in answer.parts("families"))
    laws = (_law(one) for one in answer.parts("laws"))
    operations = (_function(one) for one in answer.parts("operations"))
    return Definitions(
        {one.name: one for one in functions if one.name},
        {one.name: one for one in families if one.name},
        tuple(one for one in laws if one.name),
        frozenset(answer.texts("unfinished")),
        tuple(one for one in operations if one.name),
    )


def _function(said: ProbeAnswer) -> Definition:
    arguments = said.texts("arguments")
    return Definition(
        name=said.text("name"),
        variables=said.texts("variables"),
        arguments=arguments,
        result=said.text("result"),
        uses=said.texts("uses"),
        signs=frozenset(said.texts("signs")),
        recursive=said.flag("recursive"),
        matched=_places(said, "matched", len(arguments)),
        varying=_places(said, "varying", len(arguments)),
        deep=said.flag("deep"),
        measured=said.flag("measured"),
        reducible=said.flag("reducible"),
        block=said.texts("block"),
        print=said.text("print"),
    )


def _places(said: ProbeAnswer, key: str, arguments: int) -> tuple[int, ...]:
    """Which of so many arguments are meant, in order."""
    return tuple(sorted({at for at in said.numbers(key) if 0 <= at < arguments}))


def _family(said: ProbeAnswer) -> InductiveType:
    return InductiveType(
        name=said.text("name"),
        parameters=said.texts("parameters"),
        arguments=said.texts("arguments"),
        is_prop=said.flag("isProp"),
        constructors=tuple(
            Constructor(one.text("name"), one.texts("fields"), one.flag("computed"))
            for one in said.parts("constructors")
            if one.text("name")
        ),
        block=said.texts("block"),
        print=said.text("print"),
    )


def _law(said: ProbeAnswer) -> Law:
    return Law(said.text("name"), said.text("structure"), said.text("direction"), said.flag("isProp"))
