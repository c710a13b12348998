"""Measures the engine on a GPU, with random weights in the exact shape of DeepSeek-Prover-V2-7B; nothing is fetched.

PYTHONPATH=server python -m bench.gpu [--quick] [--json FILE]
PYTHONPATH=server python -m bench.gpu --small        a tiny model on the CPU: tries this script, and measures nothing

Every row is shown and written when it is there; a part that fails or takes too long costs its own rows only.
Needs torch, transformers and triton; `make gpu-bundle` packs whatever else it needs for a bare machine. Without
aiohttp, what goes through HTTP is not measured.
"""

import argparse
import faulthandler
import json
import logging
import math
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import torch
import transformers

from bench.gpu import ceilings, correctness, rivals, speed, whole
from bench.gpu.model import FULL, SMALL
from bench.gpu.rows import Row, table
from bench.gpu.session import Bench

log = logging.getLogger(__name__)
STARTED = time.monotonic() - time.process_time()  # about when this process began: what was imported took its time


WHOLE, QUICK = 7 * 60, 2 * 60
"""Seconds that a run takes at most, its start included."""
LEAST = 3  # seconds; a part is not begun with less


@dataclass(frozen=True)
class Part:
    """Attributes: seconds: after which it is given up; fewer where the run's time ends. quick: `--quick` runs it."""

    measure: Callable[[Bench], None]
    seconds: int
    quick: bool = False

    @property
    def name(self) -> str:
        return self.measure.__name__


PARTS = (
    Part(ceilings.measure_ceilings, 30, quick=True),
    Part(correctness.check, 60, quick=True),
    Part(correctness.check_small, 60, quick=True),
    Part(speed.profile, 30, quick=True),
    Part(speed.measure_runner, 60, quick=True),
    Part(rivals.measure_attention, 30, quick=True),
    Part(speed.measure_sizes, 90),
    Part(whole.measure_engine, 60),
    Part(rivals.measure_generate, 60),
)


def run(bench: Bench, part: Part, left: float) -> None:
    """One part with so many seconds left; whatever goes wrong in it is a row, and the next part follows."""
    seconds = int(min(part.seconds, left))
    if seconds < LEAST:
        bench.put(Row(part.name, None, "", note=f"not run: {max(seconds, 0)} s are left of the run's time"))
        return

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"{part.name} took more than {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    # A call of CUDA that never returns hears no signal: what was measured so far is written already.
    faulthandler.dump_traceback_later(seconds + 30, exit=True)
    try:
        part.measure(bench)
    except Exception as problem:
        log.exception("%s failed", part.name)
        bench.put(Row(part.name, math.inf, "", 0.0, None, f"failed: {type(problem).__name__}: {problem}"[:200]))
    finally:
        signal.alarm(0)
        faulthandler.cancel_dump_traceback_later()


def machine(device: torch.device) -> dict[str, str]:
    on_gpu = device.type == "cuda"
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    if find_spec("triton"):
        import triton

        versions["triton"] = triton.__version__
    shown = torch.cuda.get_device_name(device) if on_gpu else "CPU"
    return {"device": shown, "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), **versions}


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
    budget = QUICK if arguments.quick else WHOLE
    for part in PARTS:
        if part.quick or not arguments.quick:
            run(bench, part, math.inf if arguments.small else budget - (time.monotonic() - STARTED))
    bench.add("time of the run", time.monotonic() - STARTED, "s", budget)
    if bench.cuda:
        bench.add("most memory of the device at once", torch.cuda.max_memory_allocated() / 2**30, "GiB")
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(table(rows))
    return int(any(row.passed is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
