"""Goedel-Prover-V2: Qwen3 models that always plan a proof before they write it; ChatML without a system turn.

The question is DeepSeek-Prover-V2's, but for the line end before the closing fence. One tactic is asked for as there:
the assistant's turn begins with an open code block.
"""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import OPEN_FENCE, continuation, first_tactic, last_block, proof_of, unproved
from ghostproof.prover.prompts.chatml import TURN_END, user_turn
from ghostproof.prover.prompts.deepseek_v2 import PLAN
from ghostproof.prover.prompts.dialogue import answer, correction, sketching
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt

QUESTION = "Complete the following Lean 4 code:\n\n```lean4\n{code}```"


class GoedelV2:
    """See `Family`. Chat; always plans."""

    name = "goedel-v2"

    def matches(self, model: str) -> bool:
        return "goedel-prover" in model and "sft" not in model and "dpo" not in model

    def next_tactic(self, view: View) -> Prompt:
        code, stop = continuation(view)
        return Prompt(user_turn(_question(view)) + OPEN_FENCE + code, stop)

    def whole_proof(self, view: View, *, cot: bool) -> Prompt:
        return Prompt(user_turn(_question(view) + PLAN))

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt:
        asked = user_turn(_question(view) + PLAN)
        return Prompt(asked + answer(view, mistakes[0]) + TURN_END + user_turn(correction(mistakes)))

    def sketch(self, view: View, lessons: Lessons) -> Prompt:
        return Prompt(user_turn(_question(view) + sketching(lessons)))

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return first_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        code = last_block(text)
        return proof_of(code) if code else None


def _question(view: View) -> str:
    return QUESTION.replace("{code}", view.context + unproved(view) + "\n  sorry")
