"""A closed grammar: texts that every Lean reads as this file does, so that they may run where no parser can be asked.

Its safety does not rest on knowing what Lean calls a keyword. Each word stands in one of three places: a fixed one of
the grammar, a name that the goal or the file is known to have (or that has a dot, which no keyword has), or a short
name for a new hypothesis. There are no strings, comments, quotations, quoted names, options or commands, and operators
stand between blanks, so that nothing joins to another token. What does not fit is not wrong, only not for this grammar.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ghostproof.syntax.words import words
from ghostproof.verify.closed_words import COMMON, COMMON_NEW, DANGEROUS, LETTER, NEW, NO_NAMES

LONGEST = 1_500
_DEEPEST = 16


# Tactics that stand alone, and those that may.
_BARE = words(
    """
    ac_rfl aesop and_intros apply? assumption bv_omega congr constructor contradiction decide done exact? exfalso ext
    field_simp funext gcongr grind infer_instance injections intro intros left linarith nlinarith nofun norm_cast
    norm_num omega positivity push_cast rfl right ring ring_nf simp simp? simp_all simp_all? skip split split_ifs
    subst_vars symm tauto trivial
    """
)
_NEW_NAMES = words("intro intros funext ext rename_i")
_KNOWN_NAMES = words("clear injection revert subst symm unfold")
_TERMS = words("apply exact exists refine specialize")
_SIMP = words("dsimp field_simp grind norm_num push_cast ring_nf simp simp? simp_all simp_all? simpa")
_REWRITE = words("erw rewrite rw rwa")
_SPLITS = words("cases fun_cases fun_induction induction")
_PREFIXES = words("all_goals any_goals repeat try")

_BRACKETS = {"(": ")", "⟨": "⟩", "[": "]"}
_WORDS_BEHIND_TERMS = words("at generalizing using with")
_OPERATORS = words("+ - * / ^ % ++ :: = ≠ < > ≤ ≥ ∧ ∨ → ↔ ∣ ∈ ∉ ▸ • ∘ && || ∪ ∩ ⊆ ×")
_TOKEN = re.compile(
    rf"""(?P<blank>\ +)|(?P<line>\n\ *)
  | (?P<word>(?:[{LETTER}][{LETTER}0-9'₀-₉]*)(?:\.[{LETTER}][{LETTER}0-9'₀-₉]*)*(?:\.[0-9]+)*\??)
  | (?P<field>(?<=[)⟩])\.(?:[0-9]+|[{LETTER}][{LETTER}0-9'₀-₉]*))
  | (?P<dotted>\.[{LETTER}][{LETTER}0-9'₀-₉]*)|(?P<number>[0-9]+)
  | (?P<hole>\?_)|(?P<symbol><;>|=>|:=|\+\+|::|&&|\|\||[()\[\]⟨⟩,;|@←·:*⊢+\-/^%=≠<>≤≥∧∨→↔∣∈∉▸•∘∪∩⊆×])""",
    re.VERBOSE,
)


class _Unread(Exception):
    """The text is none of the grammar's."""


@dataclass(frozen=True)
class _GrammarToken:
    kind: str
    text: str
    blank: bool  # a blank or a line end stands before it
    line: int  # -1: not the first of its line; else its column


def admits(text: str, known: Collection[str]) -> bool:
    """Whether the text is one of the grammar's, with these words for names."""
    if len(text) > LONGEST or text != text.strip():
        return False
    try:
        _GrammarReader(_tokens(text), known).text()
    except _Unread:
        return False
    return True


def is_single(text: str) -> bool:
    """Whether a text of the grammar is one tactic that ends by itself: whatever follows on its line stays outside."""
    return not re.search(r"[;\n|·]|<;>|=>|\bwith\b|\bexists\b", text)


def _tokens(text: str) -> list[_GrammarToken]:
    found: list[_GrammarToken] = []
    at, blank, line = 0, False, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise _Unread
        kind, value, at = match.lastgroup, match.group(), match.end()
        if kind == "blank":
            blank = True
        elif kind == "line":
            blank, line = True, len(value) - 1
        else:
            found.append(_GrammarToken(kind, value, blank, line))
            blank, line = False, -1
    return found


class _GrammarReader:
    """Recursive descent; each method reads what its name says, or raises `_Unread`."""

    def __init__(self, tokens: list[_GrammarToken], known: Collection[str]) -> None:
        self._tokens = tokens
        self._known = set(known)  # and what the text itself introduces
        self._at = 0
        self._begin = 0  # the token that may be the first of its line
        self._depth = 0

    def text(self) -> None:
        self._steps()
        while self._at < len(self._tokens):
            if self._tokens[self._at].line != 0:
                raise _Unread
            self._begin = self._at
            self._steps()

    # ------------------------------------------------------------------------------------------- tactics

    def _steps(self) -> None:
        self._take("·")
        self._chain()
        while self._take(";"):
            self._chain()

    def _chain(self) -> None:
        self._tactic()
        while self._take("<;>"):
            self._tactic()

    def _tactic(self) -> None:
        self._deeper()
        if self._take("("):
            self._chain()
            while self._take(";"):
                self._chain()
            self._want(")")
        else:
            self._headed(self._word())
        self._depth -= 1

    def _headed(self, head: str) -> None:
        if head in _PREFIXES:
            self._tactic()
        elif head == "first":
            self._want("|")
            self._chain()
            while self._take("|"):
                self._chain()
        elif head in _SPLITS:
            self._expression()
            self._generalized()
            if self._take("with"):
                self._alternatives()
        elif head == "obtain":
            self._pattern()
            self._want(":=")
            self._expression()
        elif head == "aesop" and self._take("("):
            self._want("add")
            self._want("norm")
            self._bracketed()
            self._want(")")
        elif head in _REWRITE:
            self._bracketed()
            self._location()
        elif head in _SIMP:
            self._simp(head)
        elif head in _TERMS:
            self._expression()
            while head == "exists" and self._take(","):
                self._expression()
        else:
            self._plain(head)

    def _plain(self, head: str) -> None:
        """A tactic with nothing but names behind it."""
        named = self._at
        while self._is("word") and not self._next("at"):
            if head in _NEW_NAMES:
                self._new_name()
            elif head in _KNOWN_NAMES:
                self._name()
            else:
                raise _Unread
        if head not in _BARE and (named == self._at or head not in _NEW_NAMES | _KNOWN_NAMES):
            raise _Unread
        if head in _KNOWN_NAMES:
            self._location()

    def _simp(self, head: str) -> None:
        only = self._take("only")
        if only or self._next("["):
            self._bracketed()
        if head not in ("grind", "simp_all", "simp_all?"):
            self._location()
        if head == "simpa" and self._take("using"):
            self._expression()

    def _bracketed(self) -> None:
        self._want("[")
        while True:
            if not self._take("*"):
                self._take("←")
                self._expression()
            if not self._take(","):
                break
        self._want("]")

    def _location(self) -> None:
        if not self._take("at") or self._take("*") or self._take("⊢"):
            return
        self._name()
        while self._is("word"):
            self._name()
        self._take("⊢")

    def _generalized(self) -> None:
        if self._take("generalizing"):
            self._name()
            while self._is("word") and not self._next("with"):
                self._name()

    def _alternatives(self) -> None:
        first = self._at
        while self._bar():
            self._take("@")
            self._new_name()
            while not self._take("=>"):
                self._new_name()
            if not (self._take("?_") or self._take("_")):
                self._chain()
        if first == self._at:
            raise _Unread

    def _bar(self) -> bool:
        """An alternative's bar, which may begin a line at the margin."""
        if self._at < len(self._tokens) and self._tokens[self._at].line == 0:
            self._begin = self._at
        return self._take("|")

    def _pattern(self) -> None:
        self._deeper()
        if self._take("⟨"):
            self._pattern()
            while self._take(","):
                self._pattern()
            self._want("⟩")
        else:
            self._new_name()
        self._depth -= 1

    # --------------------------------------------------------------------------------------------- terms

    def _expression(self) -> None:
        self._application()
        while (token := self._token()) is not None and token.text in _OPERATORS and token.kind == "symbol":
            self._at += 1
            after = self._token()
            if after is None or not (token.blank and after.blank):
                raise _Unread
            self._application()

    def _application(self) -> None:
        self._atom()
        while (token := self._token()) is not None and self._starts_atom(token):
            if not token.blank:
                raise _Unread
            self._atom()

    def _starts_atom(self, token: _GrammarToken) -> bool:
        if token.kind == "word":
            return token.text not in _WORDS_BEHIND_TERMS
        return token.kind in ("number", "hole", "dotted") or token.text in ("(", "⟨", "[")

    def _atom(self) -> None:
        self._deeper()
        token = self._token()
        if token is None:
            raise _Unread
        if token.text in _BRACKETS:
            self._at += 1
            self._expressions(_BRACKETS[token.text], typed=token.text == "(")
            self._fields()
        elif token.kind == "word":
            self._name(hole=True)
        elif token.kind in ("number", "hole", "dotted") and not DANGEROUS.search(token.text.lstrip(".")):
            self._at += 1
        else:
            raise _Unread
        self._depth -= 1

    def _fields(self) -> None:
        while (token := self._token()) is not None and token.kind == "field":
            if DANGEROUS.search(token.text[1:]):
                raise _Unread
            self._at += 1

    def _expressions(self, closer: str, typed: bool) -> None:
        self._expression()
        if typed and self._take(":"):
            self._expression()
        while self._take(","):
            self._expression()
        self._want(closer)

    # --------------------------------------------------------------------------------------------- words

    def _name(self, *, hole: bool = False) -> None:
        word = self._word()
        parts = [part for part in word.split(".") if not part.isdigit()]
        plain = word == "_" and hole
        if not plain and (parts[0] in NO_NAMES or any(DANGEROUS.search(part) for part in parts)):
            raise _Unread
        if not plain and len(parts) == 1 and parts[0] not in self._known and parts[0] not in COMMON:
            raise _Unread

    def _new_name(self) -> None:
        """A name for something new, which the rest of the text may use."""
        word = self._word()
        if word in NO_NAMES or "." in word:
            raise _Unread
        known = word == "_" or word in self._known or word in COMMON_NEW or NEW.fullmatch(word)
        if not known or DANGEROUS.search(word):
            raise _Unread
        self._known.add(word)

    # -------------------------------------------------------------------------------------------- tokens

    def _token(self) -> _GrammarToken | None:
        """The next token; None at the end, and where a line begins that is none of this construction."""
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        return token if token.line < 0 or self._at == self._begin else None

    def _is(self, kind: str) -> bool:
        token = self._token()
        return token is not None and token.kind == kind

    def _next(self, text: str) -> bool:
        token = self._token()
        return token is not None and token.text == text

    def _take(self, text: str) -> bool:
        found = self._next(text)
        self._at += found
        return found

    def _want(self, text: str) -> None:
        if not self._take(text):
            raise _Unread

    def _word(self) -> str:
        token = self._token()
        if token is None or token.kind != "word":
            raise _Unread
        self._at += 1
        return token.text

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unread
