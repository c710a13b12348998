"""Our programs for Lean against a real one: each part stands on its own, and an error is told by part and line.

What the programs use of the library is there in a newer Lean, too, on which they cannot be run.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.probe import ProbeProcess
from ghostproof.lean.probe_script import PARTS, assemble
from ghostproof.lean.toolchain import Project, script_command
from native.install_lean import install, unavailable
from native.symbols import DUMP, RENAMED, constants, missing, present
from support.branches import Branches
from support.part_tree import closure, paths

pytestmark = [pytest.mark.lean, pytest.mark.slow, pytest.mark.timeout(3600)]

TEXTS = {file.stem: file.read_text("utf-8") for file in sorted(PARTS.glob("*.lean"))}
_IMPORT = re.compile(r"^import (\w+)$", re.MULTILINE)
NEEDS = {name: [part for part in _IMPORT.findall(text) if part != "Lean"] for name, text in TEXTS.items()}
PATHS = paths(NEEDS)
PROGRAMS = ("Main", "Reader")


def body(part: str) -> str:
    """A part without its imports, on the lines where it stands."""
    return _IMPORT.sub("", TEXTS[part])


@pytest.fixture(scope="module")
async def said(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], list[str]]:
    """What Lean says of the last part of each path. What several paths begin with is elaborated once.

    Behind a program's own path it says what the program uses.
    """
    branches = Branches("import Lean\n")
    numbers: dict[tuple[str, ...], int] = {(): 0}
    for path in PATHS.values():
        for end in range(1, len(path) + 1):
            if path[:end] not in numbers:
                part = path[end - 1]
                numbers[path[:end]] = branches.add(f"{part}.lean", body(part), numbers[path[: end - 1]])
    for program in PROGRAMS:
        path = PATHS[program]
        numbers[*path, DUMP.name] = branches.add(DUMP.name, DUMP.read_text("utf-8"), numbers[path])
    numbers["Values",] = branches.add("Values.lean", body("Values"))
    found = await branches.elaborate(project.toolchain.lean, tmp_path_factory.mktemp("parts"))
    return {path: found[number] for path, number in numbers.items()}


@pytest.mark.parametrize("part", TEXTS)
def test_a_path_has_what_a_part_imports_and_nothing_else(part: str) -> None:
    path = PATHS[part]
    assert path[-1] == part
    assert set(path) == closure(part, NEEDS)
    assert all(set(NEEDS[one]) <= set(path[:place]) for place, one in enumerate(path))


@pytest.mark.parametrize("part", TEXTS)
def test_a_part_elaborates_with_nothing_but_what_it_imports(part: str, said: dict[tuple[str, ...], list[str]]) -> None:
    path = PATHS[part]
    assert [said[path[:end]] for end in range(1, len(path) + 1)] == [[]] * len(path)


def test_a_part_without_what_it_imports_does_not(said: dict[tuple[str, ...], list[str]]) -> None:
    assert any(message.startswith("Values.lean:") and ": error" in message for message in said["Values",])


@pytest.mark.skipif(unavailable() is not None, reason=unavailable() or "")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_newer_lean_has_what_a_program_uses(program: str, said: dict[tuple[str, ...], list[str]]) -> None:
    used = constants(said[*PATHS[program], DUMP.name])
    assert len(used) > 100
    assert {constant.kind for constant in used} >= {"function", "type", "constructor", "field"}
    symbols = sorted({symbol for constant in used for symbol in constant.symbols} | set(RENAMED.values()))
    there = present(install(), symbols)
    assert len(there) > 100
    words = frozenset(re.findall(r"[\w?!']+", assemble(program).text))
    lacking = missing(used, words, there)
    assert not lacking, "\n".join(lacking)


async def test_an_error_names_the_part_and_its_line(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    right = "def lprefix (s : String) (l : List String) : Bool := "
    script = assemble("Values")
    broken = replace(script, text=script.text.replace(right, right + "missing "))
    argv = script_command(project, broken.write())
    with pytest.raises(ToolchainBroken) as raised:
        await ProbeProcess.start(argv, project.root, project.toolchain.env, explain=broken.explain)
    source = (PARTS / "Lists.lean").read_text("utf-8")
    line = source[: source.index(right)].count("\n") + 1
    assert f"Lists.lean:{line}:{len(right)}" in raised.value.message
