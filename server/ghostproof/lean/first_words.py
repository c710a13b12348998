"""What Lean says of a program that it does not take: its errors, whatever it warns of besides.

A newer Lean may call so much of a program outdated that the errors, which are what a report needs, come late.
"""

import re

# Lines that are kept of what Lean says; the first errors say what is the matter, the others often follow from them.
MOST_LINES = 20
# `probe.lean:12:4: error: …`, `probe.lean:12:4: error(lean.unknownIdentifier): …`
_MESSAGE = re.compile(r":\d+:\d+: (?P<severity>error|warning)\b")


class FirstWords:
    """Takes Lean's lines one by one and keeps the first that tell what is the matter.

    A message may have several lines: those without a place of their own belong to the message above them.
    """

    def __init__(self) -> None:
        self._errors: list[str] = []  # and what is no message, such as a shell's word that there is no such program
        self._warnings: list[str] = []
        self._current = self._errors

    def hear(self, line: str) -> None:
        if not line.strip():
            return
        if found := _MESSAGE.search(line):
            self._current = self._errors if found["severity"] == "error" else self._warnings
        if len(self._current) < MOST_LINES:
            self._current.append(line.rstrip())

    @property
    def text(self) -> str:
        """The errors; if there are none, whatever else was said."""
        return "\n".join(self._errors or self._warnings)
