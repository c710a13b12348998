"""The model's forward passes: prompts into trunks, candidates' tokens into leaves, logits out."""

from collections.abc import Sequence

import numpy as np
import torch
from transformers import PreTrainedModel

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine import contract
from ghostproof.prover.engine.attention.interface import Kernels
from ghostproof.prover.engine.attention.plan import Group, Plan, Suffix
from ghostproof.prover.engine.attention.select import select
from ghostproof.prover.engine.contract import OutOfMemory
from ghostproof.prover.engine.kvcache.leaves import TrunkLeaves
from ghostproof.prover.engine.kvcache.memory import Layout
from ghostproof.prover.engine.kvcache.trunk import TrunkHold, Trunks
from ghostproof.prover.engine.model import sampler
from ghostproof.prover.engine.model.forward import DrawRows, EagerForward, Forward
from ghostproof.prover.engine.transfer import sent


class TorchRunner:
    """A causal language model of transformers (Llama, Qwen2, Qwen3) on one device, behind `contract.Runner`.

    Everything that a pass changes is changed after it: a pass that the device has no memory for can be repeated.

    Args:
        model: in evaluation mode, its weights where they stay. Its attention is replaced for good.
        budget: bytes that keys and values may take.
        kernels: attention; by default what suits the device.
        forward: how a pass of the model is run; by default as transformers writes it.
        draw: how tokens are drawn outside of a pass.

    Raises:
        ModelBroken: keys and values of this model cannot be reused as they are here.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        budget: int,
        kernels: Kernels | None = None,
        forward: Forward | None = None,
        draw: DrawRows = sampler.draw_rows,
    ) -> None:
        refuse_unfit(model)
        self._head = model.get_submodule("lm_head")
        self._context = int(model.config.max_position_embeddings)
        self._layout = layout_of(model)
        self._trunks = Trunks(budget, self._layout)
        self._memory = self._trunks.memory
        self._kernels = kernels or kernels_for(model)
        self._forward = forward or EagerForward(model)
        self._draw = draw

    @property
    def device(self) -> torch.device:
        return self._layout.device

    @property
    def attention(self) -> str:
        return str(self._kernels)

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
    def prefill(self, hold: contract.Hold, tokens: int) -> bool:
        """As `contract.Runner.prefill`.

        Raises:
            OutOfMemory: the trunk is as it was.
        """
        mine = held(hold)
        self._trunks.settle(mine)
        if not mine.missing:
            return True
        start = min(mine.have, len(mine.prompt) - 1)  # the last token once more where only its hidden state is missing
        ids = mine.prompt[start : start + max(1, min(tokens, mine.missing))]
        plan = Plan([Suffix(mine.trunk.kv.layers, start, len(ids), self._kernels.prefill, store=start == mine.have)])
        positions = torch.arange(start, start + len(ids), device=self.device)
        hidden = self._pass(sent(torch.from_numpy(ids), self.device), positions, plan)
        mine.advance(start + len(ids), hidden[-1].clone())
        return not mine.missing

    @torch.inference_mode()
    def logits(self, hold: contract.Hold) -> torch.Tensor:
        """As `contract.Runner.logits`.

        Raises:
            ValueError: tokens are still missing.
        """
        hidden = held(hold).hidden
        if hidden is None:
            raise ValueError("a trunk with missing tokens has no logits")
        return self._memory.attempt(lambda: self._logits(hidden[None]))[0]

    @torch.inference_mode()
    def fork(self, hold: contract.Hold, rows: int, room: int) -> TrunkLeaves:
        """As `contract.Runner.fork`.

        Raises:
            OutOfMemory
            ValueError: tokens of the trunk are still missing, or the rows would not end within the context.
        """
        mine = held(hold)
        if mine.missing or rows < 1 or not 0 < room <= self._context - len(mine.prompt):
            raise ValueError(
                f"{rows} rows of {room} tokens behind {len(mine.prompt)}, {mine.missing} of them missing, "
                f"in a context of {self._context}"
            )
        shared = self._trunks.share(mine)
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
        return self._step(groups, ())

    @torch.inference_mode()
    def draw(self, logits: torch.Tensor, draws: Sequence[contract.TokenDraw]) -> torch.Tensor:
        """As `contract.Runner.draw`.

        Raises:
            OutOfMemory
        """
        return self._memory.attempt(lambda: self._draw(logits, draws))

    @torch.inference_mode()
    def advance(
        self, groups: Sequence[tuple[contract.Leaves, torch.Tensor]], draws: Sequence[contract.TokenDraw]
    ) -> torch.Tensor:
        """As `contract.Runner.advance`.

        Raises:
            OutOfMemory: no row has gone on.
            ValueError: rows have as many tokens as `fork` gave them room for.
        """
        return self._step(groups, draws)

    def _step(
        self, groups: Sequence[tuple[contract.Leaves, torch.Tensor]], draws: Sequence[contract.TokenDraw]
    ) -> torch.Tensor:
        every = [grown(leaves) for leaves, _ in groups]
        for leaves in every:
            leaves.reserve()
        ids = torch.cat([tokens for _, tokens in groups])
        positions = torch.cat([self._positions(leaves) for leaves in every])
        answer = self._pass(ids, positions, Plan([self._group(leaves) for leaves in every], logits=True, draws=draws))
        for leaves in every:
            leaves.advance()
        return answer

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

    def end(self, hold: contract.Hold) -> None:
        """As `contract.Runner.end`. Idempotent; leaves go on."""
        self._trunks.end(held(hold))

    def _group(self, leaves: TrunkLeaves) -> Group:
        hold = leaves.hold
        return Group(
            hold.trunk.kv.layers, hold.have, leaves.kv.layers, leaves.length, leaves.rows, self._kernels.decode
        )

    def _positions(self, leaves: TrunkLeaves) -> torch.Tensor:
        return torch.full((leaves.rows,), leaves.position, device=self.device)

    def _pass(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        return self._memory.attempt(lambda: self._forward(ids, positions, plan))

    def _logits(self, hidden: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self._head(hidden)
        return logits.float()


def kernels_for(model: PreTrainedModel) -> Kernels:
    """The attention kernels that suit the model's device, type and heads."""
    layout = layout_of(model)
    return select(layout.device, layout.dtype, layout.head_dim)


def layout_of(model: PreTrainedModel) -> Layout:
    """How a model's keys and values lie in memory."""
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


def held(hold: contract.Hold) -> TrunkHold:
    """The hold, which must come from this runner."""
    if not isinstance(hold, TrunkHold):
        raise TypeError(f"not a hold of this runner: {hold!r}")
    return hold


def grown(leaves: contract.Leaves) -> TrunkLeaves:
    """The leaves, which must come from this runner."""
    if not isinstance(leaves, TrunkLeaves):
        raise TypeError(f"not leaves of this runner: {leaves!r}")
    return leaves
