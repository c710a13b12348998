"""DeepSeek-Prover-V1.5: a plain language model that goes on with Lean code inside an open code block.

No chat template; the tokenizer's `<｜begin▁of▁sentence｜>` in front is the backend's. Given V2's template these models
fail.
"""

from collections.abc import Sequence

from ghostproof.prover.prompts.block import OPEN_FENCE, PROOF_STOP, continuation, first_tactic, tactics, unproved
from ghostproof.prover.prompts.dialogue import commented, commented_lessons
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.prover.protocol import Prompt

QUESTION = "Complete the following Lean 4 code:\n\n" + OPEN_FENCE
COMMENTED = "Complete the following Lean 4 code with explanatory comments preceding each line of code:\n\n" + OPEN_FENCE


class DeepSeekV15:
    """See `Family`. Completes code; plans by comments."""

    name = "deepseek-v1.5"

    def matches(self, model: str) -> bool:
        return any(part in model for part in ("deepseek-prover-v1", "goedel-prover-sft", "goedel-prover-dpo"))

    def next_tactic(self, view: View) -> Prompt:
        code, stop = continuation(view)
        return Prompt(QUESTION + view.context + code, stop)

    def whole_proof(self, view: View, *, cot: bool) -> Prompt:
        return Prompt((COMMENTED if cot else QUESTION) + view.context + unproved(view) + "\n", PROOF_STOP)

    def repair(self, view: View, mistakes: Sequence[Mistake]) -> Prompt:
        return Prompt(QUESTION + view.context + commented(mistakes) + unproved(view) + "\n", PROOF_STOP)

    def sketch(self, view: View, lessons: Lessons) -> Prompt:
        return Prompt(COMMENTED + view.context + commented_lessons(lessons) + unproved(view) + "\n", PROOF_STOP)

    def extract_tactic(self, text: str, prompt: Prompt) -> str | None:
        return first_tactic(text, prompt)

    def extract_proof(self, text: str) -> str | None:
        return tactics(text.partition("```")[0])
