"""The measurements for a GPU, tried on the CPU with a tiny model: everything runs, and what cannot is named."""

import json
import math
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from bench.gpu import ceilings, correctness
from bench.gpu.__main__ import LEAST, PARTS, Part
from bench.gpu.__main__ import run as run_part
from bench.gpu.bundle import pack
from bench.gpu.rows import Row
from bench.gpu.session import Bench

from ghostproof.prover.engine.attention.torch_kernels import TwoPartDecode, eager

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


BLOCKED = """
import runpy, sys
from importlib.metadata import distribution, packages_distributions
from importlib.machinery import PathFinder
from packaging.requirements import Requirement

known, todo = set(), ["torch", "transformers", "triton"]
while todo:
    name = todo.pop().lower().replace("_", "-")
    if name in known:
        continue
    known.add(name)
    try:
        needed = distribution(name).requires or ()
    except ImportError:
        continue
    every = map(Requirement, needed)
    todo += [each.name for each in every if each.marker is None or each.marker.evaluate({"extra": ""})]
installed = packages_distributions()
there = {
    name: owners
    for name, owners in installed.items()
    if {owner.lower().replace("_", "-") for owner in owners} & known
}
missing = installed.keys() - there.keys() - {"bench", "ghostproof"}
class Bare:
    find_distributions = staticmethod(PathFinder.find_distributions)

    def find_spec(self, name, path=None, target=None):
        hidden = path is None and name.partition(".")[0] in missing
        return PathFinder.find_spec(name, ["packages"] if hidden else path, target)

sys.meta_path[:] = [finder for finder in sys.meta_path if finder.__module__ == "_frozen_importlib"] + [Bare()]
sys.argv = ["bench.gpu", *sys.argv[1:]]
runpy.run_module("bench.gpu", run_name="__main__", alter_sys=True)
"""
"""`bench.gpu` where nothing is installed but torch, triton, transformers and what these need."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make gpu-bundle` packs, unpacked."""
    folder = tmp_path_factory.mktemp("bare")
    pack(folder / "bundle.tar.gz")
    with tarfile.open(folder / "bundle.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "ghostproof-gpu"


def test_everything_runs_on_a_tiny_model_on_a_bare_machine(bundle: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        (sys.executable, "-c", BLOCKED, "--small", "--json", str(tmp_path / "rows.json")),
        cwd=bundle,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("server", "packages")), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
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
        "16 candidates of 8 tokens, through the engine, clock",
        "16 candidates of 8 tokens, transformers.generate, its dynamic cache, clock",
        "16 candidates of 8 tokens, transformers.generate, its static cache, clock",
        "attention of a step, N=16, 128 tokens: ours (eager), clock",
        "attention of a step, N=16, 384 tokens: SDPA per candidate, clock",
        "all matrix products of a pass, 64 rows",
        "4 layers in float32, largest difference of logits",
        "error in bfloat16, of transformers' own",
        "kernels of a step, N=16",
        "one step, N=32, 1024 tokens of context, clock",
        "one step of two requests, N=16 each, clock",
        "one step, half of N=16 finished, clock",
        "drawing 16 tokens, top-p 0.95, clock",
    }
    assert rows["4 layers in float32, largest difference of logits"]["passed"]

    assert "aiohttp" in rows["first token after an edit of 16, through HTTP"]["note"]


def test_without_a_gpu_nothing_is_measured() -> None:
    done = run(CUDA_VISIBLE_DEVICES="")
    assert done.returncode == 2
    assert "no CUDA device" in done.stderr


@dataclass
class Told:
    """Stands for the bench: the rows that were told."""

    rows: list[Row] = field(default_factory=list)

    def put(self, row: Row) -> None:
        self.rows.append(row)


def measures(what: Callable[[Told], object]) -> Callable[[Bench], None]:
    def part(bench: Bench) -> None:
        what(bench)  # type: ignore[arg-type]

    return part


def run_parts(*parts: Part, left: float = math.inf) -> list[Row]:
    told = Told()
    for part in parts:
        run_part(told, part, left)  # type: ignore[arg-type]
    return told.rows


def test_a_part_that_fails_or_hangs_costs_its_own_rows_only() -> None:
    def breaks(told: Told) -> None:
        told.put(Row("before it broke", 1.0, "ms"))
        raise RuntimeError("CUDA error: an illegal memory access")

    rows = run_parts(
        Part(measures(breaks), LEAST),
        Part(measures(lambda _: threading.Event().wait()), LEAST),
        Part(measures(lambda told: told.put(Row("after both", 2.0, "ms"))), LEAST),
    )
    assert [row.name for row in rows] == ["before it broke", "part", "part", "after both"]
    assert [row.passed for row in rows] == [None, False, False, None]
    assert "illegal memory access" in rows[1].note
    assert "TimeoutError" in rows[2].note


def test_a_part_ends_with_the_time_of_the_run_and_none_begins_behind_it() -> None:
    waits = Part(measures(lambda _: threading.Event().wait()), 1000)
    assert f"more than {LEAST} s" in run_parts(waits, left=LEAST + 0.5)[0].note
    (row,) = run_parts(waits, left=LEAST - 1)
    assert row.value is None
    assert row.note.startswith("not run: ")


def test_the_quick_run_is_a_part_of_the_whole() -> None:
    quick = [part for part in PARTS if part.quick]
    assert ceilings.measure_ceilings is PARTS[0].measure, "limits follow from it"
    assert PARTS[: len(quick)] == tuple(quick)


@dataclass
class StandIn:
    function: Callable[..., torch.Tensor]
    name: str = "stand-in"

    def __call__(
        self, query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        return self.function(query, prefix, own, lengths, scale)


@pytest.mark.parametrize("missing", [0, 7, 1023, 2044])
def test_a_single_missing_key_is_more_than_the_kernels_may_differ(missing: int) -> None:
    reference = TwoPartDecode("", eager)

    def whole(
        query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        return reference(query.float(), prefix.float(), own.float(), lengths, scale).to(query.dtype)

    def short(
        query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        prefix = prefix.clone()
        prefix[:, :, missing] = prefix[:, :, lengths[0] - 1]
        return whole(query, prefix, own, (lengths[0] - 1, lengths[1]), scale)

    torch.manual_seed(missing)
    seen = [
        correctness.decode_difference(StandIn(decode), torch.device("cpu"), torch.bfloat16, 2048)
        for decode in (whole, short)
    ]
    assert seen[0] < correctness.DECODE_DIFFERENCE / 2 < correctness.DECODE_DIFFERENCE < seen[1]
