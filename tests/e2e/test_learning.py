"""A proof that was finished a minute ago helps in the next lemma; and what is harvested from the command line, too."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.app import App
from ghostproof.cli import run
from ghostproof.config import Config, LeanConfig, LearnConfig, SuggestConfig
from ghostproof.learning import store
from ghostproof.learning.learned import open_learned
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.verdict import Proved, Suggestion
from support.patience import BUDGET_S
from support.waiting import seen

pytestmark = pytest.mark.lean

# No automation comes upon the number, and `exact` alone is nothing that the portfolio would say.
PROOF = "exact ⟨146, rfl, by decide⟩"
FINISHED = f"theorem one : ∃ x : Nat, x * x = 21316 ∧ x < 1000 := by\n  {PROOF}\n\n"
OPEN = "theorem two : ∃ y : Nat, y * y = 21316 ∧ y < 2000 := by\n  sorry\n"
CONFIG = Config(lean=LeanConfig(toolchain="embedded", checker="probe", document_s=300))


@pytest.fixture(autouse=True)
def kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path / "cache")


@pytest.fixture
async def app() -> AsyncIterator[App]:
    made = App(replace(CONFIG, suggest=SuggestConfig(budget_s=BUDGET_S)))
    yield made
    await made.close()


async def best(app: App, path: Path, text: str) -> Suggestion | None:
    spots = find_action_spots(SourceText(text), text.index("sorry"))
    snapshot = await app.suggest(path, text, spots).wait(lambda s: s.done, BUDGET_S + 300)
    return next((s for s in snapshot.suggestions if isinstance(s.verdict, Proved)), None)


async def test_a_proof_of_a_minute_ago_helps_in_the_next_lemma(app: App, tmp_path: Path) -> None:
    path = tmp_path / "Squares.lean"
    assert await best(app, path, OPEN) is None
    await best(app, path, FINISHED + OPEN)
    learned = open_learned(tmp_path, 100)
    assert learned is not None
    await seen(learned.store.digests)
    found = await best(app, path, FINISHED + "-- The next one.\n" + OPEN)
    learned.store.close()
    assert found is not None
    assert (found.text, found.source) == (PROOF, "nearest")


async def test_learning_can_be_turned_off(tmp_path: Path) -> None:
    app = App(
        replace(CONFIG, suggest=SuggestConfig(budget_s=BUDGET_S), learn=LearnConfig(automatic=False, propose=False))
    )
    try:
        await best(app, tmp_path / "Squares.lean", FINISHED + OPEN)
    finally:
        await app.close()
    assert not store.learned_folder().exists()


def test_harvest_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "Squares.lean").write_text(FINISHED, "utf-8")
    (tmp_path / "More").mkdir()
    (tmp_path / "More" / "Wrong.lean").write_text("import Not.There\n" + FINISHED, "utf-8")
    out = tmp_path / "steps.jsonl"
    command = ["harvest", str(tmp_path), "--jobs", "1", "--toolchain", "embedded", "--out"]
    assert run([*command, str(out)]) == 0
    assert "Wrong.lean" in capsys.readouterr().err
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [(line["tactic"], line["file_path"]) for line in lines] == [
        (PROOF, "Squares.lean"),
        ("decide", "Squares.lean"),
    ]
    capsys.readouterr()
    assert run(["learned", "status", str(tmp_path)]) == 0
    assert "2 steps of 1 files" in capsys.readouterr().out
    # What has not changed is written again without Lean.
    (tmp_path / "More" / "Wrong.lean").unlink()
    assert run([*command, "-"]) == 0
    assert [json.loads(line)["tactic"] for line in capsys.readouterr().out.splitlines()] == [PROOF, "decide"]
    assert run(["learned", "forget", str(tmp_path)]) == 0
    assert run(["learned", "status", str(tmp_path)]) == 1
