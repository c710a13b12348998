"""What `bench/gpu/` runs: DeepSeek-Prover-V2-7B's shape with random weights, and tokens that need no tokenizer."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from ghostproof.prover.engine.contract import Decoder

SURROGATES, SURROGATES_COUNT = 0xD800, 0x800  # code points that are no characters


@dataclass(frozen=True)
class Scale:
    """What is run: the model's shape, tokens of the prompt, of an edit and of a candidate, rounds."""

    shape: dict[str, Any]
    dtype: torch.dtype
    prompt: int
    edit: int
    tokens: int
    rounds: int


PROVER: dict[str, Any] = {
    "num_hidden_layers": 30, "hidden_size": 4096, "intermediate_size": 11008, "num_attention_heads": 32,
    "num_key_value_heads": 32, "head_dim": 128, "vocab_size": 102_400, "tie_word_embeddings": False,
    "max_position_embeddings": 32_768, "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0},
}  # fmt: skip
TINY = PROVER | {
    "num_hidden_layers": 2, "hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4,
    "num_key_value_heads": 4, "head_dim": 16, "vocab_size": 16_384, "max_position_embeddings": 2048,
}  # fmt: skip
FULL = Scale(PROVER, torch.bfloat16, prompt=2048, edit=64, tokens=64, rounds=15)
SMALL = Scale(TINY, torch.float32, prompt=128, edit=16, tokens=8, rounds=2)


class CharacterTokens:
    """One token for each character: a tokenizer's own cost is measured elsewhere. Implements `contract.Tokens`."""

    eos = frozenset[int]()
    newlines = frozenset({ord("\n")})

    def __init__(self, size: int) -> None:
        self.size = size

    def encode(self, text: str, document: str = "") -> list[int]:
        return [number if number < SURROGATES else number - SURROGATES_COUNT for number in map(ord, text)]

    def decoder(self) -> Decoder:
        return CharacterDecoder()


class CharacterDecoder:
    def push(self, token: int) -> str:
        return chr(token if token < SURROGATES else token + SURROGATES_COUNT)


def text_of(ids: Sequence[int]) -> str:
    """The text of which these are the tokens."""
    return "".join(map(CharacterDecoder().push, ids))


def random_model(scale: Scale, device: torch.device) -> LlamaForCausalLM:
    """The weights are made on the device."""
    with torch.device("meta"):
        model = LlamaForCausalLM(LlamaConfig.from_dict(scale.shape))
    torch.nn.Module.to(model, scale.dtype)
    model.to_empty(device=device)
    torch.manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() == 1:
                weight.uniform_(0.5, 1.5)  # of norms
            else:
                weight.normal_(0.0, 1.28 * scale.shape["hidden_size"] ** -0.5)  # 0.02 in the prover's shape
    return ready(model, device)


def twin(model: LlamaForCausalLM, device: torch.device) -> LlamaForCausalLM:
    """The same weights in the same memory, with transformers' own attention."""
    with torch.device("meta"):
        other = LlamaForCausalLM(copy.deepcopy(model.config))
    other.load_state_dict(model.state_dict(), assign=True)
    other.set_attn_implementation("sdpa")
    return ready(other, device)


def ready(model: LlamaForCausalLM, device: torch.device) -> LlamaForCausalLM:
    model.model.rotary_emb = type(model.model.rotary_emb)(model.config).to(device)
    model.requires_grad_(False)
    model.train(False)
    model.generation_config.eos_token_id = None
    model.generation_config.pad_token_id = 0
    return model
