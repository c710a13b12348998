"""A pass of the model with few kernels: merged projections, and one kernel for each thing between matrix products.

For passes that are recorded. It computes what transformers' own code for Llama, Qwen2 and Qwen3 does.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from torch.nn.functional import embedding, linear
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention.plan import Plan, Segment

Pair = tuple[torch.Tensor, torch.Tensor]


class LayerOperations(Protocol):
    """What stands between matrix products; `layer_kernels` implements it."""

    def norm(self, states: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor: ...
    def rotate_and_store(
        self, projected: torch.Tensor, rotation: Pair, norms: Pair | None, epsilon: float,
        table: torch.Tensor, sizes: torch.Tensor, kv_heads: int,
    ) -> None: ...  # fmt: skip
    def silu_mul(self, both: torch.Tensor, states: torch.Tensor, epsilon: float) -> torch.Tensor: ...


class StepOperations(Protocol):
    """The attention of candidates' tokens; `attention.step_kernels` implements it."""

    def counters(self, kv_heads: int, device: torch.device) -> torch.Tensor: ...
    def attend_step(
        self, projected: torch.Tensor, rotation: Pair, norms: Pair | None, epsilon: float,
        table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float, arrived: torch.Tensor,
    ) -> torch.Tensor: ...  # fmt: skip


@runtime_checkable
class Placed(Protocol):
    """Rows of a pass whose keys and values the device itself knows the place of."""

    @property
    def rows(self) -> int: ...
    @property
    def own(self) -> bool:
        """Whether they are candidates' tokens, rather than a prompt's."""
        ...

    @property
    def sizes(self) -> torch.Tensor: ...
    def table(self, layer: int) -> torch.Tensor: ...
    def over(self, layer: int, query: torch.Tensor, kv_heads: int, scale: float) -> torch.Tensor:
        """Attention [rows, heads, head_dim] of queries [rows, heads, head_dim], their keys being stored already."""
        ...


@dataclass(frozen=True)
class Projection:
    """One matrix product, of several layers' weights where these read the same states."""

    weight: torch.Tensor
    bias: torch.Tensor | None

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        return linear(states, self.weight, self.bias)

    def add_to(self, states: torch.Tensor, update: torch.Tensor) -> None:
        """Add the product of `update` to the states in place: a sum is rounded once, and no kernel of its own."""
        if self.bias is not None:
            states.add_(self.bias)
        states.addmm_(update, self.weight.t())


@dataclass(frozen=True)
class Layer:
    """Weights of one decoder layer.

    Attributes:
        norms: those of queries and keys, which only Qwen3 has.
        gate_up: made for states before the norm; that norm's weight is in them.
    """

    before_attention: torch.Tensor
    projections: Projection
    norms: Pair | None
    output: Projection
    gate_up: Projection
    down: Projection


class FusedForward:
    """Implements `forward.Forward` for plans of `Placed` rows.

    Args:
        model: one that `fits`. Its query, key and value weights become views of one tensor each layer, and so do those
            of gate and up; no weight is there twice. Gate and up take the weight of the norm before them into theirs,
            and leave ones behind: what remains of the norm is a number for each row, which needs no kernel of its own.
    """

    def __init__(self, model: PreTrainedModel, operations: LayerOperations, steps: StepOperations) -> None:
        config, decoder = model.config, model.base_model
        self._operations = operations
        self._steps = steps
        self._epsilon = float(config.rms_norm_eps)
        self._kv_heads = int(config.num_key_value_heads)
        self._heads = int(config.num_attention_heads)
        self._embedding = decoder.get_submodule("embed_tokens").get_parameter("weight")
        self._rotary = decoder.get_submodule("rotary_emb")
        self._last_norm = decoder.get_submodule("norm").get_parameter("weight")
        self._head = model.get_submodule("lm_head")
        self._arrived = steps.counters(self._kv_heads, model.device)
        self._layers = [
            _layer_of(decoder.get_submodule(f"layers.{number}")) for number in range(config.num_hidden_layers)
        ]

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        operations, epsilon = self._operations, self._epsilon
        states = embedding(ids, self._embedding)
        cos, sin = self._rotary(states, positions[None])
        for number, layer in enumerate(self._layers):
            projected = layer.projections(operations.norm(states, layer.before_attention, epsilon))
            layer.output.add_to(states, self._attention(number, layer, projected, (cos[0], sin[0]), plan))
            layer.down.add_to(states, operations.silu_mul(layer.gate_up(states), states, epsilon))
        hidden = operations.norm(states, self._last_norm, epsilon)
        if not plan.logits:
            return hidden
        logits: torch.Tensor = self._head(hidden)
        return logits.float()

    def _attention(self, number: int, layer: Layer, together: torch.Tensor, rotation: Pair, plan: Plan) -> torch.Tensor:
        """Attention of all rows, [rows, heads * head_dim], from their queries, keys and values [rows, all of them]."""
        projected = together.view(len(together), self._heads + 2 * self._kv_heads, -1)
        outputs, first = [], 0
        for segment in plan.segments:
            rows = slice(first, first + segment.rows)
            first = rows.stop
            own = projected[rows], (rotation[0][rows], rotation[1][rows])
            outputs.append(self._attended(number, layer, own, _placed(segment)))
        return (outputs[0] if len(outputs) == 1 else torch.cat(outputs)).flatten(1)

    def _attended(self, number: int, layer: Layer, own: tuple[torch.Tensor, Pair], rows: Placed) -> torch.Tensor:
        """Attention [rows, heads, head_dim] of rows with these projections and rotations."""
        projected, rotation = own
        table, scale = rows.table(number), float(projected.shape[-1] ** -0.5)
        if rows.own:
            return self._steps.attend_step(
                projected, rotation, layer.norms, self._epsilon, table, rows.sizes, self._kv_heads, scale, self._arrived
            )
        self._operations.rotate_and_store(
            projected, rotation, layer.norms, self._epsilon, table, rows.sizes, self._kv_heads
        )
        return rows.over(number, projected[:, : self._heads], self._kv_heads, scale)


