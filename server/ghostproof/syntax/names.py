"""Lean's identifiers: which characters they are made of. Written once; every reader of Lean text builds on it."""

import re

# What a part of a name may begin with, and go on with: ASCII, Latin-1 and Latin Extended-A, Greek but λ Π Σ, Coptic,
# letter-like symbols, and script, double-struck and fraktur letters; behind the first also digits, primes, `!`, `?` and
# subscripts. For a character class.
FIRST = r"A-Za-z_À-ÖØ-öø-ſͰ-΢Τ-κμ-ϻἀ-῾℀-⅏𝒜-𝖟"
REST = FIRST + r"0-9'!?₀-₉ₐ-ₜᵢ-ᵪⱼ"

PLAIN_PART = rf"[{FIRST}][{REST}]*"
PART = rf"(?:«[^«»\n]*»|{PLAIN_PART})"
NAME = re.compile(rf"{PART}(?:\.{PART})*")
NUMBER = r"[0-9][0-9A-Za-z_]*"

_FIRST_CHARACTER = re.compile(f"[{FIRST}]")
_REST_CHARACTER = re.compile(f"[{REST}]")
_RUN_PART = re.compile(rf"{NUMBER}|{PLAIN_PART}|.", re.DOTALL)
_ASCII = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_'!?")
# Nobody writes a longer name; in one that is longer, whatever follows is taken for a part of it.
LONGEST = 300


def run_start(text: str, end: int, floor: int) -> int:
    """Where the characters begin that end at `end` and can all stand in a name; at `floor` or further right."""
    floor = max(floor, end - LONGEST)
    while end > floor and (text[end - 1] in _ASCII or _REST_CHARACTER.match(text, end - 1)):
        end -= 1
    return end


def last_token(run: str) -> str:
    """The last token of a run of characters that can all stand in a name, read from its beginning; "" without one."""
    return _RUN_PART.findall(run)[-1] if run else ""


def ends_in_name(run: str) -> bool:
    """Whether that token is a name."""
    return _FIRST_CHARACTER.match(run) is not None or _FIRST_CHARACTER.match(last_token(run)) is not None
