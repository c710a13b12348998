"""DeepSeek-Prover-V2: a chat model that answers with a proof in a code block, after a plan where it is asked for one.

Its template is `<｜begin▁of▁sentence｜><｜User｜>…<｜Assistant｜>` without line ends; the first token is the backend's.

The model writes whole proofs. One tactic is asked for by giving it the beginning of its own answer: the user's turn is
the non-CoT question, whose text changes only when the statement or the file above does, and the assistant's turn is an
open code block with the declaration up to the cursor, so that the next thing to write is the tactic. The goals stand
there as the comment that the V1.5 models, from whose base this one was trained, saw in their tree search.
"""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import (
    OPEN_FENCE,
    continuation,
    first_tactic,
    last_block,
    proof_of,
    unproved,
)
from ghostproof.prover.prompts.dialogue import answer, correction, sketching
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt

QUESTION = "Complete the following Lean 4 code:\n\n```lean4\n{code}\n```"
# Ends each turn of the model's.
END = "<｜end▁of▁sentence｜>"
PLAN = (
    "\n\nBefore producing the Lean 4 code to formally prove the given theorem, provide a detailed proof plan outlining "
    "the main proof steps and strategies.\nThe plan should highlight key ideas, intermediate lemmas, and proof "
    "structures that will guide the construction of the final formal proof."
)


class DeepSeekV2:
    """See `Family`. Chat; plans before it writes where it is asked to."""

    name = "deepseek-v2"

    def matches(self, model: str) -> bool:
        return "deepseek-prover-v2" in model

    def next_tactic(self, view: View) -> Prompt:
        code, stop = continuation(view)
        return Prompt(_chat(_question(view)) + OPEN_FENCE + code, stop)

    def whole_proof(self, view: View, *, cot: bool) -> Prompt:
        # A plan holds code blocks of its own: only the end of the turn ends the answer.
        return Prompt(_chat(_question(view) + PLAN)) if cot else Prompt(_chat(_question(view)))

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt:
        again = f"{_chat(_question(view) + PLAN)}{answer(view, mistakes[0])}{END}{_chat(correction(mistakes))}"
        return Prompt(again)

    def sketch(self, view: View, lessons: Lessons) -> Prompt:
        return Prompt(_chat(_question(view) + sketching(lessons)))

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return first_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        code = last_block(text)
        return proof_of(code) if code else None


def _question(view: View) -> str:
    return QUESTION.replace("{code}", view.context + unproved(view) + "\n  sorry")


def _chat(content: str) -> str:
    return f"<｜User｜>{content}<｜Assistant｜>"
