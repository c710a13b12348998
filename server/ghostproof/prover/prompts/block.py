"""Lean code as provers read and write it: code up to the cursor with the goal state, and answers in code blocks."""

import re
import textwrap
from typing import NamedTuple

from ghostproof.prover.prompts.family import View
from ghostproof.prover.protocol import Prompt, Stop, StopRule
from ghostproof.syntax.extent import value_start
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.tactic_end import FENCE, tactic_extent
from ghostproof.syntax.words import DECLARATIONS, one_of
from ghostproof.text import normalise_eol

OPEN_FENCE = f"{FENCE}lean4\n"
# A whole proof ends with its code block.
PROOF_STOP = Stop((FENCE,))

_BLOCK = re.compile(r"^```(?:lean4?|tactics)?[ \t]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
_DECLARATION = re.compile(rf"^(?:@\[[^\]\n]*\]\s*|\w+[ \t]+)*{one_of(DECLARATIONS)}", re.MULTILINE)


class Continuation(NamedTuple):
    """Code that a model is to go on with, and where the tactic that it writes first ends."""

    code: str
    stop: Stop


def statement_end(declaration: str) -> int:
    """Offset at which a declaration's statement ends: at its `:=`, `where` or first alternative, or its own end."""
    found = value_start(mask(declaration)[0], 0, len(declaration))
    return len(declaration) if found is None else found


def unproved(view: View) -> str:
    """The current declaration's statement with `:= by` behind it."""
    return view.statement.rstrip() + " := by"


def continuation(view: View) -> Continuation:
    """The current declaration up to the cursor, and the goals as a comment above the line on which the tactic stands.

    The code never ends in blanks: tokenizers join a blank with the word behind it, so that a model which finds blanks
    at the end of its prompt has to go on in a way it has rarely seen. It writes the indentation itself.
    """
    above, newline, line = view.written.rpartition("\n")
    above += newline
    blank = not line.strip()
    if not blank and not view.bullet:
        # The layout of the prompt need not be that of the file: behind `by` the tactic gets a line of its own.
        above, line, blank = view.written.rstrip() + "\n", " " * (_indent(line) + 2), True
    column = len(line) if blank else view.column
    indent = line if blank else " " * _indent(line)
    if not view.goals:
        return Continuation(above, Stop(rule=StopRule.TACTIC))
    code = above + state_comment(view.goals, indent)
    if blank and not view.typed:
        return Continuation(code, Stop(rule=StopRule.TACTIC))
    return Continuation(code + (line + view.typed).rstrip(), Stop((), StopRule.TACTIC, column, view.typed))


def state_comment(goals: tuple[str, ...], indent: str) -> str:
    """Goals as DeepSeek-Prover-V1.5's tree search shows them: a comment at the tactic's indentation."""
    inner = textwrap.indent("\n\n".join(goals).replace("-/", "- /").replace("/-", "/ -"), indent + "  ")
    return f"{indent}/- tactic state:\n{inner}\n{indent}-/\n"


def first_tactic(text: str, prompt: Prompt) -> str | None:
    """The tactic that a candidate begins with, laid out at column 0; None where there is none."""
    whole = normalise_eol(prompt.stop.before + text)
    start, end, column = tactic_extent(whole, prompt.stop.column)
    first, *rest = whole[start:end].split("\n")
    lines = [first, *(line[min(column, _indent(line)) :].rstrip() for line in rest)]
    return "\n".join(lines).strip() or None


def last_block(text: str) -> str | None:
    """Content of the last code block, which need not be closed."""
    blocks = [found.group(1) for found in _BLOCK.finditer(text)]
    return blocks[-1] if blocks else None


def proof_of(code: str) -> str | None:
    """The tactics that prove the last declaration of Lean code, laid out at column 0."""
    declarations = [found.start() for found in _DECLARATION.finditer(mask(code)[0])]
    if not declarations:
        return None
    last = code[declarations[-1] :]
    behind = re.match(r":=\s*by\b", last[statement_end(last) :])
    return tactics(last[statement_end(last) + behind.end() :]) if behind else None


def tactics(text: str) -> str | None:
    """Lines of tactics laid out at column 0; None where there are none."""
    head, newline, below = text.partition("\n")
    laid_out = textwrap.dedent(below) if not head.strip() else head.strip() + newline + textwrap.dedent(below)
    return laid_out.strip("\n").rstrip() or None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
