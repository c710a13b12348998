"""What models are told about proofs that Lean refused, and how sketches are asked for: words that families share."""

import textwrap
from collections.abc import Sequence

from ghostproof.prover.prompts.block import OPEN_FENCE
from ghostproof.prover.prompts.family import Lessons, Mistake, View
from ghostproof.syntax.tactic_end import FENCE

# The words of Goedel-Prover-V2's self-correction, which chat provers of other families follow as well.
CORRECTION = (
    "The proof (Round {round}) is not correct. Following is the compilation error message, where we use "
    "<error></error> to signal the position of the error.\n\n{errors}\n\nBefore producing the Lean 4 code to formally "
    "prove the given theorem, provide a detailed analysis of the error message."
)
SKETCH = (
    "\n\nDo not prove the theorem yet. Write a proof sketch in Lean 4: break the proof into small intermediate steps, "
    "each a `have` with a name and its full statement, proved by `sorry`. The last tactics must close the goal with "
    "these steps and without `sorry`. The sketch must compile."
)
# A model reads a message to its first lines, and Lean's can be endless.
LONGEST_MESSAGE = 600


def answer(view: View, mistake: Mistake) -> str:
    """The refused proof as the model would have answered with it."""
    return f"{OPEN_FENCE}{view.statement.rstrip()} := by\n{textwrap.indent(mistake.script, '  ')}\n{FENCE}"


def correction(mistakes: Sequence[Mistake]) -> str:
    """What the model is told about the refused proof that it has just seen, and about others like it."""
    errors = "\n\n".join(map(_error, range(1, len(mistakes) + 1), mistakes))
    return CORRECTION.replace("{round}", "1").replace("{errors}", errors)


def sketching(lessons: Lessons) -> str:
    """How a sketch is asked for, with what is known from earlier ones."""
    said = [SKETCH]
    if lessons.proved:
        said.append("These steps are proved already, and may be used again:" + _listed(lessons.proved))
    if lessons.open:
        said.append("No proof was found for these steps; use smaller ones, or others:" + _listed(lessons.open))
    said += [f"This sketch does not compile:\n{_block(m.script)}\n{_error(1, m)}" for m in lessons.mistakes]
    return "\n\n".join(said)


def commented(mistakes: Sequence[Mistake]) -> str:
    """Refused proofs as a comment, for models that only go on with code."""
    told = (f"{textwrap.indent(m.script, '  ')}\nerror: {_shortened(m.message)}\n" for m in mistakes)
    return f"/- These proofs of the next theorem fail:\n{_no_comment(''.join(told))}-/\n"


def commented_lessons(lessons: Lessons) -> str:
    """The same for sketches."""
    lines = [f"- proved: {_one_line(goal)}\n" for goal in lessons.proved]
    lines += [f"- too hard: {_one_line(goal)}\n" for goal in lessons.open]
    return f"/- A sketch: every step is a `have` whose proof is `sorry`.\n{_no_comment(''.join(lines))}-/\n"


def _error(number: int, mistake: Mistake) -> str:
    code = mistake.script
    if mistake.step and mistake.step in code:
        code = code.replace(mistake.step, f"<error>{mistake.step}</error>", 1)
    message = _shortened(mistake.message)
    return f"Error {number}:\n\nCorresponding Code:\n{_block(code)}\n\nError Message: {message}"


def _block(code: str) -> str:
    return f"{OPEN_FENCE}{code}\n{FENCE}"


def _listed(goals: Sequence[str]) -> str:
    return "".join(f"\n{_block(goal)}" for goal in goals)


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + " …"


def _one_line(goal: str) -> str:
    return " ".join(goal.split())


def _no_comment(text: str) -> str:
    return text.replace("-/", "- /").replace("/-", "/ -")
