"""BFS-Prover: goals in, one tactic out, and nothing else. No chat template, and no token in front of the prompt."""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import first_tactic
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt, Stop, StopRule

SEPARATOR = ":::"


class BfsProver:
    """See `Family`. One tactic for a state; it knows no whole proofs."""

    name = "bfs"

    def matches(self, model: str) -> bool:
        return "bfs-prover" in model

    def next_tactic(self, view: View) -> Prompt:
        state = "\n\n".join(view.goals)
        if not state:
            return Prompt("")
        return Prompt(state + SEPARATOR + view.typed, Stop((), StopRule.TACTIC, 0, view.typed))

    def whole_proof(self, view: View, *, cot: bool) -> None:
        return None

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> None:
        return None

    def sketch(self, view: View, lessons: Lessons) -> None:
        return None

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        # Some servers give the prompt back in front of the answer.
        return first_tactic(text.rpartition(SEPARATOR)[2], prompt)

    def extract_proof(self, text: str) -> None:
        return None
