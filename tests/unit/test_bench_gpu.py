"""The measurements for a GPU, tried on the CPU with a tiny model: everything runs, and what cannot is named."""

import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "bench.gpu", *arguments),
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "server"), "OMP_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_runs_on_a_tiny_model(tmp_path: Path) -> None:
    done = run("--small", "--json", str(tmp_path / "rows.json"))
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "rows.json").read_text("utf-8"))
    rows = {row["name"]: row for row in told["rows"]}
    for name, row in rows.items():
        assert name in done.stdout
        assert row["value"] is not None or row["note"].startswith("not run: "), name
    differences = [row for name, row in rows.items() if name.startswith("logits")]
    assert len(differences) == 2
    assert all(row["passed"] for row in differences)
    assert {name for name, row in rows.items() if row["value"] is not None} >= {
        "one step, N=16, 128 tokens of context, clock",
        "first token after an edit of 16, through HTTP, clock",
        "16 candidates of 8 tokens, through the engine, clock",
        "16 candidates of 8 tokens, transformers.generate, clock",
        "4 layers in float32, largest difference of logits",
        "error in bfloat16, of transformers' own",
        "kernels of a step, N=16",
        "one step, N=32, 1024 tokens of context, clock",
        "one step of two requests, N=16 each, clock",
        "one step, half of N=16 finished, clock",
        "drawing 16 tokens, top-p 0.95, clock",
    }
    assert rows["4 layers in float32, largest difference of logits"]["passed"]


def test_without_a_gpu_nothing_is_measured() -> None:
    done = run(CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 2
    assert "no CUDA device" in done.stderr
