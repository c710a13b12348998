"""What a person should know about how a project is checked: what is amiss, what still works, and what to report."""

import platform
from importlib.metadata import version

from ghostproof.errors import GhostproofError
from ghostproof.lean.toolchain import Toolchain
from ghostproof.lean.versions import OLDEST_FOR_PROBE, too_old_for_probe
from ghostproof.verify.checker import Lives

STILL_WORKS = "suggestions come from the scratch document: all verified, but slower"


def notice(toolchain: Toolchain, lives: Lives) -> str:
    """In a few sentences; "" if all is as it should be."""
    said = [toolchain.note]
    if too_old_for_probe(toolchain.version):
        said.append(f"{too_old(toolchain.version)} Until then {STILL_WORKS}.")
    elif lives.probe == "failed" and lives.error is not None:
        said.append(
            f"The probe cannot start on Lean {toolchain.version}; {STILL_WORKS}. "
            f"Lean's first error is “{first_error(lives.error)}”; `ghostproof doctor` has the text to report."
        )
    return " ".join(filter(None, said))


def too_old(lean: str) -> str:
    """The word for a Lean that the probe is not written for."""
    return f"Lean {lean} is older than {OLDEST_FOR_PROBE}, which the probe needs. Update the project's lean-toolchain."


def first_error(problem: GhostproofError) -> str:
    """The line that a failure begins with: Lean's first error, where Lean was asked."""
    lines = [line.strip() for line in problem.message.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else type(problem).__name__)


def report(toolchain: Toolchain, problem: GhostproofError) -> str:
    """The text that a report should have, ready to be copied: which versions, which system, and all that was said."""
    ours = f"ghostproof {version('ghostproof')}, Python {platform.python_version()}, {platform.platform()}"
    lean = f"Lean {toolchain.version} ({toolchain.name or toolchain.kind})"
    return "\n".join((f"{ours}, {lean}", problem.message))
