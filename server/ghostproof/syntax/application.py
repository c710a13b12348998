"""What a function is applied to in a printed application."""

import re
from collections.abc import Iterator

from ghostproof.syntax import brackets

# What is taken of a bracketed term: `(halve xs).fst`.
_FIELD = re.compile(r"(?:\.(?:[^\W\d][\w'!?]*|\d+|«[^«»\n]*»))+")
_ARRAY = "#["
_WORD = re.compile(r"(?:«[^«»\n]*»|[\w.'✝!?])+")


def arguments(application: str) -> tuple[str, ...]:
    """The arguments in `f x (g y)`: `x` and `(g y)`. They end where the bracket around the application does."""
    return tuple(_words(application))[1:]


def application_at(text: str) -> str:
    """The application, name or literal that a text begins with; "" where it is none."""
    return " ".join(_words(text))


def calls(name: str, text: str) -> Iterator[str]:
    """The applications of a function in a printed text, those in others among them."""
    for found in re.finditer(rf"(?<![\w.'«»✝]){re.escape(name)}(?![\w.'«»✝])", text):
        yield " ".join((name, *arguments(text[found.start() :])))


def _words(text: str) -> Iterator[str]:
    """Names, literals and bracketed terms from the start of a text, as far as they are arguments."""
    at = 0
    while at < len(text):
        if text[at] in " \n":
            at += 1
        elif text[at] in brackets.OPENERS or text.startswith(_ARRAY, at):
            last = brackets.closing(text, at + text.startswith(_ARRAY, at))
            end = len(text) if last is None else last + 1
            if field := _FIELD.match(text, end):
                end = field.end()
            yield text[at:end]
            at = end
        elif word := _WORD.match(text, at):
            yield word[0]
            at = word.end()
        else:
            return
