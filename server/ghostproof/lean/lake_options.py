"""The Lean options that a Lake project sets for its files, read from its lakefile.

`lake serve` applies them by itself; a script run by `lake env lean` does not get them.
"""

import logging
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

_TARGETS = ("lean_lib", "lean_exe")
# ⟨`autoImplicit, false⟩ in the `leanOptions` of a lakefile.lean
_PAIR = re.compile(r"⟨\s*`(?P<name>[\w.]+)\s*,\s*(?P<value>true|false|\d+|\"[^\"\n]*\")\s*⟩")


def lake_options(root: Path) -> dict[str, str]:
    """Option names and values of the project at `root`, the package's and its targets' together.

    Nobody says which target a file belongs to before it is built, so an option of one target holds for all; where two
    targets disagree, the later one wins. What the lakefile computes is not seen.
    """
    toml, lean = root / "lakefile.toml", root / "lakefile.lean"
    try:
        if lean.is_file():  # Lake takes it before the other
            found = [(m["name"], m["value"].strip('"')) for m in _PAIR.finditer(lean.read_text("utf-8"))]
        elif toml.is_file():
            found = list(_from_toml(tomllib.loads(toml.read_text("utf-8"))))
        else:
            return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        log.warning("the options of the lakefile in %s are not known: %s", root, problem)
        return {}
    # Lake's `weak.` options are those that need not exist; the probe leaves out what Lean does not know anyway.
    return {name.removeprefix("weak."): value for name, value in found}


def _from_toml(package: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from _flat(package.get("leanOptions"))
    for kind in _TARGETS:
        targets = package.get(kind)
        for target in targets if isinstance(targets, list) else []:
            yield from _flat(target.get("leanOptions"))


def _flat(options: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Options of a table; TOML reads `pp.unicode.fun = true` as tables within tables."""
    for name, value in options.items() if isinstance(options, dict) else ():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value).lower() if isinstance(value, bool) else str(value)
