"""What the prober has elaborated of a file, and how little of a changed text it has to see again. Pure text."""

import re
from dataclasses import dataclass, field

from ghostproof.syntax.words import COMMAND
from ghostproof.text import common_prefix

# The first token behind a command, with the character that ends it.
_TOKEN = re.compile(r"\S+\s")
# A line that most likely begins the next command. A wrong guess costs one more round trip.
_COMMAND = re.compile(rf"^(?:{COMMAND}|/-[-!])", re.MULTILINE)


def lookahead(text: str, at: int) -> int:
    """Offset behind the token at `at`: how far a parser has looked that stopped before it."""
    token = _TOKEN.match(text, at)
    return token.end() if token else len(text)


@dataclass(frozen=True)
class Part:
    """What is sent of a text.

    Attributes:
        keep: snapshots that stay; 0 sends the header too.
        text: from the last kept boundary (led by blanks up to its column), cut behind the command with the hole.
        start: code points of leading blanks, where the elaboration begins.
        offset: offset in the file of the character at `start`.
        last: the text goes to the end of the file.
    """

    keep: int
    text: str
    start: int
    offset: int
    last: bool

    def in_bytes(self, at: int) -> int:
        """Byte position in `text` of an offset of the file."""
        return self.start + len(self.text[self.start : self.start + at - self.offset].encode())

    def offsets(self, positions: tuple[int, ...]) -> list[int]:
        """Offsets of the file of ascending byte positions in `text`."""
        data = self.text.encode()
        found, offset, seen = [], self.offset, self.start
        for position in positions:
            offset += len(data[seen:position].decode(errors="ignore"))
            seen = position
            found.append(offset)
        return found


@dataclass(frozen=True)
class Fault:
    """An error in a file: the offsets of the error, and of the end of the command that has it."""

    at: int
    end: int
    message: str


@dataclass
class ProbeDocument:
    """One file as the prober knows it.

    Attributes:
        number: its name in requests.
        text: the text that the boundaries are about.
        bounds: the end of the header, then of each elaborated command; there is a snapshot behind each.
        faults: errors in these commands.
    """

    number: int
    text: str = ""
    bounds: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def forget(self) -> None:
        """The prober that knew it is gone."""
        self.text, self.bounds, self.faults = "", [], []

    def advance(self, text: str, hole: int, *, to_end: bool) -> Part:
        """Take over a text, keep what certainly parses as before, and say what has to be sent.

        A command is kept if the text is unchanged up to and including the token behind it, since that token ended it.

        Args:
            hole: offset of the `sorry` in the hole.
            to_end: send everything to the end of the file; a first answer has asked for more.
        """
        same = common_prefix(self.text, text)
        known = self.text
        keep = len(self.bounds)
        while keep and (
            self.bounds[keep - 1] > hole
            or self.bounds[keep - 1] >= len(known)
            or lookahead(known, self.bounds[keep - 1]) > same
        ):
            keep -= 1
        self.text, self.bounds = text, self.bounds[:keep]
        offset = self.bounds[-1] if keep else 0
        self.faults = [fault for fault in self.faults if fault.end <= offset]
        start = offset - (text.rfind("\n", 0, offset) + 1)
        end = len(text) if to_end else _cut(text, hole)
        return Part(keep, " " * start + text[offset:end], start, offset, end == len(text))


def _cut(text: str, hole: int) -> int:
    line_end = text.find("\n", hole)
    if line_end < 0:
        return len(text)
    following = _COMMAND.search(text, line_end + 1)
    if following is None:
        return len(text)
    # The parser must see the whole first token of the next command and that something follows it.
    for _ in range(2):
        line_end = text.find("\n", max(line_end + 1, following.start()))
        if line_end < 0:
            return len(text)
    return line_end + 1
