"""What is written down of a run of the tests: everything that a checker calls proved, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Reason, Rejected, Verdict
from judge import recorder
from judge.claims import Claim, read

TEXT = "theorem t : p := by\r\n  sorry\r\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
VERDICTS: dict[str, Verdict] = {
    "right": Proved(),
    "partly": Progress(("⊢ q",), closed_main=True),
    "wrong": Rejected(Reason.ERROR, "no"),
    "two\nlines": Proved(),
}


class Scripted:
    """A checker that says what it is told to."""

    name = "scripted"

    async def open(self, path: Path, text: str, spot: Spot) -> object:
        return object()

    async def check(self, state: object, candidate: Candidate, limits: object) -> Checked:
        return Checked(candidate, VERDICTS[candidate.text])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(recorder.FOLDER, str(tmp_path))
    return tmp_path


async def test_proofs_are_written_down_once_as_they_stand(folder: Path) -> None:
    class Wrapped(Scripted):
        pass

    recorder.wrap(Wrapped)
    checker = Wrapped()
    state = await checker.open(Path("A.lean"), TEXT, SPOT)
    for text in (*VERDICTS, *VERDICTS):
        await checker.check(state, Candidate(text, "test"), None)
    claims = read(folder)
    assert {claim.placed for claim in claims} == {"right", "two\n  lines"}
    assert {(claim.before, claim.after) for claim in claims} == {("theorem t : p := by\n  ", "\n")}
    assert len(claims) == 2
    assert all(claim.checker == "scripted" and "test_recorder" in claim.test for claim in claims)


@pytest.mark.parametrize("test", ["tests/unit/test_a.py::t (call)", "tests/native/test_b.py::t (call)"])
def test_what_has_no_real_lean_is_not_written_down(folder: Path, monkeypatch: pytest.MonkeyPatch, test: str) -> None:
    monkeypatch.setenv("PYTEST_CURRENT_TEST", test)
    recorder.record("probe", TEXT, SPOT, "right")
    assert read(folder) == []


def test_checkers_in_other_processes_are_recorded(folder: Path) -> None:
    """A process that a test starts wraps the checkers by itself, before anybody can import them unwrapped."""
    program = (
        "from ghostproof.verify.probe_checker import ProbeChecker\n"
        "from ghostproof.verify.scratch_checker import ScratchChecker\n"
        "print(*(hasattr(c.check, '__wrapped__') and hasattr(c.open, '__wrapped__')"
        " for c in (ProbeChecker, ScratchChecker)))\n"
    )
    site = str(Path(recorder.__file__).parent / "site")
    path = os.pathsep.join(filter(None, (site, os.environ.get("PYTHONPATH"))))
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["True", "True"]


def test_a_claim_of_no_test_is_one_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    recorder.record("probe", TEXT, SPOT, "right")
    assert read(folder) == [Claim("theorem t : p := by\n  ", "right", "\n", "probe", "")]
