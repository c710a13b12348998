"""The tactic blocks of one declaration, read from its layout: where each opens, its column, its tactics.

A reading of tokens and columns, not a parser: it has no grammar of terms, survives text that is being typed, and is
right about what Lean accepts as long as the text is laid out as Lean's users do.
"""

from collections import Counter
from collections.abc import Callable

from ghostproof.syntax.blocks import Block, BlockKind, Item, Outline
from ghostproof.syntax.brackets import CLOSER_OF, CLOSERS, OPENERS
from ghostproof.syntax.lexical import Token, tokens
from ghostproof.syntax.words import COMMANDS, words

# Declarations beyond this are not read: nobody writes them, and the editor would have to wait.
MOST_TOKENS, MOST_OPEN = 16_384, 256
NOTHING = Outline((), (), None, False)


_CLAUSES = frozenset({"termination_by", "decreasing_by", "where"})
_OPENER_OF = {closer: opener for opener, closer in CLOSER_OF.items()}
_NEVER_FIRST = CLOSERS | words("| , ; : := => ↦ <;> <|> |> else then with at using from")
_ALTERNATIVES = frozenset({"induction", "cases", "match", "fun_induction", "fun_cases"})
_PATTERNS = frozenset({"rcases", "rintro", "obtain", "cases'", "induction'", "intro"})
_BINDERS = words("∀ ∃ ∑ ∏ ∫ ⋃ ⋂ ⨆ ⨅ Σ Π Σ' ⨁ ∐")
_COMMA_LISTS = frozenset({"use", "exists", "existsi"})
_ONCE = frozenset({"try", "focus", "with_reducible", "with_unfolding_all"})
_OFTEN = frozenset({"all_goals", "any_goals", "repeat", "repeat'"})
_ARROWS = {"case": "tactics", "case'": "tactics", "next": "tactics", "on_goal": "tactics"}
_ARROWS |= dict.fromkeys(("conv", "conv_lhs", "conv_rhs"), "conv")


def outline(masked: str, start: int, end: int, cursor: int) -> Outline:
    """The blocks of the declaration that stands between two offsets of a masked text, and those around the cursor.

    `NOTHING` where it is too long or too deep to be one that a person has written.
    """
    reader = _OutlineReader(masked, start)
    before: Token | None = None
    around: tuple[Block, ...] | None = None
    awaits = False
    for number, token in enumerate(tokens(masked, start, end)):
        if number >= MOST_TOKENS or len(reader.stack) > MOST_OPEN:
            return NOTHING
        if token.start >= cursor and around is None:
            around, awaits = reader.around()
        if around is None:
            before = token
        reader.read(token)
    if around is None:
        around, awaits = reader.around()
    reader.finish(end)
    return Outline(tuple(block for block in reader.seen if block.is_layout), around, before, awaits)


