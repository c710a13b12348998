"""A profile for `sandbox-exec` of macOS. Written from Apple's published profiles; no test of ours runs it.

It is the same promise as on Linux: files as listed, no network, signals only to what is in the same sandbox.
"""

from collections.abc import Iterable
from pathlib import Path

PROGRAM = "/usr/bin/sandbox-exec"

_ALWAYS = """\
(version 1)
(deny default)
(allow process-fork)
(allow sysctl-read)
(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))
(allow signal (target same-sandbox))
(allow file-read-metadata)
(allow file-read* (literal "/") (literal "/dev/null") (literal "/dev/urandom") (literal "/dev/random"))
(allow file-write-data (literal "/dev/null"))
"""


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _rule(right: str, paths: Iterable[Path]) -> str:
    places = " ".join(f"(subpath {_quoted(path)})" for path in paths)
    return f"(allow {right} {places})\n" if places else ""


def profile(read: Iterable[Path], run: Iterable[Path], write: Iterable[Path]) -> str:
    """The profile that lets these paths be used, and nothing else; what may be written or run may be read too."""
    run, write = list(run), list(write)
    return (
        _ALWAYS
        + _rule("file-read*", [*read, *run, *write])
        + _rule("process-exec*", run)
        + _rule("file-map-executable", run)
        + _rule("file-write*", write)
    )
