"""What a model's server is sent, for `ghostproof doctor`: a prompt as it is written, and what else may stand in one."""

from ghostproof.config import ProverConfig
from ghostproof.prover.prompts.families import family_of
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.render import Examined
from ghostproof.syntax.spot import Spot

PARTS = (
    "imports, statements of theorems that fit the goal, the file above the cursor as far as {context} tokens go, the "
    "declaration at the cursor, its goals; for whole proofs and their repair also attempts that Lean refused, with its "
    "messages. Nothing else is sent: not what is learned of your proofs, nor the log of use"
)
_PREMISE = "theorem And.comm : a ∧ b ↔ b ∧ a"


async def _lengths(texts: list[str]) -> list[int]:
    """More tokens than any model makes of the texts."""
    return [len(text.encode()) for text in texts]


async def examine_prompts(config: ProverConfig, text: str, spot: Spot, goal: str) -> Examined:
    """What goes to the server of the settings, with the prompt for a hole of a text as an example.

    Raises:
        GhostproofError: the settings name no family.
    """
    prompter = Prompter(family_of(config.remote_model, config.family), _lengths, config.context, config.tokens)
    prompt = await prompter.next_tactic(text, spot, [goal], premises=[_PREMISE])
    shown = "\n".join(f"  {line}" for line in prompt.text.rstrip("\n").split("\n"))
    value = f"go to {config.url}: {PARTS.format(context=config.context)}"
    return Examined("prompts", True, value, f"for example ({prompter.family.name}):\n{shown}")
