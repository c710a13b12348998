"""Puts a project's Lean into the sandbox that the settings ask for, and finds out what of it can be had here."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ghostproof.config import LeanConfig
from ghostproof.errors import ToolchainBroken
from ghostproof.host.confine.command import can_confine, confined, report_command
from ghostproof.host.processes import ProgramResult, run
from ghostproof.lean.confinement import Sandbox
from ghostproof.lean.toolchain import Project, confinement_of

_TRIAL_S = 60.0
_REPORT_S = 30.0
_WORDS = 300

# Whether a Lean runs confined, by its command line and folder: found out once.
_tried: dict[tuple[str, ...], str] = {}


@dataclass(frozen=True)
class Protection:
    """One part of the confinement, such as `landlock`: whether this system has it, and a remark."""

    name: str
    held: bool
    remark: str


async def sandboxed(project: Project, config: LeanConfig, hidden: Sequence[str] = ()) -> Project:
    """The project with its sandbox.

    A Lean behind a wrapper that needs more than a Lean does not run confined. In `auto` it is run free then, and
    `Sandbox.why_not` says why: a sandbox must not cost anybody his Lean.

    Args:
        hidden: variables of the environment that hold secrets, whatever their names.

    Raises:
        ToolchainBroken: confinement is required, and this system has none.
    """
    mode = config.sandbox
    toolchain = replace(project.toolchain, env={**project.toolchain.env, **dict.fromkeys(_there(hidden), "")})
    project = replace(project, toolchain=toolchain)
    if mode == "require" and not can_confine():
        raise ToolchainBroken(
            "The setting `lean.sandbox` requires that Lean is confined, which this system is not able to.",
            "Set it to `auto`.",
        )
    if not can_confine():
        return project
    if mode not in ("auto", "require"):
        return replace(project, sandbox=Sandbox("free"))
    wanted = replace(project, sandbox=Sandbox("auto" if mode == "auto" else "require", config.memory_gib))
    why_not = await _why_not(wanted) if mode == "auto" and toolchain.kind == "project" else ""
    return replace(project, sandbox=Sandbox("free", why_not=why_not)) if why_not else wanted


def _there(names: Sequence[str]) -> list[str]:
    return [name for name in names if name in os.environ]


async def parts(project: Project) -> list[Protection]:
    """What of the confinement holds on this system."""
    try:
        finished = await run(report_command(confinement_of(project)), None, {}, _REPORT_S)
    except (OSError, TimeoutError) as problem:
        return [Protection("launcher", False, str(problem))]
    found = [line.split("\t") for line in finished.output.splitlines()]
    made = [Protection(line[0], line[1] == "yes", line[2]) for line in found if len(line) == 3]
    return made or [Protection("launcher", False, finished.errors.strip()[-_WORDS:])]


async def _why_not(project: Project) -> str:
    """Why this Lean does not run confined; "" if it does, or does not run at all."""
    toolchain = project.toolchain
    command = [str(toolchain.lean), "--version"]
    if project.is_lake:
        command = [str(toolchain.lake), "env", *command]
    key = (*command, str(project.root))
    if key not in _tried:
        _tried[key] = await _compare(project, command)
    return _tried[key]


async def _compare(project: Project, command: list[str]) -> str:
    held = await _try(project, confined(command, confinement_of(project)))
    if isinstance(held, ProgramResult) and held.code == 0:
        return ""
    free = await _try(project, command)
    if not isinstance(free, ProgramResult) or free.code != 0:
        return ""
    return held if isinstance(held, str) else held.errors.strip()[-_WORDS:] or f"exit status {held.code}"


async def _try(project: Project, command: list[str]) -> ProgramResult | str:
    try:
        return await run(command, project.root, project.toolchain.env, _TRIAL_S)
    except TimeoutError:
        return f"no answer within {_TRIAL_S:g} s"
    except OSError as problem:
        return str(problem)
