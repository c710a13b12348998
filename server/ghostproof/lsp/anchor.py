"""A stretch of a document's text that is followed through what the user types elsewhere."""

from ghostproof.text import common_prefix


class Anchor:
    """Offsets of the stretch; `lost` once something was typed in it."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.lost = False

    def follow(self, before: str, after: str) -> None:
        """One change of the whole text, which is what lies between what both have in common."""
        if self.lost:
            return
        head = common_prefix(before, after)
        tail = common_prefix(before[head:][::-1], after[head:][::-1])
        if len(before) - tail <= self.start:
            self.start += len(after) - len(before)
            self.end += len(after) - len(before)
        elif head < self.end:
            self.lost = True
