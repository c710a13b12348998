"""Whether the logits and the kernels are right."""

import copy
from dataclasses import replace

import torch
from transformers import LlamaForCausalLM

from bench.gpu.model import random_model, twin
from bench.gpu.rows import Row
from bench.gpu.session import KV_BUDGET, ROWS, Bench
from ghostproof.prover.engine.attention.interface import DecodeKernel, Kernels
from ghostproof.prover.engine.attention.torch_kernels import SdpaPrefill, TwoPartDecode, eager
from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model import graphs
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for

# Differences of logits over their spread, root mean square: rounding of bfloat16, and of float32.
HALF_NOISE, SINGLE_NOISE = 0.05, 1e-4
# Of attention in half precision, behind 2,048 keys; a single missing key of so many shows above this.
DECODE_DIFFERENCE = 0.004
OWN_KEYS = 33


@torch.inference_mode()
def check(bench: Bench) -> None:
    noise = HALF_NOISE if bench.scale.dtype == torch.bfloat16 else SINGLE_NOISE
    bench.runner.end(bench.hold(bench.prefix))
    ids = bench.edited()
    hold = bench.hold(ids)
    cached = bench.runner.logits(hold)
    whole = bench.rival(torch.tensor([ids], device=bench.device), logits_to_keep=1).logits[0, -1].float()
    cached_note = f"{hold.cached} of {len(ids)} tokens cached"
    checked(bench, "logits, cached and transformers' own uncached", off(cached, whole), noise, cached_note)
    rows = torch.tensor([bench.tokens(3) for _ in range(ROWS)], device=bench.device)
    replayed = steps(bench, bench.runner, hold, rows)
    beside = bench.hold(ids, runner=bench.reference)
    alone = steps(bench, bench.reference, beside, rows)
    bench.reference.end(beside)
    note = bench.runner.attention + (", recorded" if bench.graphs else "")
    checked(bench, "logits of 16 candidates, as chosen and by the reference", off(replayed, alone), noise, note)
    bench.runner.end(hold)
    if bench.graphs:
        refused = ", ".join(str(key) for key in bench.graphs.refused) or "none refused"
        bench.add("passes recorded", len(bench.graphs.recorded), "", note=f"{bench.recording:.1f} s, {refused}")
    else:
        bench.add("passes recorded", None, "", note=f"not run: {bench.runner.attention} on {bench.device.type}")
    check_kernel(bench)


def checked(bench: Bench, name: str, value: float, target: float, note: str) -> None:
    bench.put(Row(name, value, "of their spread", target, None, note))


def check_kernel(bench: Bench) -> None:
    name = "Triton kernel and the reference, largest difference"
    if bench.kernels.decode.name != "triton":
        bench.add(name, None, "", note=f"not run: decode is {bench.kernels.decode.name}")
        return
    difference = decode_difference(bench.kernels.decode, bench.device, bench.scale.dtype, bench.scale.prompt)
    bench.put(Row(name, difference, "", DECODE_DIFFERENCE))
    from ghostproof.prover.engine.attention import step_kernels  # imports Triton

    problem = step_kernels.unfit(bench.device, bench.scale.dtype, bench.scale.shape["head_dim"])
    name = "kernel of a whole step's attention, as checked before use"
    bench.put(Row(name, float(bool(problem)), "problems", 0.0, None, problem[:200]))


def decode_difference(decode: DecodeKernel, device: torch.device, dtype: torch.dtype, keys: int) -> float:
    """The largest difference from the reference in float32, of 16 candidates behind a little less than so many keys."""
    prefix, own, query = (
        torch.randn(shape, device=device).to(dtype)
        for shape in ((2, 32, keys, 128), (2, ROWS, 32, 64, 128), (ROWS, 32, 128))
    )
    lengths, scale = (keys - 3, OWN_KEYS), 128**-0.5
    actual = decode(query, prefix, own, lengths, scale).float()
    exact = TwoPartDecode("", eager)(query.float(), prefix.float(), own.float(), lengths, scale)
    return float((actual - exact).abs().max())


def steps(bench: Bench, runner: TorchRunner, hold: TrunkHold, columns: torch.Tensor) -> torch.Tensor:
    """Logits behind these tokens, [rows, tokens], of candidates of their own."""
    leaves = runner.fork(hold, len(columns), columns.shape[1])
    for column in columns.T:
        logits = runner.step([(leaves, column)])
    runner.release(leaves)
    return logits


def off(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).square().mean().sqrt() / other.std())


SMALL_LAYERS, SMALL_TOKENS = 4, 300
SINGLE_DIFFERENCE = 1e-3  # of logits in float32, through every kernel
HALF_SHARE = 1.1  # of transformers' own error in half precision


@torch.inference_mode()
def check_small(bench: Bench) -> None:
    """A model of few layers through the same kernels and recordings: in float32 beside transformers', and in half
    precision not further from that than transformers' own."""
    shape = bench.scale.shape | {"num_hidden_layers": SMALL_LAYERS, "vocab_size": 8192}
    half = random_model(replace(bench.scale, shape=shape, dtype=torch.bfloat16), bench.device)
    single = copy.deepcopy(half).float()
    ids = torch.randint(8192, (SMALL_TOKENS,)).tolist()
    tail = torch.randint(8192, (ROWS, 3), device=bench.device)
    # Transformers' own first: the fused pass puts the weights of norms elsewhere.
    exact, theirs_half = (whole_logits(model, bench, ids, tail) for model in (single, half))
    ours_single, ours_half = (logits_of(bench, model, ids, tail) for model in (single, half))
    largest = float((ours_single - exact).abs().max())
    bench.put(Row(f"{SMALL_LAYERS} layers in float32, largest difference of logits", largest, "", SINGLE_DIFFERENCE))
    share = off(ours_half, exact) / off(theirs_half, exact)
    bench.add("error in bfloat16, of transformers' own", share, "x", HALF_SHARE)


def logits_of(bench: Bench, model: LlamaForCausalLM, ids: list[int], tail: torch.Tensor) -> torch.Tensor:
    """Logits behind the prompt and these candidates [rows, tokens], every pass through the device's kernels."""
    kernels = kernels_for(model)
    if bench.kernels.decode.name == "triton" and model.dtype == torch.float32:
        kernels = Kernels(SdpaPrefill(), bench.kernels.decode)
    replayed = graphs.replaying(model, kernels)
    runner = TorchRunner(model, KV_BUDGET, kernels, replayed or EagerForward(model))
    logits = steps(bench, runner, bench.hold(ids, runner=runner), tail)
    if replayed is not None and replayed.refused:
        raise RuntimeError(f"not recorded: {', '.join(map(str, replayed.refused))}")
    return logits


def whole_logits(model: LlamaForCausalLM, bench: Bench, ids: list[int], tail: torch.Tensor) -> torch.Tensor:
    """The same by transformers' own code, nothing cached."""
    prompt = torch.tensor(ids, device=bench.device).expand(len(tail), -1)
    logits: torch.Tensor = twin(model, bench.device)(torch.cat([prompt, tail], 1), logits_to_keep=1).logits[:, -1]
    return logits.float()
