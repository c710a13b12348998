"""`ghostproof doctor`: what is there, what is missing, and the command that mends it."""

import argparse
import asyncio
import platform
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from ghostproof import render
from ghostproof.commands.sent import examine_prompts
from ghostproof.config import Config, ProverConfig
from ghostproof.errors import BadInput, GhostproofError
from ghostproof.lean.embedded import install as embedded
from ghostproof.lean.sandbox import parts
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.toolchain import Project
from ghostproof.lean.versions import too_old_for_probe
from ghostproof.prover.local.launcher import prover_for
from ghostproof.render import Examined
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.notice import STILL_WORKS, first_error, report, too_old
from ghostproof.verify.verdict import Candidate, Proved
from ghostproof.wording import counted
from ghostproof.workspace import find_lean, make_probe, make_scratch

# A file that every Lean 4 accepts, with one hole: the whole way of a suggestion, from goal to final check.
TRIAL = "example (p : Prop) (h : p) : p := by\n  sorry\n"
TRIAL_SPOT = Spot(TRIAL.index("sorry"), TRIAL.index("sorry") + 5, "", 2, SpotKind.SORRY)
TRIAL_GOAL = "p : Prop\nh : p\n⊢ p"

# How long a model may take to start and load its weights.
MODEL_S = 300.0


def run(arguments: argparse.Namespace) -> int:
    if not arguments.path.exists():
        raise BadInput(f"There is no {arguments.path}.", "Give a file or folder of your project.")
    findings = asyncio.run(examine(arguments.path.resolve(), Config.load(arguments.config)))
    render.doctor(findings, as_json=arguments.json)
    return 0 if all(finding.ok for finding in findings) else 1


async def examine(path: Path, config: Config) -> list[Examined]:
    """Look at everything that a suggestion for `path` needs, with a real trial on each checker."""
    findings = [Examined("ghostproof", True, f"{version('ghostproof')}, Python {platform.python_version()}")]
    findings.append(await examine_prover(config.prover))
    if config.prover.url:
        findings.append(await examine_prompts(config.prover, TRIAL, TRIAL_SPOT, TRIAL_GOAL))
    there = embedded.installed()
    findings.append(
        Examined("embedded", True, str(there))
        if there
        else Examined("embedded", True, "not installed (needed only without a Lean of your own)")
    )
    try:
        project = await find_lean(path, config)
    except GhostproofError as problem:
        findings.append(Examined("lean", False, problem.message, problem.hint))
        return findings
    toolchain = project.toolchain
    behind = f", which elan calls {toolchain.name}" if toolchain.name else ""
    value = f"{toolchain.version} ({toolchain.kind}) {toolchain.lean}{behind}"
    findings.append(Examined("lean", not toolchain.note, value, toolchain.note))
    findings.append(
        Examined("project", True, f"{project.root} ({'Lake project' if project.is_lake else 'plain folder'})")
    )
    if project.is_lake:
        findings.append(await examine_lake(path, project))
    findings.append(await examine_sandbox(project))
    return [*findings, *await examine_checkers(project, config)]


async def examine_checkers(project: Project, config: Config) -> tuple[Examined, Examined]:
    """Try the probe and the scratch document; what is said of one depends on whether the other works."""
    scratch, trouble = await examine_checker("scratch", make_scratch(project, config), project)
    still = f"{STILL_WORKS}." if scratch.ok else ""
    if too_old_for_probe(project.toolchain.version):
        return Examined("probe", False, too_old(project.toolchain.version), still), scratch
    probe, problem = await examine_checker("probe", make_probe(project, config), project)
    if problem is not None:
        probe = replace(probe, cure=_what_then(still, project, problem))
    if trouble is not None:
        still = "suggestions come from the probe." if probe.ok else "no suggestions can be had here."
        scratch = replace(scratch, cure=_what_then(still, project, trouble))
    return probe, scratch


async def examine_lake(path: Path, project: Project) -> Examined:
    """Who says how a file of the project is set up: Lake, or the lakefile as far as it can be read without Lake."""
    file, text = some_file(path, project)
    setup = await Setups(project).of(file, text)
    options = counted(len(setup.options), "option")
    if setup.way == "setup-file":
        libraries = len(setup.plugins) + len(setup.dynlibs)
        value = f"`lake setup-file` tells {options}, {libraries} plugins and libraries ({file.name})"
        return Examined("lake", not setup.why, value, setup.why)
    value = f"{options} read from the lakefile; plugins and libraries are not known, as `lake setup-file` is no help"
    return Examined("lake", True, f"{value}: {setup.why}")


def some_file(path: Path, project: Project) -> tuple[Path, str]:
    """The file asked about, or any in the project's folder; with its text."""
    own = sorted(file for file in project.root.glob("*.lean") if file.name != "lakefile.lean")
    file = path if path.is_file() else next(iter(own), project.root / "GhostproofDoctor.lean")
    return file, file.read_text("utf-8", errors="replace") if file.is_file() else ""


async def examine_prover(config: ProverConfig) -> Examined:
    """Connect to the model that the settings name, or start it."""
    prover = prover_for(config)
    if prover is None:
        return Examined("prover", True, "none: automation only (the settings `prover.model` and `prover.url` name one)")
    try:
        async with asyncio.timeout(MODEL_S):
            about = await prover.about()
        status = prover.status
        return Examined("prover", True, ", ".join(filter(None, (status.model, status.device, about))))
    except GhostproofError as problem:
        return Examined("prover", False, problem.message, problem.hint)
    except TimeoutError:
        return Examined("prover", False, "the model takes too long to start", "ghostproof prover --model … shows why")
    finally:
        await prover.close()


async def examine_sandbox(project: Project) -> Examined:
    """What confines Lean here. What is missing is a warning: Lean runs all the same, unless the settings require it."""
    sandbox = project.sandbox
    if sandbox.mode in ("off", "free"):
        why = f"this Lean does not run confined ({sandbox.why_not})" if sandbox.why_not else "off, or none here"
        return Examined("sandbox", True, f"warning, none: {why}")
    found = await parts(project)
    active = ", ".join(f"{part.name} {part.remark}".strip() for part in found if part.held)
    missing = "; ".join(f"{part.name} ({part.remark})" for part in found if not part.held)
    said = f"active: {active or 'nothing'}" + (f"; warning, not active: {missing}" if missing else "")
    return Examined("sandbox", sandbox.mode == "auto" or not missing, said)


async def examine_checker(name: str, checker: Checker, project: Project) -> tuple[Examined, GhostproofError | None]:
    """Prove a trivial goal in a file that does not exist, in the project's folder; and what is wrong, if it fails."""
    try:
        state = await checker.open(project.root / "GhostproofDoctor.lean", TRIAL, TRIAL_SPOT)
        checked = await checker.check(state, Candidate("exact h", "doctor"), Limits(seconds=30))
    except GhostproofError as problem:
        return Examined(name, False, first_error(problem)), problem
    finally:
        await checker.close()
    if isinstance(checked.verdict, Proved):
        return Examined(name, True, f"works (a trivial goal checked in {checked.ms:.0f} ms)"), None
    refused = GhostproofError(f"refused a trivial proof: {checked.verdict}")
    return Examined(name, False, refused.message), refused


def _what_then(still: str, project: Project, problem: GhostproofError) -> str:
    """What to do, what still works, and what to report."""
    indented = report(project.toolchain, problem).replace("\n", "\n    ")
    return "\n".join(filter(None, (problem.hint, still, f"To report it, copy this:\n    {indented}")))
