"""Goals whose calls all start at the same later point, and how what is assumed moves on with them."""

from ghostproof.search.moved_on import moved_on
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Definitions
from support.told_definitions import function, told

RANK = told(function("rank", "Nat → List Nat → Nat", matched=(1,), varying=(0,)))
XS, YS = (Hypothesis(name, "List Nat", inductive="List", recursive=True) for name in ("xs", "ys"))


def goal(target: str, head: str, functions: tuple[Function, ...], *hypotheses: Hypothesis) -> GoalView:
    printed = "".join(f"{h.name} : {h.type}\n" for h in hypotheses)
    return view_of(MainGoal(f"{printed}⊢ {target}", target, head, (), hypotheses, functions), lambda: scan(""))


def said(view: GoalView, known: Definitions) -> list[str]:
    return [one.statement for one in moved_on(view, known.recursive)]


def test_every_call_begins_as_much_later() -> None:
    rank = Function("rank", True, ("rank 0 (xs ++ ys)",), ("Nat", "List Nat"), "Nat")
    view = goal("rank 0 (xs ++ ys) = rank 0 xs + rank (List.length xs) ys", "Eq", (rank,), XS, YS)
    first, *_ = moved_on(view, RANK.recursive)
    assert first.statement == (
        "∀ (xs ys : List Nat) (acc : Nat), rank acc (xs ++ ys) = rank acc xs + rank (acc + (List.length xs)) ys"
    )
    assert first.relation == "="
    assert first.about == {("rank", "Nat")}


def test_functions_move_on_together() -> None:
    known = told(
        function("delta", "Int → List Int → List Int", matched=(1,), varying=(0,)),
        function("undelta", "Int → List Int → List Int", matched=(1,), varying=(0,)),
    )
    kinds = ("Int", "List Int")
    functions = (
        Function("undelta", True, ("undelta 0 (delta 0 zs)",), kinds, "List Int"),
        Function("delta", True, ("delta 0 zs",), kinds, "List Int"),
    )
    zs = Hypothesis("zs", "List Int", inductive="List", recursive=True)
    found = said(goal("undelta 0 (delta 0 zs) = zs", "Eq", functions, zs), known)
    assert "∀ (zs : List Int) (acc : Int), undelta acc (delta acc zs) = zs" in found


def test_what_is_assumed_moves_on_too() -> None:
    known = told(function("ok", "Nat → List P → Bool", matched=(0, 1)))
    ok = Function("ok", True, ("ok 0 (x :: s ++ t)",), ("Nat", "List P"), "Bool")
    s, t = (Hypothesis(name, "List P", inductive="List", recursive=True) for name in "st")
    hs, ht, far = (
        Hypothesis("hs", "ok 0 s = true", is_prop=True),
        Hypothesis("ht", "ok 0 t = true", is_prop=True),
        Hypothesis("far", "∀ n, ok n s = false", is_prop=True),
    )
    found = said(goal("ok 0 (x :: s ++ t) = true", "Eq", (ok,), s, t, hs, ht, far), known)
    assert "∀ (s t : List P) (acc : Nat), ok acc s = true → ok 0 t = true → ok acc (x :: s ++ t) = true" in found


def test_nothing_moves_where_nothing_is_fixed() -> None:
    n = Hypothesis("n", "Nat", inductive="Nat", recursive=True)
    rank = Function("rank", True, ("rank n xs",), ("Nat", "List Nat"), "Nat")
    assert said(goal("rank n xs = 0", "Eq", (rank,), XS, n), RANK) == []
    assert said(goal("rank 0 xs = 0", "Eq", (rank,), XS), told()) == []


def test_what_is_in_a_list_moves_on_by_a_list() -> None:
    known = told(function("code", "Tm → List Op → List Op", varying=(1,)))
    code = Function("code", True, ("code t []",), ("Tm", "List Op"), "List Op")
    t = Hypothesis("t", "Tm", inductive="Tm", recursive=True)
    found = said(goal("code t [] = flat t", "Eq", (code,), t), known)
    assert "∀ (t : Tm) (acc : List Op), code t acc = flat t" in found
