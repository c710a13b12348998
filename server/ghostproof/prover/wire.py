"""What our client and our engine say to each other beside the OpenAI protocol, and how a stream of events is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from ghostproof.prover.protocol import Priority, StopRule

# The field of requests and answers that is ours. No other server knows it.
VENDOR = "ghostproof"

HEALTH, STATUS, COUNT, LEAVE = "/health", "/ghostproof/status", "/ghostproof/count", "/ghostproof/leave"

# Ended before its time, because a newer request for the same document came.
SUPERSEDED = "superseded"

# An event holds one piece of a candidate, or a whole one with its figures.
LONGEST_LINE = 256 << 10


@dataclass(frozen=True)
class Extra:
    """What a request says to our own engine only. With it, an answer has one event for each finished candidate."""

    rule: StopRule = StopRule.NONE
    column: int = 0
    before: str = ""
    document: str = ""
    priority: Priority = Priority.TACTIC
    greedy_first: bool = False

    def plain(self) -> dict[str, object]:
        return {
            "rule": self.rule.name.lower(),
            "column": self.column,
            "before": self.before,
            "document": self.document,
            "priority": self.priority.name.lower(),
            "greedy_first": self.greedy_first,
        }

    @staticmethod
    def read(fields: Mapping[str, object]) -> "Extra":
        """What `plain` has made.

        Raises:
            ValueError: naming the field that is wrong.
        """
        if unknown := set(fields) - set(Extra.__dataclass_fields__):
            raise ValueError(f"`{min(unknown)}` is not known")
        rule, priority = fields.get("rule", "none"), fields.get("priority", "tactic")
        column, before, document = fields.get("column", 0), fields.get("before", ""), fields.get("document", "")
        greedy_first = fields.get("greedy_first", False)
        if not isinstance(rule, str) or rule.upper() not in StopRule.__members__:
            raise ValueError("`rule` must be `none` or `tactic`")
        if not isinstance(priority, str) or priority.upper() not in Priority.__members__:
            raise ValueError("`priority` must be `tactic`, `warm` or `proof`")
        if not isinstance(column, int) or isinstance(column, bool) or column < 0:
            raise ValueError("`column` must be a whole number, 0 or more")
        if not isinstance(before, str) or not isinstance(document, str):
            raise ValueError("`before` and `document` must be strings")
        if not isinstance(greedy_first, bool):
            raise ValueError("`greedy_first` must be true or false")
        return Extra(StopRule[rule.upper()], column, before, document, Priority[priority.upper()], greedy_first)


class EventLines:
    """Splits a stream of server-sent events into the payloads of its `data` lines."""

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._rest: list[bytes] = []  # of a line that is not whole yet
        self._length = 0

    def feed(self, data: bytes) -> list[str]:
        """Payloads of the lines that are whole by now.

        Raises:
            ValueError: a line is longer than any server's should be, or is no UTF-8.
        """
        payloads: list[str] = []
        at = 0
        while (end := data.find(b"\n", at)) >= 0:
            self._keep(data[at:end])
            line = b"".join(self._rest)
            self._rest.clear()
            self._length = 0
            at = end + 1
            if line.startswith(b"data:"):
                payloads.append(line[5:].decode().strip())
        self._keep(data[at:])
        return payloads

    def _keep(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > self._longest:
            raise ValueError(f"a line of more than {self._longest} bytes")
        if part:
            self._rest.append(part)
