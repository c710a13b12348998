"""The report of proof searches as one page of HTML that needs nothing else: no script, no font, no network."""

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from ghostproof.report.reported import Reported
from ghostproof.visible import visible, visible_lines

# Goals that stand open on the page when it is loaded, besides those of the proof.
OPEN_GOALS = 1


def page(reported: Sequence[Reported], title: str = "Ghostproof") -> str:
    """The whole page. What stands in it came from files, Lean and models: all of it is escaped and made visible."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"line": _line, "lines": _lines, "seconds": _seconds}
    template = files("ghostproof.report").joinpath("proofs.html.jinja").read_text("utf-8")
    return environment.from_string(template).render(reported=reported, title=title, open_goals=OPEN_GOALS)


def _line(text: object) -> str:
    return visible(str(text))


def _lines(text: object) -> str:
    return visible_lines(str(text))


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s" if ms >= 100 else f"{ms:.0f} ms"
