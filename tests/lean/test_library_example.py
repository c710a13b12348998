"""The example library: Lean accepts every proof in it, and it is as large as what is measured on it needs."""

import re
import shutil
from pathlib import Path

import pytest

from ghostproof.syntax.header import read_imports
from ghostproof.syntax.lexical import mask
from support.library import LIBRARY, compiled, modules

MODULES = {name: (LIBRARY / path).read_text("utf-8") for name, path in modules(LIBRARY).items()}
_THEOREM = re.compile(r"^theorem (?P<name>\S+)", re.MULTILINE)
# What a proof could rest on besides Lean's own logic, or do without being one.
_UNPROVED = re.compile(r"\b(sorry|admit|axiom|native_decide|bv_decide|unsafe|opaque|implemented_by|extern|partial)\b")


def theorems(text: str) -> list[str]:
    return [text[found.start("name") : found.end("name")] for found in _THEOREM.finditer(mask(text)[0])]


def test_it_is_as_large_as_it_must_be() -> None:
    with_theorems = [name for name, text in MODULES.items() if theorems(text)]
    assert len(with_theorems) >= 6
    assert sum(len(theorems(text)) for text in MODULES.values()) >= 120
    building_on_others = [
        name
        for name in with_theorems
        if any(one.module in with_theorems for one in read_imports(MODULES[name]).imports)
    ]
    assert len(building_on_others) >= 5


def test_nothing_in_it_is_left_open() -> None:
    found = {name: _UNPROVED.findall(mask(text)[0]) for name, text in MODULES.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_its_root_has_all_of_it() -> None:
    root = {one.module for one in read_imports(MODULES["Library"]).imports} - {"Init"}
    assert root == MODULES.keys() - {"Library"}


@pytest.mark.lean
@pytest.mark.slow
async def test_lean_accepts_all_of_it(embedded_root: Path, tmp_path: Path) -> None:
    """A `sorry` anywhere would be a warning; there is none of anything."""
    root = shutil.copytree(LIBRARY, tmp_path / "library", ignore=shutil.ignore_patterns(".lake"))
    said = await compiled(embedded_root / "bin" / "lean", root)
    assert said == dict.fromkeys(MODULES, "")
