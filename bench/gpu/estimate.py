"""How long a step must take by count, for a card that nobody has at hand. Computed, not measured.

PYTHONPATH=server python -m bench.gpu.estimate

Bytes at the bandwidth of a copy, and a constant for each kernel: what it takes to begin and to end. Both constants are
those of the review that asked for fewer kernels: its 5.8 ms for 1,219 kernels on an H200, 979 of them light ones that
cost 1.8 ms together, leave 4.0 ms for 240 heavy ones, which read 3.31 ms of bytes.
"""

from dataclasses import dataclass

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from bench.gpu.ceilings import ASSUMED
from bench.gpu.count import Recording, recording
from bench.gpu.model import PROVER, TINY
from ghostproof.prover.engine.model.recorded import Key

LIGHT = 1.8e-3 / 979  # seconds of one light kernel
HEAVY = (5.8e-3 - 1.8e-3 - 3.31e-3) / 240  # seconds that one heavy kernel takes besides its bytes
WRITTEN = 2  # bytes of a number in bfloat16
BANDWIDTHS = {"H200": ASSUMED, "H100": 3.05e12}  # bytes a second, of a copy
CONTEXT = 2048


@dataclass(frozen=True)
class Estimate:
    """Milliseconds. floor: of the bytes alone."""

    floor: float
    whole: float

    @property
    def over(self) -> float:
        return self.whole / self.floor


def weight_bytes() -> int:
    """What one pass of the prover's shape reads of its weights, the output layer's included."""
    width, inner, layers = PROVER["hidden_size"], PROVER["intermediate_size"], PROVER["num_hidden_layers"]
    return int(WRITTEN * (layers * (4 * width**2 + 3 * width * inner) + width * PROVER["vocab_size"]))


def cache_bytes(tokens: int) -> int:
    return int(WRITTEN * 2 * PROVER["num_hidden_layers"] * PROVER["hidden_size"] * tokens)


def counted(key: Key) -> Recording:
    """A recorded pass of as many layers as the prover has, of a tiny model of its kind."""
    layers = PROVER["num_hidden_layers"]
    model = LlamaForCausalLM(LlamaConfig.from_dict(TINY | {"num_hidden_layers": layers}))
    model.requires_grad_(False)
    torch.nn.Module.to(model, torch.bfloat16)  # as on the card, where some numbers are converted
    return recording(model, key, layers)


def estimate(pass_: Recording, read: int, bandwidth: float) -> Estimate:
    floor = read / bandwidth
    return Estimate(floor * 1e3, (floor + pass_.heavy * HEAVY + pass_.light * LIGHT) * 1e3)


def first_token() -> Recording:
    """The recorded pass over an edit of 64 tokens, and behind it the output layer and the draw."""
    edit, step = counted(Key("suffix", 64)), counted(Key("step", 1))
    behind_the_last_norm = step.kernels[len(step.kernels) - step.kernels[::-1].index("_norm") :]
    return Recording(edit.products + 1, edit.kernels + behind_the_last_norm)


def main() -> None:
    read = weight_bytes() + cache_bytes(CONTEXT)
    passes = {"step, N=16, 2k tokens": counted(Key("step", 16)), "edit of 64, first token": first_token()}
    for name, passed in passes.items():
        print(
            f"{name}: {passed.products} products, {passed.heavy} heavy and {passed.light} light kernels, "
            f"{read / 1e9:.2f} GB"
        )
        for card, bandwidth in BANDWIDTHS.items():
            told = estimate(passed, read, bandwidth)
            print(f"  {card}: {told.whole:.2f} ms, {told.over:.2f} x the {told.floor:.2f} ms of its bytes")


if __name__ == "__main__":
    main()
