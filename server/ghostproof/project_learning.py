"""What is learnt of projects while they are worked on, and the sources and facts that come of it."""

import contextlib
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from ghostproof.config import LearnConfig
from ghostproof.errors import GhostproofError
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.toolchain import Project, find_root
from ghostproof.learning.harvest import Harvester, environment_of, named_below
from ghostproof.learning.learned import Learned
from ghostproof.learning.learner import Learner
from ghostproof.learning.library import Libraries, Library, Pause
from ghostproof.learning.usage import UsageLog, events, usage_path
from ghostproof.search.strategies.nearest import Near
from ghostproof.search.strategies.premises import Lemmas
from ghostproof.suggest.source import Context, Source
from ghostproof.suggest.sources.form_order import FormOrder
from ghostproof.suggest.sources.learned_order import LearnedOrder
from ghostproof.suggest.sources.nearest import NearestSource
from ghostproof.suggest.sources.premises import PremiseSource
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.allowed import LIBRARIES
from ghostproof.verify.checker import GoalState
from ghostproof.workspace import Workspace


class ProjectLearning:
    """Belongs to one event loop. Whoever searches goes first: what is learnt in the background waits for it.

    Args:
        workspace: the project that a file belongs to, with its Lean.
        given: what is known of that project, instead of what the user's own cache has.
        without: sources, by their names, that are not made.
    """

    def __init__(
        self,
        config: LearnConfig,
        workspace: Callable[[Path], Workspace],
        given: Callable[[Path], Learned | None] | None = None,
        without: Collection[str] = (),
    ) -> None:
        self._config, self._workspace = config, workspace
        self._learner = Learner(find_root, self._harvester, config.steps, self._read_library)
        self._harvesters: dict[Path, tuple[ProbeSession, Harvester]] = {}
        self._libraries = Libraries(sorted(LIBRARIES))
        # Who hears what becomes of suggestions, where the user wants that.
        self.log_use = UsageLog(usage_path()).write if config.log_use else None
        logged = partial(events, usage_path()) if config.log_use else tuple
        self._order = LearnedOrder(find_root, self._learner.learned, logged)
        # Where somebody else says what is known, it is not theirs that the order would come from.
        self._learns_order = config.propose and given is None
        learned = given or self._learner.learned
        self._nearest = NearestSource(learned) if config.propose and "nearest" not in without else None
        self._premises: PremiseSource | None = None
        if config.premises and "premises" not in without:
            self._premises = PremiseSource(workspace, self._library, learned)

    @property
    def sources(self) -> list[Source]:
        """Who proposes what was learnt."""
        return [source for source in (self._nearest, self._premises) if source is not None]

    def order(self, path: Path) -> FormOrder:
        """Which of the portfolio's forms work in the project of a file, as far as that is known by now."""
        return self._order.of(path)

    def note(self, path: Path, text: str) -> None:
        """A file has this text: learn from it once it rests."""
        if self._config.automatic:
            self._learner.note(path, text)

    def refresh(self, path: Path) -> None:
        """Have the order of the portfolio's forms read anew in the background, if that is long ago."""
        if self._learns_order:
            self._order.refresh(path)

    def pause(self) -> None:
        """A search begins; each one is followed by a `resume`."""
        self._learner.pause()

    def resume(self) -> None:
        """A search has ended."""
        self._learner.resume()

    def paused(self) -> AbstractContextManager[None]:
        """While a search goes on."""
        return self._learner.paused()

    def drop(self, path: Path) -> None:
        """The file was closed."""
        self._learner.drop(path)

    async def close(self) -> None:
        """End what goes on in the background, and let go of the databases. Idempotent."""
        await self._learner.close()
        self._libraries.close()

    def near(self, path: Path) -> Near | None:
        """What the proofs of a file's project did at goals like one, for a search; None where nobody tells."""
        return partial(self._nearest.likely, path) if self._nearest is not None else None

    def lemmas(self, path: Path, text: str) -> Lemmas | None:
        """The tactics with theorems in reach of a goal that a search in a text has met; None where nobody tells."""
        if self._premises is None:
            return None
        end = Spot(len(text), len(text), "", 0, SpotKind.TACTIC)
        return partial(_tactics, self._premises, Context(path, text, end))

    async def facts(self, path: Path, text: str, spots: Sequence[Spot]) -> Sequence[str]:
        """What theorems of the imports say that look useful at the first of the spots where Lean sees a goal."""
        if self._premises is None:
            return ()
        for spot in spots:
            with contextlib.suppress(GhostproofError):
                state = await self._workspace(path).open(path, text, spot)
                return await self._premises.facts(state, Context(path, text, spot))
        return ()

    async def read_library(self, path: Path, text: str, *, own: bool = False) -> None:
        """Have the theorems of what a file imports in the index, as far as Lean tells them. Takes a minute, once; with
        `own`, for the project's own modules alone, seconds."""
        await self._workspace(path).start()
        if self._config.premises and (library := self._library(path)) is not None:
            await library.import_and_read(path, text, own=own)

    async def _read_library(self, path: Path, text: str, pause: Pause) -> None:
        if self._config.premises and (library := self._library(path)) is not None:
            await library.read(path, text, pause)

    def _harvester(self, path: Path) -> Harvester | None:
        """Who can tell the steps of a file now: a guest at the prober of its project, while that lives."""
        if (living := self._prober(path)) is None:
            return None
        workspace, session, project = living
        known = self._harvesters.get(workspace.root)
        if known is None or known[0] is not session:
            guest = Harvester(
                session, Setups(project).of, named_below(project.root), environment_of(project), guest=True
            )
            known = self._harvesters[workspace.root] = session, guest
        return known[1]

    def _library(self, path: Path) -> Library | None:
        """What the imports of a file have to offer, asked of the prober of its project while that lives."""
        if (living := self._prober(path)) is None:
            return None
        workspace, session, project = living
        return self._libraries.of(workspace.root, session, project)

    def _prober(self, path: Path) -> tuple[Workspace, ProbeSession, Project] | None:
        """The prober of a file's project, while it lives."""
        workspace = self._workspace(path)
        session, project = workspace.prober, workspace.project
        return None if session is None or project is None else (workspace, session, project)


async def _tactics(source: PremiseSource, context: Context, state: GoalState) -> Sequence[str]:
    return [tactic for tactic, _ in await source.tactics(state, context)]
