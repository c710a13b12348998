"""Ghost text and menu at one place are one search, whichever checker has come up between the two questions."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Literal

import pytest

from ghostproof.app import App
from ghostproof.config import Config, LearnConfig, LspConfig
from ghostproof.lean.toolchain import Project, Toolchain
from ghostproof.suggest.job import SuggestJob
from ghostproof.suggest.same_place import same_place
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked, Proved, Verdict
from ghostproof.workspace import Workspace
from support.lsp_editor import Editor
from support.scripted_checker import ScriptedChecker, state_of

# Without learning in the background: there is no Lean here that could tell any steps.
CONFIG = Config(
    lsp=LspConfig(debounce_s=0, ghost_budget_s=60, action_budget_s=60), learn=LearnConfig(propose=False, premises=False)
)
TEXT = "theorem a (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · exact hp\n  · \n"


class SwitchingWorkspace(Workspace):
    """A project whose checker is another one from some moment on; what it finds is another proof."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, CONFIG)
        self.project = Project(root, False, Toolchain("project", root / "lean", root / "lake", "4.30.0"))
        self.opened = 0
        self.use("scratch", {"simp_all": Proved()})

    def use(self, name: Literal["probe", "scratch"], table: Mapping[str, Verdict]) -> None:
        self._told = name
        self._scripted = ScriptedChecker(table, state_of("⊢ q", key=name))

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return self._told

    async def checker(self) -> Checker:
        return self._scripted

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.opened += 1
        return await self._scripted.open(path, text, spot)

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        return await self._scripted.check(state, candidate, limits)


class SwitchingApp(App):
    """An application whose one project is a `SwitchingWorkspace`."""

    def __init__(self, root: Path) -> None:
        super().__init__(CONFIG)
        self.switching = SwitchingWorkspace(root)

    def workspace(self, path: Path) -> Workspace:
        return self.switching


@pytest.fixture
async def app(tmp_path: Path) -> SwitchingApp:
    return SwitchingApp(tmp_path)


@pytest.fixture
async def editor(app: SwitchingApp) -> AsyncIterator[Editor]:
    made = Editor(lambda config: app, CONFIG)
    await made.initialize()
    made.open(TEXT)
    yield made
    await made.finish()


async def test_the_menu_says_what_the_ghost_text_says(app: SwitchingApp, editor: Editor) -> None:
    drawn = (await editor.ghosts(3, 4))[0]["insertText"]
    app.switching.use("probe", {"simp": Proved()})
    first = (await editor.actions(3, 4))[0]
    assert first["title"] == f"{drawn}  ✓ closes the goal"
    assert (await editor.ghosts(3, 4))[0]["insertText"] == drawn
    assert app.switching.opened == 1


async def test_and_the_other_way_round(app: SwitchingApp, editor: Editor) -> None:
    title = (await editor.actions(3, 4))[0]["title"]
    app.switching.use("probe", {"simp": Proved()})
    assert title == f"{(await editor.ghosts(3, 4))[0]['insertText']}  ✓ closes the goal"
    assert app.switching.opened == 1


async def test_where_nothing_was_found_the_other_checker_is_asked(app: SwitchingApp, editor: Editor) -> None:
    app.switching.use("scratch", {})
    assert await editor.ghosts(3, 4) == []
    app.switching.use("probe", {"simp": Proved()})
    assert (await editor.actions(3, 4))[0]["title"] == "simp  ✓ closes the goal"


A, B, C = (Spot(at, at, "", 2, SpotKind.TACTIC) for at in range(3))


@pytest.mark.parametrize(
    ("spots", "found", "asked", "joined"),
    [
        ((A,), A, (A, B), True),
        ((A, B), A, (A,), True),
        ((A, B), B, (B,), True),
        ((A, B), B, (A, B, C), True),
        ((B,), B, (A, B), False),  # there may be a goal at A
        ((A, B), B, (A,), False),
        ((A,), None, (A, B), False),
        ((A,), A, (B, A), False),
    ],
)
async def test_who_joins(spots: tuple[Spot, ...], found: Spot | None, asked: tuple[Spot, ...], joined: bool) -> None:
    job = SuggestJob()
    job.publish(spot=found)
    jobs = {("text", spots): job}
    assert (same_place(jobs, "text", asked) == ("text", spots)) == joined
    assert same_place(jobs, "another text", asked) == ("another text", asked)
