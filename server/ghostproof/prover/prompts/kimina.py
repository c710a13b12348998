"""Kimina-Prover: Qwen models that think between `<think>` and `</think>`, then answer with one code block; ChatML.

What stands behind `# Problem:` is the statement, as no informal one is known. One tactic is asked for without any
thinking: the assistant's turn begins with an open code block. An empty pair of think marks is nothing the models know.
"""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import OPEN_FENCE, continuation, first_tactic, last_block, proof_of, unproved
from ghostproof.prover.prompts.chatml import TURN_END, user_turn
from ghostproof.prover.prompts.dialogue import answer, correction, sketching
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt

SYSTEM = "You are an expert in mathematics and Lean 4."
QUESTION = (
    "Think about and solve the following problem step by step in Lean 4.\n# Problem:{problem}\n# Formal statement:\n"
    "```lean4\n{code}\n```\n"
)


class Kimina:
    """See `Family`. Chat; always thinks."""

    name = "kimina"

    def matches(self, model: str) -> bool:
        return "kimina" in model

    def next_tactic(self, view: View) -> Prompt:
        code, stop = continuation(view)
        return Prompt(user_turn(_question(view), SYSTEM) + OPEN_FENCE + code, stop)

    def whole_proof(self, view: View, *, cot: bool) -> Prompt:
        return Prompt(user_turn(_question(view), SYSTEM))

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt:
        asked = user_turn(_question(view), SYSTEM)
        return Prompt(asked + answer(view, mistakes[0]) + TURN_END + user_turn(correction(mistakes)))

    def sketch(self, view: View, lessons: Lessons) -> Prompt:
        return Prompt(user_turn(_question(view).rstrip() + sketching(lessons), SYSTEM))

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return first_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        code = last_block(text.rpartition("</think>")[2])
        return proof_of(code) if code else None


def _question(view: View) -> str:
    statement = unproved(view)
    problem = "\n".join(line for line in statement.split("\n") if line.strip())
    before, _, rest = QUESTION.partition("{problem}")
    return before + problem + rest.replace("{code}", view.context + statement)
