"""Which tactic texts may not be elaborated, or not be suggested, judged from their tokens alone.

Both checkers ask here first, which saves Lean's parser the trouble and tells the rule that is broken. Nothing relies on
it: what is let through is read by Lean's parser (`guard.py`) or is of the closed grammar.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Reserved words of Lean that no suggestion has a use for: proof holes, code that runs during elaboration, changes of
# options or names in scope, and commands, with which a candidate could step out of the proof it stands in.
_RESERVED = _words(
    """
    sorry unsafe set_option open by_elab include_str run_cmd run_elab run_meta
    dbg_trace debug_assert! assert! panic! unreachable! leading_parser trailing_parser eval%
    elab elab_rules macro macro_rules syntax declare_syntax_cat notation infix infixl infixr prefix postfix
    initialize builtin_initialize axiom opaque theorem def abbrev example instance class structure
    inductive mutual namespace section end universe variable attribute import export deriving add_decl_doc
    """
)

# Commands that not every file has, so that their names may be ordinary ones: refused at the beginning of a line.
_COMMANDS = _words("lemma alias constant coinductive simproc builtin_simproc dsimproc notation3 register_option")

# Tactics that Lean reads as such only at the head of a tactic, whose names nobody gives to a hypothesis.
_TACTICS = _words("admit native_decide bv_decide bv_check run_tac polyrith slim_check plausible")

# What a syntax tree may not have as a keyword.
REFUSED = _RESERVED | _TACTICS

# Constants that make a proof out of nothing. Matched on the last part of a name.
CONSTANTS = _words("sorryAx lcProof lcUnreachable ofReduceBool ofReduceNat trustCompiler")

# Tactics that look for a proof and report it; the report is the suggestion, never the tactic itself.
SEARCH = _words(
    """
    exact? apply? rw? rewrite? simp? simp?! simp_all? simp_all?! dsimp? dsimp?! simpa? simpa?! simp_arith? aesop? try?
    grind? decide? have? rfl? by? norm_num? ring? omega? linarith? nlinarith? rcases? rintro? obtain? cases? ext? split?
    induction? fun_induction? fun_cases? solve_by_elim? continuity? measurability? fun_prop? positivity? observe?
    conv? calc? congrm? congr? gcongr? unfold? bound? field_simp? intro? intros? norm_cast? push_cast? push_neg?
    tauto? finish? show_term says propose suggest library_search squeeze_simp squeeze_simpa rw_search hammer duper?
    """
)

# Tokens behind which a tactic may begin, and such as may follow one.
_BEFORE_TACTIC = _words(
    "; <;> => by ( { · . | then else from try repeat repeat' first all_goals any_goals focus iterate"
)
_AFTER_TACTIC = _words("; <;> ) } | ·")


@dataclass(frozen=True)
class _Token:
    """One token; `text` is free of `«»`. `quoted`: some part of a name stood in `«»`, so it can't be a keyword."""

    text: str
    first: bool  # nothing but blanks stands before it on its line
    glued: bool  # no blank stands before it
    quoted: bool = False


# Lean's identifier characters: letters, Greek but λ Π Σ, Coptic, letter-like symbols, subscripts; `!` and `?` too.
_START = r"A-Za-z_À-ÖØ-öø-ÿͰ-΢Τ-κμ-ϻἀ-῾℀-⅏𝒜-𝖟"
_REST = _START + r"0-9'!?₀-₉ₐ-ₜᵢ-ᵪⱼ"
_PART = rf"(?:«[^«»\n]*»|[{_START}][{_REST}]*)"
_IDENT = re.compile(rf"{_PART}(?:\.{_PART})*")
_NAME_LITERAL = re.compile(rf"``?(?={_PART}){_IDENT.pattern}")
_NUMBER = re.compile(r"[0-9][0-9A-Za-z_]*")
_CHAR = re.compile(r"'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|[^\\'\n])'")
_RAW = re.compile(r'r(#*)"')
_PAIR = re.compile(r"<;>|=>|:=|<\|>|\|>\.?|<\|")


def _comment_end(text: str, at: int) -> int | None:
    """Offset behind the block comment that opens at `at`; comments nest."""
    depth = 0
    for mark in re.compile(r"/-|-/").finditer(text, at):
        depth += 1 if mark.group() == "/-" else -1
        if depth == 0:
            return mark.end()
    return None


def _string_end(text: str, at: int) -> int | None:
    """Offset behind the string whose opening quote stands at `at`."""
    closing = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL).match(text, at + 1)
    return closing.end() if closing else None


