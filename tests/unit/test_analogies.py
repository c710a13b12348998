"""What a goal says, said of what one of its functions is made of."""

from ghostproof.search.analogies import analogies
from ghostproof.search.conjecture import Conjecture
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Definitions
from support.told_definitions import function, told

KNOWN = told(
    function("cmpList", "Ns → Ns → Cmp", uses=("cmp", "size")),
    function("cmp", "N → N → Cmp"),
    function("size", "Ns → Cmp"),
    function("turn", "Cmp → Cmp"),
)


def found(target: str, *calls: str, known: Definitions = KNOWN, given: tuple[str, ...] = ()) -> list[Conjecture]:
    hypotheses = (
        *(Hypothesis(name, "Ns", inductive="Ns", recursive=True) for name in ("as", "bs")),
        *(Hypothesis(f"h{nth}", one, is_prop=True) for nth, one in enumerate(given)),
    )
    functions = (Function("cmpList", True, calls, ("Ns", "Ns"), "Cmp"), Function("turn", False, (), ("Cmp",), "Cmp"))
    view: GoalView = view_of(MainGoal(f"⊢ {target}", target, "Eq", (), hypotheses, functions), lambda: scan(""))
    return list(analogies(view, known))


def said(target: str, *calls: str, known: Definitions = KNOWN, given: tuple[str, ...] = ()) -> list[str]:
    return [one.statement for one in found(target, *calls, known=known, given=given)]


def test_what_is_claimed_of_lists_is_claimed_of_elements() -> None:
    target = "turn (cmpList as bs) = cmpList bs as"
    assert said(target, "cmpList as bs", "cmpList bs as") == ["∀ (as bs : N), turn (cmp as bs) = cmp bs as"]
    (guess,) = found(target, "cmpList as bs", "cmpList bs as")
    assert guess.about == {("cmp", "Cmp"), ("turn", "Cmp")}


def test_so_is_what_is_assumed() -> None:
    assert said("as = bs", given=("cmpList as bs = Cmp.same",)) == ["∀ (as bs : N), cmp as bs = Cmp.same → as = bs"]


def test_what_is_applied_to_more_than_variables_has_no_counterpart() -> None:
    assert said("cmpList (tail as) bs = cmpList bs as") == []


def test_functions_of_other_types_are_none() -> None:
    known = told(function("cmpList", "Ns → Ns → Cmp", uses=("cmp",)), function("cmp", "N → N → Bool"))
    assert said("turn (cmpList as bs) = cmpList bs as", known=known) == []
