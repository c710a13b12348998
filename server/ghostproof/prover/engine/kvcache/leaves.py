"""The own keys and values of the candidates that continue one prompt together."""

from collections.abc import Sequence

from ghostproof.prover.engine.kvcache.memory import KV, Layout, Memory
from ghostproof.prover.engine.kvcache.trunk import TrunkHold

FIRST_ROOM = 64  # tokens of room in the beginning; most tactics have fewer


class TrunkLeaves:
    """Rows of equal length on one trunk; row i belongs to one candidate.

    Attributes:
        hold: on the trunk, for as long as the leaves live.
        kv: [2, width, kv_heads, capacity, head_dim] per layer; width is the least power of two that holds all rows.
        room: most tokens of one row.
    """

    def __init__(self, memory: Memory, layout: Layout, hold: TrunkHold, rows: int, room: int) -> None:
        """Raises: OutOfMemory."""
        self.kv = KV(memory, layout, min(room, FIRST_ROOM), width(rows))
        self.hold = hold
        self.room = room
        self._rows = rows
        self._length = 0

    @property
    def rows(self) -> int:
        return self._rows

    @property
    def length(self) -> int:
        return self._length

    @property
    def position(self) -> int:
        """Where the rows' next token stands, counted from the prompt's first."""
        return self.hold.have + self._length

    def reserve(self) -> None:
        """Make room for one more token, doubling what there is.

        Raises:
            OutOfMemory: nothing is lost.
            ValueError: the rows have as many tokens as they may have.
        """
        if self._length == self.room:
            raise ValueError(f"leaves have room for {self.room} tokens")
        if self._length == self.kv.capacity:
            self.kv.reserve(min(self.room, 2 * self._length), self._length)

    def advance(self) -> None:
        """Count in a token of each row, whose keys and values were written."""
        self._length += 1

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows, in this order.

        Raises:
            ValueError: none, one twice, or one that is not there.
            OutOfMemory: nothing has changed.
        """
        if not rows or len(set(rows)) < len(rows) or not all(0 <= row < self._rows for row in rows):
            raise ValueError(f"rows {list(rows)} of {self._rows}")
        self.kv.select(rows, width(len(rows)), self._length)
        self._rows = len(rows)


def width(rows: int) -> int:
    """Rows there is room for: few different ones, so that a recorded pass fits many."""
    return 1 << (rows - 1).bit_length()
