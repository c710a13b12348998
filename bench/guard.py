"""The guard that reads a candidate before Lean does: its time for each text, and how that grows with the text's length.

The texts are the two corpora of `tests/adversarial`. The long ones among them are for the second measurement: pieces of
one kind repeated, at one length and at eight times that length.
"""

import gc
import statistics
from collections.abc import Sequence
from time import perf_counter

from rich.console import Console

from adversarial.corpus import categories, hostile, ordinary, topics
from bench.report import Row, Target, failed, figure, percentile
from ghostproof.verify.guard import refused_unread

UNIT = "ms"
P95 = Target(2.0)
# Eight times the length may take eight times as long; what is left is for a busy machine.
GROWTH = Target(2.0)
LONGEST = 2_000  # characters; no candidate of a model is longer
PIECES = (
    "(",
    "«",
    "«a»",
    "/-",
    "--\n",
    '"',
    '"{',
    's!"{',
    "'",
    "`",
    "r#",
    "a.",
    "1",
    "by ",
    "skip; ",
    "· ",
    " ",
    "\n",
    ")",
)
SHORT, FACTOR = 4_000, 8


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """The time for one candidate, and the growth with its length."""
    del console
    rounds = 3 if quick else 15
    return [each(rounds), growth(rounds)]


def each(rounds: int) -> Row:
    texts = [c.text for category in categories() for c in hostile(category) if len(c.text) <= LONGEST]
    texts += [tactic.text for topic in topics() for tactic in ordinary(topic)]
    samples = [best(text, rounds) for text in texts]
    note = f"n={len(samples)} texts, median {figure(statistics.median(samples))}, worst {figure(max(samples))}"
    return Row("the guard, one candidate, p95", percentile(samples, 0.95), UNIT, P95, note)


def growth(rounds: int) -> Row:
    """The worst of the pieces: the time for each character of a long text, beside that of a short one."""
    name = f"time per character at {FACTOR} times the length"
    worst, at = 0.0, ""
    for piece in PIECES:
        short, long = (piece * (length // len(piece)) for length in (SHORT, SHORT * FACTOR))
        ratio = best(long, rounds) / len(long) / (best(short, rounds) / len(short))
        worst, at = max((worst, at), (ratio, piece))
    return (
        Row(name, worst, "×", GROWTH, f"worst of {len(PIECES)} kinds of text: {at!r}") if at else failed(name, "×", "")
    )


def best(text: str, rounds: int) -> float:
    """The shortest of several readings, in milliseconds: what the text costs, the machine's other work left out."""
    return min(readings(text, rounds)) * 1000


def readings(text: str, rounds: int) -> Sequence[float]:
    gc.disable()
    try:
        found = []
        for _ in range(rounds):
            started = perf_counter()
            refused_unread(text)
            found.append(perf_counter() - started)
    finally:
        gc.enable()
    return found
