"""The engine's KV cache against computing everything again, and against transformers' own `generate`, on the CPU.

Measured in a process of its own, which has one thread and whose CPU time is nobody else's.
"""

import asyncio
import json
import os
import sys

from rich.console import Console

from bench.report import Row, Target, failed, median_row

EDIT = Target(8, at_least=True)
CANDIDATES = Target(9, at_least=True)
DIFFERENCE = Target(100)  # 10⁻⁶


async def measure(console: Console, *, quick: bool) -> list[Row]:
    with console.status("engine: prefill and decoding on the CPU"):
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bench.engine_ratios", "1" if quick else "5"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        output, errors = await child.communicate()
    if child.returncode:
        return [failed("the engine on the CPU", "", errors.decode(errors="replace").strip()[-500:])]
    return rows(json.loads(output))


def rows(told: dict[str, list[float]]) -> list[Row]:
    """Rows of what `bench/engine_ratios.py` prints: CPU milliseconds by name, one for each round."""

    def ratio(name: str, slow: str, fast: str, target: Target) -> Row:
        return median_row(name, [a / b for a, b in zip(told[slow], told[fast], strict=True)], "×", target)

    note = "largest difference"
    return [
        median_row("cold prefill of 1,088 tokens", told["cold"], "ms CPU"),
        median_row("64-token edit behind 1,024", told["edit"], "ms CPU"),
        median_row("1 token behind 1,087", told["keystroke"], "ms CPU"),
        ratio("cold prefill : 64-token edit", "cold", "edit", EDIT),
        median_row("64-token edit and 16 x 16 tokens", told["candidates"], "ms CPU"),
        median_row("generate(num_return_sequences=16)", told["generate"], "ms CPU"),
        ratio("generate : edit and 16 x 16 tokens", "generate", "candidates", CANDIDATES),
        Row("tokens of the edited prompt from the cache", told["cached"][0], "of 1,088"),
        Row("logits, cached and uncached", told["cached_difference"][0] * 1e6, "10⁻⁶", DIFFERENCE, note),
        Row("logits, prefix shared and copied", told["shared_difference"][0] * 1e6, "10⁻⁶", DIFFERENCE, note),
    ]
