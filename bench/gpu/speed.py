"""How fast steps, edits, unseen prompts and draws are, and which kernels a step is made of."""

from collections.abc import Callable

import torch

from bench.gpu.rows import Row
from bench.gpu.session import ROWS, Bench
from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model.sampler import draw, tries

STEPS = 32
MOST_KERNELS = 25  # lines of the profile's table


@torch.inference_mode()
def measure_runner(bench: Bench) -> None:
    scale = bench.scale
    hold = bench.hold(bench.prefix)
    for rows, target, limit in ((1, 4.1, 3.26), (ROWS, 4.1, 3.31)):
        name = f"one step, N={rows}, {scale.prompt} tokens of context"
        bench.time(name, stepping(bench, hold, rows), per=steps_of(bench), gpu=target, limit=limit)
    for top_p in (1.0, 0.95):
        chance = torch.rand(ROWS, tries(top_p), device=bench.device)
        logits = torch.randn(ROWS, scale.shape["vocab_size"], device=bench.device)
        name = f"drawing {ROWS} tokens, top-p {top_p:g}"
        bench.time(name, lambda p=top_p, c=chance, s=logits: draw(s, c, 1.0, p))  # type: ignore[misc]
    bench.runner.end(hold)

    def edit() -> None:
        again = bench.hold(bench.edited())
        bench.runner.logits(again).argmax()
        bench.runner.end(again)

    bench.time(f"first token after an edit of {scale.edit}", edit, gpu=4.6)

    def cold() -> None:
        bench.runner.end(bench.hold(bench.tokens(scale.prompt), "cold"))

    bench.time(f"cold prefill of {scale.prompt}", cold, gpu=60.0)


@torch.inference_mode()
def measure_sizes(bench: Bench) -> None:
    """Steps of more rows and contexts, two requests in one pass, rows that finish early, prompts of unseen lengths."""
    scale = bench.scale
    for context in (scale.prompt, 3 * scale.prompt, 8 * scale.prompt):
        hold = bench.hold(bench.tokens(context), "sizes")
        for rows in (1, 8, 16, 32):
            if (rows, context) in ((1, scale.prompt), (ROWS, scale.prompt)):
                continue  # measured already
            bench.time(f"one step, N={rows}, {context} tokens of context", stepping(bench, hold, rows), steps_of(bench))
        bench.runner.end(hold)
    one, other = (bench.hold(bench.tokens(scale.prompt), document) for document in "ab")
    name = f"one step of two requests, N={ROWS} each"
    bench.time(name, stepping(bench, one, ROWS, other), steps_of(bench))
    bench.time(f"one step, half of N={ROWS} finished", stepping(bench, one, ROWS, drop=True), steps_of(bench))
    for hold in (one, other):
        bench.runner.end(hold)
    for length in (scale.prompt // 2 + 13, scale.prompt - 29):

        def cold(length: int = length) -> None:
            bench.runner.end(bench.hold(bench.tokens(length), "cold"))

        bench.time(f"cold prefill of {length}, a length not seen before", cold, rounds=1, warm=False)


@torch.inference_mode()
def profile(bench: Bench) -> None:
    """One step of 16 rows, kernel by kernel."""
    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as profiling

    hold = bench.hold(bench.prefix)
    work = stepping(bench, hold, ROWS, steps=1)
    work()
    activity = ProfilerActivity.CUDA if bench.cuda else ProfilerActivity.CPU
    with profiling(activities=[activity]) as seen:
        work()
        bench.synchronize()
    bench.runner.end(hold)

    def taken(event: object) -> float:
        return float(getattr(event, "self_device_time_total" if bench.cuda else "self_cpu_time_total"))

    events = sorted(seen.key_averages(), key=taken, reverse=True)
    where = "device" if bench.cuda else "CPU"
    bench.put(Row(f"kernels of a step, N={ROWS}", sum(event.count for event in events), "launches"))
    for event in events[:MOST_KERNELS]:
        bench.put(Row(f"  {event.key[:60]}", taken(event) / 1000, "ms", note=f"x {event.count}, {where}"))


def steps_of(bench: Bench) -> int:
    return min(STEPS, bench.scale.tokens)


def stepping(
    bench: Bench, hold: TrunkHold, rows: int, beside: TrunkHold | None = None, *, drop: bool = False, steps: int = 0
) -> Callable[[], None]:
    """So many steps of candidates of one prompt, or of two; `drop` gives every other row up after half of them."""
    steps = steps or steps_of(bench)

    def work() -> None:
        every = [bench.runner.fork(one, rows, steps) for one in (hold, beside) if one is not None]
        newest = [torch.zeros(rows, dtype=torch.int64, device=bench.device) for _ in every]
        for step in range(steps):
            if drop and step == steps // 2:
                bench.runner.keep(every[0], range(0, rows, 2))
                newest[0] = newest[0][::2]
            logits = bench.runner.step(list(zip(every, newest, strict=True)))
            newest = list(logits.argmax(-1).split([leaves.rows for leaves in every]))
        for leaves in every:
            bench.runner.release(leaves)

    return work
