"""The proofs that we know of, and the instances that refute what is false: `tests/lemmas_reference`.

A file there is the corpus' file of the same name with proofs in it and with auxiliary lemmas, marked `-- [aux]`. The
mark of a false lemma holds an instance, `-- [false: [1], 0]`. Only tests of the corpus read this.
"""

import re

from lemmas.corpus import REFERENCE, THEOREM

_FALSE = re.compile(r"^-- \[false: (?P<values>.*)\]\n(?P<text>theorem (?P<name>\S+)[\s\S]*?:= sorry)$", re.MULTILINE)
_BODY = re.compile(r" := (?=by\b|sorry\b|[\w⟨])")
_OPENING, _CLOSING = "([{⟨", ")]}⟩"


def statements(marked: str) -> dict[str, str]:
    """Mark and statement of each lemma of a marked text, by name; auxiliary ones are left out, instances as well."""
    found: dict[str, str] = {}
    for theorem in THEOREM.finditer(marked):
        grade = theorem["mark"].partition(":")[0]
        if grade != "aux":
            found[theorem["name"]] = f"[{grade}] {_statement(theorem['text'])}"
    return found


def refuted(name: str) -> str:
    """A file of the reference in which an `example` behind each false lemma refutes it.

    Lean accepts the file, with `sorry` in the false lemmas alone, if all of the corpus' file is as it is marked.
    """
    marked = (REFERENCE / name).read_text("utf-8")
    return _FALSE.sub(_with_example, marked)


def _with_example(match: re.Match[str]) -> str:
    values = " ".join(f"({value})" for value in _split(match["values"]))
    return f"{match[0]}\nexample : ¬ type_of% @{match['name']} := fun h => absurd (h {values}) (by decide)"


def _split(values: str) -> list[str]:
    """What commas outside of brackets part."""
    parts, depth = [""], 0
    for character in values:
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _statement(theorem: str) -> str:
    """A theorem without its proof: up to the first `:=` outside of brackets."""
    for body in _BODY.finditer(theorem):
        before = theorem[: body.start()]
        if all(before.count(a) == before.count(b) for a, b in zip(_OPENING, _CLOSING, strict=True)):
            return before
    raise ValueError(f"no proof: {theorem}")
