"""The lemmas that a proof states for itself with `have`, and how they read as theorems above its declaration. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from ghostproof.syntax import brackets
from ghostproof.syntax.exact_term import exact_term
from ghostproof.syntax.extent import value_start
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.line_width import WIDTH
from ghostproof.syntax.quoting import first_part, last_part
from ghostproof.verify.checker import Hypothesis

# How a lemma that was found is called in a proof, and where one is stated: on a line of its own.
_STEP = re.compile(r"^(?P<indent> *)have (?P<name>key\d*) : ", re.MULTILINE)
_FOR_ALL = re.compile(r"∀ (?=[({⦃\[])")
_INTRO = re.compile(r"intro (?P<names>[^\n]*)\n")
# A universe that Lean has named; nobody declares one of such a name.
_UNIVERSE = re.compile(r"\b(Type|Sort) u_\d+\b")
# Of so many functions a name is still read at a glance.
_MOST_WORDS = 3
# These use hypotheses unasked, theorems only where they are named.
_USES_CONTEXT = re.compile(
    r"(?<![\w.'])(?P<word>simp_all|grind)(?P<only> only)?(?: \[(?P<named>[^\[\]\n]*)\])?(?![\w.'])"
)


@dataclass(frozen=True)
class LemmaStep:
    """`have key : statement := proof` in a proof.

    Attributes:
        start, end: offsets of its lines in the proof, the line end behind them included.
        proof: tactics, relative to column 0.
    """

    script: str
    start: int
    end: int
    name: str
    statement: str
    proof: str

    @property
    def rest(self) -> str:
        """The proof without the step; "" where nothing else is in it."""
        return (self.script[: self.start] + self.script[self.end :]).rstrip("\n")

    def called(self, name: str, text: str) -> str:
        """A text in which the lemma has another name."""
        return renamed(text, {self.name: name})

    def uses(self, name: str) -> Iterator[str]:
        """How the rest of the proof may use it as a theorem, the plainest way first."""
        yield (plain := self.called(name, self.rest))
        if (named := _USES_CONTEXT.sub(lambda found: _named(found, name), plain)) != plain:
            yield named
        indent = " " * (self.script.index("have", self.start) - self.start)
        yield f"{self.script[: self.start]}{indent}have {self.name} := @{name}\n{self.script[self.end :]}"


@dataclass(frozen=True)
class Theorem:
    """A theorem that says what a step does.

    Attributes:
        head: its name and its binders.
        said: what stands behind the colon.
        script: tactics that prove it, relative to column 0.
    """

    head: str
    said: str
    script: str

    def stated(self, keyword: str) -> str:
        """The theorem with a `sorry` where its proof goes."""
        term = exact_term(self.script)
        opener = ":=" if term else ":= by"
        line = f"{keyword} {self.head} : {self.said} {opener}"
        if len(line) > WIDTH:
            line = f"{keyword} {self.head} :\n    {self.said} {opener}"
        if term and "\n" not in line and len(line) + 1 + len(term) <= WIDTH:
            return f"{line} sorry"
        return f"{line}\n  sorry"


def lemma_steps(script: str) -> Iterator[LemmaStep]:
    """The steps of a proof that state a lemma, from the top."""
    masked = mask(script)[0]
    for found in _STEP.finditer(masked):
        end = _block_end(script, found.end(), len(found["indent"]))
        said = value_start(masked, found.end(), end)
        if said is None or not masked.startswith(":=", said):
            continue
        statement = " ".join(script[found.end() : said].split())
        proof = _tactics(script[said + len(":=") : end].strip())
        if proof:
            yield LemmaStep(script, found.start(), end, found["name"], statement, proof)


def names_after(step: LemmaStep, declaration: str, text: str, hypotheses: Sequence[Hypothesis] = ()) -> Iterator[str]:
    """Names for a step's lemma that are no words of a text: after the functions on its left side, or a declaration.

    Args:
        hypotheses: of the goal, which are nobody's functions.
    """
    groups = [group[1:].partition(" : ")[0].split() for group in _binders(step.statement)[0]]
    bound = {hypothesis.name for hypothesis in hypotheses}.union(*groups)
    left = _binders(step.statement)[1].partition(" = ")[0]
    words = [last_part(word) for word in identifiers(left) if first_part(word) not in bound]
    own = "_".join(words) if 1 < len(words) <= _MOST_WORDS else ""
    base = _base(declaration)
    taken = {last_part(word) for word in identifiers(text)}
    numbered = (f"{base}{number}" for number in count(2))
    return (name for name in chain(filter(None, (own, base)), numbered) if last_part(name) not in taken)


def counted_anew(given: Sequence[str], kept: Sequence[str], declaration: str) -> dict[str, str]:
    """New names for those lemmas that have a declaration's name with a number, so that no number is left out.

    Args:
        given: the names of all lemmas, in their order; each of them is free.
        kept: those of them that are left.
    """
    numbered = re.compile(rf"{re.escape(_base(declaration))}\d*")
    old = [name for name in kept if numbered.fullmatch(name)]
    return {name: new for name, new in zip(old, filter(numbered.fullmatch, given), strict=False) if name != new}


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A text in which things have other names."""
    if not names:
        return text
    any_of = "|".join(map(re.escape, names))
    return re.sub(rf"(?<![\w.'«])(?:{any_of})(?![\w'»])", lambda found: names[found[0]], text)


