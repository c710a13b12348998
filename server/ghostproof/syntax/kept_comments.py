"""The comments of a script that stay when another one takes its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from ghostproof.syntax.lexical import mask


@dataclass(frozen=True)
class _Line:
    """A line of code, what stands behind it, and the comments above it."""

    code: str
    behind: str
    above: tuple[str, ...]


def with_comments(script: str, before: str) -> str:
    """A script with the comments of an earlier one: at the lines that both have, and where others stand for a stretch.

    What explained a step that is gone goes with it, but for the comment that such a stretch began with.
    """
    old, new = list(_lines(before)), list(_lines(script))
    kept: dict[int, _Line] = {}
    same = SequenceMatcher(
        None, [line.code.strip() for line in old], [line.code.strip() for line in new], autojunk=False
    )
    for what, first, last, at, end in same.get_opcodes():
        if what == "equal":
            kept |= dict(zip(range(at, end), old[first:last], strict=True))
        elif what == "replace":
            alone = last - first == end - at == 1
            kept[at] = _Line("", old[first].behind if alone else "", old[first].above)
    return "\n".join(text for nth, line in enumerate(new) for text in _commented(line, kept.get(nth)))


def _commented(line: _Line, before: _Line | None) -> Iterator[str]:
    indent = line.code[: len(line.code) - len(line.code.lstrip())]
    above = before.above if before is not None and not line.above else line.above
    yield from (indent + comment for comment in above)
    yield line.code + (line.behind or (before.behind if before is not None else ""))


def _lines(script: str) -> Iterator[_Line]:
    masked, _ = mask(script)
    above: list[str] = []
    for line, code in zip(script.split("\n"), masked.split("\n"), strict=True):
        if not code.strip():
            above += [line.strip()] if line.strip() else []
            continue
        head = code.rstrip()
        # A literal is blanked too: only what the line has in common with its code can be told from a comment.
        split = len(head) if line.startswith(head) else len(line)
        yield _Line(line[:split], line[split:], tuple(above))
        above = []
