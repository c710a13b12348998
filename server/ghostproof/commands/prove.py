"""`ghostproof prove`: whole proofs for what is missing in Lean files, and on request put into them."""

import argparse
import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING, exit_code
from ghostproof.commands.suggest import AskedPosition, every_sorry, places, read_source
from ghostproof.config import Config
from ghostproof.errors import BadInput, NoGoal
from ghostproof.search.proof import Outcome, Proof
from ghostproof.text import SourceText

BUDGET_S = 60.0


def run(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config)
    lean = {k: v for k in ("checker", "toolchain") if (v := vars(arguments)[k]) is not None}
    config = dataclasses.replace(config, lean=dataclasses.replace(config.lean, **lean))
    wanted = list(_wanted(arguments.places, every=arguments.all))
    return asyncio.run(
        prove_all(wanted, config, arguments.budget or BUDGET_S, write=arguments.write, as_json=arguments.json)
    )


def _wanted(named: list[str], *, every: bool) -> Iterator[AskedPosition]:
    """What is to be proved: the places that are named, or every `sorry` of the files."""
    for name in named:
        if every:
            path = Path(name)
            yield from every_sorry(path.resolve(), read_source(path))
        else:
            yield from places(name)


async def prove_all(wanted: list[AskedPosition], config: Config, budget_s: float, *, write: bool, as_json: bool) -> int:
    app = App(config)
    view = render.ProofsAsJson() if as_json else render.Proofs(len(wanted))
    codes: list[int] = []
    found: dict[Path, list[tuple[AskedPosition, Proof]]] = {}
    try:
        with view:
            for place in wanted:
                view.begin(place.path, place.position)
                outcome = await app.prove(place.path, place.source.text, place.spots, budget_s, view.tell)
                view.show(place.path, place.position, outcome)
                codes.append(_code(outcome))
                if outcome.proof is not None:
                    found.setdefault(place.path, []).append((place, outcome.proof))
            if write:
                for path, proofs in found.items():
                    put_in(path, proofs)
                    view.written(path, len(proofs))
    finally:
        await app.close()
    return FOUND if codes and all(code == FOUND for code in codes) else max(codes, default=NOTHING)


def _code(outcome: Outcome) -> int:
    if outcome.proof is not None:
        return FOUND
    if outcome.error is None or isinstance(outcome.error, NoGoal):
        return NOTHING
    return exit_code(outcome.error)


def put_in(path: Path, proofs: list[tuple[AskedPosition, Proof]]) -> None:
    """Write proofs into the file that they were found in, with its own line ends.

    Raises:
        BadInput: the file is no longer the one that was read; it is left as it is.
    """
    source = proofs[0][0].source
    raw = _bytes(path)
    if raw is None or SourceText(raw.decode("utf-8", "replace")) != source:
        raise BadInput(f"{path} has changed since it was read; nothing was written.", "Prove again.")
    text = source.text
    for _, proof in sorted(proofs, key=lambda found: found[1].spot.start, reverse=True):
        text = proof.put_into(text)
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    path.write_bytes(text.encode("utf-8"))


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
