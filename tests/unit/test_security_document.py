"""SECURITY.md promises nothing that is not tested: the tests that it names exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "SECURITY.md").read_text("utf-8"))))


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_promises_are_tested_at_all() -> None:
    assert len(NAMED) >= 15
    sections = re.findall(r"^\*\*.+?\*\*.*?(?=^\*\*|^## )", (ROOT / "SECURITY.md").read_text("utf-8"), re.M | re.S)
    assert len(sections) >= 6
    assert [section for section in sections if "::test_" not in section] == []


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file()
    assert name in functions_of(ROOT / path)
