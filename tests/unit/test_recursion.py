"""Which arguments of a function are matched, and which vary in its calls, as its equations tell."""

import pytest

from ghostproof.syntax.definitions import definitions
from ghostproof.syntax.recursion import Recursion, arguments, recursions
from ghostproof.syntax.signature import Signature

CASES = {
    "plain": ("def size : List Nat → Nat\n  | [] => 0\n  | _ :: xs => size xs + 1\n", Recursion((0,), ())),
    "accumulator": (
        "def onto : List Nat → List Nat → List Nat\n  | [], acc => acc\n  | x :: xs, acc => onto xs (x :: acc)\n",
        Recursion((0,), (1,)),
    ),
    "two accumulators": (
        "def fibTo : Nat → Nat → Nat → Nat\n  | 0, a, _ => a\n  | n + 1, a, b => fibTo n b (a + b)\n",
        Recursion((0,), (1, 2)),
    ),
    "a parameter left of the colon": (
        "def powTo (b : Nat) : Nat → Nat → Nat\n  | 0, a => a\n  | n + 1, a => powTo b n (a * b)\n",
        Recursion((1,), (2,)),
    ),
    "two parameters in one bracket": (
        "def go (a b : Nat) : List Nat → Nat\n  | [] => a\n  | _ :: xs => go a b xs\n",
        Recursion((2,), ()),
    ),
    "an implicit parameter": (
        "def cat {α : Type} : List α → List α → List α\n  | [], ys => ys\n  | x :: xs, ys => x :: cat xs ys\n",
        Recursion((0,), ()),
    ),
    "both matched": (
        "def leq : N → N → Bool\n  | .z, _ => true\n  | .s _, .z => false\n  | .s n, .s m => leq n m\n",
        Recursion((0, 1), ()),
    ),
    "calls inside of calls": (
        "def into : Tree → List Nat → List Nat\n  | .leaf, acc => acc\n"
        "  | .node l x r, acc => into l (x :: into r acc)\n",
        Recursion((0,), (1,)),
    ),
    "a body on its own line": (
        "def go : List Nat → Nat → Nat\n  | [], n => n\n  | x :: xs, n =>\n    go xs (x + n)\n",
        Recursion((0,), (1,)),
    ),
    "a match on an argument": (
        "def onto (xs ys : List Nat) : List Nat :=\n  match xs with\n  | [] => ys\n  | x :: xs => onto xs (x :: ys)\n",
        Recursion((0,), (1,)),
    ),
    "a match inside of another": (
        "def take (n : N) (xs : List α) : List α :=\n  match n with\n  | .z => []\n  | .s m =>\n    match xs with\n"
        "    | [] => []\n    | x :: rest => x :: take m rest\n",
        Recursion((0, 1), ()),
    ),
    "a match on two arguments": (
        "def leq (a b : N) : Bool :=\n  match a, b with\n  | .z, _ => true\n  | .s _, .z => false\n"
        "  | .s n, .s m => leq n m\n",
        Recursion((0, 1), ()),
    ),
    "a match inside of an equation": (
        "def mix : List α → List α → List α\n  | [], ys => ys\n  | x :: xs, ys => match ys with\n    | [] => x :: xs\n"
        "    | y :: zs => x :: y :: mix xs zs\n",
        Recursion((0, 1), ()),
    ),
    "a pattern with a pair": (
        "def get : List (Nat × Nat) → Nat → Nat\n  | [], _ => 0\n  | (k, v) :: m, a => if k = a then v else get m a\n",
        Recursion((0,), ()),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_equations_tell(case: str) -> None:
    text, wanted = CASES[case]
    [found] = recursions(f"namespace A\n\n{text}\ntheorem t : True := trivial\n").values()
    assert (found.matched, found.varying) == (wanted.matched, wanted.varying)


@pytest.mark.parametrize(
    "case", [case for case, (text, _) in CASES.items() if ":=" not in text and "match" not in text]
)
def test_equations_may_stand_on_one_line(case: str) -> None:
    text, wanted = CASES[case]
    [found] = recursions(f"{' '.join(text.split())}\ntheorem t : True := trivial\n").values()
    assert (found.matched, found.varying) == (wanted.matched, wanted.varying)


@pytest.mark.parametrize(
    ("line", "equations"),
    [
        ("def f : N → N | 0 | 1 => 2 | n + 2 => f n", ["| 0 | 1 => 2", "| n + 2 => f n"]),
        ("def f : N → N | 0 => 1 | n => match n with | 0 => 2 | m => 3",
         ["| 0 => 1", "| n => match n with | 0 => 2 | m => 3"]),
        ("def f : N → N | n => g (match n with | 0 => 2 | m => 3) | m => 4",
         ["| n => g (match n with | 0 => 2 | m => 3)", "| m => 4"]),
        ("def f : N → N → N | 0 => fun | 0 => 1 | n => 2", ["| 0 => fun | 0 => 1 | n => 2"]),
        ("def f : A → Bool | x => p x || q x", ["| x => p x || q x"]),
        ("def f : A → B | x => x |> g | y => h <| y", ["| x => x |> g", "| y => h <| y"]),
        ("def f : N → N\n  | 0 => 1 | n => 2\n  | m => 3", ["| 0 => 1", "| n => 2", "| m => 3"]),
        ("def f (x : A) : B := g fun | a => b | c => d", [":= g fun | a => b | c => d"]),
    ],
)  # fmt: skip
def test_where_equations_of_one_line_end(line: str, equations: list[str]) -> None:
    body = definitions(f"{line}\ntheorem t : True := trivial\n")["f"].body
    assert [one.strip() for one in body.strip().splitlines()] == equations


def test_what_a_function_is_made_of() -> None:
    text = "def turn (k : Nat) : List Nat → List Nat\n  | [] => []\n  | x :: xs => L.app (turn k xs) [x + k]\n"
    found = recursions(text)["turn"]
    assert found.uses == {"app", "k", "x", "xs"}
    assert found.signature == Signature(("Nat", "List Nat"), "List Nat")


@pytest.mark.parametrize(
    "text",
    [
        "def twice (n : Nat) : Nat := n + n\n",
        "def isNil : List Nat → Bool\n  | [] => true\n  | _ :: _ => false\n",
        "theorem t : a = b\n  | x => t y\n",
    ],
)
def test_what_is_no_recursive_function_is_not_listed(text: str) -> None:
    assert recursions(text) == {}


def test_the_arguments_of_an_application() -> None:
    assert arguments("onto (bump xs) [1, 2]") == ("(bump xs)", "[1, 2]")
    assert arguments("f x y.1 3") == ("x", "y.1", "3")


@pytest.mark.parametrize(
    ("equations", "deep"),
    [
        ("| [] => true\n  | [_] => true\n  | x :: y :: xs => f (y :: xs)", True),
        ("| .z => .z\n  | .s .z => .z\n  | .s (.s n) => f n", True),
        ("| 0 => 0\n  | 1 => 0\n  | n + 2 => f n", True),
        ("| .nil => 0\n  | .cons _ (N.cons _ xs) => f xs", True),
        ("| [] => true\n  | x :: xs => match xs with\n    | [] => true\n    | y :: _ => f xs", True),
        ("| [], ys => ys\n  | x :: xs, ys => match ys with\n    | [] => []\n    | y :: ys => f xs ys", False),
        ("| [] => 0\n  | _ :: xs => f xs", False),
        ("| .leaf => 0\n  | .node l x r => f l", False),
        ("| 0 => 0\n  | n + 1 => f n", False),
        ("| [] => 0\n  | (k, v) :: m => f m", False),
    ],
)
def test_patterns_that_look_further_than_one_constructor(equations: str, deep: bool) -> None:
    assert recursions(f"def f : A → B\n  {equations}\n")["f"].deep is deep
