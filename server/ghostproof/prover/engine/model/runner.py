"""The model's forward passes: prompts into trunks, candidates' tokens into leaves, logits out."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import torch
from transformers import PreTrainedModel

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine import contract
from ghostproof.prover.engine.attention import plan as attention
from ghostproof.prover.engine.attention.plan import Group, Plan, Suffix
from ghostproof.prover.engine.attention.select import select
from ghostproof.prover.engine.contract import OutOfMemory
from ghostproof.prover.engine.kvcache.leaves import TrunkLeaves
from ghostproof.prover.engine.kvcache.memory import Layout, Memory
from ghostproof.prover.engine.kvcache.trunk import TrunkHold, Trunks

Forward: TypeAlias = Callable[[torch.Tensor, torch.Tensor, Plan], torch.Tensor]
"""One pass: token ids [rows], their positions [rows], what they are; last hidden states [rows, hidden].

The states are kept: a pass that answers in a buffer of its own must copy them out of it.
"""


class TorchRunner:
    """A causal language model of transformers (Llama, Qwen2, Qwen3) on one device, behind `contract.Runner`.

    Everything that a pass changes is changed after it: a pass that the device has no memory for can be repeated.

    Args:
        model: in evaluation mode, its weights where they stay. Its attention is replaced for good.
        budget: bytes that keys and values may take.

    Attributes:
        kernels: may be replaced between passes.
        forward: how a pass is run; may be replaced between passes.

    Raises:
        ModelBroken: keys and values of this model cannot be reused as they are here.
    """

    def __init__(self, model: PreTrainedModel, budget: int) -> None:
        refuse_unfit(model)
        model.set_attn_implementation(attention.NAME)
        self._decoder = model.base_model
        self._head = model.get_submodule("lm_head")
        self._context = int(model.config.max_position_embeddings)
        self._layout = layout_of(model)
        self._memory = Memory(budget)
        self._trunks = Trunks(self._memory, self._layout)
        self.kernels = select(self._layout.device, self._layout.dtype, self._layout.head_dim)
        self.forward: Forward = self._eager_forward

    @property
    def device(self) -> torch.device:
        return self._layout.device

    @property
    def attention(self) -> str:
        return str(self.kernels)

    @property
    def context(self) -> int:
        return self._context

    @property
    def used(self) -> int:
        return self._memory.used

    @property
    def pinned(self) -> int:
        return self._memory.used - self._trunks.idle_bytes

    @property
    def budget(self) -> int:
        return self._memory.budget

    @torch.inference_mode()
    def begin(self, ids: Sequence[int], document: str) -> TrunkHold:
        """As `contract.Runner.begin`.

        Raises:
            OutOfMemory
            ValueError: no tokens, or more than the context holds.
        """
        if not 0 < len(ids) <= self._context:
            raise ValueError(f"a prompt of {len(ids)} tokens, in a context of {self._context}")
        return self._trunks.begin(np.asarray(ids, np.int32), document)

    @torch.inference_mode()
    def prefill(self, trunk: contract.Hold, tokens: int) -> bool:
        """As `contract.Runner.prefill`.

        Raises:
            OutOfMemory: the trunk is as it was.
        """
        hold = held(trunk)
        self._trunks.settle(hold)
        if not hold.missing:
            return True
        start = min(hold.have, len(hold.prompt) - 1)  # the last token once more where only its hidden state is missing
        ids = hold.prompt[start : start + max(1, min(tokens, hold.missing))]
        plan = Plan([Suffix(hold.trunk.kv.layers, start, len(ids), self.kernels.prefill, store=start == hold.have)])
        positions = torch.arange(start, start + len(ids), device=self.device)
        hidden = self._pass(torch.from_numpy(ids).to(self.device), positions, plan)
        hold.advance(start + len(ids), hidden[-1].clone())
        return not hold.missing

    @torch.inference_mode()
    def logits(self, trunk: contract.Hold) -> torch.Tensor:
        """As `contract.Runner.logits`.

        Raises:
            ValueError: tokens are still missing.
        """
        hidden = held(trunk).hidden
        if hidden is None:
            raise ValueError("a trunk with missing tokens has no logits")
        return self._memory.attempt(lambda: self._logits(hidden[None]))[0]

    @torch.inference_mode()
    def fork(self, trunk: contract.Hold, rows: int, room: int) -> TrunkLeaves:
        """As `contract.Runner.fork`.

        Raises:
            OutOfMemory
            ValueError: tokens of the trunk are still missing, or the rows would not end within the context.
        """
        hold = held(trunk)
        if hold.missing or rows < 1 or not 0 < room <= self._context - len(hold.prompt):
            raise ValueError(
                f"{rows} rows of {room} tokens behind {len(hold.prompt)}, {hold.missing} of them missing, "
                f"in a context of {self._context}"
            )
        shared = self._trunks.share(hold)
        try:
            return TrunkLeaves(self._memory, self._layout, shared, rows, room)
        except OutOfMemory:
            self._trunks.end(shared)
            raise

    @torch.inference_mode()
    def step(self, groups: Sequence[tuple[contract.Leaves, torch.Tensor]]) -> torch.Tensor:
        """As `contract.Runner.step`.

        Raises:
            OutOfMemory: no row has gone on.
            ValueError: rows have as many tokens as `fork` gave them room for.
        """
        every = [grown(leaves) for leaves, _ in groups]
        for leaves in every:
            leaves.reserve()
        ids = torch.cat([tokens for _, tokens in groups])
        positions = torch.cat([self._positions(leaves) for leaves in every])
        hidden = self._pass(ids, positions, Plan([self._group(leaves) for leaves in every]))
        logits = self._memory.attempt(lambda: self._logits(hidden))
        rows = [leaves.rows for leaves in every]
        for leaves, tokens, states in zip(every, torch.split(ids, rows), torch.split(hidden, rows), strict=True):
            leaves.append(tokens, states)
        return logits

    @torch.inference_mode()
    def keep(self, leaves: contract.Leaves, rows: Sequence[int]) -> None:
        """As `contract.Runner.keep`.

        Raises:
            OutOfMemory: nothing has changed.
            ValueError: no row, one twice, or one that is not there.
        """
        grown(leaves).keep(rows)

    def release(self, leaves: contract.Leaves) -> None:
        """As `contract.Runner.release`. Idempotent."""
        grown(leaves).kv.free()
        self._trunks.end(grown(leaves).hold)

    def end(self, trunk: contract.Hold) -> None:
        """As `contract.Runner.end`. Idempotent; leaves go on."""
        self._trunks.end(held(trunk))

    @torch.inference_mode()
    def promote(self, leaves: contract.Leaves, row: int, document: str) -> TrunkHold:
        """A finished trunk of the prompt and the row's tokens; the row goes on. To be ended as any other.

        Raises:
            OutOfMemory
        """
        source = grown(leaves)
        hold = self._trunks.extend(source.hold, source.ids(row), document)
        start, shared = hold.have, source.hold.have
        for trunk, leaf in zip(hold.trunk.kv.layers, source.kv.layers, strict=True):
            trunk[..., start : len(hold.prompt), :] = leaf[:, row, :, start - shared : source.length]
        hold.advance(len(hold.prompt), source.hold.hidden if source.hidden is None else source.hidden[row])
        return hold

    def _group(self, leaves: TrunkLeaves) -> Group:
        hold = leaves.hold
        return Group(hold.trunk.kv.layers, hold.have, leaves.kv.layers, leaves.length, leaves.rows, self.kernels.decode)

    def _positions(self, leaves: TrunkLeaves) -> torch.Tensor:
        return torch.full((leaves.rows,), leaves.position, device=self.device)

    def _pass(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        return self._memory.attempt(lambda: self.forward(ids, positions, plan))

    def _eager_forward(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        output = self._decoder(input_ids=ids[None], position_ids=positions[None], use_cache=False, plan=plan)
        hidden: torch.Tensor = output.last_hidden_state[0]
        return hidden

    def _logits(self, hidden: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._head(hidden)
        return logits.float()


def layout_of(model: PreTrainedModel) -> Layout:
    config, heads = model.config, int(model.config.num_key_value_heads)
    return Layout(
        layers=config.num_hidden_layers,
        kv_heads=heads,
        head_dim=model.base_model.get_parameter("layers.0.self_attn.k_proj.weight").shape[0] // heads,
        dtype=model.dtype,
        device=model.device,
    )


def refuse_unfit(model: PreTrainedModel) -> None:
    """Raise where keys once computed do not hold for every longer prompt, or are not all to be seen."""
    config = model.config.to_dict()
    if set(config.get("layer_types") or ()) - {"full_attention"}:
        raise ModelBroken(
            f"{type(model).__name__} does not attend to the whole prompt in every layer.",
            "Use a model of the Llama or Qwen family without a sliding window.",
        )
    rotary = config["rope_parameters"]["rope_type"]
    if rotary in ("dynamic", "longrope"):
        raise ModelBroken(
            f"The positions of {type(model).__name__} change with the prompt's length (`{rotary}`).",
            "Use a model with another kind of rotary scaling.",
        )


def held(trunk: contract.Hold) -> TrunkHold:
    """The trunk, which must come from this runner."""
    if not isinstance(trunk, TrunkHold):
        raise TypeError(f"not a trunk of this runner: {trunk!r}")
    return trunk


def grown(leaves: contract.Leaves) -> TrunkLeaves:
    """The leaves, which must come from this runner."""
    if not isinstance(leaves, TrunkLeaves):
        raise TypeError(f"not leaves of this runner: {leaves!r}")
    return leaves
