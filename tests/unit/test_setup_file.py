"""`lake setup-file` in the protocols of several versions, and a Lake that misbehaves: fakes that are real programs."""

import json
import sys
from pathlib import Path

import pytest

from ghostproof.lean.setup_file import AGAIN_S, FileSetup, Setups
from ghostproof.lean.toolchain import Project, Toolchain, with_flags

TEXT = "import Mathlib\nimport Mine.Basic\n"

# Each fake keeps what it was called with. The answers are those of Lake's own sources in the version that is named.
RECORD = """#!{python}
import json, os, sys, time
arguments = sys.argv[1:]
said = "" if sys.stdin.isatty() else sys.stdin.readline()
with open({record!r}, "a") as record:
    record.write(json.dumps([arguments, said, os.getcwd()]) + "\\n")
assert os.environ["LAKE_RESTORE_ARTIFACTS"] == "true"
names = [word for word in arguments[2:] if not word.startswith("--")]
"""
LAKES = {
    # Every further argument is an import; one that is no module is passed over.
    "4.20": """
dynlibs = ["/p/libMine.so"] if "Mine.Basic" in names else []
paths = {"oleanPath": ["/p/build"], "srcPath": ["/p"], "loadDynlibPaths": dynlibs, "pluginPaths": ["/p/libPlug.so"]}
print(json.dumps({"paths": paths, "setupOptions": {"autoImplicit": False, "maxRecDepth": 2000}}))
""",
    # Before plugins were told apart from libraries.
    "4.17": """
paths = {"oleanPath": [], "srcPath": [], "loadDynlibPaths": ["/p/libMine.so"] if "Mine.Basic" in names else []}
print(json.dumps({"paths": paths, "setupOptions": {"autoImplicit": False}}))
""",
    # The header is a line of JSON on stdin, and the answer a `ModuleSetup`.
    "4.22": """
header = json.loads(said)
assert names == ["-"] and [one["module"] for one in header["imports"]] == ["Init", "Mathlib", "Mine.Basic"]
print(json.dumps({"name": "Mine", "isModule": header["isModule"], "importArts": {}, "dynlibs": ["/p/libMine.so"],
                  "plugins": ["/p/libPlug.so"], "options": {"autoImplicit": False, "weak.linter.mine": True}}))
""",
    "4.36, with a note before the answer": """
print("note: the manifest is older than the lakefile", file=sys.stderr)
print("info: something on stdout")
print(json.dumps({"name": "Mine", "package?": "mine", "isModule": False,
                  "importArts": {"Mine.Basic": [["/c/Basic.olean"]]}, "dynlibs": [],
                  "plugins": [{"path": "/p/libPlug.so", "name": "Plug"}],
                  "options": {"pp.unicode.fun": True, "trace.x": "on", "nonsense": [1], "none": None}}))
""",
}
SETUPS = {
    "4.20": FileSetup(
        {"autoImplicit": "false", "maxRecDepth": "2000"}, ("/p/libPlug.so",), ("/p/libMine.so",), "setup-file"
    ),
    "4.17": FileSetup({"autoImplicit": "false"}, (), ("/p/libMine.so",), "setup-file"),
    "4.22": FileSetup(
        {"autoImplicit": "false", "linter.mine": "true"}, ("/p/libPlug.so",), ("/p/libMine.so",), "setup-file"
    ),
    "4.36, with a note before the answer": FileSetup(
        {"pp.unicode.fun": "true", "trace.x": "on"}, ("/p/libPlug.so",), (), "setup-file"
    ),
}
USELESS = {
    "no lakefile": ("sys.exit(2)", "it finds no lakefile"),
    "needs a build": ("sys.exit(3)", "`lake build` builds them"),
    "bad lakefile": ("print('error: x.lean:3:1: oh\\n no', file=sys.stderr); sys.exit(1)", "error: x.lean:3:1: oh no"),
    "silent": ("sys.exit(0)", "it says what no Lake says: ''"),
    "garbage": ("print('\\x00<html>')", "<html>"),
    "half an answer": ("print('{\"options\": {')", "it says what no Lake says"),
    "a list": ("print('[1]')", "it says what no Lake says"),
    "a version to come": ("print('{\"setup\": {}}')", "of no known version, with the fields setup"),
    "not UTF-8": ("sys.stdout.buffer.write(b'\\xff\\xfe')", "it says what no Lake says"),
    "endless": ("while True: print('x' * 100000)", "failed with status"),
    "dying": ("os.kill(os.getpid(), 11)", "status -11"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "lakefile.toml").write_text("[leanOptions]\nautoImplicit = true\n")
    return folder


def project(root: Path, lake: str, *, kind: str = "project", is_lake: bool = True) -> Project:
    file = root.parent / "lake"
    file.write_text(RECORD.format(python=sys.executable, record=str(root.parent / "record")) + lake)
    file.chmod(0o755)
    toolchain = Toolchain("embedded" if kind == "embedded" else "project", root.parent / "lean", file, "4.27.0")
    return Project(root, is_lake, toolchain)


def calls(root: Path) -> list[list[object]]:
    record = root.parent / "record"
    return [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []


@pytest.mark.parametrize("version", LAKES)
async def test_each_protocol(root: Path, version: str) -> None:
    setup = await Setups(project(root, LAKES[version]), 60).of(root / "Mine.lean", TEXT)
    assert setup == SETUPS[version]
    for arguments, _, folder in calls(root):
        assert isinstance(arguments, list)
        assert arguments[:2] == ["setup-file", str(root / "Mine.lean")]
        assert arguments[-2:] == ["--no-build", "--no-cache"], "a build is the user's to start"
        assert folder == str(root)


@pytest.mark.parametrize("how", USELESS)
async def test_a_lake_that_is_no_help_leaves_the_lakefile(root: Path, how: str) -> None:
    lake, why = USELESS[how]
    setup = await Setups(project(root, lake), 60).of(root / "Mine.lean", TEXT)
    assert (setup.options, setup.way, setup.flags) == ({"autoImplicit": "true"}, "lakefile", ())
    assert why in setup.why


async def test_a_lake_that_hangs_is_ended_and_not_asked_again(root: Path) -> None:
    setups = Setups(project(root, "time.sleep(600)"), 2)
    first = await setups.of(root / "Mine.lean", TEXT)
    assert (first.options, first.why) == ({"autoImplicit": "true"}, "it did not answer within 2 s")
    assert (await setups.of(root / "Other.lean", "")).way == "lakefile"
    assert len(calls(root)) <= 1


async def test_a_lake_that_is_not_there(root: Path) -> None:
    made = project(root, "")
    made.toolchain.lake.unlink()
    setup = await Setups(made, 60).of(root / "Mine.lean", TEXT)
    assert setup.way == "lakefile"
    assert "lake cannot be started: No such file" in setup.why


async def test_a_header_is_set_up_once(root: Path) -> None:
    setups = Setups(project(root, LAKES["4.36, with a note before the answer"]), 60)
    for text in (TEXT, TEXT + "\ntheorem t : p := sorry", TEXT.replace("import", "import  ")):
        await setups.of(root / "Mine.lean", text)
    assert len(calls(root)) == 1
    await setups.of(root / "Mine.lean", TEXT + "import Other")
    await setups.of(root / "Yours.lean", TEXT)
    assert len(calls(root)) == 3


async def test_what_needed_a_build_is_looked_at_again_later(root: Path) -> None:
    now = [0.0]
    built = root.parent / "built"
    lake = f"if not os.path.exists({str(built)!r}): sys.exit(3)\n{LAKES['4.22']}"
    setups = Setups(project(root, lake), 60, lambda: now[0])
    assert (await setups.of(root / "Mine.lean", TEXT)).way == "lakefile"
    built.touch()
    assert (await setups.of(root / "Mine.lean", TEXT)).way == "lakefile"
    now[0] = AGAIN_S
    assert await setups.of(root / "Mine.lean", TEXT) == SETUPS["4.22"]


async def test_where_lake_is_not_asked(root: Path) -> None:
    embedded = Setups(project(root, LAKES["4.22"], kind="embedded"), 60)
    assert (await embedded.of(root / "Mine.lean", TEXT)).options == {"autoImplicit": "true"}
    plain = Setups(project(root, LAKES["4.22"], is_lake=False), 60)
    assert await plain.of(root / "Mine.lean", TEXT) == FileSetup()
    assert calls(root) == []


@pytest.mark.parametrize(
    ("artifacts", "cached"),
    [
        ({}, ""),
        (None, ""),
        ({"Mine.Basic": ["/p/.lake/build/lib/lean/Mine/Basic.olean", "/c/9a.ir"]}, ""),
        ({"Mine.Basic": [["C:\\p\\Mine\\Basic.olean"], ["C:\\p\\Mine\\Basic.ir"]]}, ""),
        ({"Mine.«a b»": ["/p/Mine/a b.olean"], "X": [], "Y": 3}, ""),
        ({"Init": ["/t/Init.olean"], "Mine.Basic": ["/home/me/.cache/lake/artifacts/9af1.olean"]}, "Mine.Basic"),
        ({"Mine.Basic": [["/home/me/.cache/lake/artifacts/9af1.olean"], []]}, "Mine.Basic"),
    ],
)
async def test_what_only_the_cache_has_is_said(root: Path, artifacts: object, cached: str) -> None:
    lake = f"print(json.dumps({{'name': 'M', 'importArts': {artifacts!r}, 'plugins': [], 'options': {{}}}}))"
    setup = await Setups(project(root, lake), 60).of(root / "Mine.lean", TEXT)
    assert setup.way == "setup-file"
    assert setup.why.startswith(f"{cached} is in Lake's artifact cache only") if cached else not setup.why


def test_libraries_stand_behind_lean_wherever_that_is(root: Path) -> None:
    made = project(root, "")
    lean = str(made.toolchain.lean)
    flags = FileSetup(plugins=("/p/b.so",), dynlibs=("/p/a.so",)).flags
    assert with_flags(["lake", "env", lean, "--run", "x"], made, flags) == [
        *("lake", "env", lean, "--load-dynlib=/p/a.so", "--plugin=/p/b.so", "--run", "x")
    ]
