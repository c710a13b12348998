"""Operations of classes in guesses: at which types they are there, and what is guessed with them."""

from ghostproof.search.class_operations import carried_over, class_operations, local_operations, pulled_through
from ghostproof.search.generalised import generalised
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Definition, Definitions
from support.told_definitions import function, told

OPERATIONS = (
    Definition("Mon.mul", ("M",), ("M", "M"), "M"),
    Definition("Mon.one", ("M",), (), "M"),
    Definition("Act.act", ("G", "X"), ("G", "X"), "X"),
)
KNOWN = Definitions(operations=OPERATIONS)
MUL = Function("Mon.mul", False, (), ("α", "α"), "α")
PROD = Function("prod", True, ("prod xs",), ("List α",), "α")


def view(target: str, *functions: Function, instances: tuple[str, ...] = ("Mon α",)) -> GoalView:
    given = tuple(Hypothesis(f"inst✝{'¹' * nth}", kind) for nth, kind in enumerate(instances))
    hypotheses = (*given, Hypothesis("xs", "List α", inductive="List", recursive=True))
    printed = "\n".join(f"{h.name} : {h.type}" for h in hypotheses)
    main = MainGoal(f"{printed}\n⊢ {target}", target, "Eq", (), hypotheses, functions)
    return view_of(main, lambda: scan(""))


def test_operations_are_there_at_the_types_of_instances() -> None:
    assert class_operations(view("prod xs = z", PROD), KNOWN) == (MUL,)
    two = class_operations(view("prod xs = z", PROD, instances=("CommMon Nat", "Act Nat α")), KNOWN)
    assert [(one.name, one.arguments, one.result) for one in two] == [
        ("Mon.mul", ("Nat", "Nat"), "Nat"),
        ("Act.act", ("Nat", "α"), "α"),
    ]
    assert class_operations(view("prod xs = z", PROD, instances=()), KNOWN) == ()


def test_a_function_may_carry_what_is_joined_over_to_an_operation() -> None:
    append = Function("cat", True, (), ("List α", "List α"), "List α")
    count = Function("count", True, (), ("List α",), "Nat")
    found = [one.statement for one in carried_over((PROD, append, count), (MUL,))]
    assert found == [
        "∀ (x y : List α), prod (cat x y) = Mon.mul (prod x) (prod y)",
        "∀ (x y : List α), prod (x ++ y) = Mon.mul (prod x) (prod y)",
    ]


def test_the_other_side_of_an_accumulator_is_made_of_it() -> None:
    onto = Function("onto", True, ("onto xs Mon.one",), ("List α", "α"), "α")
    known = told(function("onto", "List α → α → α", varying=(1,))).recursive
    goal = view("onto xs Mon.one = prod xs", onto, PROD)
    wanted = "∀ (xs : List α) (acc : α), onto xs acc = Mon.mul acc (prod xs)"
    assert wanted in [one.statement for one in generalised(goal, known, (MUL,))]
    assert wanted not in [one.statement for one in generalised(goal, known)]


def test_variables_that_join_two_values_are_operations() -> None:
    kinds = {"f": "β → α → β", "g": "α → α", "r": "α → α → Prop", "h": "(α → α) → α → α", "k": "α → List α → List α"}
    hypotheses = tuple(Hypothesis(name, kind) for name, kind in kinds.items())
    found = local_operations(view_of(MainGoal("⊢ p", "p", hypotheses=hypotheses), lambda: scan("")))
    assert [(one.name, one.arguments, one.result) for one in found] == [
        ("f", ("β", "α"), "β"),
        ("k", ("α", "List α"), "List α"),
    ]


def test_what_a_function_does_to_such_a_variable_may_be_done_before() -> None:
    f = Function("f", False, (), ("β", "α"), "β")
    crunch = Function("crunch", True, ("crunch f b xs",), ("β → α → β", "β", "List α"), "β")
    found = {one.statement: one for one in pulled_through((crunch, PROD), (f,))}
    wanted = "∀ (x : List α) (y : β) (q1 : α), crunch f (f y q1) x = f (crunch f y x) q1"
    assert wanted in found
    assert found[wanted].about == {("crunch", "β")}
    assert all("crunch f" in statement and " f " in statement for statement in found)
    assert not list(pulled_through((crunch,), (Function("f", False, (), ("α", "α"), "α"),)))
