"""Files for Lean to read: many claims in one, each in a namespace of its own, with a question about its axioms.

`#print axioms` is refused where the library has exported-level `.olean` files only, as the embedded Lean's has. So the
question is put by a command of ours that collects axioms with Lean's own function. It tells a proof's axioms from those
that its statement has already, and marks the library's, whose theorems are axioms to such a Lean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from judge.claims import Claim, Cut, cut

# `judge_hole` stands for the other holes of a declaration, so that the one that was filled can be judged.
# Loops are recursions: a Lean with exported-level files can't compile what inlines private helpers of the library.
_PRELUDE = """
namespace Judge
@[noinline] def call {α β : Type} (f : α → β) (a : α) : β := f a
def told (env : Lean.Environment) : List Lean.Name → String
  | [] => ""
  | n :: r =>
    (if (env.getModuleIdxFor? n).isSome then " -" else " +") ++ call (fun n => Lean.Name.toString n) n ++ told env r
def collect (env : Lean.Environment) : List Lean.Name → Lean.CollectAxioms.State → Lean.CollectAxioms.State
  | [], s => s
  | n :: r, s => collect env r (((Lean.CollectAxioms.collect n).run env).run s).2
def answer (env : Lean.Environment) (n : Lean.Name) : String :=
  match env.find? n with
  | none => "nothing"
  | some c => "proof" ++ told env (collect env [n] {}).axioms.toList ++ " statement"
      ++ told env (collect env c.type.getUsedConstants.toList {}).axioms.toList
end Judge
axiom Judge.hole.{u} {α : Sort u} : α
macro "judge_hole" : term => `(term| _root_.Judge.hole)
macro "judge_hole" : tactic => `(tactic| exact _root_.Judge.hole)
"""
_ASK = "run_cmd do IO.println (_root_.Judge.answer (← Lean.getEnv) ``{name})"
_SORRY = re.compile(r"(?<![\w.'«])sorry(?![\w'»!?])")
_PLACEHOLDER = re.compile(
    r"^(?P<modifiers>(?:private |protected |noncomputable )*)(?:def|abbrev) (?P<signature>[^\n]*?)"
    r"\s*:=\s*(?:by\s+)?sorry[ \t]*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Asked:
    """A claim within a file: its lines, and those of the questions about it."""

    claim: Claim
    first: int
    last: int
    questions: tuple[int, ...]


@dataclass(frozen=True)
class File:
    text: str
    asked: tuple[Asked, ...]


class _Lines:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, text: str) -> int:
        """Append a text; the number of its first line."""
        first = len(self.lines)
        self.lines.extend(text.split("\n"))
        return first


def together(header: str, claims: Sequence[tuple[Claim, Cut]]) -> File:
    """One file for claims with the same imports. Those with the same text above them share it."""
    out = _Lines()
    out.add(_imports(header) + _PRELUDE)
    by_prefix: dict[tuple[str, tuple[str, ...]], list[tuple[Claim, Cut]]] = {}
    for claim, parts in claims:
        by_prefix.setdefault((parts.prefix, parts.closing), []).append((claim, parts))
    asked: list[Asked] = []
    for number, ((prefix, closing), mine) in enumerate(by_prefix.items()):
        out.add(f"namespace Unit{number}\nnoncomputable section\n{prefix}")
        for case, (claim, parts) in enumerate(mine):
            out.add(f"namespace Case{case}")
            asked.append(_ask(out, claim, parts))
            out.add(f"end Case{case}")
        out.add("\n".join([*closing, "end", f"end Unit{number}"]))
    return File("\n".join(out.lines) + "\n", tuple(asked))


def alone(claim: Claim) -> File:
    """The claim's whole text, as it stands, and no question."""
    parts = cut(claim)
    return File(claim.text, (Asked(claim, parts.first_line, parts.first_line + _height(parts.declaration), ()),))


def sketched(claim: Claim) -> File:
    """The text as it was, with a hole where something was put."""
    parts = cut(claim, claim.sketch)
    return File(claim.sketch, (Asked(claim, parts.first_line, parts.first_line + _height(parts.declaration), ()),))


def has_placeholders(claim: Claim) -> bool:
    """Whether definitions above the claim are nothing but a hole."""
    return _PLACEHOLDER.search(claim.before) is not None


def bare_cut(claim: Claim) -> Cut:
    """The claim up to the end of its declaration, with everything in it but what was put there taken out of blame.

    The declaration's own other holes get an axiom of ours, and definitions above it that are nothing but a hole become
    axioms: they have no value that a proof could rest on. A `sorry` that shows then is one that the proof rests on.
    """
    whole = replace(claim, before=_PLACEHOLDER.sub(r"\g<modifiers>axiom \g<signature>", claim.before))
    parts = cut(whole)
    inside = whole.before.count("\n") - parts.first_line
    start = _offset(parts.declaration, max(0, inside)) + len(whole.before) - (whole.before.rfind("\n") + 1)
    stop = start + len(whole.placed)
    declaration = parts.declaration
    holed = _SORRY.sub("judge_hole", declaration[:start]) + declaration[start:stop]
    holed += _SORRY.sub("judge_hole", declaration[stop:])
    return replace(parts, declaration=holed)


def bared(claim: Claim) -> File:
    """See `bare_cut`, in a file of its own."""
    parts = bare_cut(claim)
    out = _Lines()
    out.add(f"{_imports(parts.header)}{_PRELUDE}noncomputable section\n{parts.prefix}")
    asked = _ask(out, claim, parts)
    return File("\n".join(out.lines) + "\n", (asked,))


def _ask(out: _Lines, claim: Claim, parts: Cut) -> Asked:
    declaration, names = parts.declaration, parts.names
    if not names:
        declaration, names = _named(declaration), ("judged",)
    first = out.add(declaration)
    questions = tuple(out.add(_ASK.format(name=name)) for name in names)
    return Asked(claim, first, questions[0] - 1, questions)


def _named(declaration: str) -> str:
    """An example or instance with a name to ask about."""
    return re.sub(
        r"^((?:@\[[^\]\n]*\]\s*|private |noncomputable |local |scoped )*)(example|instance)\b",
        _rename,
        declaration,
        count=1,
        flags=re.M,
    )


def _rename(match: re.Match[str]) -> str:
    return f"{match[1]}{'theorem' if match[2] == 'example' else 'instance'} judged"


def _imports(header: str) -> str:
    return "import Lean\n" + header + "\n"


def _height(text: str) -> int:
    return text.count("\n")


def _offset(text: str, line: int) -> int:
    """Where a line begins."""
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
    return at
