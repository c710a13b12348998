"""Shorter forms of a proof that may still be one: Lean has the last word on each. Pure."""

import re
from collections.abc import Iterator, Sequence

from ghostproof.syntax.exact_term import exact_term

_LIST = re.compile(r"\[([^\[\]\n]*)\]")
_TAKES_LIST = re.compile(r"(?:simp|simp_all|grind|simp only|norm_num|solve_by_elim)(?: only)? $")
# How a discovered lemma is called, and where one is stated.
_NAME = re.compile(r"(?<![\w.'])key\d*(?![\w'.])")
_LEMMA = re.compile(rf"(?<!\S)have ({_NAME.pattern}) :")
_TRIED = re.compile(r"(?:intros|\(try (?P<tried>[^()\n]+)\))(?P<then>\s+<;>\s+)")
_LAST_TRY = re.compile(r" <;> omega(?=\n|$)")
_SAME_STEP = r"(?:(?!\nhave )[\s\S])*"
_LAST_LEMMA = re.compile(
    rf"(?P<above>(?:[\s\S]*\n)?)have {_NAME.pattern} : {_SAME_STEP} := by\n"
    rf"(?:  intro [^\n]*\n)?  induction \S+(?P<closing> <;> [^\n]*)\n{_SAME_STEP}"
)
_GIVES_TERM = re.compile(r"(?P<before>.* := )by (?P<tactic>exact \S.*)")
# What only a case's own line may be without.
_KEPT = ("|", "·", "induction ", "cases ", "fun_induction ", "fun_cases ", "case ")


def shortened(text: str, variables: Sequence[str] = ()) -> Iterator[str]:
    """Texts without a lemma, with terms as terms, a try, a step or an argument less; last, with lemmas counted anew.

    Args:
        variables: what an induction on the goal itself may be about.
    """
    yield from _without_lemma(text, variables)
    if (plain := plain_terms(text)) != text:
        yield plain
    yield from _without_tries(text)
    yield from _without_steps(text)
    yield from _without_arguments(text)
    yield from _counted_anew(text)


def _without_lemma(text: str, variables: Sequence[str]) -> Iterator[str]:
    """The induction that proves the last lemma, on the goal itself: the lemma may say no more than that."""
    found = _LAST_LEMMA.fullmatch(text)
    if found is not None:
        yield from (f"{found['above']}induction {name}{found['closing']}" for name in variables)


def plain_terms(text: str) -> str:
    """The text with each `:= by exact e` that is all of its line as `:= e`."""
    lines = text.split("\n")
    for nth, line in enumerate(lines):
        found = _GIVES_TERM.fullmatch(line)
        column = len(line) - len(line.lstrip())
        goes_on = nth + 1 < len(lines) and lines[nth + 1].strip() and _indent(lines[nth + 1]) > column
        term = exact_term(found["tactic"]) if found is not None and not goes_on else ""
        if found is not None and term:
            lines[nth] = found["before"] + term
    return "\n".join(lines)


def _without_tries(text: str) -> Iterator[str]:
    """What stands there in case it is of use: without it, or with it as it does its work."""
    for found in _LAST_TRY.finditer(text):
        yield text[: found.start()] + text[found.end() :]
    for found in _TRIED.finditer(text):
        yield text[: found.start()] + text[found.end() :]
        if found["tried"]:
            yield f"{text[: found.start()]}{found['tried']}{found['then']}{text[found.end() :]}"


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


def _counted_anew(text: str) -> Iterator[str]:
    """The lemmas that are left as `key`, `key1`, …, where some between them went."""
    left = list(dict.fromkeys(_LEMMA.findall(text)))
    names = {old: f"key{nth or ''}" for nth, old in enumerate(left)}
    # Another thing of such a name is somebody else's.
    if set(_NAME.findall(text)) == set(left) and list(names.values()) != left:
        yield _NAME.sub(lambda found: names[found[0]], text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
