"""Which family a model belongs to."""

from pathlib import PurePath

from ghostproof.errors import BadInput
from ghostproof.prover.prompts.bfs import BfsProver
from ghostproof.prover.prompts.deepseek_v2 import DeepSeekV2
from ghostproof.prover.prompts.deepseek_v15 import DeepSeekV15
from ghostproof.prover.prompts.family import Family
from ghostproof.prover.prompts.goedel_v2 import GoedelV2
from ghostproof.prover.prompts.kimina import Kimina
from ghostproof.prover.prompts.plain import Plain

AUTO = "auto"
# The last one takes whatever no other does.
FAMILIES: tuple[Family, ...] = (DeepSeekV2(), DeepSeekV15(), GoedelV2(), Kimina(), BfsProver(), Plain())


def family_of(model: str, setting: str = AUTO) -> Family:
    """The family of a model.

    Args:
        model: folder, hub name, or name on a server; what a folder's name does not tell, the folders above it may.
        setting: the setting `prover.family`.

    Raises:
        BadInput: there is no such family.
    """
    if setting != AUTO:
        for family in FAMILIES:
            if family.name == setting:
                return family
        names = ", ".join(family.name for family in FAMILIES)
        raise BadInput(f"There is no model family `{setting}`.", f"Set `prover.family` to auto or one of {names}.")
    for part in reversed(PurePath(model).parts):
        for family in FAMILIES[:-1]:
            if family.matches(part.lower().replace("_", "-")):
                return family
    return FAMILIES[-1]
