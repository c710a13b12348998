"""Tiny random models of every family the engine runs, each with a twin that transformers runs."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

VOCABULARY = 97
CONTEXT = 2048

SIZES: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.2,  # large enough that a wrong key shows in every logit
}

FAMILIES: dict[str, Callable[[], PreTrainedModel]] = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(num_key_value_heads=4, **SIZES)),
    "llama-grouped": lambda: LlamaForCausalLM(LlamaConfig(num_key_value_heads=2, **SIZES)),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(num_key_value_heads=1, **SIZES)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(num_key_value_heads=2, head_dim=16, **SIZES)),
}


def twins(family: str, layers: int | None = None) -> tuple[PreTrainedModel, PreTrainedModel]:
    """Two models of equal weights, the same in every process; with so many of their layers."""
    torch.set_num_threads(1)
    torch.manual_seed(11)
    model = FAMILIES[family]()
    if layers is not None:
        model.config.num_hidden_layers = layers
        every = model.base_model.get_submodule("layers")
        assert isinstance(every, torch.nn.ModuleList)
        del every[layers:]
    model.train(False)
    return model, copy.deepcopy(model)
