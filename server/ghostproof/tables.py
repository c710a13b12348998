"""The tables that `ghostproof eval` prints."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ghostproof.evaluation.summary import Comparison, Share, Summary, TheoremGroup
from ghostproof.visible import visible

SHOWN_NAMES = 12


def evaluation(found: Summary) -> None:
    """Print what an evaluation has come to."""
    console = Console(highlight=False)
    console.print(_ways(found))
    for title, groups in (("the person's proof", found.by_length), ("own lemmas it names", found.by_lemmas)):
        console.print(_groups(title, groups, [way.way.value for way in found.ways]))
    console.print(_next_tactic(found))
    if found.failings:
        table = _table("not proved; one theorem may count for several", "why", "theorems")
        for failing, count in found.failings:
            table.add_row(failing.value, str(count))
        console.print(table)


def comparison(found: Comparison) -> None:
    """Print how two evaluations differ."""
    console = Console(highlight=False)
    table = _table(f"{found.common} theorems that both have tried", "", "before", "after", "ratio")
    table.add_row("proved in some way", *_ratio(found.before.any, found.after.any))
    after = {way.way: way.solved for way in found.after.ways}
    for way in found.before.ways:
        if way.way in after:
            table.add_row(f"by {way.way.value}", *_ratio(way.solved, after[way.way]))
    for (places, old), (_, new) in zip(found.before.next_tactic, found.after.next_tactic, strict=True):
        table.add_row(f"next tactic among the first {places}", *_ratio(old, new))
    console.print(table)
    console.print(f"the next tactic stands nearer to the top {found.nearer} times, farther {found.farther} times")
    for title, names in (("proved now", found.gained), ("proved before only", found.lost)):
        if names:
            console.print(f"{title}: {_named(names)}", markup=False)


def _ways(found: Summary) -> Table:
    table = _table(
        f"{found.any} proved in some way",
        "by",
        "solved",
        "by it alone",
        "median time",
        "checks",
        "tokens",
        "whose proofs",
    )
    authors = dict(found.authors)
    for way in found.ways:
        seconds = "–" if way.seconds is None else f"{way.seconds:.1f} s"
        whose = ", ".join(f"{source or '?'} {count}" for source, count in authors[way.way][:6])
        figures = (_figure(way.checks), _figure(way.tokens))
        table.add_row(way.way.value, str(way.solved), str(way.alone), seconds, *figures, visible(whose))
    return table


def _groups(title: str, groups: Sequence[TheoremGroup], ways: Sequence[str]) -> Table:
    table = _table("", title, "theorems", *ways, "any")
    for group in groups:
        table.add_row(group.name, str(group.theorems), *map(str, group.solved), str(group.any))
    return table


def _next_tactic(found: Summary) -> Table:
    first = "" if found.first_s is None else f"; first suggestion after {found.first_s:.2f} s (median)"
    table = _table(f"the person's next tactic, up to names{first}", "among the first", "places")
    for places, share in found.next_tactic:
        table.add_row(str(places), str(share))
    return table


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="left" if name == "whose proofs" else "right")
    return table


def _ratio(before: Share, after: Share) -> tuple[str, str, str]:
    return str(before), str(after), f"{after.part / before.part:.2f} ×" if before.part else "–"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return visible(", ".join(names[:SHOWN_NAMES])) + more
