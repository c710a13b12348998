"""A small `Init` for the native Lean: `Base.lean`, and Lean's own tactics and notation out of its shared library.

Parsers, macros and unexpanders of Lean's `Init` are compiled into that library, and Lean's interpreter takes the
compiled one for whatever is declared `extern` under its name. The elaborators are built in and find their syntax by its
kind. So what the tests write is read and elaborated by the official Lean, with its own tactics; only the lemmas are
missing.
"""

import mmap
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).with_name("Base.lean")
TACTIC = "Lean.Parser.Tactic"
# Syntax by its kind; "" where it is only a part of others.
SYNTAX = {
    (TACTIC, ""): "optConfig configItem posConfigItem negConfigItem valConfigItem location locationWildcard locationHyp"
    " rwRule rwRuleSeq caseArg elimTarget inductionAlts inductionAlt inductionAltLHS",
    (TACTIC, "tactic_parser"): "intro intros assumption exact apply refine refine' constructor left right cases"
    " induction case case' skip allGoals anyGoals focus done first paren rwSeq rename revert clear subst specialize"
    " injection contradiction change show tacticExfalso tacticHave__ tacticSuffices_ tacticLet__ tacticTry_ repeat'"
    " tacticNext_=>_ tacticSorry tacticAdmit tacticRfl eqRefl unfold failIfSuccess fail tacticTrivial tacticExists_,,"
    " tacticRefine_lift_ nativeDecide decide runTac exact?",
    ("Lean", ""): "cdotTk calcSteps calcFirstStep calcStep",
    ("Lean", "tactic_parser"): "cdot calcTactic",
    ("Lean", "term_parser"): "calc",
    ("", "term_parser"): "term¬_ term∃_,_",
}
TRAILING = {
    (TACTIC, "tactic_parser"): "tactic_<;>_",
    ("", "term_parser"): "term_∧_ term_∨_ term_=_ term_↔_ term_≠_ term_+_",
}
PRINTED = "And Or Not Eq Iff Ne HAdd.hAdd"

_MADE_BY_MACROS = b"_aux__Init__"
_RULE = re.compile(r".*___macroRules_(?:Lean_Parser_Tactic_|Lean_)?(.+)_\d+")
_PRINTER = re.compile(r".*___unexpand_(.+)_\d+")
_ESCAPED = re.compile(r"u([0-9a-f]{4})|x([0-9a-f]{2})")


def build(lean: Path, shared: Path, folder: Path) -> Path:
    """Compile it with that `lean` and its shared library into a folder that is then to be LEAN_PATH."""
    source = folder / "Init.lean"
    source.write_text(BASE.read_text("utf-8") + "\n".join(declarations(shared)) + "\n", "utf-8")
    command = [str(lean), "-o", "Init.olean", source.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode or done.stdout:
        raise AssertionError(f"the library of the native Lean does not compile:\n{done.stdout}{done.stderr}")
    return folder


def declarations(library: Path) -> Iterator[str]:
    """The lines that declare what is compiled into Lean, and tell Lean what it is for."""
    kinds: dict[str, str] = {}
    for table, kind in ((SYNTAX, "ParserDescr"), (TRAILING, "TrailingParserDescr")):
        for (namespace, attribute), names in table.items():
            for name in names.split():
                kinds[name] = _quoted(namespace, name)
                attributes = ", ".join(filter(None, ('extern "lean"', attribute)))
                yield f"@[{attributes}] axiom {kinds[name]} : Lean.{kind}"
    printed = {name.replace(".", "_"): name for name in PRINTED.split()}
    for number, (namespace, name) in enumerate(_compiled(library)):
        if (rule := _RULE.fullmatch(name)) and rule[1] in kinds:
            attribute, kind = f"macro {kinds[rule[1]]}", "Lean.Macro"
        elif (printer := _PRINTER.fullmatch(name)) and printer[1] in printed:
            attribute, kind = f"app_unexpander {printed[printer[1]]}", "Lean.PrettyPrinter.Unexpander"
        else:
            continue
        function = _quoted(namespace, name)
        yield f'@[extern "lean"] axiom {function} : Lean.Syntax → Lean.Rest → Lean.Rest → Lean.Rest'
        yield f"@[{attribute}] def native{number} : {kind} := fun stx ctx state => {function} stx ctx state"


def _compiled(library: Path) -> list[tuple[str, str]]:
    """Namespaces and names of the macros and unexpanders in the library."""
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        symbols = {symbol for symbol in _strings(content, _MADE_BY_MACROS) if re.fullmatch(r"l_\w+__\d+", symbol)}
    parts = [_demangled(symbol.removeprefix("l_")) for symbol in sorted(symbols)]
    return [(".".join(path), name) for *path, name in parts]


def _strings(content: mmap.mmap, part: bytes) -> Iterator[str]:
    """The strings of a binary that contain this."""
    at = content.find(part)
    while at >= 0:
        end = content.find(b"\0", at)
        yield content[content.rfind(b"\0", 0, at) + 1 : end].decode("ascii", "replace")
        at = content.find(part, end)


def _demangled(symbol: str) -> list[str]:
    """The parts of the name that a symbol stands for: `__` is `_`, `_` is a dot, `_uXXXX` and `_xXX` are characters."""
    parts, part, at = [], "", 0
    while at < len(symbol):
        run = len(symbol[at:]) - len(symbol[at:].lstrip("_"))
        if run == 0:
            part, at = part + symbol[at], at + 1
            continue
        at += run
        letter = _ESCAPED.match(symbol, at) if run % 2 else None
        if letter:
            part, at = part + "_" * (run // 2) + chr(int(letter[1] or letter[2], 16)), letter.end()
        elif run % 2:
            parts.append(part)
            part = "_" * (run // 2)
        else:
            part += "_" * (run // 2)
    return [*parts, part]


def _quoted(namespace: str, name: str) -> str:
    return f"{namespace}.«{name}»" if namespace else f"«{name}»"
