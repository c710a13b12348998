"""Reports as pages of HTML that need nothing else, and that of proof searches: no script, no font, no network."""

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ghostproof.report.reported import Reported
from ghostproof.visible import visible, visible_lines

# Goals that stand open on the page when it is loaded, besides those of the proof.
OPEN_GOALS = 1


def page(reported: Sequence[Reported], title: str = "Searches for proofs") -> str:
    """The whole page. What stands in it came from files, Lean and models: all of it is escaped and made visible."""
    return rendered("proofs.html.jinja", reported=reported, title=title, open_goals=OPEN_GOALS)


def rendered(template: str, **values: object) -> str:
    """A template of this folder with its values. Everything is escaped; `line` and `lines` make it visible too."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, loader=FunctionLoader(_read)
    )
    environment.filters |= {"line": _line, "lines": _lines, "seconds": _seconds}
    return environment.get_template(template).render(**values)


def _read(template: str) -> str:
    return files("ghostproof.report").joinpath(template).read_text("utf-8")


def _line(text: object) -> str:
    return visible(str(text))


def _lines(text: object) -> str:
    return visible_lines(str(text))


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.1f} s" if ms >= 100 else f"{ms:.0f} ms"
