"""What the command line prints: suggestions, findings and errors, for people and as JSON."""

import contextlib
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text as Styled

from ghostproof.errors import GhostproofError
from ghostproof.lean.toolchain import Toolchain
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.suggest.job import Snapshot
from ghostproof.text import Position, SourceText
from ghostproof.verify.verdict import Suggestion
from ghostproof.visible import json_line, visible, visible_lines
from ghostproof.wording import counted

GOAL_LINES = 12
LONGEST_STATUS = 100


def words(*parts: str | tuple[str, str]) -> Styled:
    """One line of texts with their styles. What stands in them is shown as it is, never read as markup."""
    plain = ((part, "") if isinstance(part, str) else part for part in parts)
    return Styled.assemble(*((visible(text), style) for text, style in plain))


@dataclass(frozen=True)
class Examined:
    """One line of `ghostproof doctor`. `cure` is what to do, "" where nothing needs doing."""

    name: str
    ok: bool
    value: str
    cure: str = ""


def error(problem: GhostproofError) -> None:
    """Print an error with what to do about it, to stderr."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(words(("✗", "red bold"), " ", problem.message))
    for line in _cure(problem.hint):
        console.print(line)


def _cure(text: str) -> Iterator[Styled]:
    """What to do, behind an arrow; further lines stand below it."""
    for nth, line in enumerate(filter(None, text.split("\n"))):
        yield words("  ", (" " if nth else "→", "bold"), " ", line)


def note(text: str) -> None:
    """Print what a person should know, to stderr; the work goes on."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(words(("!", "yellow bold"), " ", text))


@contextlib.contextmanager
def installing() -> Iterator[Callable[[str, float | None], None]]:
    """A progress callback for an installation: a stage's name, and its part done (0 to 1) where that is known."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with console.status("Embedded Lean …") as status:
        seen: set[str] = set()

        def progress(stage: str, part: float | None) -> None:
            if stage not in seen:
                seen.add(stage)
                console.print(words("· ", stage))
            status.update(words(f"{stage} {part:.0%}" if part is not None else stage))

        yield progress


@contextlib.contextmanager
def counting(doing: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on stderr; yields what is called with the name of each thing that is done."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda name: bar.update(task, advance=1, description=f"{doing} {name}")


class JsonReport:
    """One JSON object per place, on a line of its own."""

    @contextlib.contextmanager
    def working(self, path: Path, position: Position) -> Iterator[None]:
        yield

    def show(
        self, path: Path, source: SourceText, position: Position, snapshot: Snapshot, toolchain: Toolchain | None
    ) -> None:
        state = snapshot.state
        self._print(
            path,
            position,
            goals=list(state.goals) if state else [],
            suggestions=[
                {
                    "text": snapshot.spot.shown(s.text) if snapshot.spot else s.text,
                    "verdict": s.kind,
                    "goals": list(s.goals),
                    "source": s.source,
                    "ms": round(s.ms, 1),
                }
                for s in snapshot.suggestions
            ],
            first_ms=_rounded(snapshot.first_ms),
            total_ms=_rounded(snapshot.total_ms),
            checker=snapshot.checker,
            toolchain=f"{toolchain.version} ({toolchain.kind})" if toolchain else "",
            **_above(snapshot),
            **({"why_none": snapshot.why_none} if snapshot.why_none else {}),
            **({"error": _told(snapshot.error)} if snapshot.error else {}),
        )

    def failed(self, path: Path, position: Position, problem: GhostproofError) -> None:
        self._print(path, position, error=_told(problem))

    def total(self) -> None:
        """Nothing: a stream of objects needs no last line."""

    def _print(self, path: Path, position: Position, **values: object) -> None:
        place = {"file": str(path), "line": position.line + 1, "column": position.column + 1}
        print(json_line(json.dumps({**place, **values}, ensure_ascii=False)), flush=True)


class TextReport:
    """Goals and suggestions as a person likes to read them."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._first: list[float] = []
        self._total: list[float] = []
        self._closed = 0

    @contextlib.contextmanager
    def working(self, path: Path, position: Position) -> Iterator[None]:
        if not sys.stderr.isatty():
            yield
            return
        with Console(stderr=True).status(words(f"asking Lean about {path.name}:{position.line + 1} …")):
            yield

    def show(
        self, path: Path, source: SourceText, position: Position, snapshot: Snapshot, toolchain: Toolchain | None
    ) -> None:
        console = self._console
        if not self._total and toolchain is not None:
            lean = f"Lean {toolchain.version} ({toolchain.kind}), checked by the {snapshot.checker}"
            console.print(words((lean, "dim")), end="\n\n")
        self._heading(path, source, position)
        if snapshot.state is not None:
            console.print(goal_text(snapshot.state.goals[0], "    "))
            if len(snapshot.state.goals) > 1:
                console.print(f"    [dim]… and {len(snapshot.state.goals) - 1} more[/]")
        if snapshot.state is not None and snapshot.state.error_above is not None:
            console.print(words("  ", (f"! {snapshot.state.error_above.told}", "yellow")))
        console.print()
        for suggestion in snapshot.suggestions:
            text = snapshot.spot.shown(suggestion.text) if snapshot.spot else suggestion.text
            self._suggestion(suggestion, text)
        if not snapshot.suggestions:
            console.print(f"  [yellow]no suggestion: {snapshot.checked} candidates, none accepted[/]")
            if snapshot.why_none:
                console.print(words("  ", (snapshot.why_none, "yellow")))
        if snapshot.error is not None:
            said = f"! {snapshot.error.message} What was accepted before stands above."
            console.print(words("  ", (said, "yellow")))
        self._timings(snapshot)

    def failed(self, path: Path, position: Position, problem: GhostproofError) -> None:
        self._console.print(words((f"{path.name}:{position.line + 1}:{position.column + 1}", "bold")))
        self._console.print(words("  ", ("✗", "red"), " ", problem.message))
        self._console.print(words("  ", problem.hint) if problem.hint else "", end="\n\n" if problem.hint else "\n")

    def total(self) -> None:
        """Medians, where there was more than one place."""
        if len(self._total) > 1:
            first = f"{statistics.median(self._first):,.0f} ms" if self._first else "–"
            self._console.print(
                f"[bold]{self._closed} of {len(self._total)} goals closed[/]  median: first suggestion {first}, "
                f"full list {statistics.median(self._total):,.0f} ms"
            )

    def _heading(self, path: Path, source: SourceText, position: Position) -> None:
        place = f"{path.name}:{position.line + 1}:{position.column + 1}"
        self._console.rule(words((place, "bold")), align="left", style="dim")
        statement = declaration_line(source, position.line)
        if statement:
            self._console.print(words("  ", (statement, "dim")), end="\n\n")

    def _suggestion(self, suggestion: Suggestion, text: str) -> None:
        colour = "green" if "✓" in suggestion.outcome else "cyan"
        lines = text.split("\n")
        for line in lines[:-1]:
            self._console.print(words("  ", (line, "bold")))
        note = f"{suggestion.source} · {suggestion.ms:.0f} ms"
        last = lines[-1].ljust(32)
        self._console.print(words("  ", (last, "bold"), " ", (suggestion.outcome, colour), "  ", (note, "dim")))
        for goal in suggestion.goals[:3]:
            self._console.print(words("        ", (brief(goal), "dim")))
        if len(suggestion.goals) > 3:
            self._console.print(f"        [dim]… and {len(suggestion.goals) - 3} more[/]")

    def _timings(self, snapshot: Snapshot) -> None:
        self._total.append(snapshot.total_ms)
        self._closed += any("✓" in s.outcome for s in snapshot.suggestions)
        first = ""
        if snapshot.first_ms is not None:
            self._first.append(snapshot.first_ms)
            first = f"first after {snapshot.first_ms:,.0f} ms, "
        checked = f"{snapshot.checked} candidates checked"
        self._console.print(f"  [dim]{first}all after {snapshot.total_ms:,.0f} ms ({checked})[/]\n")


