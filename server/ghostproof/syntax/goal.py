"""Goals as Lean prints them: taken apart, and compared up to the names of their hypotheses."""

import re
from dataclasses import dataclass

from ghostproof.syntax.quoting import blank_separated, first_part, written

_PART = r"(?:«[^«»\n]*»|[^\W\d][\w'✝¹²³⁴⁵⁶⁷⁸⁹⁰!?]*)"
_METAVARIABLE = re.compile(r"(?<![\w.\]!?'])\?\w")
_NAME = re.compile(rf"{_PART}(?:\.{_PART})*", re.UNICODE)
# As hypotheses are named: a name in «» may have blanks in it.
_WORD = re.compile(r"(?:«[^«»\n]*»|[^\s:⊢()\[\]{}«»])+")
# What stands behind a dot is a field's name, not a hypothesis's.
_RENAMED = re.compile(rf"(?<![\w.)\]'✝]\.){_NAME.pattern}")
# What stands between a binder and the end of what it binds: `∀ (x y : Nat),`, `∃ x,`, `fun x y =>`.
_BINDER = re.compile(r"(?:[∀∃λ]|\bfun\b)([^,=↦∀∃λ]*)")
_BRACKET = re.compile(r"[()\[\]{}⦃⦄]")
# The target begins a line, as further lines of whatever stands above it are indented; a goal may be on one line, too.
_TARGET, _TURNSTILE = re.compile(r"^⊢ ", re.MULTILINE), re.compile(r"⊢ ")
_CASE = re.compile(r"\Acase [^\n]*\n")
# A hypothesis line: names without brackets, then a colon. Continuation lines are indented.
_HYPOTHESIS = re.compile(rf"^(?P<names>{_WORD.pattern}(?: {_WORD.pattern})*) : (?P<type>.*)$", re.DOTALL)


@dataclass(frozen=True)
class HypothesisLine:
    """Hypotheses that Lean prints on one line: `x y : Nat`. Names are as terms have them, in «» where it is needed."""

    names: tuple[str, ...]
    type: str


@dataclass(frozen=True)
class GoalText:
    """A pretty-printed goal, taken apart.

    Attributes:
        tag: what stands behind `case`, or "".
        lines: hypotheses in their order.
        target: what stands behind `⊢`, line breaks turned into single blanks.
        printed_target: the same with its line breaks.
    """

    tag: str
    lines: tuple[HypothesisLine, ...]
    target: str
    printed_target: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for line in self.lines for name in line.names)

    @property
    def inaccessible(self) -> int:
        """How many hypotheses cannot be named."""
        return sum("✝" in name for name in self.names)


def parse_goal(goal: str) -> GoalText:
    """The parts of a goal. A text that is no goal becomes a target without hypotheses."""
    turnstile = _TARGET.search(goal) or _TURNSTILE.search(goal)
    if turnstile is None:
        text = _CASE.sub("", goal)
        return GoalText("", (), _one_line(text), text)
    before, target = goal[: turnstile.start()], goal[turnstile.end() :]
    entries: list[str] = []
    for line in before.split("\n"):
        if line[:1].isspace() and entries:
            entries[-1] += " " + line.strip()
        elif line.strip():
            entries.append(line.strip())
    tag = ""
    if entries and entries[0].startswith("case ") and " : " not in entries[0]:
        tag = entries.pop(0).removeprefix("case ")
    found = (_HYPOTHESIS.match(entry) for entry in entries)
    lines = tuple(HypothesisLine(_names(m["names"]), _one_line(m["type"])) for m in found if m)
    return GoalText(tag, lines, _one_line(target), target)


def normal_form(goal: str) -> str:
    """A text that is equal for goals that differ in tags and in the names of hypotheses only."""
    parsed = parse_goal(goal)
    renamed = {name: f"#{at}" for at, name in enumerate(parsed.names)}
    lines = [f"{' '.join(renamed[n] for n in line.names)} : {_rename(line.type, renamed)}" for line in parsed.lines]
    return "\n".join([*lines, "⊢ " + _rename(parsed.target, renamed)])


def size(goal: str) -> int:
    """How much there is to read: characters of the target and of the propositions' types, names counted as one each."""
    parsed = parse_goal(goal)
    return sum(len(_NAME.sub("n", text)) for text in (parsed.target, *(line.type for line in parsed.lines)))


def identifiers(text: str) -> list[str]:
    """Identifiers of a term in their order, with repetitions; `xs.length` is one identifier."""
    return _NAME.findall(text)


def _rename(text: str, renamed: dict[str, str]) -> str:
    # A bound variable keeps its name, also where a hypothesis happens to have the same.
    groups = (part for found in _BINDER.findall(text) for part in _BRACKET.split(found))
    bound = {name for group in groups for name in identifiers(group.partition(" : ")[0])}

    def new(match: re.Match[str]) -> str:
        head = first_part(match[0])
        return (head if head in bound else renamed.get(head, head)) + match[0][len(head) :]

    return _RENAMED.sub(new, text)


def _names(group: str) -> tuple[str, ...]:
    return tuple(written(name) for name in blank_separated(group))


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()


def has_metavariable(goal: str) -> bool:
    """Whether something in the goal is still to be found, such as `?a`."""
    return _METAVARIABLE.search(goal) is not None
