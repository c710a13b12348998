"""Whole proofs in the files at hand: what a search is given of the project, of what was learnt, and of the model."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ghostproof.config import Config
from ghostproof.project_learning import ProjectLearning
from ghostproof.search.adviser import Adviser, Facts, no_facts
from ghostproof.search.broken import Broken, broken
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import prove
from ghostproof.search.recheck import recheck
from ghostproof.search.remembered import FilesRemembered
from ghostproof.search.repair import repair
from ghostproof.search.task import ReportOutcome, Task
from ghostproof.search.unfinished import Unfinished, holds
from ghostproof.syntax.spot import Spot
from ghostproof.syntax.written_proofs import WrittenProof
from ghostproof.workspace import Workspace

if TYPE_CHECKING:
    from ghostproof.suggest.model import Model

# A search stays with the checker that has opened its goal, and scratch keeps no states and tries nothing on small
# values, so that no lemma would be found. The embedded Lean takes a minute to read the prober's source, whose compiled
# form is made behind that; a native one seconds.
PROBE_S = 150.0


class Proving:
    """Cancelling what it is asked for ends the search, and all work of it in Lean.

    Args:
        workspace: the project that a file belongs to, with its Lean.
        model: who is asked for whole proofs, if anybody.
        without: strategies, by their names, that are left out.
    """

    def __init__(
        self,
        config: Config,
        workspace: Callable[[Path], Workspace],
        learning: ProjectLearning,
        model: "Model | None" = None,
        without: Collection[str] = (),
    ) -> None:
        self._config, self._workspace = config, workspace
        self._learning, self._model, self._without = learning, model, frozenset(without)
        self._remembered = FilesRemembered()

    async def prove(
        self,
        path: Path,
        text: str,
        spots: Sequence[Spot],
        budget_s: float,
        report: ReportOutcome = lambda outcome: None,
    ) -> Outcome:
        """Search for a whole proof at the first of `spots` where Lean sees a goal."""
        with self._learning.paused():
            await self._probe(path, report)
            facts = partial(self._learning.facts, path, text, tuple(spots))
            return await prove(self._task(path, text, budget_s, report, facts), spots)

    async def broken(self, path: Path, text: str, proof: WrittenProof) -> tuple[Broken, ...]:
        """See `search/broken.py`."""
        return await broken(self._workspace(path), path, text, proof)

    async def repair(
        self,
        path: Path,
        text: str,
        broken: Broken,
        budget_s: float,
        report: ReportOutcome = lambda outcome: None,
    ) -> Outcome:
        """Search for a proof in place of one that Lean refuses."""
        with self._learning.paused():
            await self._probe(path, report)
            return await repair(self._task(path, text, budget_s, report), broken)

    async def recheck(self, path: Path, text: str, proof: Proof) -> Proof | None:
        """The proof at its spot of another text, if Lean accepts it there.

        Raises:
            LeanDied, LeanTimeout: Lean did not come to the goal.
        """
        return await recheck(self._workspace(path), path, text, proof)

    async def holds(self, path: Path, text: str, part: Unfinished) -> bool:
        """See `search/unfinished.py`."""
        return await holds(self._workspace(path), path, text, part)

    async def _probe(self, path: Path, report: ReportOutcome) -> None:
        report(Outcome(now="waiting for Lean"))
        await self._workspace(path).await_probe(PROBE_S)

    def _task(self, path: Path, text: str, budget_s: float, report: ReportOutcome, facts: Facts = no_facts) -> Task:
        return Task(
            self._workspace(path),
            path,
            text,
            budget_s,
            self._config.suggest.heartbeats,
            self._adviser(facts),
            report,
            self._learning.near(path),
            self._learning.lemmas(path, text),
            self._without,
            self._remembered.of(path),
            self._config.suggest.lemmas == "above",
        )

    def _adviser(self, facts: Facts) -> Adviser | None:
        if self._model is None:
            return None
        from ghostproof.search.model_adviser import Draws, ModelAdviser  # whoever has no model does not wait for it

        self._model.wake()
        config = self._config.prover
        draws = Draws(config.proofs, config.proof_tokens, config.plan_tokens, config.temperature, config.top_p)
        return ModelAdviser(self._model.prover, self._model.proof_prompts, draws, facts)