def doctor(findings: Sequence[Examined], *, as_json: bool) -> None:
    """Print what `ghostproof doctor` found."""
    if as_json:
        rows = [{"name": f.name, "ok": f.ok, "value": f.value, "cure": f.cure} for f in findings]
        print(json_line(json.dumps(rows, ensure_ascii=False, indent=2)))
        return
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        mark = ("✓", "green") if finding.ok else ("✗", "red")
        console.print(words(mark, " ", (f"{finding.name:<12}", "bold"), " ", finding.value))
        if finding.cure:
            mark = ("→", "bold")
            for line in finding.cure.split("\n"):
                console.print(words(f"  {'':<12} ", mark, " ", line))
                mark = (" ", "")


def _above(snapshot: Snapshot) -> dict[str, object]:
    above = snapshot.state.error_above if snapshot.state else None
    return {"error_above": {"line": above.line + 1, "message": above.message}} if above else {}


def _laid(found: Proof | Unfinished) -> dict[str, object]:
    *above, own = ({"text": edit.text, "start": edit.start, "end": edit.end} for edit in found.edits)
    return {"proof": own.pop("text"), **own, **({"above": above} if above else {})}


def _told(problem: GhostproofError) -> dict[str, str]:
    return {"message": problem.message, "hint": problem.hint}


def goal_text(goal: str, indent: str) -> Styled:
    """A goal with its target standing out, shortened where it is very long."""
    lines = visible_lines(goal).split("\n")
    if len(lines) > GOAL_LINES:
        lines = [*lines[:3], f"… {len(lines) - GOAL_LINES + 1} lines …", *lines[4 - GOAL_LINES :]]
    styled = Styled()
    for number, line in enumerate(lines):
        styled.append("\n" if number else "")
        styled.append(indent + line, style="bold yellow" if line.startswith("⊢") else "")
    return styled


