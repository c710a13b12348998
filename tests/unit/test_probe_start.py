"""What the probe checker starts: the compiled program if it runs, else the source, behind which it is compiled."""

import asyncio
import sys
from pathlib import Path

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.compiled import CompiledProgram, Launch
from ghostproof.lean.probe_script import Script
from ghostproof.lean.toolchain import Project, Toolchain
from ghostproof.verify.probe_checker import ProbeChecker

# A prober that answers every request.
WORKS = """
import sys, json
print('{"id":0,"ready":true}', flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], "nonce": asked["nonce"]}), flush=True)
"""
FAILS = "print('Start.lean:1:0: error: incompatible header'); raise SystemExit(1)"


class Form(CompiledProgram):
    """A compiled form that is a Python program, or is not there; `made` is set when it is asked to be made."""

    def __init__(self, folder: Path, program: str | None) -> None:
        toolchain = Toolchain("project", folder / "lean", folder / "lake", "4.30.0")
        super().__init__(Project(folder, False, toolchain), Script("import Lean\n", ("Main.lean",), (1,), (1,)))
        self.program = program
        self.discarded = ""
        self.made = asyncio.Event()

    def launch(self) -> Launch | None:
        return None if self.program is None else Launch((sys.executable, "-c", self.program), {})

    def discard(self, why: str) -> None:
        self.program, self.discarded = None, why

    async def make(self) -> bool:
        self.made.set()
        return False


def checker(form: Form, source: str, tmp_path: Path) -> ProbeChecker:
    return ProbeChecker((sys.executable, "-c", source), tmp_path, {}, compiled=form)


async def test_the_compiled_form_is_enough(tmp_path: Path) -> None:
    form = Form(tmp_path, WORKS)
    probe = checker(form, FAILS, tmp_path)
    await probe.start()
    assert probe.ready
    assert not form.made.is_set()
    await probe.close()


async def test_one_that_does_not_run_is_given_up_for_the_source(tmp_path: Path) -> None:
    form = Form(tmp_path, FAILS)
    probe = checker(form, WORKS, tmp_path)
    await probe.start()
    assert probe.ready
    assert "incompatible header" in form.discarded
    await probe.close()


async def test_one_that_is_killed_is_not_condemned(tmp_path: Path) -> None:
    form = Form(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    probe = checker(form, WORKS, tmp_path)
    soon = [probe.starts_soon]
    await probe.start()
    soon.append(probe.starts_soon)
    assert probe.ready
    assert form.discarded == ""
    assert soon == [True, False]
    await probe.close()


async def test_it_is_compiled_while_the_source_serves(tmp_path: Path) -> None:
    form = Form(tmp_path, None)
    probe = checker(form, WORKS, tmp_path)
    await probe.start()
    await asyncio.wait_for(form.made.wait(), 60)
    assert probe.ready
    await probe.close()


async def test_a_source_that_does_not_run_is_not_compiled(tmp_path: Path) -> None:
    form = Form(tmp_path, None)
    probe = checker(form, FAILS, tmp_path)
    with pytest.raises(ToolchainBroken):
        await probe.start()
    assert not form.made.is_set()
    await probe.close()
