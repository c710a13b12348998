"""What may be shown: text with no character that acts on a terminal, turns its direction, or cannot be seen.

Names, goals and messages come from files, Lean, models and servers. What a person reads of them goes through here.
"""

import logging
import re

# Controls, halves of characters, format characters (direction, joiners, tags), separators of lines and paragraphs, and
# letters and marks that are drawn as nothing at all.
_HIDDEN = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    r"\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff"
)
_HIDDEN_CHARACTER = re.compile(f"[{_HIDDEN}]")
_HIDDEN_IN_LINES = re.compile(f"(?!\n)[{_HIDDEN}]")


def visible(text: str) -> str:
    """The text on one line, each line end a space, with every hidden character as its number: `⟨U+001B⟩`."""
    return _HIDDEN_CHARACTER.sub(_numbered, " ".join(text.splitlines()) if "\n" in text else text)


def visible_lines(text: str) -> str:
    """The text with its lines, and with every other hidden character as its number."""
    return _HIDDEN_IN_LINES.sub(_numbered, text)


def is_visible(text: str) -> bool:
    """Whether the text is what it looks like, line ends aside."""
    return _HIDDEN_IN_LINES.search(text) is None


def json_line(text: str) -> str:
    """JSON with every hidden character escaped: the same value, and harmless in a terminal."""
    return _HIDDEN_IN_LINES.sub(_escaped, text)


class VisibleFormatter(logging.Formatter):
    """Records of a log, whatever was put into them."""

    def format(self, record: logging.LogRecord) -> str:
        return visible_lines(super().format(record))


def _numbered(found: re.Match[str]) -> str:
    return " " if found.group() == "\t" else f"⟨U+{ord(found.group()):04X}⟩"


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