def fits(model: PreTrainedModel) -> bool:
    """Whether `FusedForward` computes what the model's own code does."""
    config, decoder = model.config, model.base_model
    attention = decoder.get_submodule("layers.0.self_attn")
    heads = int(config.num_attention_heads)
    head_dim = attention.get_parameter("q_proj.weight").shape[0] // heads
    rotated = 2 * len(decoder.get_submodule("rotary_emb").get_buffer("inv_freq"))
    return (
        # States that are not normalized are multiplied, which may be too large for half precision's small exponent.
        model.dtype != torch.float16
        and config.model_type in ("llama", "qwen2", "qwen3")
        and config.hidden_act == "silu"
        and rotated == head_dim
        and attention.scaling == head_dim**-0.5
    )


def _placed(segment: Segment) -> Placed:
    """The segment, which must be of a recording."""
    if not isinstance(segment, Placed):
        raise TypeError(f"not rows of a recording: {segment!r}")
    return segment


def _layer_of(layer: torch.nn.Module) -> Layer:
    attention, mlp = layer.get_submodule("self_attn"), layer.get_submodule("mlp")
    has_norms = hasattr(attention, "q_norm")
    norms = (attention.get_parameter("q_norm.weight"), attention.get_parameter("k_norm.weight")) if has_norms else None
    gate_up = _merged(mlp, ("gate_proj", "up_proj"))
    scaling = layer.get_parameter("post_attention_layernorm.weight")
    gate_up.weight.mul_(scaling.data)
    scaling.data.fill_(1.0)
    return Layer(
        before_attention=layer.get_parameter("input_layernorm.weight"),
        projections=_merged(attention, ("q_proj", "k_proj", "v_proj")),
        norms=norms,
        output=_merged(attention, ("o_proj",)),
        gate_up=gate_up,
        down=_merged(mlp, ("down_proj",)),
    )


def _merged(module: torch.nn.Module, names: tuple[str, ...]) -> Projection:
    """The linear layers of these names as one; their weights become views of its own."""
    linears = [module.get_submodule(name) for name in names]
    weight, bias = _joined(linears, "weight"), _joined(linears, "bias")
    assert weight is not None
    if weight.is_cuda and len(names) > 1:
        # What the parts took has other sizes than what is made next: the allocator would keep it for nothing.
        torch.cuda.empty_cache()
    return Projection(weight, bias)


def _joined(linears: list[torch.nn.Module], name: str) -> torch.Tensor | None:
    parts = [part for linear in linears if isinstance(part := getattr(linear, name), torch.nn.Parameter)]
    if len(parts) < len(linears) or len(linears) == 1:
        return parts[0].data if len(parts) == len(linears) else None
    whole = torch.cat([part.data for part in parts])
    for owner, view in zip(linears, whole.split([len(part) for part in parts]), strict=True):
        setattr(owner, name, torch.nn.Parameter(view, requires_grad=False))
    return whole
