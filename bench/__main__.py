"""The command line of the bench: runs the measurements one after the other and prints a table for each."""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

from rich.console import Console

from bench.report import Row, failed, show, write_json
from bench.rivals import RivalFailed
from ghostproof.errors import GhostproofError

# Takes hours as a whole: with everything else, a look at it.
LONG = {"search", "lemmas", "evaluation"}
# Imported when they run: not every one needs torch.
MEASUREMENTS = {
    "throughput": "Candidates verified per second",
    "search": "Candidates verified per second inside of a search: what recorded searches asked",
    "latency": "From a request to its suggestions, every goal of examples/Demo.lean",
    "longfile": "The same at the end of a short and of a long file, its last theorem edited",
    "guard": "The guard in front of Lean, over the corpora of tests/adversarial",
    "learning": "What is learned of a project",
    "native": "The session on the newest native Lean",
    "server": "The language server",
    "background": "The language server while it learns in the background, beside one that learns nothing",
    "memory": "Memory over one long session",
    "cancelled": "Searches for a proof that are cancelled",
    "engine": "The prover engine on one CPU thread: what cached and shared keys and values save",
    "replay": "Prompt tokens served from the KV cache while a file is typed and edited",
    "prover": "The prover's client and process",
    "lemmas": "Whole proofs of the corpus of lemmas, beside what Lean's closers find alone in the same time",
    "evaluation": "The example library proved again, each theorem with what stands above it",
    "neovim": "Ghost text in Neovim, warm, over the goals of examples/Demo.lean",
    "vscode": "Ghost text in VS Code, warm, over the goals of examples/Demo.lean",
}

PIPED_WIDTH = 140


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="run this measurement; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a look, no figures to quote")
    parser.add_argument("--held-out", action="store_true", help="`lemmas`: the third that is looked at last instead")
    parser.add_argument("--alone", action="store_true", help="`lemmas`: the search only, without what stands beside it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every value to a file")
    return parser.parse_args(argv)


async def run(
    names: Sequence[str],
    console: Console,
    *,
    quick: bool,
    looks: frozenset[str] = frozenset(),
    of_lemmas: Mapping[str, bool] = MappingProxyType({}),
) -> dict[str, Sequence[Row]]:
    """All measurements of these names; those in `looks` in short, whatever `quick` says.

    Args:
        of_lemmas: what `lemmas` is told besides.
    """
    results: dict[str, Sequence[Row]] = {}
    for name in names:
        started = perf_counter()
        more = of_lemmas if name == "lemmas" else {}
        try:
            measure = import_module(f"bench.{name}").measure
            rows: list[Row] = await measure(console, quick=quick or name in looks, **more)
        except (GhostproofError, RivalFailed) as problem:
            rows = [failed(name, "", str(problem))]
        results[name] = rows
        show(console, MEASUREMENTS[name], rows, perf_counter() - started)
    return results


def main(argv: Sequence[str]) -> int:
    chosen = arguments(argv)
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH)
    console.print(f"{os.cpu_count()} cores, load averages {', '.join(f'{x:.1f}' for x in os.getloadavg())}\n")
    names = chosen.only or list(MEASUREMENTS)
    looks = frozenset() if chosen.only else frozenset(LONG)
    of_lemmas = {"held_out": chosen.held_out, "alone": chosen.alone}
    results = asyncio.run(run(names, console, quick=chosen.quick, looks=looks, of_lemmas=of_lemmas))
    if chosen.json:
        write_json(chosen.json, results)
    missed = sum(row.passed is False for rows in results.values() for row in rows)
    console.print(f"{missed} targets missed" if missed else "every target met")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
