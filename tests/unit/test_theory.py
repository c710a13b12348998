"""Equations that are found by comparing short terms: which terms are asked for, and what is made of their values."""

import re
from collections.abc import Iterator, Mapping

from ghostproof.search.operations import Values
from ghostproof.search.plainest import Plainest
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategy import Doubt, Idea, Terms
from ghostproof.search.theory import LARGEST, Theory, vocabulary
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition
from ghostproof.verify.small_values import Refuted, Valued
from support.turned_list import GOAL

LIST = "Word"
APP = Function("app", True, (), (LIST, LIST), LIST)
REV = Function("rev", True, (), (LIST,), LIST)
SIZE = Function("size", True, (), (LIST,), "Nat")
PLAIN = {"Word": Plainest(zero="Word.nil", cons="Word.put", fields=("Letter", "Word"))}
# Both recurse along a word; `twist` turns it round, with the next letter for each.
SNOC = Function("snoc", True, (), (LIST, "Letter"), LIST)
TWIST = Function("twist", True, (), (LIST,), LIST)
NEXT = Function("next", True, (), ("Letter",), "Letter")
KNOWN = {name: Definition(name, matched=(0,)) for name in ("app", "rev", "size", "snoc", "twist")}
# Values of the variables in three instances.
VALUES: tuple[Mapping[str, object], ...] = (
    {"Word": "ab", "Nat": 3, "Letter": "c"},
    {"Word": "", "Nat": 0, "Letter": "a"},
    {"Word": "cdd", "Nat": 2, "Letter": "b"},
)


def meaning(term: str, of: Mapping[str, object]) -> object:
    """What a term of these functions is, read as applications in brackets."""
    tokens = iter(re.findall(r"[()]|[^\s()]+", term.replace("(Word.nil : Word)", "Word.nil")))

    def one(token: str) -> Iterator[object]:
        if token == "(":
            inside = []
            for inner in tokens:
                if inner == ")":
                    break
                inside += list(one(inner))
            yield applied(inside)
        else:
            yield of.get(token, token)

    return applied([value for token in tokens for value in one(token)])


def applied(parts: list[object]) -> object:
    if "+" in parts:
        at = parts.index("+")
        return int(str(applied(parts[:at]))) + int(str(applied(parts[at + 1 :])))
    match parts:
        case ["app", a, b]:
            return f"{a}{b}"
        case ["Word.put", a, b]:
            return f"{a}{b}"
        case ["rev", a]:
            return str(a)[::-1]
        case ["snoc", a, b]:
            return f"{a}{b}"
        case ["next", a]:
            return chr(ord(str(a)) + 1)
        case ["twist", a]:
            return "".join(chr(ord(letter) + 1) for letter in reversed(str(a)))
        case ["size", a]:
            return len(str(a))
        case ["Word.nil"]:
            return ""
        case [a]:
            return "" if a == "Word.nil" else a
    raise AssertionError(parts)


def told(asked: str) -> Valued:
    found = re.fullmatch(r"(?:fun (?P<binders>.*) => )?(?P<term>.*)", asked)
    assert found is not None
    names = re.findall(r"\((\w+) : (\w+)\)", found["binders"] or "")
    each = [meaning(found["term"], {"Word.nil": "", **{name: of[kind] for name, kind in names}}) for of in VALUES]
    return Valued(repr(each))


def explored(*functions: Function, signs: tuple[str, ...] = ()) -> tuple[Theory, list[str]]:
    theory = Theory(vocabulary(functions, Values(PLAIN), signs, KNOWN))
    asked: list[str] = []
    while terms := theory.next_terms():
        asked += terms
        theory.take([told(term) for term in terms])
    return theory, asked


def equations(theory: Theory) -> list[str]:
    return [one.statement for one in theory.equations()]


def test_equations_of_any_shape_are_found() -> None:
    theory, _ = explored(REV, APP)
    found = equations(theory)
    assert "∀ (x : Word), rev (rev x) = x" in found
    assert "∀ (x y : Word), app (rev x) (rev y) = rev (app y x)" in found
    assert "∀ (x y z : Word), app (app x y) z = app x (app y z)" in found
    assert "∀ (x : Word), app x Word.nil = x" in found


def test_an_equation_says_what_a_constructor_makes() -> None:
    theory, _ = explored(SNOC, TWIST, NEXT)
    found = equations(theory)
    assert "∀ (x : Word) (y : Letter), twist (snoc x y) = Word.put (next y) (twist x)" in found
    assert not [one for one in found if ", Word.put (next" in one]
    # What that says is not said again of what is put at the end of something.
    assert not [one for one in found if "twist (snoc (snoc" in one]


def test_what_an_earlier_equation_says_of_all_values_is_not_said_again() -> None:
    theory, _ = explored(REV, APP)
    assert not [one for one in equations(theory) if ", rev (rev (" in one or " (rev (rev " in one]


def test_what_stands_for_its_class_alone_is_part_of_larger_terms() -> None:
    _, asked = explored(REV, APP)
    assert not [term for term in asked if "(rev (rev" in term]
    assert len(set(asked)) == len(asked)


def test_what_the_functions_own_equations_say_is_not_asked() -> None:
    _, asked = explored(REV, APP)
    assert not [term for term in asked if "app (Word.nil" in term or "rev (Word." in term or "app (Word.put" in term]
    assert "fun (v0 : Word) => app v0 Word.nil" in asked


def test_operators_of_the_library_are_joined_in() -> None:
    theory, asked = explored(APP, SIZE, signs=("+",))
    assert "∀ (x y : Word), size x + size y = size (app x y)" in equations(theory)
    assert not [term for term in asked if " * " in term]
    assert not [term for term in asked if "+ 1) + 1" in term]


def test_what_has_no_value_is_no_part_of_others_and_equal_to_nothing() -> None:
    theory = Theory(vocabulary([REV, APP], Values(PLAIN), (), KNOWN))
    theory.take([Valued("") for _ in theory.next_terms()])
    second = theory.next_terms()
    assert second == ("fun (v0 : Word) => rev v0",)
    theory.take([Valued("")])
    assert not [term for term in theory.next_terms() if "rev" in term]
    assert not equations(theory)


def test_it_ends() -> None:
    theory, _ = explored(REV)
    assert theory.size == LARGEST
    assert theory.next_terms() == ()


def test_what_is_equal_on_small_values_is_guessed_when_all_else_was() -> None:
    strategy = Exploration()
    waiting: list[Idea] = [*strategy.moves(GOAL)]
    asked: list[str] = []
    guessed: list[str] = []
    for idea in waiting:
        if isinstance(idea, Doubt):
            guessed += idea.statements if asked else ()
            waiting += strategy.sifted(GOAL, idea, [Refuted(())] * len(idea.statements))
        elif isinstance(idea, Terms):
            asked += idea.texts
            # Whatever is joined to itself is the same.
            values = [Valued("a" if "app v0 v0" in text else text) for text in idea.texts]
            waiting += strategy.compared(GOAL, idea, values)
    assert asked[0] == "fun (v0 : List α) => v0"
    assert "∀ (ys zs : List α), rev (app ys zs) = app ys zs" in guessed
    # What was guessed before, and refuted, is not guessed again.
    assert not any(one.endswith("rev (rev ys) = ys") for one in guessed)
