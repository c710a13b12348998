"""What every part measures on: the model and its runners, and how time is taken."""

import statistics
import time
from collections.abc import Callable

import torch

from bench.gpu.model import FULL, Scale, random_model, twin
from bench.gpu.rows import Row
from ghostproof.prover.engine.attention.interface import Kernels
from ghostproof.prover.engine.attention.torch_kernels import TwoPartDecode, eager
from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model import graphs
from ghostproof.prover.engine.model.forward import EagerForward
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for

KV_BUDGET = 20 << 30  # the leaves of 32 candidates and trunks of 16,384 tokens
ROWS = 16


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

    def hold(self, ids: list[int], document: str = "bench", runner: TorchRunner | None = None) -> TrunkHold:
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

    def time(
        self, name: str, work: Callable[[], object], per: int = 1, gpu: float | None = None, wall: float | None = None,
        limit: float | None = None, rounds: int = 0, warm: bool = True, note: str = "",
    ) -> None:  # fmt: skip
        """Medians of one call's time on the device and on the clock, over `per` equal parts of it."""
        on_device, on_clock = [], []
        if warm:
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
        shown = f"n={len(on_clock)}" + (f", {note}" if note else "")
        if on_device:
            gpu, limit = (None if value is None else value * self.slower for value in (gpu, limit))
            self.add(f"{name}, device", statistics.median(on_device), "ms", gpu, limit, shown)
        else:
            self.add(f"{name}, device", None, "ms", gpu, limit, "not run: no CUDA device")
        self.add(f"{name}, clock", statistics.median(on_clock), "ms", wall, None, shown)

    def synchronize(self) -> None:
        if self.cuda:
            torch.cuda.synchronize()

    def replayed(self, work: Callable[[], object]) -> Callable[[], object]:
        """The work as one recording, so that the host's time to launch it counts for nothing."""
        if not self.cuda:
            return work
        work()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            work()
        return graph.replay

    def seconds(self, work: Callable[[], object], rounds: int = 20) -> float:
        """Of one call on the device."""
        work()
        if not self.cuda:
            started = time.perf_counter()
            work()
            return time.perf_counter() - started
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        for _ in range(rounds):
            work()
        end.record()
        end.synchronize()
        return float(begin.elapsed_time(end)) / 1000 / rounds
