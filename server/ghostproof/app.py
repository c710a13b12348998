"""The composition root: the one place where Lean, the checkers and the search for suggestions meet."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ghostproof.config import Config, ProverConfig
from ghostproof.errors import GhostproofError
from ghostproof.jobs import Turns
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.toolchain import find_root
from ghostproof.learning.harvest import Harvester, environment_of, named_below
from ghostproof.learning.learned import Learned
from ghostproof.learning.learner import Learner
from ghostproof.learning.library import Libraries, Library, Pause
from ghostproof.learning.usage import UsageLog, events, usage_path
from ghostproof.prover.protocol import ProverStatus
from ghostproof.search.adviser import Adviser, Facts, no_facts
from ghostproof.search.broken import Broken, broken
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import prove
from ghostproof.search.recheck import recheck
from ghostproof.search.repair import repair
from ghostproof.search.task import Report, Task
from ghostproof.suggest.job import Snapshot, Suggester, SuggestJob
from ghostproof.suggest.question import Question, same_place
from ghostproof.suggest.source import Context, Source
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.learned_order import LearnedOrder
from ghostproof.suggest.sources.nearest import NearestSource
from ghostproof.suggest.sources.premises import PremiseSource
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.syntax.written_proofs import WrittenProof
from ghostproof.verify.allowed import LIBRARIES
from ghostproof.verify.checker import GoalState, Lives
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
        self._learner = Learner(find_root, self._harvester, self.config.learn.steps, self._read_library)
        self._harvesters: dict[Path, tuple[ProbeSession, Harvester]] = {}
        self._libraries = Libraries(sorted(LIBRARIES))
        # Who hears what becomes of suggestions, where the user wants that.
        self.log_use = UsageLog(usage_path()).write if self.config.learn.log_use else None
        logged = partial(events, usage_path()) if self.config.learn.log_use else tuple
        self._order = LearnedOrder(find_root, self._learner.learned, logged)
        # Where somebody else says what is known, it is not theirs that the order would come from.
        self._learns_order = self.config.learn.propose and learned is None
        sources: list[Source] = [AutomationSource(order=self._order.of)]
        self._nearest: NearestSource | None = None
        if self.config.learn.propose:
            self._nearest = NearestSource(learned or self._learner.learned)
            sources.append(self._nearest)
        self._premises: PremiseSource | None = None
        if self.config.learn.premises and "premises" not in without:
            self._premises = PremiseSource(self.workspace, self._library, learned or self._learner.learned)
            sources.append(self._premises)
        if self._model is not None:
            self._model.on_status = self._say_again
            sources.append(self._model.source)
        self._said = Status()
        self._searches = 0  # under way
        self._without = frozenset(without)
        heard = [source for source in sources if source.name not in self._without]
        self._suggester = Suggester(heard, self.config.suggest)
        self._workspaces: dict[Path, Workspace] = {}
        self._ahead = ahead
        self._jobs: dict[Path, dict[Question, SuggestJob]] = {}
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

    def suggest(self, path: Path, text: str, spots: Spot | Sequence[Spot], budget_s: float | None = None) -> SuggestJob:
        """Start, or join, the search for suggestions at the first of `spots` where Lean sees a goal.

        Jobs about an older text of the same file are cancelled.
        """
        asked = (spots,) if isinstance(spots, Spot) else tuple(spots)
        jobs = self._jobs.setdefault(path, {})
        for key in [key for key in jobs if key[0] != text]:
            jobs.pop(key).cancel()
        if self._model is not None:
            self._model.wake()
        self._learn(path, text)
        if self._learns_order:
            self._order.refresh(path)
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

    async def prove(
        self,
        path: Path,
        text: str,
        spots: Sequence[Spot],
        budget_s: float,
        report: Report = lambda outcome: None,
    ) -> Outcome:
        """Search for a whole proof at the first of `spots` where Lean sees a goal; cancelling it ends the search."""
        with self._learner.paused():
            facts = partial(self._facts, path, text, tuple(spots))
            return await prove(self._task(path, text, budget_s, report, facts), spots)

    async def broken(self, path: Path, text: str, proof: WrittenProof) -> tuple[Broken, ...]:
        """See `search/broken.py`."""
        return await broken(self.workspace(path), path, text, proof)

    async def repair(
        self,
        path: Path,
        text: str,
        broken: Broken,
        budget_s: float,
        report: Report = lambda outcome: None,
    ) -> Outcome:
        """Search for a proof in place of one that Lean refuses; cancelling it ends the search."""
        with self._learner.paused():
            return await repair(self._task(path, text, budget_s, report), broken)

    async def _facts(self, path: Path, text: str, spots: Sequence[Spot] = ()) -> Sequence[str]:
        """What theorems of the imports say that look useful at the first of the spots where Lean sees a goal."""
        if self._premises is None:
            return ()
        for spot in spots:
            with contextlib.suppress(GhostproofError):
                state = await self.workspace(path).open(path, text, spot)
                return await self._premises.facts(state, Context(path, text, spot))
        return ()

    def _task(self, path: Path, text: str, budget_s: float, report: Report, facts: Facts = no_facts) -> Task:
        heartbeats = self.config.suggest.heartbeats
        near = partial(self._nearest.likely, path) if self._nearest is not None else None
        lemmas = partial(self._lemmas, self._premises, path, text) if self._premises is not None else None
        return Task(
            self.workspace(path),
            path,
            text,
            budget_s,
            heartbeats,
            self._adviser(facts),
            report,
            near,
            lemmas,
            self._without,
        )

    async def _lemmas(self, source: PremiseSource, path: Path, text: str, state: GoalState) -> Sequence[str]:
        """Tactics with theorems in reach of a goal that a search for a proof in a text has met."""
        end = Spot(len(text), len(text), "", 0, SpotKind.TACTIC)
        return [tactic for tactic, _ in await source.tactics(state, Context(path, text, end))]

    def _adviser(self, facts: Facts) -> Adviser | None:
        """Whoever is asked for whole proofs, if there is a model."""
        if self._model is None:
            return None
        from ghostproof.search.model_adviser import Draws, ModelAdviser  # see `make_model`

        self._model.wake()
        config = self.config.prover
        draws = Draws(config.proofs, config.proof_tokens, config.plan_tokens, config.temperature, config.top_p)
        return ModelAdviser(self._model.prover, self._model.proof_prompts, draws, facts)

    async def recheck(self, path: Path, text: str, proof: Proof) -> Proof | None:
        """The proof at its spot of another text, if Lean accepts it there.

        Raises:
            LeanDied, LeanTimeout: Lean did not come to the goal.
        """
        return await recheck(self.workspace(path), path, text, proof)

    def warm(self, path: Path, text: str, spot: Spot | None = None) -> None:
        """Start Lean and the model for the file's project in the background. Never waits, never raises.

        With a spot, have the goal there and the model's prefix ready too; the newest spot of a file is the one that
        counts.
        """
        if self._model is not None:
            self._model.wake()
        self._learn(path, text)
        if spot is None:
            self._spawn(self._warm(path))
        else:
            self._spawn(self._visits.begin(path).run(self._visit(Context(path, text, spot))))

    def forget(self, path: Path) -> None:
        """The file was closed: stop working on it."""
        self._visits.drop(path)
        self._learner.drop(path)
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
        await self._learner.close()
        self._libraries.close()
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

    def _learn(self, path: Path, text: str) -> None:
        if self.config.learn.automatic:
            self._learner.note(path, text)

    def _harvester(self, path: Path) -> Harvester | None:
        """Who can tell the steps of a file now: a guest at the prober of its project, while that lives."""
        workspace = self.workspace(path)
        session, project = workspace.prober, workspace.project
        if session is None or project is None:
            return None
        known = self._harvesters.get(workspace.root)
        if known is None or known[0] is not session:
            guest = Harvester(
                session, Setups(project).of, named_below(project.root), environment_of(project), guest=True
            )
            known = self._harvesters[workspace.root] = session, guest
        return known[1]

    def _library(self, path: Path) -> Library | None:
        """What the imports of a file have to offer, asked of the prober of its project while that lives."""
        workspace = self.workspace(path)
        session, project = workspace.prober, workspace.project
        if session is None or project is None:
            return None
        return self._libraries.of(workspace.root, session, project)

    async def read_library(self, path: Path, text: str, *, own: bool = False) -> None:
        """Have the theorems of what a file imports in the index, as far as Lean tells them. Takes a minute, once; with
        `own`, for the project's own modules alone, seconds."""
        await self.workspace(path).start()
        if self.config.learn.premises and (library := self._library(path)) is not None:
            await library.import_and_read(path, text, own=own)

    async def _read_library(self, path: Path, text: str, pause: Pause) -> None:
        if self.config.learn.premises and (library := self._library(path)) is not None:
            await library.read(path, text, pause)

    def _say(self, status: Status) -> None:
        self._said = replace(status, prover=self._model.status if self._model else ProverStatus())
        self.on_status(self._said)

    def _say_again(self) -> None:
        self._say(self._said)

    def _watch(self, path: Path, job: SuggestJob) -> None:
        self._searches += 1
        self._learner.pause()
        self._spawn(self._report(self.workspace(path), job))

    async def _report(self, workspace: Workspace, job: SuggestJob) -> None:
        try:
            self._say(self._status(workspace, "idle"))
            longest = self.config.suggest.budget_s + self.config.lean.document_s
            snapshot = await job.wait(lambda s: s.done, longest)
        finally:
            self._searches -= 1
            self._learner.resume()
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
