"""The syntax that a newer Lean has: each piece is allowed to candidates, or refused for a reason that is written down.

A new Lean is looked at by naming its wheel in `install_lean.py`: what this test then lists is all there is to decide.
"""

import mmap
import re
from pathlib import Path

from ghostproof.verify.allowed import KINDS
from native.install_lean import NativeLean

REFUSED = Path(__file__).with_name("kinds.txt")
_FOLDERS = r"Tactic_Conv_|Tactic_Grind_|Tactic_|Term_"
# A name of a compiled function stands in the library's tables between two zeros.
_SYMBOL = re.compile(rb"\0l_Lean_Parser_(" + _FOLDERS.encode() + rb")([A-Za-z0-9_]+)(?=\0)")
# What is made for a parser, or is none: instances, closures, printers, documentation, specialised copies.
_MADE = re.compile(r"^inst[A-Z]|___(?!x)|_formatter|_parenthesizer|_elim|docString|declRange")
_ESCAPE = re.compile(r"__|_x([0-9a-f]{2})|_u([0-9a-f]{4})|_")


def unmangled(text: str) -> str:
    """A mangled name as Lean writes it, with a dot where one part of it ends."""

    def plain(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else "_" if found[0] == "__" else "."

    return _ESCAPE.sub(plain, text)


def parsers(lean: NativeLean) -> set[str]:
    """The names below `Lean.Parser.` that may be kinds of syntax."""
    with lean.library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = {(folder.decode(), rest.decode()) for folder, rest in _SYMBOL.findall(data)}
    names = {folder.replace("_", ".") + unmangled(rest) for folder, rest in found if not _MADE.search(rest)}
    return {name for name in names if name.count(".") == (2 if name.startswith(("Tactic.Conv", "Tactic.Grind")) else 1)}


def refused() -> set[str]:
    lines = REFUSED.read_text("utf-8").splitlines()
    return {name for line in lines if not line.startswith("#") for name in line.split()}


ALLOWED = {kind.replace("«", "").replace("»", "").removeprefix("Lean.Parser.") for kind in KINDS}


def test_every_piece_of_syntax_is_allowed_or_refused_for_a_reason(native: NativeLean) -> None:
    there = parsers(native)
    assert {"Tactic.exact", "Tactic.Conv.cbv", "Tactic.Grind.grind·_", "Term.nestedAction"} <= there
    assert sorted(there - ALLOWED - refused()) == []


def test_nothing_is_both_allowed_and_refused() -> None:
    assert ALLOWED & refused() == set()


def test_what_is_written_down_is_there(native: NativeLean) -> None:
    assert sorted(refused() - parsers(native)) == []


def test_what_runs_code_or_admits_is_refused() -> None:
    for name in ("Tactic.runTac", "Tactic.nativeDecide", "Tactic.tacticSorry", "Term.idbg", "Tactic.set_option"):
        assert name in refused()
        assert name not in ALLOWED
