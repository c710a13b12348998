"""The results of an evaluation as they come in, one line of JSON each: what was interrupted goes on where it was.

The first line says under which conditions they were found; results under other conditions are not taken up.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ghostproof.errors import BadInput
from ghostproof.evaluation.result import TheoremResult, from_json, to_json

FORMAT = 1


@dataclass(frozen=True)
class Conditions:
    """What results depend on besides the theorem and what stands above it.

    Attributes:
        budget_s: of each way at each theorem.
        without: sources and strategies that were left out.
        ways: that were tried.
        lean: its version and the libraries.
        model: that was asked, "" where none was.
        steps: later steps of proofs were looked at, too.
    """

    budget_s: float
    without: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    lean: str = ""
    model: str = ""
    steps: bool = False


class EvaluationJournal:
    """A journal that is being written.

    Raises:
        BadInput: the file can't be written, or is a journal of another evaluation.
    """

    def __init__(self, path: Path, conditions: Conditions) -> None:
        self._path = path
        self.done: dict[str, TheoremResult] = {}
        try:
            if path.is_file() and path.stat().st_size:
                found, results = read(path)
                if found != conditions:
                    raise BadInput(
                        f"{path} is of another evaluation: {_differences(found, conditions)}.",
                        "Name another file, or evaluate in the same way.",
                    )
                self.done = {result.key: result for result in results}
                self._file = path.open("a", encoding="utf-8")
                self._end_line()
            else:
                self._file = path.open("w", encoding="utf-8")
                self._write(_first_line(conditions))
        except OSError as problem:
            raise BadInput(f"Cannot write {path}: {problem.strerror}.") from problem

    def add(self, result: TheoremResult) -> None:
        """Keep a result; it is on disk when this returns."""
        self.done[result.key] = result
        self._write(to_json(result))

    def close(self) -> None:
        self._file.close()

    def _write(self, line: str) -> None:
        print(line, file=self._file, flush=True)

    def _end_line(self) -> None:
        """Whoever was killed may have left half a line."""
        text = self._path.read_bytes()
        if text and not text.endswith(b"\n"):
            self._write("")


def read(path: Path) -> tuple[Conditions, list[TheoremResult]]:
    """A journal, or what `--json` has written. A line that was cut off is left out.

    Raises:
        BadInput: it can't be read, or is none.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"Cannot read {path}: {problem}.") from problem
    try:
        first = json.loads(lines[0]) if lines else {}
        if first.get("evaluation") != FORMAT:
            raise ValueError
        conditions = Conditions(
            float(first["budget_s"]),
            tuple(first["without"]),
            tuple(first["ways"]),
            str(first["lean"]),
            str(first["model"]),
            bool(first["steps"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(f"{path} has no results of `ghostproof eval`.") from None
    return conditions, list(_results(lines[1:]))


def written(conditions: Conditions, results: Iterable[TheoremResult]) -> str:
    """Results as a journal has them."""
    return "".join(f"{line}\n" for line in (_first_line(conditions), *map(to_json, results)))


def _first_line(conditions: Conditions) -> str:
    return json.dumps({"evaluation": FORMAT, **asdict(conditions)}, ensure_ascii=False)


def _results(lines: Iterable[str]) -> Iterable[TheoremResult]:
    for line in lines:
        try:
            yield from_json(json.loads(line))
        except ValueError:
            continue


def _differences(one: Conditions, other: Conditions) -> str:
    before, now = asdict(one), asdict(other)
    return ", ".join(f"{name} was {before[name]!r}, now {now[name]!r}" for name in now if before[name] != now[name])