def theorems(step: LemmaStep, name: str, hypotheses: Sequence[Hypothesis]) -> Iterator[Theorem]:
    """Ways to state a step's lemma as a theorem, the one that reads best first.

    Args:
        hypotheses: of the goal; what the statement says of them becomes implicit arguments.
    """
    context = _context(step.statement, hypotheses)
    groups, body = _binders(step.statement)
    plain = _introduced(step, groups)
    for binders in dict.fromkeys(("", context)) if context is not None else ("",):
        if plain is not None:
            yield Theorem(" ".join(filter(None, (name, binders, *groups))), body, plain)
        yield Theorem(f"{name} {binders}".rstrip(), step.statement, step.proof)


def _base(declaration: str) -> str:
    """The name of a declaration's lemma that nothing else gives a name to."""
    return f"{declaration}_aux" if declaration and "«" not in declaration else "aux"


def _introduced(step: LemmaStep, groups: Sequence[str]) -> str | None:
    """The proof once the binders stand before the colon; None where it is not certain to be meant so."""
    if not groups:
        return None
    explicit = [name for group in groups if group[0] == "(" for name in group[1:].partition(" : ")[0].split()]
    intro = _INTRO.match(step.proof)
    if intro is None:
        return None if step.proof.startswith(("intro", "exact")) else step.proof
    names = intro["names"].split()
    if names[: len(explicit)] != explicit[: len(names)]:
        return None
    further = names[len(explicit) :]
    return (f"intro {' '.join(further)}\n" if further else "") + step.proof[intro.end() :]


def _context(statement: str, hypotheses: Sequence[Hypothesis]) -> str | None:
    """Implicit binders for what a statement says of the goal's variables; None where there can be none."""
    known = {hypothesis.name: hypothesis for hypothesis in hypotheses}
    bound = {name for group in _binders(statement)[0] for name in group[1:].partition(" : ")[0].split()}
    needed: set[str] = set()
    waiting = [name for name in _spoken(statement) if name in known and name not in bound]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += _spoken(known[name].type) & known.keys()
    if any(known[name].is_prop or not known[name].accessible for name in needed):
        return None
    binders = []
    for hypothesis in hypotheses:
        kind = _UNIVERSE.sub(r"\1 _", hypothesis.type)
        if hypothesis.name in needed:
            binders.append(f"{{{hypothesis.name} : {kind}}}")
        elif hypothesis.name.startswith("inst✝") and needed & _spoken(kind):
            binders.append(f"[{kind}]")
    return " ".join(binders)


def _spoken(text: str) -> set[str]:
    return {first_part(name) for name in identifiers(text)}


def _binders(statement: str) -> tuple[list[str], str]:
    """The groups of binders that a statement begins with, brackets included, and what it says behind them."""
    begins = _FOR_ALL.match(statement)
    if begins is None:
        return [], statement
    groups: list[str] = []
    at = begins.end()
    while statement[at] in brackets.OPENERS and (behind := brackets.closing(statement, at)) is not None:
        groups.append(statement[at : behind + 1])
        at = behind + 1 + statement[behind + 1 :].startswith(" ")
    return (groups, statement[at + 1 :].strip()) if statement[at] == "," else ([], statement)


def _named(found: re.Match[str], name: str) -> str:
    named = [part.strip() for part in (found["named"] or "").split(",") if part.strip()]
    listed = ", ".join(named if name in named else [*named, name])
    return f"{found['word']}{found['only'] or ''} [{listed}]"


def _block_end(script: str, at: int, indent: int) -> int:
    """Behind the last line that stands further in than a step."""
    end = script.find("\n", at) + 1 or len(script)
    while end < len(script):
        behind = script.find("\n", end) + 1 or len(script)
        line = script[end:behind]
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        end = behind
    return end


def _tactics(proof: str) -> str:
    """The tactics of a proof that stands behind `:=`, relative to column 0; "" where nobody writes it so."""
    if not proof.startswith("by"):
        return "" if "\n" in proof else f"exact {proof}"
    block = re.fullmatch(r"by[^\S\n]*\n(?P<indent> *)(?P<lines>[\s\S]*)", proof)
    if block is None:
        return "" if "\n" in proof else proof.removeprefix("by").strip()
    return block["lines"].replace("\n" + block["indent"], "\n")
