"""`bin/lean` and `bin/lake` of the embedded toolchain as commands: output, errors, and true exit codes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.lean

WRONG = "theorem x : 1 = 2 := rfl\n"


class Commands:
    """Runs the toolchain's commands in a folder."""

    def __init__(self, root: Path, cwd: Path) -> None:
        self.root = root
        self.cwd = cwd

    def __call__(
        self, command: str, *args: str, stdin: str | None = None, env: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """(exit code, stdout, stderr)"""
        run = subprocess.run(
            [self.root / "bin" / command, *args],
            cwd=self.cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            env=os.environ | (env or {}),
            capture_output=True,
            text=True,
            timeout=300,
        )
        return run.returncode, run.stdout, run.stderr

    def file(self, name: str, text: str) -> str:
        path = self.cwd / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def run(embedded_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    monkeypatch.delenv("LEAN_PATH", raising=False)
    cwd = tmp_path / "a folder with spaces and 𝕜"
    cwd.mkdir()
    return Commands(embedded_root, cwd)


def test_version_and_places(run: Commands, embedded_root: Path) -> None:
    status, out, err = run("lean", "--version")
    assert (status, err) == (0, "")
    assert out.startswith("Lean (version 4.28.0-pre, ")
    assert run("lean", "--print-prefix")[:2] == (0, f"{embedded_root}\n")
    assert run("lean", "--print-libdir")[:2] == (0, f"{embedded_root}/lib/lean\n")


def test_a_good_and_a_wrong_file(run: Commands) -> None:
    good = run.file("Good.lean", "import Std\ntheorem x : 1 + 1 = 2 := rfl\n#check x\n")
    assert run("lean", good) == (0, "x : 1 + 1 = 2\n", "")
    wrong = run.file("sub/Wrong ü.lean", WRONG)
    status, out, err = run("lean", wrong)
    assert (status, err) == (1, "")
    assert out.startswith("sub/Wrong ü.lean:1:")
    status, out, _ = run("lean", "--json", str(run.cwd / wrong))
    assert status == 1
    assert '"severity":"error"' in out.splitlines()[0]


def test_standard_input_and_options(run: Commands) -> None:
    assert run("lean", "--stdin", stdin="#eval 6 * 7\n") == (0, "42\n", "")
    assert run("lean", "--stdin", stdin=WRONG)[0] == 1
    deep = "example : 2 + 2 = 4 := by\n  simp\n"
    status, out, _ = run("lean", "-DmaxRecDepth=3", "--stdin", stdin=deep)
    assert status == 1
    assert "maximum recursion depth" in out


def test_lean_path_is_honoured_on_top_of_the_own_library(run: Commands) -> None:
    library = run.cwd / "library"
    library.mkdir()
    assert (
        run(
            "lean", "-o", str(library / "Mine.olean"), run.file("Mine.lean", "public theorem mine : True := trivial\n")
        )[0]
        == 0
    )
    user = run.file("User.lean", "import Mine\n#check mine\n")
    assert run("lean", user)[0] == 1
    assert run("lean", user, env={"LEAN_PATH": str(library)})[:2] == (0, "mine : True\n")


def test_folders_of_the_lean_path_may_lie_in_each_other(run: Commands, embedded_root: Path) -> None:
    inner = run.cwd / "a folder" / "inner"
    inner.mkdir(parents=True)
    made = run.file("Made.lean", "public theorem made : True := trivial\n")
    assert run("lean", "-o", str(inner / "Made.olean"), made)[0] == 0
    user = run.file("User.lean", "import Made\nimport Lean.Data.Options\n#check made\n")
    own = embedded_root / "lib" / "lean"
    for folders in ([own, inner], [inner, inner.parent, own], [inner.parent, inner, own / "Lean", own]):
        path = os.pathsep.join(map(str, folders))
        assert run("lean", user, env={"LEAN_PATH": path})[:2] == (0, "made : True\n"), path


@pytest.mark.parametrize(
    ("program", "status", "out"),
    [
        (
            "public def main : IO Unit := do\n"
            '  (← IO.getStdout).putStr (← (← IO.getStdin).getLine)\n  IO.print "no line end"',
            0,
            "given\nno line end",
        ),
        ("public def main : IO UInt32 := pure 300", 300 % 256, ""),
        (
            "public def main (args : List String) : IO UInt32 := do IO.println (toString args); return 7",
            7,
            "[a, b c]\n",
        ),
        ('public def main : IO Unit := do IO.println "x"; IO.Process.exit 5', 5, "x\n"),
        ('public def main : IO Unit := throw (IO.userError "boo")', 1, ""),
    ],
)
def test_programs(run: Commands, program: str, status: int, out: str) -> None:
    file = run.file("Program.lean", f"{program}\n")
    assert run("lean", "--run", file, "a", "b c", stdin="given\n")[:2] == (status, out)


def test_a_program_that_does_not_compile(run: Commands) -> None:
    assert run("lean", "--run", run.file("P.lean", "public def main : IO Unit := oops\n"))[0] == 1
    status, _, err = run("lean", "--run", run.file("Q.lean", "module\ndef main : IO Unit := pure ()\n"))
    assert status == 1
    assert "public def main" in err


# What every textbook has: names of a type's constructors are opened, and names of one's own hide nobody's.
ORDINARY = """inductive Hue
  | red
  | blue
open Hue
def Hue.turned : Hue → Hue
  | red => blue
  | blue => red
theorem turned_turned (h : Hue) : h.turned.turned = h := by cases h <;> rfl
#print turned_turned
#print axioms turned_turned
"""


def test_a_file_is_a_module_only_if_it_says_so(run: Commands) -> None:
    status, out, _ = run("lean", run.file("Ordinary.lean", ORDINARY))
    assert status == 0, out
    assert "private" not in out
    assert "'turned_turned' depends on axioms: [Eq.symm]" in out  # the library's proofs are not there
    status, out, _ = run("lean", run.file("Module.lean", f"module\n{ORDINARY}"))
    assert status == 1
    assert "cannot use `#print axioms` in a `module`" in out


def test_errors_of_the_command_line(run: Commands) -> None:
    status, _, err = run("lean", "No.lean")
    assert status == 1
    assert "No.lean" in err
    assert run("lean", "--nonsense")[0] == 1
    for option in (("-c", "x.c"), ("--c=x.c",), ("-b", "x.bc"), ("--plugin=x.so",), ("--load-dynlib=x.so",)):
        status, out, err = run("lean", *option, run.file("A.lean", ""))
        assert (status, out) == (1, "")
        assert "native Lean" in err


def test_memory_that_runs_out_is_no_success(run: Commands) -> None:
    text = "example : True := by exact " + "(" * 60_000 + "trivial" + ")" * 60_000 + "\n"
    status, _, err = run("lean", run.file("Deep.lean", text))
    assert status not in (0, None)
    assert "out of memory" in err or "crashed" in err


def test_a_reader_that_goes_away(run: Commands) -> None:
    lines = run.file("Lines.lean", "#eval 1\n" * 20)
    command = f"'{run.root}/bin/lean' {lines} | head -n 1"
    piped = subprocess.run(["sh", "-c", command], cwd=run.cwd, capture_output=True, text=True, timeout=300)
    assert (piped.stdout, piped.stderr) == ("1\n", "")


def test_launchers_work_through_links_and_from_a_copy(run: Commands, tmp_path: Path, embedded_root: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(embedded_root / "bin" / "lean")
    assert subprocess.run([link, "--print-prefix"], capture_output=True, text=True).stdout == f"{embedded_root}\n"
    moved = tmp_path / "moved toolchain"
    shutil.copytree(embedded_root, moved, copy_function=os.link)
    assert Commands(moved, run.cwd)("lean", "--print-prefix")[1] == f"{moved}\n"
    assert Commands(moved, run.cwd)("lake", "env", "lean", "--stdin", stdin="#eval 1\n")[1] == "1\n"


def test_folders_whose_names_begin_alike_are_all_seen_and_no_others(embedded_root: Path, tmp_path: Path) -> None:
    run = Commands(embedded_root, tmp_path / "app")
    run.file("A.lean", "theorem a : 1 = 1 := rfl\n")
    run.file("../app-data/x/Other.lean", "theorem b : 1 = 1 := rfl\n")
    secret = run.file("../app-key/key.txt", "of somebody else")
    look = run.file("../apple.lean", f'#eval do let text ← IO.FS.readFile "{run.cwd / secret}"; IO.println text\n')
    beside = {"LEAN_PATH": str(tmp_path / "app-data" / "x")}
    assert run("lean", "A.lean", env=beside) == (0, "", "")
    assert run("lean", "-o", "A.olean", "A.lean", env=beside) == (0, "", "")
    status, out, _ = run("lean", look, env=beside)
    assert status == 1
    assert "of somebody else" not in out


def test_lake_env(run: Commands, embedded_root: Path) -> None:
    (run.cwd / ".lake" / "build" / "lib" / "lean").mkdir(parents=True)
    status, out, _ = run("lake", "env")
    variables = dict(line.split("=", 1) for line in out.splitlines())
    assert status == 0
    assert variables["LEAN_SYSROOT"] == str(embedded_root)
    assert variables["LEAN_PATH"] == str(run.cwd / ".lake" / "build" / "lib" / "lean")
    assert run("lake", "env", "sh", "-c", 'echo "$LEAN_SYSROOT"; exit 9') == (9, f"{embedded_root}\n", "")


@pytest.mark.parametrize("command", ["build", "new", "update", "exe"])
def test_lake_says_what_it_cannot_do(run: Commands, command: str) -> None:
    status, out, err = run("lake", command)
    assert (status, out) == (1, "")
    assert f"'{command}' needs a native Lean" in err
    assert "embedded" in err


def test_lake_version_and_help(run: Commands) -> None:
    assert "Lean version 4.28.0-pre" in run("lake", "--version")[1]
    status, out, _ = run("lake")
    assert status == 0
    assert "lake serve" in out
