"""The files of a project in the order in which they build on each other, and the theorems in them."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from ghostproof.errors import BadInput
from ghostproof.evaluation.theorem import HiddenTheorem, hidden_theorems
from ghostproof.syntax.header import read_imports
from ghostproof.syntax.theorems import written_theorems


@dataclass(frozen=True)
class LeanFile:
    """A file with its text.

    Attributes:
        name: as steps name it: its path below the project's root, with `/`.
    """

    path: Path
    name: str
    text: str

    @property
    def module(self) -> str:
        """What others import it as, if the project's root is where its modules are looked for."""
        return self.name.removesuffix(".lean").replace("/", ".")


def in_order(files: Sequence[LeanFile]) -> list[LeanFile]:
    """The files, each behind all that it imports; by name where nothing says which comes first.

    A module may also lie below a source folder of the project: `src/Ab/C.lean` is imported as `Ab.C`.

    Raises:
        BadInput: they import each other in a circle.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter(_needs(files))
    by_name = {file.name: file for file in files}
    try:
        sorter.prepare()
    except CycleError as problem:
        raise BadInput(f"These files import each other in a circle: {', '.join(problem.args[1])}.") from None
    found: list[LeanFile] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += [by_name[name] for name in ready]
        sorter.done(*ready)
    return found


def built_on(files: Sequence[LeanFile]) -> dict[Path, str]:
    """For each of the files, which are in order, a digest of the texts of all that it builds on: of what names in it
    may mean.
    """
    needs = _needs(files)
    found: dict[str, str] = {}
    whole: dict[str, str] = {}
    for file in files:
        found[file.name] = _digest(sorted(whole[name] for name in needs[file.name]))
        whole[file.name] = _digest([found[file.name], file.text])
    return {file.path: found[file.name] for file in files}


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()


def _needs(files: Sequence[LeanFile]) -> dict[str, set[str]]:
    """The names of those of the files that each of them imports."""
    by_module: dict[str, LeanFile] = {}
    for file in sorted(files, key=lambda file: file.name):
        parts = file.module.split(".")
        for nth in range(len(parts)):
            by_module.setdefault(".".join(parts[nth:]), file)
    # A module's own full name comes before the end of another's.
    by_module |= {file.module: file for file in files}
    found: dict[str, set[str]] = {}
    for file in files:
        needed = (by_module.get(one.module) for one in read_imports(file.text).imports)
        found[file.name] = {other.name for other in needed if other is not None and other != file}
    return found


def theorems_of(files: Sequence[LeanFile], *, steps: bool = False) -> Iterator[HiddenTheorem]:
    """All theorems of files that are in order, from the top of the first one; with `steps`, those of proofs too.

    A file is given everything that comes before it as known: what it does not import it cannot name.
    """
    known: set[str] = set()
    for number, file in enumerate(files):
        yield from hidden_theorems(file.path, file.name, number, file.text, known, steps=steps)
        known |= {theorem.full_name for theorem in written_theorems(file.text)}