class _OutlineReader:
    """Reads tokens one by one and keeps the stack of open blocks."""

    def __init__(self, masked: str, start: int) -> None:
        self.masked = masked
        self.stack: list[Block] = []
        self.brackets = Counter[str]()  # that are open, by the token that opened them
        self.seen: list[Block] = []
        self.last = Token("", start, start)
        self.line = 0
        self.line_start = start
        self.indent = 0
        self.after_seq = False  # the last token was `<;>`

    def around(self) -> tuple[tuple[Block, ...], bool]:
        top = self.stack[-1] if self.stack else None
        return tuple(self.stack), top is not None and top.is_layout and top.expects_item

    def read(self, token: Token) -> None:
        fresh = self._advance(token)
        column = token.start - self.line_start
        if not self.stack or (fresh and self._is_command(token, column)):
            self._truncate(0, token.start)
            command = self._push(BlockKind.COMMAND, token, column, column + 2)
            command.items.append(Item(token.start, token.end, column, self.line, token.text, True))
            command.column, command.expects_item = column, False
        else:
            if fresh:
                self._dedent(token, column)
            self._shut(token)
            began = self._settle(token, column)
            self._open(token, column, fresh, began)
        self.after_seq = token.text == "<;>"
        self.last = token

    def finish(self, end: int) -> None:
        self._truncate(0, end)

    def _advance(self, token: Token) -> bool:
        """Move on to the token; whether it is the first of its line."""
        breaks = self.masked.count("\n", self.last.end, token.start)
        if breaks:
            self.line += breaks
            self.line_start = self.masked.rfind("\n", self.last.end, token.start) + 1
        fresh = breaks > 0 or not self.stack
        if fresh:
            self.indent = token.start - self.line_start
        return fresh

    def _is_command(self, token: Token, column: int) -> bool:
        if column > (self.stack[0].column or 0) and any(block.is_layout for block in self.stack):
            return False
        if token.text == "@":
            return self.masked.startswith("[", token.end)
        return token.text in COMMANDS or (token.text[0] == "#" and len(token.text) > 1)

    def _truncate(self, depth: int, at: int) -> None:
        for block in self.stack[depth:]:
            block.end = at
            self._end_item(block)
            if block.kind is BlockKind.BRACKET:
                self.brackets[block.opener.text] -= 1
        del self.stack[depth:]

    def _push(self, kind: BlockKind, token: Token, floor: int, style: int) -> Block:
        block = Block(kind, token, self.line, floor, max(style, floor + 1))
        self.stack.append(block)
        self.brackets[token.text] += kind is BlockKind.BRACKET
        self.seen.append(block)
        return block

    def _begin(self, block: Block, token: Token, column: int) -> None:
        self._end_item(block)
        fresh = column == self.indent
        if block.kind is not BlockKind.CALC and block.column is not None:
            column = block.column
        block.items.append(Item(token.start, token.end, column, self.line, token.text, fresh))
        block.expects_item = False
        block.assigned = 0
        block.binders = 0
        block.arrows.clear()
        block.bar_line = -1

    def _end_item(self, block: Block) -> None:
        """The last item ends with the last token, or ended before the `;` that this was."""
        if block.items and self.last.text != ";":
            block.items[-1].end = max(block.items[-1].end, self.last.end)

    # ---------------------------------------------------------------------------------------------------- closing

    def _dedent(self, token: Token, column: int) -> None:
        """Close what the first token of a line shows to be over by standing where it does."""
        for depth, block in enumerate(self.stack):
            if block.is_layout and column < self._edge(block, token):
                self._truncate(depth, token.start)
                break
        if token.text in _CLAUSES:
            self._truncate(1, token.start)
        if token.text in _NEVER_FIRST:
            return
        for depth in range(len(self.stack) - 1, -1, -1):
            block = self.stack[depth]
            new_step = block.kind is BlockKind.CALC and token.text == "_"
            if block.is_layout and (block.column == column or new_step):
                self._truncate(depth + 1, token.start)
                block.expects_item = True
                break

    def _edge(self, block: Block, token: Token) -> int:
        """Column that a line must reach to be a part of the block.

        The alternatives of its tactic may stand further left than that, as in `:= by induction n with`.
        """
        if block.column is None:
            return block.floor + 1
        if block.is_tactics and block.head in _ALTERNATIVES:
            if token.text == "|" and self.last.text == "with" and self.last.start >= block.items[-1].start:
                return block.floor + 1
            if block.bar_line >= 0:
                return min(block.column, block.bar_column)
        return block.column

    def _shut(self, token: Token) -> None:
        """Close what the token itself ends: brackets, and the blocks inside them or before a separator."""
        text = token.text
        if text in CLOSERS:
            if self.brackets[_OPENER_OF[text]]:
                self._shut_above(token, lambda b: b.kind is BlockKind.BRACKET and b.opener.text == _OPENER_OF[text], 0)
        elif text == ",":
            self._comma(token)
        elif text == "else":
            self._shut_above(token, lambda b: b.head == "if" and b.is_layout, 1)
        elif text == "|" and self.stack[-1].head not in _PATTERNS:
            self._shut_above(token, lambda b: b.bar_line == self.line, 1)
        if text in _NEVER_FIRST:
            while self.stack[-1].is_layout and not self.stack[-1].items:
                self._truncate(len(self.stack) - 1, token.start)

    def _comma(self, token: Token) -> None:
        top = self.stack[-1]
        if top.binders:
            top.binders -= 1
        elif top.head not in _COMMA_LISTS:
            self._shut_above(token, lambda b: b.kind is BlockKind.BRACKET, 1)

    def _shut_above(self, token: Token, found: Callable[[Block], bool], keep: int) -> None:
        for depth in range(len(self.stack) - 1, 0, -1):
            if found(self.stack[depth]):
                self._truncate(depth + keep, token.start)
                return
        if keep and found(self.stack[0]):
            self._truncate(1, token.start)

    def _settle(self, token: Token, column: int) -> bool:
        """Begin an item where one is due; whether the token stands where a tactic starts."""
        top = self.stack[-1]
        if not top.is_layout or not top.expects_item or token.text in _NEVER_FIRST:
            return self.after_seq
        if top.column is None:
            top.column = top.floor + 1 if top.kind is BlockKind.CALC else column
        self._begin(top, token, column)
        return top.kind in (BlockKind.TACTICS, BlockKind.REPEATED)

    # ---------------------------------------------------------------------------------------------------- opening

    def _open(self, token: Token, column: int, fresh: bool, began: bool) -> None:
        text, top = token.text, self.stack[-1]
        if text in OPENERS:
            braced = began and self._is_brace_of_by(token, fresh)
            if braced:
                top.column = top.items[0].column = top.style
            self._push(BlockKind.BRACKET, token, 0, 0)
            if began and text in "({":
                kind = BlockKind.REPEATED if self.after_seq else BlockKind.TACTICS
                self._push(kind, token, top.floor if braced else self._floor(), top.style if braced else column + 2)
        elif text == "by":
            self._push(BlockKind.TACTICS, token, self._floor(), self._base() + 2)
        elif text == "|":
            self._bar(token, column, fresh)
        elif text in ("=>", "↦"):
            self._arrow(token)
        elif text == ":=":
            top.assigned += 1
        elif text == ";" and top.is_layout:
            self._end_item(top)
            top.expects_item = True
        elif text in ("fun", "λ"):
            top.arrows.append("term")
        elif text in _BINDERS:
            top.binders += 1
        elif text in ("calc", "where", "decreasing_by"):
            self._clause(token)
        elif text == "finally" and (fields := self._fields_before(token, fresh)):
            self._truncate(1, token.start)
            self._push(BlockKind.TACTICS, token, fields.floor, fields.floor + 2)
        elif text in ("then", "else") and top.head == "if" and top.is_tactics:
            self._push(BlockKind.TACTICS, token, top.items[-1].column, top.items[-1].column + 2)
        elif began:
            self._head(token, column)

    def _is_brace_of_by(self, token: Token, fresh: bool) -> bool:
        """Whether it is the brace of `by {`: what is in it stands where the block would, not right of the brace."""
        top = self.stack[-1]
        return token.text == "{" and not fresh and top.opener is self.last and len(top.items) == 1

    def _head(self, token: Token, column: int) -> None:
        """The first word of a tactic that takes tactics."""
        text = token.text
        if text == "·" or (text == "." and self.masked[token.end : token.end + 1].isspace()):
            self._push(BlockKind.TACTICS, token, column, column + 2)
        elif text in _ONCE or text in _OFTEN:
            kind = BlockKind.TACTICS if text in _ONCE else BlockKind.REPEATED
            self._push(kind, token, self._floor(), self._base() + 2)
        elif text in _ARROWS:
            self.stack[-1].arrows.append(_ARROWS[text])

    def _clause(self, token: Token) -> None:
        floor = self._floor()
        match token.text:
            case "calc":
                self._push(BlockKind.CALC, token, floor, self._base() + 2)
            case "where":
                self._push(BlockKind.FIELDS, token, floor, floor + 2)
            case _:
                self._push(BlockKind.TACTICS, token, floor, floor + 2)

    def _fields_before(self, token: Token, fresh: bool) -> Block | None:
        """The `where` whose tactics this `finally` begins: on its line, or below it at its margin."""
        top = self.stack[-1]
        if top.kind is BlockKind.FIELDS:
            return top if top.items and top.items[-1].start == token.start else None
        if not fresh or len(self.stack) > 1:
            return None
        return next((block for block in reversed(self.seen) if block.kind is BlockKind.FIELDS), None)

    def _bar(self, token: Token, column: int, fresh: bool) -> None:
        top = self.stack[-1]
        top.bar_line = self.line
        top.bar_column = column if fresh else self._base()
        if top.head == "first" and top.is_layout:
            self._push(BlockKind.TACTICS, token, self._floor(), self._base() + 2)
        elif top.head not in _ARROWS:
            alternatives = top.is_tactics and top.head in _ALTERNATIVES
            top.arrows[:] = ["tactics" if alternatives else "term"]

    def _arrow(self, token: Token) -> None:
        top = self.stack[-1]
        opens = top.arrows.pop() if top.arrows else "term"
        if opens != "term":
            base = top.bar_column if top.bar_line == self.line else self._base()
            kind = BlockKind.TACTICS if opens == "tactics" else BlockKind.CONV
            floor = self._floor() if top.bar_line < 0 else min(self._floor(), top.bar_column)
            self._push(kind, token, floor, base + 2)

    def _floor(self) -> int:
        """Column that the lines of a block opened here must be right of: that of the part it belongs to."""
        return next((b.items[-1].column for b in reversed(self.stack) if b.items), 0)

    def _base(self) -> int:
        """Column that custom indents a block opened here against.

        The part that it proves, where it stands right behind its statement; else the line, or what begins on it.
        """
        top = self.stack[-1]
        if top.items and self.last.text == ":=" and top.assigned == 1 and self.last.start >= self.line_start:
            return top.items[-1].column
        owner = next((b for b in reversed(self.stack) if b.items), None)
        if owner is not None and owner.items[-1].line == self.line:
            return owner.items[-1].column
        return self.indent
