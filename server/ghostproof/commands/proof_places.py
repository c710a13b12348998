"""The places that `prove` is asked for: in their order, none twice, with a word about each `sorry` that stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.commands.positions import PLACE, AskedPosition, places, read_source
from ghostproof.errors import BadInput, NoGoal
from ghostproof.syntax.missing import every_missing, find_places, holes_of
from ghostproof.text import Position, SourceText

_NOWHERE = "Give a place as FILE:LINE or FILE:LINE:COL."
_BYTE_ORDER_MARK = "\ufeff"
# Of one file; more are counted only.
_MOST_NAMED = 5


@dataclass(frozen=True)
class ProofPlaces:
    """What is to be proved.

    Attributes:
        places: by file, from the top of each.
        left_out: what is not searched for, each a sentence for the person.
    """

    places: tuple[AskedPosition, ...]
    left_out: tuple[str, ...] = ()


def wanted(named: Sequence[str], *, every: bool) -> ProofPlaces:
    """The places that are named, of a declaration all; of a file, or where every argument is one, each `sorry`.

    Raises:
        BadInput: no such file, or a position is outside it.
        NoGoal: there is nothing to prove in any of them.
    """
    found: list[AskedPosition] = []
    left_out: list[str] = []
    nothing: list[NoGoal] = []
    for name in named:
        try:
            if every or Path(name).is_file() or not PLACE.fullmatch(name):
                path, source = _read(name, every=every)
                missing, staying = _missing(path, source)
                left_out += _stays(path, source, staying)
                found += missing
                if not missing:
                    raise NoGoal(f"{path.name} has no `sorry` that a proof could replace.", _NOWHERE)
            else:
                found += [each for place in places(name, find_places) for each in _each(place)]
        except NoGoal as problem:
            nothing.append(problem)
    if not found and nothing:
        raise NoGoal(nothing[0].message, "\n".join([*left_out, nothing[0].hint]))
    left_out += [problem.message for problem in nothing]
    return ProofPlaces(tuple(_in_order(found)), tuple(dict.fromkeys(left_out)))


def _read(name: str, *, every: bool) -> tuple[Path, SourceText]:
    path = Path(name)
    if every and not path.exists() and PLACE.fullmatch(name):
        raise BadInput(f"There is no file {name}.", "With --all every argument is a whole file; leave it out.")
    return path.resolve(), read_source(path)


def _missing(path: Path, source: SourceText) -> tuple[list[AskedPosition], list[Position]]:
    """Each `sorry` and `admit` that a proof can replace, and where the others stand."""
    every = [(source.position(at), spot) for at, spot in every_missing(source)]
    found = [AskedPosition(path, source, position, (spot,)) for position, spot in every if spot is not None]
    return found, [position for position, spot in every if spot is None]


def _each(place: AskedPosition) -> list[AskedPosition]:
    """Every `sorry` of the declaration, where the place is at none of them; else the place."""
    source = place.source
    holes = holes_of(source, source.offset(place.position))
    return [AskedPosition(place.path, source, source.position(hole.start), (hole,)) for hole in holes] or [place]


def _stays(path: Path, source: SourceText, staying: Sequence[Position]) -> Iterator[str]:
    """What is to be said of the places where no proof can replace a `sorry`, and where Lean sees none."""
    if source.text.startswith(_BYTE_ORDER_MARK):
        yield f"{path.name} begins with a byte order mark, which Lean may refuse: save it as UTF-8 without one."
    for position in staying[:_MOST_NAMED]:
        indent = source.line(position.line)[: position.column]
        tabs = "\t" in indent and not indent.strip()
        why = "Lean takes no tabs" if tabs else "no proof can stand there by itself; in a term, write `(by sorry)`"
        yield f"{path.name}:{position.line + 1}:{position.column + 1}: this `sorry` stays, as {why}."
    if len(staying) > _MOST_NAMED:
        yield f"{path.name}: {len(staying) - _MOST_NAMED} more stay for such a reason."


def _in_order(found: Sequence[AskedPosition]) -> Iterator[AskedPosition]:
    """By file and from the top; of two that name the same text, the first."""
    seen: set[tuple[Path, int, int]] = set()
    for place in sorted(found, key=lambda place: (str(place.path), place.spots[0].start, place.spots[0].end)):
        first = (place.path, place.spots[0].start, place.spots[0].end)
        if first not in seen:
            seen.add(first)
            yield place
