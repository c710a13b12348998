"""Whether a file could hide that something in it is not proved, where Lean itself does not tell axioms.

Sound, not complete: a file of plain declarations over Lean's own library, in which Lean sees no error and no `sorry`,
holds nothing that rests on more than the kernel. Of any other file nothing is concluded. Pure text.
"""

import re
from collections.abc import Iterable

from ghostproof.syntax.extent import Declaration, declaration_at
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.header import read_header
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.words import MODIFIERS, one_of

_CORE = frozenset({"Init", "Std", "Lean"})
_IMPORT = re.compile(r"(?<![\w.'])import(?![\w'])")
# What admits without a proof, what defines syntax that may, what runs code that may change anything, and what makes the
# compiler believe something else than the kernel. `sorry` is looked for apart: Lean warns of it, but not behind each.
_UNPROVED = re.compile(
    r"(?<![\w.'])(?:axiom|constant|opaque|unsafe|admit|stop|macro|macro_rules|elab|elab_rules|syntax|initialize"
    r"|builtin_initialize|declare_syntax_cat|run_cmd|run_elab|run_meta|run_tac|by_elab|simproc|dsimproc|native_decide"
    r"|bv_decide|bv_check|native|tactic|term_elab|command_elab|\w+_parser|init|builtin_init|eval%|implemented_by|extern|csimp|import_private|include_str|prelude|sorryAx|lcProof"
    r"|ofReduceBool|ofReduceNat|trustCompiler)(?![\w'])|\.(?:sorryAx|lcProof|ofReduceBool|ofReduceNat|trustCompiler)\b"
)
# `#guard_msgs` swallows Lean's warnings, `#eval` runs code.
_QUESTION = re.compile(r"#([a-z]\w*)")
_HARMLESS_QUESTIONS = frozenset({"check", "print", "reduce", "synth", "where", "check_failure"})
_OPTION = re.compile(r"(?<![\w.'])set_option\s+([\w.]+)")
_UNFINISHED_BODY = re.compile(r":=\s*(?:by\s+)?sorry\s*$")
_QUOTED = re.compile(r"«([^«»\n]*)»")
# A line that belongs to the declaration below it.
_LEADS = re.compile(rf"(?:\]|\bin|\b{one_of(MODIFIERS)})$")
_HARMLESS_OPTIONS = re.compile(r"(?:pp\.|linter\.|trace\.|autoImplicit$|relaxedAutoImplicit$|max|synthInstance\.max)")


def is_plain(text: str) -> bool:
    """Whether nothing in the text (of a whole file, up to some place) admits, runs code, or silences Lean."""
    masked, _ = mask(text)
    header = read_header(text)
    if any(one.module.split(".")[0] not in _CORE for one in header.imports.imports):
        return False
    if _IMPORT.search(masked, header.end):  # of which the header's reader knows nothing
        return False
    if _UNPROVED.search(masked) or _hides(text):
        return False
    if any(word not in _HARMLESS_QUESTIONS for word in _QUESTION.findall(masked)):
        return False
    return all(_HARMLESS_OPTIONS.match(name) for name in _OPTION.findall(masked))


def _hides(text: str) -> bool:
    """Whether a name in «» may be one of the words that are looked for, or ends nowhere."""
    return any(_UNPROVED.search(name) for name in _QUOTED.findall(text)) or "«" in _QUOTED.sub("", text)


def is_led(text: str, declaration: Declaration) -> bool:
    """Whether a declaration begins above its first line: with attributes, modifiers, or something that is `in` it."""
    return _LEADS.search(mask(text[: declaration.start])[0].rstrip()) is not None


def sealed(text: str, end: int, unproved: Iterable[int]) -> str | None:
    """The text up to `end` without what is not proved in it: what is proved below it rests on nothing of that.

    A function whose body is `sorry` becomes opaque, of which nothing is known but its type, and of that Lean must know
    that it is inhabited; a theorem is left out. None where that cannot be done by text alone.

    Args:
        unproved: offsets inside the declarations that rest on a `sorry` or have errors.
    """
    pieces: list[str] = []
    at = 0
    for declaration in sorted({declaration_at(text, offset) for offset in unproved}, key=lambda d: d.start):
        if declaration.start < at or declaration.end > end or is_led(text, declaration):
            return None
        written = text[declaration.start : declaration.end]
        if declaration.head != declaration.start:
            return None
        if declaration.keyword == "def" and _UNFINISHED_BODY.search(written):
            replaced = _UNFINISHED_BODY.sub("", "opaque" + written.removeprefix("def")).rstrip()
        elif declaration.keyword in ("theorem", "lemma", "example"):
            replaced = ""
        else:
            return None
        pieces += [text[at : declaration.start], replaced]
        at = declaration.end
    pieces.append(text[at:end])
    rewritten = "".join(pieces)
    return None if SORRY.search(mask(rewritten)[0]) else rewritten
