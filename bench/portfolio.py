"""What each form of the portfolio is worth: how many goals of the corpus it closes or advances, at what cost.

    python -m bench.portfolio [--only TEXT] [--width N]

The order of the forms in `ghostproof/suggest/sources/portfolio.py` follows this table.
"""

import argparse
import asyncio
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ghostproof.config import Config, LeanConfig
from ghostproof.lean.toolchain import discover
from ghostproof.suggest.ranking import closes
from ghostproof.suggest.sources.portfolio import FORMS, Form
from ghostproof.suggest.sources.slots import expand
from ghostproof.suggest.sources.view import view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Checker
from ghostproof.verify.verdict import Candidate, Inconclusive, Progress, Proved, Suggestion
from ghostproof.workspace import make_probe
from goals.corpus import Goal, goals


@dataclass
class Worth:
    """A form's record. Goals are counted once, however many texts the form becomes on them."""

    goals: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    advanced: set[str] = field(default_factory=set)
    unclear: int = 0
    costs: list[float] = field(default_factory=list)


async def measure(checker: Checker, corpus: Sequence[Goal], heartbeats: int) -> dict[Form, Worth]:
    """Every form on every goal, nothing left out because something else closed it."""
    worth: dict[Form, Worth] = defaultdict(Worth)
    for goal in track(corpus, "goals", console=Console(stderr=True)):
        await _try_all(checker, goal, heartbeats, worth)
    return worth


async def _try_all(checker: Checker, goal: Goal, heartbeats: int, worth: dict[Form, Worth]) -> None:
    state = await checker.open(goal.path, goal.text, goal.spot)
    above = goal.text[: goal.spot.start]
    view = view_of(state.main, lambda: scan(above))
    for form, text in expand(FORMS, view):
        checked = await checker.check(state, Candidate(text, form.source), form.tier.limits(heartbeats))
        record = worth[form]
        record.goals.add(goal.name)
        record.costs.append(checked.ms)
        record.unclear += isinstance(checked.verdict, Inconclusive)
        if isinstance(checked.verdict, Proved | Progress):
            (record.closed if closes(Suggestion.of(checked)) else record.advanced).add(goal.name)


def table(worth: dict[Form, Worth]) -> Table:
    """The records, what closes most goals a second first."""
    shown = Table("form", "tier")
    for title in ("goals", "closed", "advanced", "unclear", "median ms", "mean ms", "goals closed a second"):
        shown.add_column(title, justify="right")

    def rate(record: Worth) -> float:
        return 1000 * len(record.closed) / sum(record.costs) if sum(record.costs) else 0.0

    for form, record in sorted(worth.items(), key=lambda item: -rate(item[1])):
        shown.add_row(
            form.text.replace("[", r"\["),
            form.tier.name.lower(),
            *(str(n) for n in (len(record.goals), len(record.closed), len(record.advanced), record.unclear)),
            f"{statistics.median(record.costs):.0f}",
            f"{statistics.fmean(record.costs):.0f}",
            f"{rate(record):.2f}",
        )
    return shown


async def main(arguments: argparse.Namespace) -> None:
    config = Config(lean=LeanConfig(width=arguments.width))
    corpus = [goal for goal in goals() if arguments.only in goal.name]
    checker = make_probe(await discover(corpus[0].path.parent, prefer="auto"), config)
    try:
        await checker.start()
        Console().print(table(await measure(checker, corpus, config.suggest.heartbeats)))
    finally:
        await checker.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.portfolio", description=__doc__)
    parser.add_argument("--only", default="", metavar="TEXT", help="goals whose name contains it, such as `lists:`")
    parser.add_argument("--width", type=int, default=1, help="candidates at the same time (1: the truest costs)")
    asyncio.run(main(parser.parse_args()))
