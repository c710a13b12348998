"""`--ray local`: a real cluster on this machine, each worker with a Lean of its own, and nothing of it left behind."""

import asyncio
import importlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest

from ghostproof.cli import run
from ghostproof.errors import BadInput, GhostproofError
from ghostproof.learning import store
from ghostproof.work.choose import crew
from ghostproof.work.crew import Crew
from ghostproof.work.pool import Failed, as_they_come, in_order
from support.waiting import HANGS_S

# Ray is not imported here: what it is told by the environment counts when it is.
pytestmark = pytest.mark.slow

TEXT = "theorem a (n : Nat) : n + 0 = n := by\n  sorry\n\ntheorem b (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n"


class Echo:
    """Says who it is; some items are none that it can work at."""

    def __init__(self, cores: int) -> None:
        self.cores = cores

    async def start(self) -> None:
        pass

    async def work(self, item: str, tell: Callable[[str | None], None]) -> AsyncGenerator[tuple[str, int], None]:
        tell(f"at {item}" if item != "c" else None)
        if item == "wrong":
            raise BadInput("This is wrong.", "Another one.")
        if item == "deadly":
            os._exit(1)
        if item == "endless":
            yield item, os.getpid()
            await asyncio.Event().wait()
        yield item, os.getpid()

    async def close(self) -> None:
        pass


@contextmanager
def cluster() -> Iterator[Crew]:
    """Two workers' room on this machine. They know no modules of tests: what is in this one goes to them as it is."""
    with crew(2, "local") as place:
        cloudpickle = importlib.import_module("ray.cloudpickle")
        cloudpickle.register_pickle_by_value(sys.modules[__name__])
        yield place


def listening() -> set[str]:
    """Addresses at which programs below this process listen."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            sockets = child.net_connections()
            found |= {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN}
    return found


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    gone = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    _, alive = psutil.wait_procs(gone, timeout=HANGS_S)
    assert not [(child.name(), child.cmdline()) for child in alive]


async def test_items_are_worked_at_elsewhere_and_come_back_in_order() -> None:
    told: list[str | None] = []
    with cluster() as place:
        assert {ip_address(ip.removeprefix("::ffff:")).is_loopback for ip in listening()} == {True}
        workers = place.workers(Echo, 9)
        items = ["a", "b", "wrong", "c"]
        found = [pair async for pair in in_order(items, workers, lambda item, said: told.append(said))]
    assert len(workers) == 2
    assert [item for item, _ in found] == items
    assert sorted(map(str, told)) == ["None", "at a", "at b", "at wrong"]
    failed = found[2][1]
    assert isinstance(failed, Failed)
    assert (failed.problem.message, failed.problem.hint) == ("This is wrong.", "Another one.")
    assert os.getpid() not in {result[1] for _, result in found if not isinstance(result, Failed)}


async def test_a_worker_that_dies_takes_one_item_along_and_one_that_hangs_is_ended() -> None:
    with cluster() as place:
        found = [pair async for pair in as_they_come(["deadly", "a", "b"], place.workers(Echo, 3))]
        lost = [item for item, result in found if isinstance(result, Failed)]
        assert lost == ["deadly"]
        assert sorted(item for item, _ in found) == ["a", "b", "deadly"]
        async with aclosing(in_order(["endless"], place.workers(Echo, 1))) as results:
            async for _ in results:
                break


def test_proofs_are_found_by_workers_of_the_cluster(
    embedded_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("A", "B"):
        (tmp_path / f"{name}.lean").write_text(TEXT)
    files = [str(tmp_path / f"{name}.lean") for name in ("B", "A")]
    options = ["--all", "--write", "--ray", "local", "--jobs", "2", "--toolchain", "embedded", "--checker", "probe"]
    assert run(["prove", *files, *options]) == 0
    said = capsys.readouterr().out
    places = [line.split()[1] for line in said.splitlines() if line.startswith("✓")]
    assert places == ["A.lean:2:3", "A.lean:5:3", "B.lean:2:3", "B.lean:5:3"]
    assert "4 of 4 proved" in said
    assert all("sorry" not in Path(file).read_text() for file in files)


def test_steps_are_harvested_by_workers_of_the_cluster(
    embedded_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("A", "B"):
        (tmp_path / f"{name}.lean").write_text(
            f"theorem {name} (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  exact h.symm\n"
        )
    command = ["harvest", str(tmp_path), "--ray", "local", "--jobs", "2", "--toolchain", "embedded", "--out", "-"]
    assert run(command) == 0
    assert sorted(line.count("h.symm") > 0 for line in capsys.readouterr().out.splitlines()) == [True, True]


def test_theorems_are_proved_again_by_workers_of_the_cluster_as_by_those_of_this_process(
    embedded_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path / "cache")
    folder, found = tmp_path / "library", tmp_path / "found.json"
    folder.mkdir()
    number = "exact ⟨146, rfl, by decide⟩"  # whoever proves it has seen it
    (folder / "A.lean").write_text(f"theorem one : ∃ x : Nat, x * x = 21316 ∧ x < 1000 := by\n  {number}\n", "utf-8")
    (folder / "B.lean").write_text(
        f"theorem two : ∃ y : Nat, y * y = 21316 ∧ y < 2000 := by\n  {number}\n\n"
        "theorem three (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  exact h.symm\n",
        "utf-8",
    )
    command = ["eval", str(folder), "--toolchain", "embedded", "--checker", "probe", "--without", "premises"]
    command += ["--budget", "30", "--json", str(found)]

    def solved(*place: str) -> dict[str, dict[str, bool]]:
        assert run([*command, *place]) == 0
        lines = map(json.loads, found.read_text("utf-8").splitlines()[1:])
        return {line["full_name"]: {way: came["ending"] == "proved" for way, came in line["ways"].items()}
                for line in lines}  # fmt: skip

    there = solved("--ray", "local", "--workers", "2")
    both = {"suggestion": True, "search": True}
    assert there == {"one": dict.fromkeys(both, False), "two": both, "three": both}
    assert solved("--workers", "2") == there


def test_where_there_is_no_cluster_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(GhostproofError, match="no Ray cluster") as told, crew(None, "127.0.0.1:1"):
        pass
    assert "ray start --head" in told.value.hint
