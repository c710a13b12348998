"""Runs the Triton kernels that draw, and whole passes, on the CPU, interpreted; prints differences as JSON.

A script of its own: Triton decides at its import whether it interprets.
"""

import json

import support.interpreter  # noqa: F401  # isort: skip - before Triton

import torch

from ghostproof.prover.engine.attention import step_kernels, triton_kernels
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model import draw_kernels, layer_kernels, recorded, sampler
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.fused import FusedForward
from ghostproof.prover.engine.model.graphs import Graphs
from ghostproof.prover.engine.model.runner import TorchRunner
from support.random_models import VOCABULARY, twins

# Family, whether the fused pass is taken, layers, whether the kernels draw: that depends on neither of them.
MODELS = (
    ("llama", True, 2, True),
    ("llama-grouped", False, 2, False),
    ("qwen2", True, 1, False),
    ("qwen3", True, 1, False),
)
FEW = 24  # programs that a launch is divided into


def drawn(size: int, spread: float) -> float:
    """Rows of every kind, drawn with the same numbers: 1 where a token differs, else how far log-probabilities do."""
    draw_kernels.CHUNK = 64
    generator = torch.Generator().manual_seed(size)
    logits = torch.randn(12, size, generator=generator) * spread
    logits[3, 5:] = logits[4, : size - 1] = -torch.inf  # a few tokens with mass, and the very last one alone
    logits[5] = 1.0
    chance = torch.rand(12, sampler.MOST_TRIES, generator=generator)
    chance[0], chance[1] = 0, 1 - 2**-24
    draws = [
        TokenDraw(chance[:6, : sampler.tries(0.95)], 0.7, 0.95),
        TokenDraw(chance[6:8, : sampler.tries(0.83)], 1.5, 0.83, greedy_first=True),
        TokenDraw(chance[8:10, :1], 0.0, 0.5),
        TokenDraw(chance[10:, :1], 1.0, 1.0),
    ]
    shared = [TokenDraw(chance[:4, : sampler.tries(0.95)], 0.9, 0.95)]
    off = [
        (draw_kernels.draw_rows(scores, how) - sampler.draw_rows(scores, how)).abs().amax(0)
        for scores, how in ((logits, draws), (logits[:1], shared))
    ]
    return max(1.0 if bool(tokens) else float(logprobs) for tokens, logprobs in off)


def drawn_beside_no_numbers(size: int) -> float:
    """A row whose scores are no numbers, as those behind a recorded group's own may be: 1 where it reaches out of the
    vocabulary or seems drawn, else how far the row beside it moves."""
    generator = torch.Generator().manual_seed(size)
    logits = torch.randn(3, size, generator=generator)
    draws = [TokenDraw(torch.rand(3, sampler.tries(0.95), generator=generator), 0.7, 0.95)]
    alone = draw_kernels.draw_rows(logits, draws)
    logits[0], logits[1, size // 2] = torch.nan, torch.nan
    beside = draw_kernels.draw_rows(logits, draws)
    lost = not bool(((beside[:2, 0] >= 0) & (beside[:2, 0] < size) & beside[:2, 1].isnan()).all())
    return 1.0 if lost else float((beside[2] - alone[2]).abs().max())


@torch.inference_mode()
def whole_model(family: str, *, fused: bool, layers: int, draws_too: bool) -> float:
    """Logits of a prompt in two pieces, of its candidates, and of two prompts' candidates in one pass, and what is
    drawn of these, every pass through the kernels; the other side runs as transformers writes it."""
    triton_kernels.PROGRAMS = FEW
    one, other = twins(family, layers)
    for model in (one, other):
        for name, weight in model.named_parameters():
            if "norm" in name:
                weight.data.mul_(torch.linspace(0.5, 1.5, len(weight)))
    forward = FusedForward(other, layer_kernels, step_kernels) if fused else None
    eager, draw = EagerForward(other), draw_kernels if draws_too else None
    graphs = Graphs(eager, torch.device("cpu"), triton_kernels, lambda work: work, recorded=forward, draw=draw)
    plain, replaying = TorchRunner(one, 1 << 30), TorchRunner(other, 1 << 30, forward=graphs, draw=graphs.draw_rows)
    ids = torch.randint(VOCABULARY, (13,), generator=torch.Generator().manual_seed(1)).tolist()
    chance = torch.rand(7, sampler.tries(0.95), generator=torch.Generator().manual_seed(2))
    draws = [TokenDraw(chance[:3], 0.8, 0.95, greedy_first=True), TokenDraw(chance[3:], 1.0, 0.95)]
    seen: list[list[torch.Tensor]] = []
    for runner in (plain, replaying):
        first, second = runner.begin(ids, "a"), runner.begin(ids[::-1][:6], "b")
        runner.prefill(first, 8)
        runner.prefill(first, 8)
        runner.prefill(second, 8)
        leaves, beside = runner.fork(first, 3, 8), runner.fork(second, 4, 8)
        step = runner.step([(leaves, torch.tensor([4, 5, 6]))])
        groups = [(leaves, torch.tensor([7, 8, 9])), (beside, torch.tensor([1, 2, 3, 4]))]
        seen.append([runner.logits(first), runner.logits(second), step, runner.advance(groups, draws)])
    assert {key.groups for key in graphs.recorded} == {1, 2}
    return max(float((one - other).abs().max()) for one, other in zip(*seen, strict=True))


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    vars(recorded)["SUFFIXES"] = (8, *recorded.SUFFIXES)  # a small one, so that there is less to interpret
    told: dict[str, float] = {}
    for size, spread in ((64, 3.0), (150, 0.1), (330, 3.0)):
        told[f"drawn of {size} tokens, spread {spread}"] = drawn(size, spread)
    told["drawn beside no numbers"] = drawn_beside_no_numbers(150)
    for family, fused, layers, draws_too in MODELS:
        told[f"model {family}, fused: {fused}"] = whole_model(family, fused=fused, layers=layers, draws_too=draws_too)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
