"""What is read of one declaration's layout: its blocks of tactics, with what stands in them. See `outline.py`."""

from dataclasses import dataclass, field
from enum import Enum

from ghostproof.syntax.lexical import Token


class BlockKind(Enum):
    """What the lines of a block are."""

    COMMAND = "command"
    TACTICS = "tactics"
    REPEATED = "repeated tactics"  # run on several goals, or several times: `all_goals`, `repeat`, behind `<;>`
    CONV = "conv"
    FIELDS = "fields"  # of `where`
    CALC = "calc steps"
    BRACKET = "bracket"


@dataclass(eq=False)
class Item:
    """One tactic of a block (or field, or step): its extent as offsets, and its first word.

    Attributes:
        column: where Lean lets its lines start: that of its block, also for a tactic behind a `;`.
        fresh: it is the first of its line.
    """

    start: int
    end: int
    column: int
    line: int
    head: str
    fresh: bool


@dataclass(eq=False)
class Block:
    """An open stretch of text whose parts are laid out together.

    Attributes:
        opener: the token that opened it: `by`, `·`, `=>`, a bracket, the command's first word.
        floor: a line that starts at this column or further left is no part of it.
        style: column at which custom wants its first line, if it begins on a line of its own.
        column: where its items start; None until the first of them is seen.
        end: offset at which it was closed.
    """

    kind: BlockKind
    opener: Token
    line: int
    floor: int
    style: int
    column: int | None = None
    items: list[Item] = field(default_factory=list)
    end: int = 0
    expects_item: bool = True
    assigned: int = 0
    arrows: list[str] = field(default_factory=list)
    binders: int = 0
    bar_line: int = -1
    bar_column: int = 0

    @property
    def is_layout(self) -> bool:
        return self.kind not in (BlockKind.BRACKET, BlockKind.COMMAND)

    @property
    def is_tactics(self) -> bool:
        return self.kind is BlockKind.TACTICS

    @property
    def head(self) -> str:
        return self.items[-1].head if self.items else ""


@dataclass(frozen=True)
class Outline:
    """What stands around a cursor.

    Attributes:
        blocks: every block of tactics of the declaration, in the order in which they open.
        open: the blocks around the cursor, outermost first.
        before: the last token that starts before the cursor.
        awaits: a tactic is due at the cursor: the innermost open block has just begun, or a `;` was read.
    """

    blocks: tuple[Block, ...]
    open: tuple[Block, ...]
    before: Token | None
    awaits: bool
