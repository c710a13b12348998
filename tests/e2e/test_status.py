"""What the application tells editors about its state."""

import pytest

from ghostproof.app import App, Status
from ghostproof.config import Config, LeanConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import SuggestJob
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText

pytestmark = pytest.mark.lean

TEXT = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n"


async def test_busy_until_the_last_search_has_ended(project: Project) -> None:
    """Editors ask again when the server comes to rest: it must not say so while it still works."""
    app = App(Config(lean=LeanConfig(toolchain="embedded", checker="scratch")))
    told: list[tuple[Status, bool]] = []
    jobs: list[SuggestJob] = []
    app.on_status = lambda status: told.append((status, bool(jobs) and jobs[-1].snapshot.done))
    path = project.root / "Status.lean"
    try:
        for text in (TEXT, TEXT + "\n"):
            app.warm(path, text)
            jobs.append(app.suggest(path, text, find_action_spots(SourceText(text), text.index("sorry"))[:1]))
        await jobs[-1].wait(lambda snapshot: snapshot.done, 300)
        await app.close()
    finally:
        await app.close()
    began = next(i for i, (status, _) in enumerate(told) if status.state == "busy")
    assert [status for status, done in told[began:] if status.state != "busy" and not done] == []