def brief(goal: str) -> str:
    """A remaining goal on one line: its case and its target."""
    lines = goal.split("\n")
    case = f"{lines[0]}: " if lines[0].startswith("case ") else ""
    start = next((number for number, line in enumerate(lines) if line.startswith("⊢")), len(lines) - 1)
    return case + " ".join(line.strip() for line in lines[start:])


def declaration_line(source: SourceText, line: int) -> str:
    """The nearest line above that starts a declaration, as a reminder of where we are."""
    for number in range(line, -1, -1):
        text = source.line(number)
        if text[:1].strip() and not text.startswith(("--", "/-", "|", "@[")):
            return text
    return ""


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 1)


@dataclass(frozen=True)
class Doing:
    """A place that is being worked at; `outcome` is what is known of the search, None when it begins."""

    path: Path
    position: Position
    outcome: Outcome | None = None


@dataclass(frozen=True)
class PlaceDone:
    """One place is done with."""


@dataclass(frozen=True)
class Counted:
    """There are so many places more than was known; less where there is nothing to do."""

    more: int


Heard = Doing | PlaceDone | Counted


class ProofsAsJson:
    """One JSON object per place, on a line of its own."""

    def __enter__(self) -> "ProofsAsJson":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hear(self, said: Heard) -> None:
        pass

    def show(self, path: Path, position: Position, outcome: Outcome) -> None:
        proof, part = outcome.proof, outcome.unfinished
        fields = {
            "file": str(path),
            "line": position.line + 1,
            "column": position.column + 1,
            "goal": outcome.goal,
            **(_laid(proof) if proof else dict.fromkeys(("proof", "start", "end"))),
            "tried": outcome.tried,
            "goals": outcome.goals,
            "total_ms": _rounded(outcome.ms),
            **({"why_none": outcome.why_none, "cure": outcome.cure, "left": [*outcome.left]} if proof is None else {}),
            **({"unfinished": _laid(part)} if part else {}),
            **({"refuted": dict(outcome.refuted.values)} if outcome.refuted else {}),
            **({"error": _told(outcome.error)} if outcome.error else {}),
        }
        print(json_line(json.dumps(fields, ensure_ascii=False)), flush=True)

    def written(self, path: Path, proofs: int) -> None:
        pass


class Proofs:
    """Proofs as a person likes to read them, with a progress bar on stderr while they are searched for."""

    def __init__(self, total: int) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        shown = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
        said = Console(stderr=True)
        self._bar = Progress(*shown, console=said, transient=True, disable=not said.is_terminal)
        self._task = self._bar.add_task("", total=total)
        self._total, self._found = total, 0

    def __enter__(self) -> "Proofs":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        if self._total > 1:
            self._console.print(words((f"{self._found} of {self._total} proved", "bold")))

    def hear(self, said: Heard) -> None:
        """What goes on, at any of the places that are worked at together."""
        match said:
            case Doing(path=path, position=position, outcome=None):
                self._bar.update(self._task, description=visible(f"{path.name}:{position.line + 1}"))
            case Doing(path=path, position=position, outcome=outcome) if outcome is not None:
                found = f"{outcome.tried} steps, {outcome.goals} goals  {outcome.now}"
                shown = visible(f"{path.name}:{position.line + 1}  {found}")
                self._bar.update(self._task, description=shown[:LONGEST_STATUS])
            case Counted(more=more):
                self._total += more
                self._bar.update(self._task, total=self._total)
            case PlaceDone():
                self._bar.advance(self._task)

    def show(self, path: Path, position: Position, outcome: Outcome) -> None:
        place = f"{path.name}:{position.line + 1}:{position.column + 1}"
        cost = f"{outcome.work}, {outcome.ms / 1000:.1f} s"
        laid = outcome.proof or outcome.unfinished
        mark, style = ("✓", "green bold") if outcome.proof else ("✗", "red bold")
        self._found += outcome.proof is not None
        self._console.print(words((f"{mark} {place}", style), "  ", (cost, "dim")))
        if outcome.proof is None:
            self._console.print(words("  ", (outcome.why_none, "yellow")))
            for goal in outcome.left[1:2]:
                self._console.print(words("  ", ("the last goal that stayed open:", "dim")))
                self._console.print(goal_text(goal, "    "))
            self._console.print(*_cure(outcome.cure), sep="\n", end="\n" if outcome.cure else "")
        if outcome.unfinished is not None:
            left = len(outcome.unfinished.left)
            self._console.print(words("  ", (f"unfinished, with {left} left to be proved:", "dim")))
        for line in laid.shown.split("\n") if laid else ():
            self._console.print(words("    ", (line, "bold")))

    def written(self, path: Path, proofs: int) -> None:
        self._console.print(words(f"{counted(proofs, 'proof')} written to {path}"))
