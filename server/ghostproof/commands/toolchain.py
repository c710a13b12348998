"""`ghostproof toolchain`: the embedded Lean comes and goes, and tells where it is."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from ghostproof import render
from ghostproof.errors import NoToolchain
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.embedded import install as embedded
from ghostproof.lean.probe_script import PROBER, READER, assemble
from ghostproof.lean.toolchain import discover

PROGRAMS = {"The prober": PROBER, "The reader of candidates": READER}


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "remove":
        print("removed" if embedded.uninstall() else "nothing to remove")
        return 0
    if arguments.action == "install":
        with render.installing() as progress:
            path = embedded.install(progress, force=arguments.force)
            complaints = asyncio.run(_compile(path, lambda program: progress(f"Compiling {program}", None)))
        for complaint in complaints:
            render.note(complaint)
        print(path)
        return 0
    installed = embedded.installed()
    if installed is None:
        raise NoToolchain("The embedded Lean is not installed.", "ghostproof toolchain install")
    print(installed)
    return 0


async def _compile(toolchain: Path, begins: Callable[[str], None]) -> list[str]:
    """Have our programs' compiled forms ready: a short command would end before they are made in the background.

    Args:
        begins: called with a program's name before it is compiled.

    Returns:
        What the user should know of those that could not be made.
    """
    project, complaints = await discover(toolchain, prefer="embedded"), list[str]()
    for name, main in PROGRAMS.items():
        program = CompiledProgram(project, assemble(main))
        if program.launch() is None:
            begins(name.lower())
            if not await program.make():
                why = program.problem or "what Lean made of it cannot be used"
                complaints.append(f"{name} could not be compiled, and its source is slow to start: {why}")
    return complaints
