"""Reports as pages of HTML that need nothing else: no script, no font, no network."""

from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ghostproof.visible import visible, visible_lines


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
