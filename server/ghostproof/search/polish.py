"""Shorter forms of a proof that may still be one: Lean has the last word on each. Pure."""

import re
from collections.abc import Iterator

_LIST = re.compile(r"\[([^\[\]\n]*)\]")
_TAKES_LIST = re.compile(r"(?:simp|simp_all|grind|simp only|norm_num)(?: only)? $")
# What only a case's own line may be without.
_KEPT = ("|", "·", "induction ", "cases ", "fun_induction ", "fun_cases ", "case ")


def shortened(text: str) -> Iterator[str]:
    """Texts with one step less, or one argument less of `simp` and `grind`; each shorter than the text."""
    yield from _without_steps(text)
    yield from _without_arguments(text)


def _without_steps(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for nth, line in enumerate(lines):
        if len(lines) == 1 or line.lstrip().startswith(_KEPT):
            continue
        indent = _indent(line)
        behind = nth + 1
        while behind < len(lines) and _indent(lines[behind]) > indent:
            behind += 1
        rest = lines[:nth] + lines[behind:]
        # A block that would be empty is none.
        if rest and not rest[-1].rstrip().endswith(("=>", "by")) and not _is_only(lines, nth, behind):
            yield "\n".join(rest)


def _is_only(lines: list[str], first: int, behind: int) -> bool:
    """Whether lines are all that a block has."""
    indent = _indent(lines[first])
    before = first > 0 and _indent(lines[first - 1]) < indent
    return before and (behind == len(lines) or _indent(lines[behind]) < indent)


def _without_arguments(text: str) -> Iterator[str]:
    for match in _LIST.finditer(text):
        before = text[: match.start()]
        if not _TAKES_LIST.search(before):
            continue
        arguments = [argument.strip() for argument in match[1].split(",")]
        only = before.endswith("only ")
        for nth in range(len(arguments)):
            rest = arguments[:nth] + arguments[nth + 1 :]
            if rest:
                yield f"{before}[{', '.join(rest)}]{text[match.end() :]}"
            elif not only:
                yield before.rstrip() + text[match.end() :]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
