"""The server's settings as VS Code's manifest wants them.

Without arguments the categories are printed as JSON; with `--write FILE` they take their place in that `package.json`,
behind the extension's own category, which stays as it is.
"""

import json
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from ghostproof.config import Setting, settings

TITLES = {"lean": "Lean", "suggest": "Suggestions", "prover": "Prover", "lsp": "Editor", "learn": "Learning"}
# Where prompts go and which secret goes with them is a person's decision: a workspace's settings do not count.
PERSONAL = frozenset({"prover.url", "prover.key_env"})
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def schema(setting: Setting, order: int) -> dict[str, Any]:
    """One setting as JSON schema with VS Code's additions."""
    entry: dict[str, Any] = {
        "type": TYPES[setting.type],
        "default": setting.default,
        "markdownDescription": setting.doc,
        "order": order,
    }
    if setting.name in PERSONAL:
        entry["scope"] = "machine"
    if setting.minimum is not None:
        entry["minimum"] = setting.minimum
    if setting.choices:
        entry["enum"] = list(setting.choices)
    return entry


def categories(declared: Iterable[Setting]) -> list[dict[str, Any]]:
    """The categories of the settings editor, one for each section."""
    sections = groupby(declared, key=lambda setting: setting.name.partition(".")[0])
    return [
        {
            "title": TITLES.get(section, section.capitalize()),
            "properties": {f"ghostproof.{s.name}": schema(s, order) for order, s in enumerate(members)},
        }
        for section, members in sections
    ]


def write(manifest: Path) -> None:
    content = json.loads(manifest.read_text("utf-8"))
    own = content["contributes"]["configuration"][0]
    content["contributes"]["configuration"] = [own, *categories(settings())]
    manifest.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]))
    else:
        print(json.dumps(categories(settings()), ensure_ascii=False))
