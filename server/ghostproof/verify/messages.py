"""What Lean's messages mean for a verdict. The one place where both checkers read Lean's English."""

import re

from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected

_HEARTBEATS = ("(deterministic) timeout", "deterministic timeout", "maximum number of heartbeats")
_MEMORY = (
    "maximum recursion depth has been reached",
    "deep recursion was detected",
    "deep recursion detected",
    "stack overflow",
    "out of memory",
    "excessive memory consumption",
)
_CANCELLED = ("elaboration interrupted", "(interrupted)", "operation was cancelled")
# The parser says what it found, what it wanted, or both: "unexpected token ')'; expected term". Elaborators speak of an
# "expected type" too, which is no complaint about syntax.
_PARSE = re.compile(
    r"unexpected (?:token|identifier|end of input|command|syntax|character|name|numeral|term|'|\S+; expected )"
    r"|expected (?!type\b|a\b|the\b|structure\b|function\b|type,)[^\n]*$"
    r"|unterminated (?:comment|string literal|identifier escape|raw string literal)"
    r"|unknown tactic$|missing (?:end of (?:character|string|char) literal|exponent digits)"
    r"|invalid escape sequence"
)
_CIRCULAR = ("fail to show termination", "structural recursion cannot be used", "failed to prove termination")
_CODE = ("failed to compile", "code generator does not support", "cannot evaluate code")
_SORRY = re.compile(r"declaration uses [`']sorry['`]")
_TRY_THIS = re.compile(r"Try (?:this|these|each of these|one of these):[ \t]*(?P<rest>.*)", re.DOTALL)
# A list of offers is indented by two, and so are the further lines of each; older Leans mark them by a bullet.
_APPLY_MARK = re.compile(r"^ *(?:\[apply\]|•) ")
_OFFER_INDENT = "  "
_AXIOMS = re.compile(r"'[^\n]*' depends on axioms: \[(?P<names>[^\]]*)\]")
_NO_AXIOMS = re.compile(r"'[^\n]*' does not depend on any axioms")

_ABORTED = re.compile(r"internal exception #\d+")

# Whatever the environment holds, nothing that rests on these is proved by Lean's kernel.
UNSOUND_AXIOMS = frozenset({"sorryAx", "Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler"})
STANDARD_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})


def limit_hit(message: str) -> Cause | None:
    """Which limit an error message tells of, or None: then Lean came to an answer."""
    for cause, phrases in (
        (Cause.HEARTBEATS, _HEARTBEATS),
        (Cause.MEMORY, _MEMORY),
        (Cause.CANCELLED, _CANCELLED),
    ):
        if any(phrase in message for phrase in phrases):
            return cause
    return None


def is_parse_error(message: str) -> bool:
    """Whether the message is the parser's and not the elaborator's."""
    return _PARSE.match(message) is not None


def is_about_code(message: str) -> bool:
    """Whether Lean fails to compile what it has already accepted: that says nothing about proofs."""
    return message.startswith(_CODE)


def is_circular(message: str) -> bool:
    """Whether Lean does not accept a recursion."""
    return any(phrase in message for phrase in _CIRCULAR)


def refusal(message: str, reason: Reason = Reason.ERROR) -> Rejected | Inconclusive:
    """The verdict on a candidate that Lean answered with this error.

    Args:
        reason: what it is if the message itself tells nothing else.
    """
    cause = limit_hit(message)
    if cause:
        return Inconclusive(cause, message)
    if is_parse_error(message):
        return Rejected(Reason.PARSE, message)
    if is_circular(message):
        return Rejected(Reason.CIRCULAR, message)
    return Rejected(reason, message)


def in_words(message: str) -> str:
    """The message, or what can be said where Lean gives up without one: it has told the error before."""
    return "A step in it is refused, or leaves goals." if _ABORTED.fullmatch(message) else message


def uses_sorry(message: str) -> bool:
    """Whether it is Lean's warning that a declaration holds a `sorry`."""
    return _SORRY.search(message) is not None


def hints(message: str) -> tuple[str, ...]:
    """The texts that a "Try this" message offers, in its order, laid out relative to column 0."""
    found = _TRY_THIS.search(message)
    if not found:
        return ()
    lines = [line for line in found["rest"].rstrip().split("\n") if not line.lstrip().startswith("--")]
    if lines and lines[0].strip():
        return ("\n".join(lines).strip(),)
    offers: list[str] = []
    for line in lines:
        mark = _APPLY_MARK.match(line)
        if mark:
            offers.append(line[mark.end() :])
        elif offers and line.strip():
            offers[-1] += "\n" + line.removeprefix(_OFFER_INDENT)
        elif line.strip():
            offers.append(line.strip())
    return tuple(offers)


def axioms(message: str) -> frozenset[str] | None:
    """The axioms that an answer of `#print axioms` lists; None if the message is no such answer."""
    found = _AXIOMS.search(message)
    if found:
        return frozenset(name.strip() for name in found["names"].split(",") if name.strip())
    return frozenset() if _NO_AXIOMS.search(message) else None
