"""VS Code as its user meets it: what the extension costs at its start, and how long ghost text takes at the demo's
goals.

The editor is the real one in a headless browser, see `vscode-extension/e2e`. A time is from the key that takes a
`sorry` away to the first ghost text on the screen, the server's debounce included; warm, the cache off.
"""

import asyncio
import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.report import Row, Target, failed, median_row
from editors.install_code_server import Missing, find_node, install_chromium, install_code_server

E2E = Path(__file__).parents[1] / "vscode-extension" / "e2e"
GHOST, ACTIVATION, BUNDLE = Target(1.0), Target(100), Target(300)
RUN_S = 1200.0


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rows of all three measurements; one failed row where the editor cannot be installed or run."""
    with console.status("vscode: ghost text in the real editor"):
        try:
            answer = await asyncio.to_thread(run, 1 if quick else 3)
        except (Missing, OSError, subprocess.SubprocessError, ValueError) as problem:
            return [failed("VS Code", "", str(problem))]
    return rows(answer)


def run(rounds: int) -> dict[str, Any]:
    """What `latency.ts` measured.

    Raises:
        Missing: something could not be installed, or the measurement failed; its output.
    """
    node = find_node()
    install_chromium()
    install_code_server(node)
    if not (E2E / "node_modules").is_dir():
        node.npm(("ci", "--ignore-scripts", "--no-audit", "--no-fund"), E2E)
    command = (str(node.executable), str(E2E / "latency.ts"), str(rounds))
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_S, env=os.environ)
    if done.returncode != 0:
        raise Missing(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def rows(answer: dict[str, Any]) -> list[Row]:
    samples = answer["samples"]
    found = [float(sample["seconds"]) for sample in samples if sample["seconds"] is not None]
    slowest = max(samples, key=lambda sample: sample["seconds"] or math.inf)
    took = f"{slowest['seconds']:.2f} s" if slowest["seconds"] else "no ghost text"
    missing = f"{len(samples) - len(found)} without ghost text; " if len(found) < len(samples) else ""
    return [
        median_row("last key to ghost text", found, "s", GHOST, f"{missing}slowest: line {slowest['line']}, {took}"),
        median_row("activation, by the editor's clock", answer["activations"], "ms", ACTIVATION),
        Row("size of the bundle", answer["bundle"] / 1000, "kB", BUNDLE),
    ]
