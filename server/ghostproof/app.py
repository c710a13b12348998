"""The composition root: the one place where Lean, the checkers, what is learnt and the searches meet."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ghostproof.config import Config, ProverConfig
from ghostproof.errors import GhostproofError
from ghostproof.jobs import Turns
from ghostproof.lean.toolchain import find_root
from ghostproof.learning.learned import Learned
from ghostproof.project_learning import ProjectLearning
from ghostproof.prover.protocol import ProverStatus
from ghostproof.proving import Proving
from ghostproof.suggest.job import Snapshot, Suggester, SuggestJob
from ghostproof.suggest.same_place import AskedPlace, same_place
from ghostproof.suggest.source import Context, Source
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import Lives
from ghostproof.workspace import Workspace

if TYPE_CHECKING:
    from ghostproof.suggest.model import Model

log = logging.getLogger(__name__)

# A person looks at one place; a second job per file serves the light bulb beside the ghost text.
JOBS_PER_FILE = 2


def make_model(config: ProverConfig) -> "Model | None":
    """The model that the settings ask for, if they do."""
    if not (config.model or config.url):
        return None
    from ghostproof.suggest.model import model_for  # whoever has no model does not wait for the import

    return model_for(config)


@dataclass(frozen=True)
class Status:
    """What an editor shows in its status bar.

    Attributes:
        toolchain: `Lean 4.28.0-pre (embedded)`, or "" while none is known.
        checker: `probe`, `scratch`, or "".
        state: `idle`, `busy` or `error`.
        message: the error, in one sentence.
        lives: how the probe and the scratch document fare.
        notice: what the user should be told once about how this project is checked, or "".
        prover: the model's side; a prover that fails is no error of the whole.
    """

    toolchain: str = ""
    checker: str = ""
    state: Literal["idle", "busy", "error"] = "idle"
    message: str = ""
    lives: Lives = field(default_factory=Lives)
    notice: str = ""
    prover: ProverStatus = field(default_factory=ProverStatus)


class App:
    """Everything behind the editor and the command line. Belongs to one event loop.

    Attributes:
        learning: what is learnt of the projects that its files belong to.
        proving: whole proofs.

    Args:
        learned: what is known of the project that a file belongs to, instead of what the user's own cache has.
        without: sources and strategies, by their names, that are not asked.
        ahead: a workspace with these settings that has been started; it is used if the first file is of its project.
    """

    def __init__(
        self,
        config: Config | None = None,
        learned: Callable[[Path], Learned | None] | None = None,
        without: Collection[str] = (),
        ahead: Workspace | None = None,
    ) -> None:
        self.config = config or Config()
        self.on_status: Callable[[Status], None] = lambda status: None
        self._model = make_model(self.config.prover)
        self._workspaces: dict[Path, Workspace] = {}
        self._ahead = ahead
        self.learning = ProjectLearning(self.config.learn, self.workspace, learned, without)
        self.proving = Proving(self.config, self.workspace, self.learning, self._model, without)
        sources: list[Source] = [AutomationSource(order=self.learning.order), *self.learning.sources]
        if self._model is not None:
            self._model.on_status = self._say_again
            sources.append(self._model.source)
        heard = [source for source in sources if source.name not in without]
        self._suggester = Suggester(heard, self.config.suggest)
        self._said = Status()
        self._searches = 0  # under way
        self._jobs: dict[Path, dict[AskedPlace, SuggestJob]] = {}
        self._visits: Turns[Path] = Turns()
        self._background: set[asyncio.Task[object]] = set()

    def workspace(self, path: Path) -> Workspace:
        """The workspace of the project that a file belongs to."""
        root = find_root(path)
        if root not in self._workspaces:
            if self._ahead is not None and self._ahead.root == root:
                made, self._ahead = self._ahead, None
            else:
                made = Workspace(root, self.config)
                if self._ahead is not None:
                    self._spawn(self._ahead.close())
            made.on_change = lambda: self._say(self._status(made, "idle"))
            self._workspaces[root] = made
        return self._workspaces[root]

    def suggest(self, path: Path, text: str, spots: Sequence[Spot], budget_s: float | None = None) -> SuggestJob:
        """Start, or join, the search for suggestions at the first of `spots` where Lean sees a goal.

        Jobs about an older text of the same file are cancelled.
        """
        asked = tuple(spots)
        jobs = self._jobs.setdefault(path, {})
        for key in [key for key in jobs if key[0] != text]:
            jobs.pop(key).cancel()
        if self._model is not None:
            self._model.wake()
        self.learning.note(path, text)
        self.learning.refresh(path)
        key = same_place(jobs, text, asked)
        job = jobs.pop(key, None)
        if job is None or (job.snapshot.done and not job.snapshot.suggestions):
            key, budget_s = (text, asked), budget_s or self.config.suggest.budget_s
            job = self._suggester.start(self.workspace(path), path, text, asked, budget_s)
            self._watch(path, job)
        jobs[key] = job
        while len(jobs) > JOBS_PER_FILE:
            jobs.pop(next(iter(jobs))).cancel()
        return job

    def known(self, path: Path, text: str) -> list[Snapshot]:
        """What the searches in this very text of a file have found so far, the newest first. Starts none."""
        return [job.snapshot for (of, _), job in reversed(self._jobs.get(path, {}).items()) if of == text]

    def warm(self, path: Path, text: str, spot: Spot | None = None) -> None:
        """Start Lean and the model for the file's project in the background. Never waits, never raises.

        With a spot, have the goal there and the model's prefix ready too; the newest spot of a file is the one that
        counts.
        """
        if self._model is not None:
            self._model.wake()
        self.learning.note(path, text)
        if spot is None:
            self._spawn(self._warm(path))
        else:
            self._spawn(self._visits.begin(path).run(self._visit(Context(path, text, spot))))

    def forget(self, path: Path) -> None:
        """The file was closed: stop working on it."""
        self._visits.drop(path)
        self.learning.drop(path)
        for job in self._jobs.pop(path, {}).values():
            job.cancel()

    async def restart(self) -> None:
        """End every Lean process; the next request starts afresh."""
        for path in list(self._jobs):
            self.forget(path)
        workspaces, self._workspaces = list(self._workspaces.values()), {}
        if self._ahead is not None:
            workspaces.append(self._ahead)
            self._ahead = None
        await asyncio.gather(*(workspace.close() for workspace in workspaces))
        self._say(Status())

    async def close(self) -> None:
        """End everything but the prover's process, which other windows may use. Idempotent."""
        await self.learning.close()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.restart()
        if self._model is not None:
            await self._model.close()

    async def ready(self, seconds: float) -> ProverStatus:
        """Wait until the model can be asked, if there is one, it does not fail, and it does not take longer."""
        if self._model is None:
            return ProverStatus()
        await self._model.ready(seconds)
        return self._model.status

    async def _warm(self, path: Path) -> None:
        workspace = self.workspace(path)
        try:
            await workspace.checker()
            self._say(self._status(workspace, "idle"))
            await workspace.start()
        except GhostproofError as problem:
            self._say(Status(state="error", message=str(problem)))

    async def _visit(self, context: Context) -> None:
        """Have ready what a request at this place will need: Lean's goal, and the model's prefix."""
        try:
            state = await self.workspace(context.path).open(context.path, context.text, context.spot)
            if self._model is not None and self._model.source.ready:
                await self._model.source.warm(context, state)
        except GhostproofError as problem:
            log.debug("not warmed: %s", problem.message)

    def _say(self, status: Status) -> None:
        self._said = replace(status, prover=self._model.status if self._model else ProverStatus())
        self.on_status(self._said)

    def _say_again(self) -> None:
        self._say(self._said)

    def _watch(self, path: Path, job: SuggestJob) -> None:
        self._searches += 1
        self.learning.pause()
        self._spawn(self._report(self.workspace(path), job))

    async def _report(self, workspace: Workspace, job: SuggestJob) -> None:
        try:
            self._say(self._status(workspace, "idle"))
            longest = self.config.suggest.budget_s + self.config.lean.document_s
            snapshot = await job.wait(lambda s: s.done, longest)
        finally:
            self._searches -= 1
            self.learning.resume()
        problem = snapshot.error or snapshot.unfinished(longest)
        if problem is not None:
            self._say(self._status(workspace, "error", problem.message))
        else:
            self._say(self._status(workspace, "idle", snapshot.why_none))

    def _status(self, workspace: Workspace, state: Literal["idle", "error"], message: str = "") -> Status:
        """The status where a workspace is in this state; busy instead of idle while any search is under way."""
        toolchain = workspace.project.toolchain if workspace.project else None
        name = f"Lean {toolchain.version} ({toolchain.kind})" if toolchain else ""
        shown = "busy" if state == "idle" and self._searches else state
        checker = workspace.name if toolchain else ""
        return Status(name, checker, shown, message, lives=workspace.lives, notice=workspace.notice)

    def _spawn(self, work: Coroutine[None, None, object]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
