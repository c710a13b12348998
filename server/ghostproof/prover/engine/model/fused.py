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

    def add_norm(
        self, update: torch.Tensor | None, states: torch.Tensor, weight: torch.Tensor, epsilon: float
    ) -> torch.Tensor: ...
    def rotate_and_store(
        self, projected: torch.Tensor, rotation: Pair, norms: Pair | None, epsilon: float,
        table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, *, own: bool,
    ) -> None: ...  # fmt: skip
    def silu_mul(self, both: torch.Tensor) -> torch.Tensor: ...


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


@dataclass(frozen=True)
class Layer:
    """Weights of one decoder layer. `norms`: those of queries and keys, which only Qwen3 has."""

    before_attention: torch.Tensor
    projections: Projection
    norms: Pair | None
    output: Projection
    before_mlp: torch.Tensor
    gate_up: Projection
    down: Projection


class FusedForward:
    """Implements `forward.Forward` for plans of `Placed` rows.

    Args:
        model: one that `fits`. Its query, key and value weights become views of one tensor each layer, and so do those
            of gate and up; no weight is there twice.
    """

    def __init__(self, model: PreTrainedModel, operations: LayerOperations) -> None:
        config, decoder = model.config, model.base_model
        self._operations = operations
        self._epsilon = float(config.rms_norm_eps)
        self._kv_heads = int(config.num_key_value_heads)
        self._heads = int(config.num_attention_heads)
        self._embedding = decoder.get_submodule("embed_tokens").get_parameter("weight")
        self._rotary = decoder.get_submodule("rotary_emb")
        self._last_norm = decoder.get_submodule("norm").get_parameter("weight")
        self._head = model.get_submodule("lm_head")
        self._layers = [
            _layer_of(decoder.get_submodule(f"layers.{number}")) for number in range(config.num_hidden_layers)
        ]

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        operations, epsilon = self._operations, self._epsilon
        states, update = embedding(ids, self._embedding), None
        cos, sin = self._rotary(states, positions[None])
        for number, layer in enumerate(self._layers):
            normed = operations.add_norm(update, states, layer.before_attention, epsilon)
            attended = self._attention(number, layer, layer.projections(normed), (cos[0], sin[0]), plan)
            normed = operations.add_norm(layer.output(attended), states, layer.before_mlp, epsilon)
            update = layer.down(operations.silu_mul(layer.gate_up(normed)))
        hidden = operations.add_norm(update, states, self._last_norm, epsilon)
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
            placed = _placed(segment)
            self._operations.rotate_and_store(
                projected[rows], (rotation[0][rows], rotation[1][rows]), layer.norms, self._epsilon,
                placed.table(number), placed.sizes, self._kv_heads, own=placed.own,
            )  # fmt: skip
            query = projected[rows, : self._heads]
            outputs.append(placed.over(number, query, self._kv_heads, float(query.shape[-1] ** -0.5)))
        return (outputs[0] if len(outputs) == 1 else torch.cat(outputs)).flatten(1)


def fits(model: PreTrainedModel) -> bool:
    """Whether `FusedForward` computes what the model's own code does."""
    config, decoder = model.config, model.base_model
    attention = decoder.get_submodule("layers.0.self_attn")
    heads = int(config.num_attention_heads)
    head_dim = attention.get_parameter("q_proj.weight").shape[0] // heads
    rotated = 2 * len(decoder.get_submodule("rotary_emb").get_buffer("inv_freq"))
    return (
        config.model_type in ("llama", "qwen2", "qwen3")
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
    return Layer(
        before_attention=layer.get_parameter("input_layernorm.weight"),
        projections=_merged(attention, ("q_proj", "k_proj", "v_proj")),
        norms=norms,
        output=_merged(attention, ("o_proj",)),
        before_mlp=layer.get_parameter("post_attention_layernorm.weight"),
        gate_up=_merged(mlp, ("gate_proj", "up_proj")),
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
