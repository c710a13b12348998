"""How a file is set up reaches the prober: options with the file, libraries on the command line."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ghostproof.lean.setup_file import FileSetup
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.probe_checker import ProbeChecker

# Says with which flags it was started, and what it is asked; knows one goal.
PROBER = """
import json, sys
record = sys.argv[1]
def note(what):
    with open(record, "a") as file:
        file.write(json.dumps(what) + "\\n")
note({"flags": sys.argv[2:]})
print('{"id":0,"ready":true}', flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    note(asked)
    if "id" in asked:
        goal = {"goals": ["⊢ p"], "main": {}, "ends": [], "stop": 0, "tail": 0, "errors": []}
        print("\\n" + json.dumps({"id": asked["id"], "nonce": asked["nonce"], **goal}), flush=True)
"""
TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(TEXT.index("sorry"), TEXT.index("sorry") + 5, "", 2, SpotKind.SORRY)
SETUPS = {
    "Plain.lean": FileSetup({"autoImplicit": "false"}),
    "Mine.lean": FileSetup({"pp.all": "true"}, plugins=("/p/libPlug.so",), dynlibs=("/p/libMine.so",)),
    "Other.lean": FileSetup(plugins=("/p/libPlug.so",)),
}


async def setup(path: Path, text: str) -> FileSetup:
    assert text == TEXT
    return SETUPS[path.name]


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "record"


def made(record: Path) -> ProbeChecker:
    def flagged(argv: Sequence[str], flags: Sequence[str]) -> Sequence[str]:
        return [*argv, *flags]

    argv = [sys.executable, "-c", PROBER, str(record)]
    return ProbeChecker(argv, record.parent, {}, setup=setup, flagged=flagged)


def noted(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()]


async def test_options_go_with_the_file_and_libraries_with_the_process(record: Path) -> None:
    probe = made(record)
    for name in ("Plain.lean", "Mine.lean", "Other.lean", "Plain.lean"):
        await probe.open(record.parent / name, TEXT, SPOT)
    await probe.close()
    told = noted(record)
    assert [one["flags"] for one in told if "flags" in one] == [
        [],
        ["--load-dynlib=/p/libMine.so", "--plugin=/p/libPlug.so"],
    ], "a new process for the first file that needs more, and none for those that need less"
    opened = [one["options"] for one in told if one.get("do") == "open"]
    assert opened[:3] == [[["autoImplicit", "false"]], [["pp.all", "true"]], []]


async def test_the_same_text_with_other_options_is_another_state(record: Path) -> None:
    probe = made(record)
    keys = [(await probe.open(record.parent / name, TEXT, SPOT)).key for name in SETUPS]
    await probe.close()
    assert len(set(keys)) == 3
