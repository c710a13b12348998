"""How one pass of a model is run: by transformers' own code, with our attention in place of its own."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention.plan import NAME, Plan
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model import sampler

Forward: TypeAlias = Callable[[torch.Tensor, torch.Tensor, Plan], torch.Tensor]
"""One pass: token ids [rows], their positions [rows], what they are.

Answers the last hidden states [rows, hidden], or logits [rows, vocabulary] in float32 where the plan wants them, or
what is drawn [rows, 2] where it says how. These are kept: a pass that answers in a buffer of its own must copy them out
of it.
"""

DrawRows: TypeAlias = Callable[[torch.Tensor, Sequence[TokenDraw]], torch.Tensor]
"""A token for each row, as `contract.Runner.draw`."""


class EagerForward:
    """Implements `Forward`. The model's attention is replaced for good."""

    def __init__(self, model: PreTrainedModel, draw: DrawRows = sampler.draw_rows) -> None:
        model.set_attn_implementation(NAME)
        self._decoder = model.base_model
        self._head = model.get_submodule("lm_head")
        self._draw = draw

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        output = self._decoder(input_ids=ids[None], position_ids=positions[None], use_cache=False, plan=plan)
        hidden: torch.Tensor = output.last_hidden_state[0]
        if not plan.logits:
            return hidden
        logits: torch.Tensor = self._head(hidden)
        return self._draw(logits.float(), plan.draws) if plan.draws else logits.float()
