"""Measures the engine on a GPU, with random weights in the exact shape of DeepSeek-Prover-V2-7B; nothing is fetched.

PYTHONPATH=server python -m bench.gpu [--quick] [--json FILE]
PYTHONPATH=server python -m bench.gpu --small        a tiny model on the CPU: tries this script, and measures nothing

Every row is shown and written when it is there; a part that fails or takes too long costs its own rows only.
Needs torch, transformers, triton, numpy and cachetools; aiohttp only for what goes through HTTP.
"""

import argparse
import asyncio
import faulthandler
import json
import logging
import math
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import torch
import transformers

from bench.gpu_model import FULL, SMALL, CharacterTokens, Scale, random_model, text_of, twin
from ghostproof.prover.engine.attention.interface import Kernels
from ghostproof.prover.engine.attention.torch_kernels import TwoPartDecode, eager
from ghostproof.prover.engine.contract import Ask, Ended, Event, Finished
from ghostproof.prover.engine.engine import TorchEngine
from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model import graphs
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for
from ghostproof.prover.engine.model.sampler import draw
from ghostproof.prover.protocol import Prompt, SamplingParams, Stop

T = TypeVar("T")
log = logging.getLogger(__name__)

ROWS, STEPS = 16, 32
KV_BUDGET = 5 << 30
PART_S = {"check": 120, "measure_ceilings": 30, "measure_runner": 90, "measure_engine": 90, "measure_rival": 90}
ASSUMED = 4.3e12  # bytes a second of the card for which limits and targets are written down
COPIED = 1 << 30  # bytes
# Differences of logits over their spread, root mean square: rounding of bfloat16, and of float32.
HALF_NOISE, SINGLE_NOISE = 0.05, 1e-4


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        value: None where it was not run; `note` says why.
        target: what it must not exceed. `limit`: what this card's memory bandwidth allows, computed.
    """

    name: str
    value: float | None
    unit: str
    target: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def passed(self) -> bool | None:
        return None if self.value is None or self.target is None else self.value <= self.target


class Bench:
    def __init__(self, scale: Scale, device: torch.device, tell: Callable[[Row], None]) -> None:
        self.scale = scale
        self.tell = tell
        self.slower = 1.0  # than the card that limits and targets are written down for
        self.device = device
        self.cuda = device.type == "cuda"
        self.rows: list[Row] = []
        self.model = random_model(scale, device)
        self.kernels = kernels_for(self.model)
        eager_forward = EagerForward(self.model)
        self.graphs = graphs.replaying(self.model, self.kernels)
        self.rival = twin(self.model, device)  # of the weights as they lie now
        self.runner = TorchRunner(self.model, KV_BUDGET, self.kernels, self.graphs)
        reference = Kernels(self.kernels.prefill, TwoPartDecode("eager", eager))
        self.reference = TorchRunner(self.model, KV_BUDGET, reference, eager_forward)
        with torch.inference_mode():
            started = time.perf_counter()
            if self.graphs is not None:
                graphs.warm_up(self.runner)
            self.recording = time.perf_counter() - started
        self.prefix = self.tokens(scale.prompt)

    def tokens(self, count: int) -> list[int]:
        drawn: list[int] = torch.randint(self.scale.shape["vocab_size"], (count,)).tolist()
        return drawn

    def edited(self) -> list[int]:
        """The prompt with its last tokens changed."""
        return self.prefix[: -self.scale.edit] + self.tokens(self.scale.edit)

    def trunk(self, ids: list[int], document: str = "bench", runner: TorchRunner | None = None) -> TrunkHold:
        runner = runner or self.runner
        hold = runner.begin(ids, document)
        while not runner.prefill(hold, len(ids)):
            pass
        return hold

    def add(
        self,
        name: str,
        value: float | None,
        unit: str,
        target: float | None = None,
        limit: float | None = None,
        note: str = "",
    ) -> None:
        # Targets are those of the full shape on an H200.
        judged = self.scale is FULL
        self.put(Row(name, value, unit, target if judged else None, limit if judged else None, note))

    def put(self, row: Row) -> None:
        self.rows.append(row)
        self.tell(row)

    def run(self, part: str) -> None:
        """One part; whatever goes wrong in it is a row, and the next part follows."""
        seconds = PART_S[part]

        def late(number: int, frame: object) -> None:
            raise TimeoutError(f"{part} took more than {seconds} s")

        signal.signal(signal.SIGALRM, late)
        signal.alarm(seconds)
        # A call of CUDA that never returns hears no signal: what was measured so far is written already.
        faulthandler.dump_traceback_later(seconds + 30, exit=True)
        try:
            getattr(self, part)()
        except Exception as problem:
            log.exception("%s failed", part)
            self.put(Row(part, math.inf, "", 0.0, None, f"failed: {type(problem).__name__}: {problem}"[:200]))
        finally:
            signal.alarm(0)
            faulthandler.cancel_dump_traceback_later()

    def time(
        self, name: str, work: Callable[[], object], per: int = 1, gpu: float | None = None, wall: float | None = None,
        limit: float | None = None, rounds: int = 0,
    ) -> None:  # fmt: skip
        """Medians of one call's time on the device and on the clock, over `per` equal parts of it."""
        on_device, on_clock = [], []
        work()
        for _ in range(rounds or self.scale.rounds):
            self.synchronize()
            started = time.perf_counter()
            events = [torch.cuda.Event(enable_timing=True) for _ in range(2)] if self.cuda else []
            for event in events[:1]:
                event.record()
            work()
            for event in events[1:]:
                event.record()
            self.synchronize()
            on_clock.append((time.perf_counter() - started) * 1000 / per)
            if events:
                on_device.append(events[0].elapsed_time(events[1]) / per)
        shown = f"n={len(on_clock)}"
        if on_device:
            gpu, limit = (None if value is None else value * self.slower for value in (gpu, limit))
            self.add(f"{name}, device", statistics.median(on_device), "ms", gpu, limit, shown)
        else:
            self.add(f"{name}, device", None, "ms", gpu, limit, "not run: no CUDA device")
        self.add(f"{name}, clock", statistics.median(on_clock), "ms", wall, None, shown)

    def synchronize(self) -> None:
        if self.cuda:
            torch.cuda.synchronize()

    # What can this card do?

    @torch.inference_mode()
    def measure_ceilings(self) -> None:
        """Bandwidth of a copy, from which limits and targets follow, and of one matrix product for each weight."""
        if not self.cuda:
            self.add("bandwidth of a copy", None, "TB/s", note="not run: no CUDA device")
            return
        source = torch.empty(COPIED, dtype=torch.uint8, device=self.device)
        target = torch.empty_like(source)
        bandwidth = 2 * COPIED / self.seconds(lambda: target.copy_(source))
        self.slower = ASSUMED / bandwidth
        self.add("bandwidth of a copy", bandwidth / 1e12, "TB/s")
        layer = self.model.model.layers[0]
        weights = {
            "q": layer.self_attn.q_proj, "gate": layer.mlp.gate_proj, "down": layer.mlp.down_proj,
            "head": self.model.lm_head,
        }  # fmt: skip
        for name, linear in weights.items():
            weight = linear.weight
            for rows in (1, 16, 64):
                states = torch.randn(rows, weight.shape[1], device=self.device, dtype=weight.dtype)
                taken = self.seconds(partial(torch.nn.functional.linear, states, weight))
                self.add(f"{name} {tuple(weight.shape)}, {rows} rows", weight.nbytes / taken / 1e12, "TB/s")

    def seconds(self, work: Callable[[], object], rounds: int = 20) -> float:
        """Of one call on the device."""
        work()
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        for _ in range(rounds):
            work()
        end.record()
        end.synchronize()
        return float(begin.elapsed_time(end)) / 1000 / rounds

    # Right?

    @torch.inference_mode()
    def check(self) -> None:
        noise = HALF_NOISE if self.scale.dtype == torch.bfloat16 else SINGLE_NOISE
        self.runner.end(self.trunk(self.prefix))
        ids = self.edited()
        hold = self.trunk(ids)
        cached = self.runner.logits(hold)
        whole = self.rival(torch.tensor([ids], device=self.device), logits_to_keep=1).logits[0, -1].float()
        cached_note = f"{hold.cached} of {len(ids)} tokens cached"
        self.checked("logits, cached and transformers' own uncached", off(cached, whole), noise, cached_note)
        rows = torch.tensor([self.tokens(3) for _ in range(ROWS)], device=self.device)
        replayed = self.steps(self.runner, hold, rows)
        beside = self.trunk(ids, runner=self.reference)
        alone = self.steps(self.reference, beside, rows)
        self.reference.end(beside)
        note = self.runner.attention + (", recorded" if self.graphs else "")
        self.checked("logits of 16 candidates, as chosen and by the reference", off(replayed, alone), noise, note)
        self.runner.end(hold)
        if self.graphs:
            refused = ", ".join(str(key) for key in self.graphs.refused) or "none refused"
            self.add("passes recorded", len(self.graphs.recorded), "", note=f"{self.recording:.1f} s, {refused}")
        else:
            self.add("passes recorded", None, "", note=f"not run: {self.runner.attention} on {self.device.type}")
        self.check_kernel()

    def checked(self, name: str, value: float, target: float, note: str) -> None:
        self.put(Row(name, value, "of their spread", target, None, note))

    def check_kernel(self) -> None:
        name = "Triton kernel and the reference, largest difference"
        if self.kernels.decode.name != "triton":
            self.add(name, None, "", note=f"not run: decode is {self.kernels.decode.name}")
            return
        prefix, own, query = (
            torch.randn(shape, device=self.device, dtype=self.scale.dtype)
            for shape in ((2, 32, self.scale.prompt, 128), (2, ROWS, 32, 64, 128), (ROWS, 32, 128))
        )
        lengths, scale = (self.scale.prompt - 3, 33), 128**-0.5
        actual = self.kernels.decode(query, prefix, own, lengths, scale).float()
        exact = TwoPartDecode("", eager)(query.float(), prefix.float(), own.float(), lengths, scale)
        # A single missing key of so many shows above this.
        self.put(Row(name, float((actual - exact).abs().max()), "", 0.004))

    def steps(self, runner: TorchRunner, hold: TrunkHold, columns: torch.Tensor) -> torch.Tensor:
        """Logits behind these tokens, [rows, tokens], of candidates of their own."""
        leaves = runner.fork(hold, len(columns), columns.shape[1])
        for column in columns.T:
            logits = runner.step([(leaves, column)])
        runner.release(leaves)
        return logits

    # Fast?

    @torch.inference_mode()
    def measure_runner(self) -> None:
        scale = self.scale
        hold = self.trunk(self.prefix)
        steps = min(STEPS, scale.tokens)
        for rows, target, limit in ((1, 4.1, 3.26), (ROWS, 4.3, 3.31)):

            def work(rows: int = rows) -> None:
                leaves = self.runner.fork(hold, rows, steps)
                newest = torch.zeros(rows, dtype=torch.int64, device=self.device)
                for _ in range(steps):
                    newest = self.runner.step([(leaves, newest)]).argmax(-1)
                self.runner.release(leaves)

            name = f"one step, N={rows}, {scale.prompt} tokens of context"
            self.time(name, work, per=steps, gpu=target, limit=limit)
        chance = torch.rand(ROWS, 1, device=self.device)
        logits = torch.randn(ROWS, scale.shape["vocab_size"], device=self.device)
        self.time(f"drawing {ROWS} tokens, top-p 1", lambda: draw(logits, chance, 1.0, 1.0))
        self.runner.end(hold)

        def edit() -> None:
            again = self.trunk(self.edited())
            self.runner.logits(again).argmax()
            self.runner.end(again)

        self.time(f"first token after an edit of {scale.edit}", edit, gpu=5.0)

        def cold() -> None:
            self.runner.end(self.trunk(self.tokens(scale.prompt), "cold"))

        self.time(f"cold prefill of {scale.prompt}", cold, gpu=60.0)

    def measure_engine(self) -> None:
        """Through the engine's thread, and through HTTP; transformers beside it."""
        scale, tokens = self.scale, CharacterTokens(self.scale.shape["vocab_size"])
        engine = TorchEngine(tokens, self.runner)
        try:

            def ask(n: int, count: int, ids: list[int]) -> None:
                complete(engine, Ask(text_of(ids), n, SamplingParams(count), Stop(), document="engine"))

            name = f"first token after an edit of {scale.edit}, through the engine"
            self.time(name, lambda: ask(1, 1, self.edited()), wall=8.0)
            name = f"{ROWS} candidates of {scale.tokens} tokens, through the engine"
            self.time(name, lambda: ask(ROWS, scale.tokens, self.edited()), wall=300.0)
            name = f"first token after an edit of {scale.edit}, through HTTP"
            if find_spec("aiohttp"):
                with served(engine, tokens, self.runner) as first_token:
                    self.time(name, lambda: first_token(text_of(self.edited())), wall=8.0)
            else:
                self.add(name, None, "ms", 8.0, note="not run: aiohttp is not installed")
        finally:
            engine.close()

    @torch.inference_mode()
    def measure_rival(self) -> None:
        ids = torch.tensor([self.edited()], device=self.device)
        options: dict[str, Any] = {"do_sample": True, "top_p": 0.95, "top_k": 0, "num_return_sequences": ROWS}

        def generate() -> None:
            count = self.scale.tokens
            # Its mixin asks for a protocol that its own models do not meet.
            self.rival.generate(  # type: ignore[misc]
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count, **options
            )

        name = f"{ROWS} candidates of {self.scale.tokens} tokens, transformers.generate"
        self.time(name, generate, rounds=min(3, self.scale.rounds))


