"""Where the header of a file ends: `module`, `prelude` and the imports, with the comments among them.

Lean loads a file anew when a word of its header changes or moves; what stands behind the last word may change freely.
"""

import re

from ghostproof.syntax.lexical import regions

_BLANK = re.compile(r"\s*")
_PART = r"(?:«[^»\n]*»|[^\W\d][\w'!?]*)"
_WORD = re.compile(rf"{_PART}(?:\.{_PART})*")
_ALONE = {"module", "prelude"}
_BEFORE_IMPORT = {"public", "private", "meta"}
_BEHIND_IMPORT = {"all", "runtime"}


def header(text: str) -> str:
    """The text up to the end of the header's last word; "" if it begins with none."""
    comments = regions(text)
    comment = next(comments, None)
    at = end = 0
    expected = False  # the name of a module
    while True:
        at = _skip(_BLANK, text, at)
        if comment is not None and comment.is_comment and comment.start == at:
            at, comment = comment.end, next(comments, None)
            continue
        word = _WORD.match(text, at)
        if word is None:
            return text[:end]
        at = word.end()
        if word.group() == "import":
            expected = True
        elif expected:
            expected = word.group() in _BEHIND_IMPORT
        elif word.group() in _BEFORE_IMPORT:
            continue
        elif word.group() not in _ALONE:
            return text[:end]
        end = at


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