def _scan(text: str) -> list[_Token]:
    """The tokens up to the end, or to a comment or a string that has none."""
    out: list[_Token] = []
    at, first, glued = 0, True, False
    while at < len(text):
        ch = text[at]
        end: int | None
        if ch in " \t\n\r":
            first, glued = first or ch == "\n", False
            at += 1
        elif text.startswith("--", at):
            line_end = text.find("\n", at)
            at = line_end if line_end >= 0 else len(text)
        elif text.startswith("/-", at):
            end = _comment_end(text, at)
            at, glued = len(text) if end is None else end, False
        else:
            end = _token(text, at, first, glued, out)
            at, first, glued = len(text) if end is None else end, False, True
    return out


def _token(text: str, at: int, first: bool, glued: bool, out: list[_Token]) -> int | None:
    """Append the token at `at` and return the offset behind it; None for a string without end."""
    if raw := _RAW.match(text, at):
        end = text.find('"' + raw.group(1), raw.end())
        out.append(_Token('""', first, glued))
        return end + 1 + len(raw.group(1)) if end >= 0 else None
    if text[at] == '"':
        out.append(_Token('""', first, glued))
        return _string_end(text, at)
    if char := _CHAR.match(text, at):
        out.append(_Token("''", first, glued))
        return char.end()
    if quoted := _NAME_LITERAL.match(text, at):
        out.append(_Token("`", first, glued))
        return quoted.end()
    if name := _IDENT.match(text, at):
        plain = name.group().replace("«", "").replace("»", "")
        out.append(_Token(plain, first, glued, plain != name.group()))
        return name.end()
    if number := _NUMBER.match(text, at):
        out.append(_Token(number.group(), first, glued))
        return number.end()
    pair = _PAIR.match(text, at)
    symbol = pair.group() if pair else text[at]
    out.append(_Token(symbol, first, glued))
    return at + len(symbol)


def forbidden(text: str) -> str | None:
    """The rule that the text breaks, as a sentence, or None. Such a text is not elaborated."""
    tokens = _scan(text)
    for i, token in enumerate(tokens):
        before = tokens[i - 1].text if i else ""
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        word = _forbidden_word(token, before, after)
        if word:
            return f"`{word}` is not allowed in a suggestion"
    return None


def _forbidden_word(token: _Token, before: str, after: _Token | None) -> str | None:
    text = token.text
    if text.rsplit(".", 1)[-1] in CONSTANTS:
        return text
    if token.quoted:
        return None
    bare = text.rstrip("?!")
    if text in REFUSED or (bare in _RESERVED and text != bare):
        return text
    if text in _COMMANDS and token.first:
        return text
    if text[0].isdigit():
        return next((word for word in REFUSED if word in text and len(word) > 4), None)
    if text == "native" and (before == "+" or (after is not None and after.text == ":=")):
        return "native"
    if text == "#" and after is not None and after.glued and _names_command(token, before, after):
        return f"#{after.text}"
    if text == "@" and after is not None and after.glued and after.text == "[":
        return "@["
    if text == "`" and after is not None and after.glued and after.text == "(":
        return "`("
    if text == "sleep" and after is not None and after.text.isdigit():
        return text
    return text if text == "stop" and _heads_tactic(token, before) else None


def _names_command(token: _Token, before: str, after: _Token) -> bool:
    """`#name` at a place where a command could begin; not `5#w` (a bit vector) and not `#v[`."""
    return after.text[0].isalpha() and after.text != "v" and (not token.glued or before in _BEFORE_TACTIC)


def _heads_tactic(token: _Token, before: str) -> bool:
    return token.first or before in _BEFORE_TACTIC


def search_tactic(text: str) -> str | None:
    """The first search tactic in the text (`exact?`, `simp?`, `hint`, …), or None.

    Such a text may be elaborated for what it reports, and is never a suggestion itself.
    """
    tokens = _scan(text)
    for i, token in enumerate(tokens):
        if token.quoted:
            continue
        if token.text in SEARCH:
            return token.text
        if token.text == "hint" and _heads_tactic(token, tokens[i - 1].text if i else ""):
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            if after is None or after.first or after.text in _AFTER_TACTIC:
                return token.text
    return None


def mentions(text: str, names: Collection[str]) -> bool:
    """Whether the text names one of the declarations: by its full name, by a tail of it (inside its namespace), or a
    name below it (`foo.eq_1` for `foo`)."""
    plain = [name.replace("«", "").replace("»", "").removeprefix("_root_.") for name in names]
    for token in _scan(text):
        word = token.text.removeprefix("_root_.")
        if any(word == name or name.endswith("." + word) or word.startswith(name + ".") for name in plain):
            return True
    return False