def off(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one - other).square().mean().sqrt() / other.std())


def complete(engine: TorchEngine, ask: Ask) -> None:
    """Wait for the request; raises where it failed."""
    over, told = threading.Event(), list[Event]()

    def on_event(event: Event) -> None:
        told.append(event)
        if isinstance(event, Ended):
            over.set()

    engine.submit(ask, on_event)
    over.wait()
    last = told[-1]
    if not isinstance(last, Ended) or last.reason != "done" or not any(isinstance(e, Finished) for e in told):
        raise RuntimeError(f"a request failed: {last}")


@contextmanager
def served(engine: TorchEngine, tokens: CharacterTokens, runner: TorchRunner) -> Iterator[Callable[[str], None]]:
    """The engine behind HTTP on loopback; what it yields asks for one token of one candidate and waits for it."""
    from aiohttp import web

    from ghostproof.prover.address import Address
    from ghostproof.prover.client.prover import OpenAIProver
    from ghostproof.prover.engine.server.front import Front
    from ghostproof.prover.engine.server.model import LoadedModel

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    front = Front("bench")
    front.serve(LoadedModel(engine, tokens, runner.context, runner.device.type, runner.attention))
    site = web.AppRunner(front.application(), access_log=None)

    async def start() -> OpenAIProver:
        await site.setup()
        await web.TCPSite(site, "127.0.0.1", 0).start()
        address = Address(f"http://127.0.0.1:{site.addresses[0][1]}")
        return OpenAIProver(lambda: address)

    async def stop() -> None:
        await prover.close()
        await site.cleanup()

    async def first_token(text: str) -> None:
        found = [
            candidate async for candidate in prover.ask(Prompt(text, document="http"), 1, SamplingParams(tokens=1))
        ]
        if len(found) != 1:
            raise RuntimeError("a request through HTTP failed")

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    prover = wait(start())
    try:
        yield lambda text: wait(first_token(text))
    finally:
        wait(stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def machine(device: torch.device) -> dict[str, str]:
    on_gpu = device.type == "cuda"
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    if find_spec("triton"):
        import triton

        versions["triton"] = triton.__version__
    shown = torch.cuda.get_device_name(device) if on_gpu else "CPU"
    return {"device": shown, "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), **versions}


def table(rows: list[Row]) -> str:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.3g}" if math.fabs(value) < 1000 else f"{value:,.0f}"

    head = ("", "", "", "target", "limit", "", "")
    lines = [head] + [
        (
            row.name,
            number(row.value) or "-",
            row.unit,
            "" if row.target is None else f"≤ {row.target:g}",
            number(row.limit),
            "" if row.passed is None else "yes" if row.passed else "NO",
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="a tiny model on the CPU")
    parser.add_argument("--quick", action="store_true", help="ceilings, correctness and single steps only")
    parser.add_argument("--json", type=Path, help="also write the rows to this file")
    arguments = parser.parse_args()
    if not arguments.small and not torch.cuda.is_available():
        print("There is no CUDA device here. --small tries the script on the CPU.", file=sys.stderr)
        return 2
    faulthandler.enable()
    scale, device = (SMALL, torch.device("cpu")) if arguments.small else (FULL, torch.device("cuda"))
    about, rows = machine(device), list[Row]()

    def tell(row: Row) -> None:
        rows.append(row)
        print(table([row]).splitlines()[-1], flush=True)
        if arguments.json:
            told = about | {"rows": [asdict(row) | {"passed": row.passed} for row in rows]}
            arguments.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")

    bench = Bench(scale, device, tell)
    about["attention"] = bench.runner.attention
    parts = ["measure_ceilings", "check", "measure_runner"]
    for part in parts if arguments.quick else [*parts, "measure_engine", "measure_rival"]:
        bench.run(part)
    if bench.cuda:
        bench.add("most memory of the device at once", torch.cuda.max_memory_allocated() / 2**30, "GiB")
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(table(rows))
    return int(any(row.passed is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
