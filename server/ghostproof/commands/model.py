"""`ghostproof model`: fetch a model from the hub, and tell which are there."""

import argparse
import sys
from importlib import import_module

from ghostproof.errors import ModelMissing
from ghostproof.prover.models import folder as models
from ghostproof.visible import visible

GIB = 1 << 30


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "list":
        return show()
    try:
        hub = import_module("ghostproof.prover.models.hub")
    except ModuleNotFoundError as problem:
        raise ModelMissing(
            f"Fetching models needs the Python package {problem.name}.", "pip install 'ghostproof[engine]'"
        ) from problem
    print(hub.pull(arguments.model, arguments.revision, DownloadLines()))
    return 0


def show() -> int:
    """One line per revision, to stdout; 1 where there is none."""
    found = list(models.cached())
    if not found:
        say(f"no model in {models.cache()}")
        return 1
    width = max(len(each.id) for each in found)
    for each in found:
        state = f"incomplete: ghostproof model pull {each.id}" if each.missing else "ready"
        print(visible(f"{each.id:<{width}}  {each.revision[:12]}  {each.size / GIB:7.2f} GiB  {state}"))
    return 0


class DownloadLines:
    """Lines on stderr; on a terminal, each file's line counts on in place."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown: dict[str, int] = {}

    def begins(self, model: str, commit: str, files: int, size: int) -> None:
        say(f"{model} at {commit[:12]}: {files} files, {size / GIB:.2f} GiB")

    def file(self, name: str, have: int, size: int) -> None:
        step = 100 if self._terminal else 10
        percent = have * step // size * (100 // step)
        if self._shown.get(name) != percent:
            self._shown[name] = percent
            start, end = ("\r", "\n" if have == size else "") if self._terminal else ("", "\n")
            text = f"  {name}  {percent:3d} %  {have / GIB:.2f} of {size / GIB:.2f} GiB"
            print(start + visible(text), end=end, file=sys.stderr, flush=True)


def say(line: str) -> None:
    """Say something that is no answer: on stderr."""
    print(visible(line), file=sys.stderr)
