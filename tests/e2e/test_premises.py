"""`ghostproof suggest` and `prove` on a project of two files: what a lemma of the other file proves, that lemma proves.

Nobody has harvested the project, and no editor has had it open.
"""

import json
from pathlib import Path

import pytest

from ghostproof.cli import run
from ghostproof.learning import premise_index, store
from support.library import compiled
from support.patience import BUDGET_S

pytestmark = [pytest.mark.lean, pytest.mark.slow]

# Nobody is told to rewrite by these: automation has to be given them.
BASE = """module

@[expose] public noncomputable section

namespace Shop

variable {α : Type}

def rev : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

theorem rev_append (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  induction xs with
  | nil => simp [rev]
  | cons x xs ih => simp [rev, ih]

theorem rev_rev (xs : List α) : rev (rev xs) = xs := by
  induction xs with
  | nil => rfl
  | cons x xs ih => simp [rev, rev_append, ih]

end Shop
"""
OPEN = """module

public import Shop.Base

@[expose] public noncomputable section

namespace Shop

theorem swapped {α : Type} (xs ys : List α) : rev (rev xs ++ rev ys) = ys ++ xs := by
  sorry

end Shop
"""


@pytest.fixture
async def shop(embedded_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, its first file compiled; the file with the goal."""
    for module in (premise_index, store):
        monkeypatch.setattr(module, "cache_root", lambda: tmp_path / "cache")
    project = tmp_path / "project"
    (project / "Shop").mkdir(parents=True)
    (project / "lakefile.toml").write_text('name = "shop"\n\n[[lean_lib]]\nname = "Shop"\n', "utf-8")
    (project / "Shop" / "Base.lean").write_text(BASE, "utf-8")
    (project / "Shop" / "Open.lean").write_text(OPEN, "utf-8")
    assert await compiled(embedded_root / "bin" / "lean", project, ["Shop.Base"]) == {"Shop.Base": ""}
    return project / "Shop" / "Open.lean"


def asked(file: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """The suggestions that close the goal, each with whose it is."""
    config = file.parent / "config.toml"
    lean = 'toolchain = "embedded"\nchecker = "probe"\ndocument_s = 300'
    config.write_text(f"[learn]\n{settings}\n[lean]\n{lean}\n", "utf-8")
    capsys.readouterr()
    assert run(["--config", str(config), "suggest", f"{file}:10:3", "--json", "--budget", str(BUDGET_S)]) in (0, 1)
    told = json.loads(capsys.readouterr().out)
    return [(one["text"], one["source"]) for one in told["suggestions"] if one["verdict"] == "proved"]


def test_a_lemma_of_another_file_closes_the_goal(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(shop, "premises = false", capsys) == []
    found = asked(shop, "premises = true", capsys)
    assert {source for _, source in found} == {"premises"}
    assert any("rev_append" in text for text, _ in found)
