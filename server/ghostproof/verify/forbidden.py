"""Which tactic texts may not be elaborated, or not be suggested, judged from their tokens alone.

Both checkers ask here first, which saves Lean's parser the trouble and tells the rule that is broken. Nothing relies on
it: what is let through is read by Lean's parser (`guard.py`) or is of the closed grammar.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ghostproof.syntax.names import NAME, NUMBER, PART
from ghostproof.syntax.scanner import regions
from ghostproof.syntax.words import CODE, DECLARATIONS, SCOPES, SYNTAX, words

# Reserved words of Lean that no suggestion has a use for: proof holes, code that runs during elaboration, changes of
# options or names in scope, and commands, with which a candidate could step out of the proof it stands in.
_LATER_COMMANDS = words("lemma coinductive")
_RESERVED = (
    (DECLARATIONS - _LATER_COMMANDS)
    | SCOPES
    | SYNTAX
    | CODE
    | words(
        """
        sorry unsafe set_option open by_elab include_str dbg_trace debug_assert! assert! panic! unreachable!
        leading_parser trailing_parser eval% universe variable attribute import export deriving add_decl_doc
        """
    )
)

# Commands that not every file has, so that their names may be ordinary ones: refused at the beginning of a line.
_COMMANDS = _LATER_COMMANDS | words("alias constant simproc builtin_simproc dsimproc notation3 register_option")

# Tactics that Lean reads as such only at the head of a tactic, whose names nobody gives to a hypothesis.
_TACTICS = words("admit native_decide bv_decide bv_check run_tac polyrith slim_check plausible")

# What a syntax tree may not have as a keyword.
REFUSED = _RESERVED | _TACTICS

# Constants that make a proof out of nothing. Matched on the last part of a name.
CONSTANTS = words("sorryAx lcProof lcUnreachable ofReduceBool ofReduceNat trustCompiler")

# What asks the compiler instead of the kernel, by an axiom that says that it is right.
_COMPILED = words("native_decide bv_decide bv_check native ofReduceBool ofReduceNat trustCompiler")
TRUSTS_COMPILER = "it trusts the compiler (`Lean.ofReduceBool`), and a proof here rests on the kernel alone"

# Tactics that look for a proof and report it; the report is the suggestion, never the tactic itself.
SEARCH = words(
    """
    exact? apply? rw? rewrite? simp? simp?! simp_all? simp_all?! dsimp? dsimp?! simpa? simpa?! simp_arith? aesop? try?
    grind? decide? have? rfl? by? norm_num? ring? omega? linarith? nlinarith? rcases? rintro? obtain? cases? ext? split?
    induction? fun_induction? fun_cases? solve_by_elim? continuity? measurability? fun_prop? positivity? observe?
    conv? calc? congrm? congr? gcongr? unfold? bound? field_simp? intro? intros? norm_cast? push_cast? push_neg?
    tauto? finish? show_term says propose suggest library_search squeeze_simp squeeze_simpa rw_search hammer duper?
    """
)

# Tokens behind which a tactic may begin, and such as may follow one.
_BEFORE_TACTIC = words(
    "; <;> => by ( { · . | then else from try repeat repeat' first all_goals any_goals focus iterate"
)
_AFTER_TACTIC = words("; <;> ) } | ·")


@dataclass(frozen=True)
class _Token:
    """One token; `text` is free of `«»`. `quoted`: some part of a name stood in `«»`, so it can't be a keyword."""

    text: str
    first: bool  # nothing but blanks stands before it on its line
    glued: bool  # no blank stands before it
    quoted: bool = False


_TOKEN = re.compile(rf"(?P<literal>``?(?={PART}){NAME.pattern})|(?P<name>{NAME.pattern})|{NUMBER}|"
                    r"<;>|=>|:=|<\|>|\|>\.?|<\||\S")  # fmt: skip


def _scan(text: str) -> list[_Token]:
    """The tokens up to the end, or to a comment or a string that has none. What is in neither is read, whatever it is.

    A symbol of Lean's that is none of the few here is read as its characters; a name is whatever Lean may take for one.
    """
    out: list[_Token] = []
    at, first, glued = 0, True, False
    text = _without_open_names(text)
    for region in regions(text):
        first, glued = _scan_code(text, at, region.start, first, glued, out)
        if region.is_comment:
            first, glued = first or "\n" in text[region.start : region.end], False
        else:
            out.append(_Token("''" if text[region.start] == "'" else '""', first, glued))
            first, glued = False, True
        at = region.end
    _scan_code(text, at, len(text), first, glued, out)
    return out


def _without_open_names(text: str) -> str:
    """The text with another sign for each `«` that no `»` of its line closes: it hides nothing of what follows."""
    lines = (line.rpartition("»") for line in text.split("\n"))
    return "\n".join(head + closer + tail.replace("«", "¦") for head, closer, tail in lines)


def _scan_code(text: str, at: int, end: int, first: bool, glued: bool, out: list[_Token]) -> tuple[bool, bool]:
    """Append the tokens between two offsets, with no comment or literal among them; what holds for the next one."""
    for found in _TOKEN.finditer(text, at, end):
        if found.start() > at:
            first, glued = first or "\n" in text[at : found.start()], False
        word = found.group()
        if found["literal"]:
            out.append(_Token("`", first, glued))
        elif found["name"]:
            plain = word.replace("«", "").replace("»", "")
            out.append(_Token(plain, first, glued, plain != word))
        else:
            out.append(_Token(word, first, glued))
        at, first, glued = found.end(), False, True
    return (first or "\n" in text[at:end], False) if end > at else (first, glued)


def forbidden(text: str) -> str | None:
    """The rule that the text breaks, as a sentence, or None. Such a text is not elaborated."""
    tokens = _scan(text)
    for i, token in enumerate(tokens):
        before = tokens[i - 1].text if i else ""
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        word = _forbidden_word(token, before, after)
        if word:
            return not_allowed(word)
    return None


def not_allowed(word: str) -> str:
    """The sentence that a candidate with this word is refused with."""
    why = f": {TRUSTS_COMPILER}" if word.rpartition(".")[2] in _COMPILED else ""
    return f"`{word}` is not allowed in a suggestion{why}"


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
    if text[:1].isdigit():
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
    return after.text[:1].isalpha() and after.text != "v" and (not token.glued or before in _BEFORE_TACTIC)


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
