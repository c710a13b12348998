"""What runs inside the embedded Lean cannot act: real Lean code tries, and nothing happens outside.

Two boundaries are tried apart: the embedded Lean's own (started free, as a user starts it from a terminal), and both
together (started as Ghostproof starts it).
"""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ghostproof.host.confine.command import confined
from ghostproof.lean.toolchain import Project, confinement_of, script_command

pytestmark = pytest.mark.lean
PATIENCE_S = 400
SECRET = "S3CRET"

# Each action is tried by itself; what it says begins with its name and tells whether it went through.
HOSTILE = """
def absent : IO.Error := IO.userError "none"

def attempt (name : String) (action : IO String) : IO Unit := do
  try
    let said ← action
    IO.println s!"{name} DONE {said}"
  catch problem =>
    IO.println s!"{name} refused {problem}"
"""


@dataclass(frozen=True)
class Place:
    """A project with a neighbour that is none of its business."""

    project: Path
    outside: Path

    def listing(self) -> list[str]:
        return sorted(str(path.relative_to(self.project.parent)) for path in self.project.parent.rglob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    project, outside = tmp_path / "project", tmp_path / "outside"
    for folder in (project / "sub", project / ".git", outside):
        folder.mkdir(parents=True)
    (project / "data.txt").write_text("own")
    (project / ".env").write_text(SECRET)
    (project / ".git" / "config").write_text(SECRET)
    (outside / "key.txt").write_text(SECRET)
    (outside / "Fake.olean").write_text(SECRET)
    (project / "link.txt").symlink_to(outside / "key.txt")
    (project / "relative.txt").symlink_to("../outside/key.txt")
    (project / "folder").symlink_to(outside)
    return Place(project, outside)


def actions(place: Place) -> dict[str, str]:
    project, outside = place.project, place.outside
    return {
        "createDir": f'IO.FS.createDir "{project}/made"; return ""',
        "createDirAll": f'IO.FS.createDirAll "{outside}/a/b"; return ""',
        "writeFile": f'IO.FS.writeFile "{project}/written" "x"; return ""',
        "overwrite": f'IO.FS.writeFile "{project}/data.txt" "x"; return ""',
        "append": f'let h ← IO.FS.Handle.mk "{project}/data.txt" .append; h.putStr "x"; h.flush; return ""',
        "writeTmp": 'IO.FS.writeFile "/tmp/ghostproof-effect" "x"; return ""',
        "removeFile": f'IO.FS.removeFile "{project}/data.txt"; return ""',
        "removeDir": f'IO.FS.removeDir "{project}/sub"; return ""',
        "rename": f'IO.FS.rename "{project}/data.txt" "{project}/moved"; return ""',
        "readOutside": f'let text ← IO.FS.readFile "{outside}/key.txt"; return text',
        "readLink": f'let text ← IO.FS.readFile "{project}/link.txt"; return text',
        "readRelativeLink": f'let text ← IO.FS.readFile "{project}/relative.txt"; return text',
        "readThroughFolder": f'let text ← IO.FS.readFile "{project}/folder/key.txt"; return text',
        "readDots": f'let text ← IO.FS.readFile "{project}/sub/../../outside/key.txt"; return text',
        "readOlean": f'let text ← IO.FS.readFile "{outside}/Fake.olean"; return text',
        "readOleanThroughLink": f'let text ← IO.FS.readFile "{project}/folder/Fake.olean"; return text',
        "readEnv": f'let text ← IO.FS.readFile "{project}/.env"; return text',
        "readGit": f'let text ← IO.FS.readFile "{project}/.git/config"; return text',
        "readPasswd": 'let text ← IO.FS.readFile "/etc/passwd"; return text',
        "readEnviron": 'let text ← IO.FS.readFile "/proc/self/environ"; return text',
        "listOutside": f'return toString (← System.FilePath.readDir "{outside}").size',
        "lookOutside": f'let found ← System.FilePath.metadata "{outside}/key.txt"; return s!"{{found.byteSize}}"',
        "lookThroughLink": f'let found ← System.FilePath.metadata "{project}/link.txt"; return s!"{{found.byteSize}}"',
        "lookThroughFolder": f'let found ← System.FilePath.metadata "{project}/folder"; return s!"{{found.byteSize}}"',
        "lookDots": f'let found ← System.FilePath.metadata "{project}/../outside"; return s!"{{found.byteSize}}"',
        "lookEnv": f'let found ← System.FilePath.metadata "{project}/.env"; return s!"{{found.byteSize}}"',
        "lookGit": f'let found ← System.FilePath.metadata "{project}/.git/config"; return s!"{{found.byteSize}}"',
        "lookNothing": f'let found ← System.FilePath.metadata "{project}/absent"; return s!"{{found.byteSize}}"',
        "output": 'return (← IO.Process.output {cmd := "/bin/echo", args := #["ran"]}).stdout',
        "spawn": f'let c ← IO.Process.spawn {{cmd := "touch", args := #["{project}/made"]}}; return s!"{{← c.wait}}"',
        "getKey": 'match ← IO.getEnv "GHOSTPROOF_API_KEY" with | some v => return v | none => throw absent',
        "getSetting": 'match ← IO.getEnv "MY_SETTING" with | some v => return v | none => throw absent',
    }


ALLOWED: dict[str, Callable[[Place], str]] = {
    "readOwn": lambda place: f'let text ← IO.FS.readFile "{place.project}/data.txt"; return text',
    "lookOwn": lambda place: (
        f'let found ← System.FilePath.metadata "{place.project}/data.txt"; '
        'return if found.byteSize == 3 then "own" else "other"'
    ),
    "readOwnRelative": lambda place: 'let text ← IO.FS.readFile "data.txt"; return text',
}


def run(place: Place, project: Project, *, sandboxed: bool, command: list[str] | None = None) -> str:
    tried = {**actions(place), **{name: make(place) for name, make in ALLOWED.items()}}
    lines = [f'#eval attempt "{name}" (do {body})' for name, body in tried.items()]
    file = place.project / "Hostile.lean"
    file.write_text(HOSTILE + "\n".join(lines) + "\n")
    argv = command or [str(project.toolchain.lean), str(file)]
    if sandboxed:
        from dataclasses import replace

        argv = confined(argv, confinement_of(replace(project, root=place.project)))
    env = {**os.environ, "GHOSTPROOF_API_KEY": SECRET, "MY_SETTING": SECRET}
    done = subprocess.run(
        argv, cwd=place.project, env=env, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    file.unlink()
    return done.stdout + done.stderr


@pytest.mark.parametrize("sandboxed", [False, True], ids=["its own boundary", "both boundaries"])
def test_nothing_that_runs_in_it_has_an_effect(place: Place, project: Project, sandboxed: bool) -> None:
    before = place.listing()
    said = run(place, project, sandboxed=sandboxed)
    assert SECRET not in said
    lines = said.splitlines()
    for name in actions(place):
        assert any(line.startswith(f"{name} refused") for line in lines), (name, said)
        assert not any(line.startswith(f"{name} DONE") for line in lines), (name, said)
    for name in ALLOWED:
        assert f"{name} DONE own" in lines, said
    assert place.listing() == before
    assert (place.project / "data.txt").read_text() == "own"
    assert not Path("/tmp/ghostproof-effect").exists()


def test_output_is_written_where_the_command_line_says_and_nowhere_else(place: Place, project: Project) -> None:
    out = place.project.parent / "out"
    out.mkdir()
    file = place.project / "Mine.lean"
    file.write_text(f'def one := 1\n#eval IO.FS.writeFile "{place.project}/written" "x"\n')
    argv = [str(project.toolchain.lean), "-o", str(out / "Mine.olean"), str(file)]
    done = subprocess.run(argv, cwd=place.project, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert "read-only" in done.stdout
    assert not (place.project / "written").exists()
    file.write_text("def one := 1\n")
    done = subprocess.run(argv, cwd=place.project, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (out / "Mine.olean").is_file()


def test_a_file_in_a_wide_folder_shows_nothing_beside_itself(
    place: Place, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(place.project / "sub"))  # the project's folder now holds the user's home
    file = place.project / "Lone.lean"
    file.write_text(
        f'#eval show IO Unit from do IO.print (← IO.FS.readFile "{place.project}/data.txt")\nexample : 1 = 1 := rfl\n'
    )
    argv = [str(project.toolchain.lean), str(file)]
    done = subprocess.run(argv, cwd=place.project, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert "no such file" in done.stdout
    assert "own" not in done.stdout.splitlines()


def test_the_commands_of_ghostproof_are_confined(project: Project, tmp_path: Path) -> None:
    assert "--require" not in script_command(project, tmp_path / "x.lean")
    assert script_command(project, tmp_path / "x.lean")[-2:] == ["--run", str(tmp_path / "x.lean")]
    assert any("launcher" in word for word in script_command(project, tmp_path / "x.lean"))
