"""The Lean that the bench types is real: Lean accepts all of it."""

import subprocess
from pathlib import Path

import pytest
from bench.editing import FILE


@pytest.mark.lean
def test_the_replayed_file_is_accepted(embedded_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEAN_PATH", raising=False)
    lean = subprocess.run([embedded_root / "bin" / "lean", FILE], capture_output=True, text=True, timeout=300)
    assert (lean.returncode, lean.stdout, lean.stderr) == (0, "", "")
