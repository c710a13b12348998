"""The command line: what may be said, and which module of `commands/` does it."""

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

from ghostproof.commands.exit_codes import FOUND, INTERRUPTED, SIGNALLED, exit_code
from ghostproof.config import settings
from ghostproof.errors import AskedToEnd, GhostproofError
from ghostproof.visible import VisibleFormatter, json_line

EPILOG = """\
exit codes of `suggest`, `prove` and `repair`:
  0  found, at every place             3  no usable Lean
  1  none was found                    4  Lean died or did not finish in time
  2  bad input                         130  interrupted (143 by SIGTERM)
"""
PROVE = """\
Find the proofs that are missing and show them; with --write, put them into the files.
What stands there stays: only `sorry`, `admit` and empty blocks are filled. A goal that
is false is reported with values that refute it.

  ghostproof prove File.lean                 every `sorry` of the file
  ghostproof prove File.lean:12              what is missing in the declaration at line 12
  ghostproof prove --all Src/*.lean --write  all files; what is proved goes in
"""
REPAIR = """\
Replace what Lean refuses of the proofs in the files, and keep what still works.
Nothing is written without --write.
"""
WHOLE_PROOFS = """\
exit codes: 0 every place, 1 not every place, 2 bad input, 3 no usable Lean,
4 Lean died or did not finish, 130 interrupted. More in docs/proving.md.
"""


# Adds a command of this name.
Add = Callable[..., argparse.ArgumentParser]


class Command(Protocol):
    """A module of `commands/`."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do what was said, and return the exit code.

        Raises:
            GhostproofError: it can't be done; the message and its hint are for the person.
        """
        ...


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code. Never raises for what a person may do wrong."""
    arguments = parser().parse_args(argv)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(VisibleFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if arguments.verbose else logging.WARNING, handlers=[handler])
    try:
        # Imported by name when it is called: the language server must not wait for what other commands need.
        command = cast(Command, import_module(f"ghostproof.commands.{arguments.command}"))
        return command.run(arguments)
    except GhostproofError as problem:
        report(problem, as_json="json" in arguments and arguments.json)
        return exit_code(problem)
    except AskedToEnd as asked:
        return SIGNALLED + asked.number
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of `ghostproof suggest … | head` has seen enough
        sys.stderr.close()
        return FOUND


def report(problem: GhostproofError, *, as_json: bool) -> None:
    """Tell an error with its cure: on stderr, or as an object on stdout."""
    if as_json:
        said = {"error": {"message": problem.message, "hint": problem.hint}}
        print(json_line(json.dumps(said, ensure_ascii=False)))
        return
    render = import_module("ghostproof.render")
    render.error(problem)


def parser() -> argparse.ArgumentParser:
    """What may be said: each command with its options."""
    top = argparse.ArgumentParser(
        prog="ghostproof",
        description="Suggestions for Lean 4 that Lean has already accepted at that very place.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"ghostproof {version('ghostproof')}")
    top.add_argument("-v", "--verbose", action="store_true", help="log what happens to stderr")
    top.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML) instead of the user's own")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for describe in (
        *(_suggest, _prove, _harvest, _eval, _learned, _stats, _repair),
        *(_serve, _doctor, _prover, _model, _toolchain),
    ):
        describe(commands.add_parser)
    return top


def _suggest(add: Add) -> None:
    command = add("suggest", help="verified suggestions at a place of a file")
    command.add_argument(
        "place",
        metavar="FILE[:LINE[:COL]]",
        help="1-based line and column (code points); without them: at every `sorry` of the file",
    )
    command.add_argument("--json", action="store_true", help="one JSON object per place")
    command.add_argument("--budget", type=positive, metavar="SECONDS", help="longest search per place")
    _lean(command, "candidates")
    command.add_argument("--model", metavar="DIR|ID", help="folder or hub name of a model to ask as well")


def _prove(add: Add) -> None:
    command = _whole_proofs(
        add, "prove", PROVE, "whole proofs for what is missing, each accepted by Lean in place", "place"
    )
    command.add_argument(
        "places",
        metavar="FILE[:LINE[:COL]]",
        nargs="+",
        help="1-based line and column (code points); without them: every `sorry` and `admit` of the file",
    )
    command.add_argument(
        "--all", action="store_true", help="take every argument for a file, and prove all its `sorry`s"
    )
    where = "where a lemma goes that a proof needs: a `have` in it, or a theorem above its declaration"
    command.add_argument("--lemmas", choices=("inside", "above"), help=where)


def _harvest(add: Add) -> None:
    command = add("harvest", help="learn from the proofs of files or projects; write them as JSON lines")
    command.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="files, or folders with all their files")
    command.add_argument("--out", type=Path, metavar="FILE", help="write one line per tactic step; - is stdout")
    _crew(command, "processes; as many as there are cores and memory for by itself")
    command.add_argument("--toolchain", choices=_choices("lean.toolchain"), help="which Lean elaborates")


def _eval(add: Add) -> None:
    command = add("eval", help="how many proofs of a library are found again when they are hidden")
    command.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="files, or a folder with all its files")
    command.add_argument("--budget", type=positive, metavar="SECONDS", help="for each way at each theorem; else 10")
    command.add_argument("--without", default="", metavar="PARTS", help="leave out: nearest,premises,lemma,…")
    _crew(command, "processes of Lean; as many as there are cores and memory for by itself", "--workers")
    command.add_argument("--every", type=int, default=1, metavar="N", help="try each N-th theorem only")
    command.add_argument("--steps", action="store_true", help="look at every later step of the proofs, too")
    command.add_argument("--json", type=Path, metavar="FILE", help="write one line per theorem; a killed run goes on")
    command.add_argument("--resume", type=Path, metavar="FILE", help="keep what is done in this file, and go on there")
    command.add_argument("--report", type=Path, metavar="FILE.html", help="also write the figures as a page")
    command.add_argument("--compare", type=Path, nargs=2, metavar="FILE.json", help="what changed between two results")
    _lean(command, "steps")


def _learned(add: Add) -> None:
    command = add("learned", help="what is kept of your own proofs: status, forget")
    command.add_argument("action", choices=("status", "forget"))
    command.add_argument("path", nargs="?", type=Path, default=Path(), help="a file or folder of the project")
    command.add_argument("--all", action="store_true", help="forget what is kept of every project")


def _stats(add: Add) -> None:
    command = add("stats", help="what the log of use tells: how much was accepted and kept, how soon")
    command.add_argument("--json", action="store_true")


def _repair(add: Add) -> None:
    command = _whole_proofs(add, "repair", REPAIR, "proofs that Lean refuses, mended where they broke", "broken proof")
    command.add_argument("files", metavar="FILE", nargs="+", help="Lean files, each proof of which is looked at")


def _serve(add: Add) -> None:
    command = add("serve", help="the language server, on stdio")
    command.add_argument("--stdio", action="store_true", help="accepted for editors that add it; stdio is the only way")


def _doctor(add: Add) -> None:
    command = add("doctor", help="which Lean, which project, which checker, what is missing")
    command.add_argument("path", nargs="?", type=Path, default=Path(), help="a file or folder of the project")
    command.add_argument("--json", action="store_true")


def _prover(add: Add) -> None:
    command = add("prover", help="run a model on this machine, for every editor window of yours")
    command.add_argument("--model", metavar="DIR|ID", help="folder or hub name; otherwise the setting `prover.model`")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--socket", type=Path, metavar="PATH", help="listen here, not in the user's runtime folder")
    where.add_argument("--port", type=int, metavar="N", help="listen on loopback with a token; 0 takes a free port")
    command.add_argument("--device", choices=_choices("prover.device"))
    command.add_argument("--kv-gib", type=size, metavar="GIB", help="memory of the KV cache; 0 takes a share")
    command.add_argument("--idle-s", type=positive, metavar="SECONDS", help="end after so long without a request")
    command.add_argument("--context", type=int, default=0, metavar="TOKENS", help="at most the model's own limit")


def _model(add: Add) -> None:
    command = add("model", help="models on this machine: pull one from the hub, list them")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    pull = actions.add_parser("pull", help="download a model into the hub's cache")
    pull.add_argument("model", metavar="ID", help="its name on the hub, ORGANISATION/NAME")
    pull.add_argument("--revision", metavar="REV", help="branch, tag or commit instead of the main branch")
    actions.add_parser("list", help="models in the hub's cache that the engine can run")


def _toolchain(add: Add) -> None:
    command = add("toolchain", help="the embedded Lean: install, path, remove")
    command.add_argument("action", choices=("install", "path", "remove"))
    command.add_argument("--force", action="store_true", help="install again over what is there")


def _whole_proofs(add: Add, name: str, text: str, about: str, each: str) -> argparse.ArgumentParser:
    """A command that searches for whole proofs, with the options that all of these have.

    Args:
        add: adds a command.
        each: what it searches for a proof of, one after the other.
    """
    command = add(
        name,
        help=about,
        description=text,
        epilog=WHOLE_PROOFS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--write", action="store_true", help="put the proofs into the files, if these are as read")
    part = "where there is no proof, show the best part of one, with `sorry` for what is left; it is never written"
    command.add_argument("--unfinished", action="store_true", help=part)
    command.add_argument("--json", action="store_true", help=f"one JSON object per {each}")
    command.add_argument("--report", type=Path, metavar="FILE.html", help="also write what was tried as a page")
    command.add_argument("--budget", type=positive, metavar="SECONDS", help=f"longest search per {each}; 60 by itself")
    _lean(command, "steps")
    _crew(command, "files at a time, each with a Lean of its own; as many as there are cores and memory for by itself")
    return command


def _lean(command: argparse.ArgumentParser, what: str) -> None:
    """The options that say who checks."""
    command.add_argument("--checker", choices=_choices("lean.checker"), help=f"how {what} are checked")
    command.add_argument("--toolchain", choices=_choices("lean.toolchain"), help="which Lean checks")


def _choices(setting: str) -> tuple[str, ...]:
    """What a setting may be, for the option that stands above it."""
    return next(known.choices for known in settings() if known.name == setting)


def _crew(command: argparse.ArgumentParser, jobs: str, option: str = "--jobs") -> None:
    """The options that say who works."""
    command.add_argument(option, type=number, metavar="N", help=jobs)
    command.add_argument("--ray", metavar="ADDRESS", help="work on a Ray cluster; `local` starts one on this machine")


def size(text: str) -> float:
    """An argument in GiB; 0 leaves the choice to us."""
    return 0.0 if float(text) == 0 else positive(text)


def number(text: str) -> int:
    """An argument that counts something.

    Raises:
        argparse.ArgumentTypeError, ValueError: it is no number from 1.
    """
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def positive(text: str) -> float:
    """An argument that measures something, such as seconds.

    Raises:
        argparse.ArgumentTypeError, ValueError: it is no number above 0.
    """
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be a number above 0")
    return value
