"""Lemmas that are found before they are needed: which of them stand above a proof."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.known_lemmas import Guess, Known, Use
from ghostproof.search.remembered import Lemma
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategy import Doubt, Goal, Idea, Move, Terms
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.definitions import Definitions
from ghostproof.verify.small_values import Refuted, Survived
from ghostproof.verify.verdict import Candidate, Checked, Progress, Reason, Rejected, Verdict
from support.own_numbers import GOAL
from support.told_definitions import function, told

TRUE = {
    "∀ (n : N), plus n N.z = n",
    "∀ (n m : N), plus n (N.s m) = N.s (plus n m)",
    "∀ (n m k : N), plus (plus n m) k = plus n (plus m k)",
}


def checked(move: Move, verdict: Verdict, premises: tuple[bool, ...] = ()) -> Checked:
    return Checked(Candidate(move.text, move.strategy), verdict, premises=premises)


def answered(
    strategy: Exploration, goal: Goal, true: Collection[str] | None, verdict: Callable[[Guess], Verdict | None]
) -> Iterator[Idea]:
    """All ideas in their turn.

    Args:
        true: the statements that small values do not refute; None: any.
        verdict: what Lean says of a guess; None while it is still at it.
    """
    waiting: list[Idea] = list(strategy.moves(goal))
    while waiting:
        yield (idea := waiting.pop(0))
        if isinstance(idea, Doubt):
            trials = [Survived(9, 0) if true is None or one in true else Refuted(()) for one in idea.statements]
            waiting += strategy.sifted(goal, idea, trials)
        elif isinstance(idea, Guess) and (said := verdict(idea)) is not None:
            waiting += strategy.follow(goal, idea, checked(idea, said))


def refused(_: Guess) -> Verdict:
    return Rejected(Reason.ERROR, "no")


def explored(strategy: Exploration, goal: Goal = GOAL, true: Collection[str] = TRUE) -> list[Use]:
    """The uses that are offered when the true guesses are proved, each from nothing, and all others are not."""
    waiting: list[Idea] = list(strategy.moves(goal))
    found: list[Use] = []
    while waiting:
        idea = waiting.pop(0)
        if isinstance(idea, Doubt):
            trials = [Survived(9, 0) if one in true else Refuted(()) for one in idea.statements]
            waiting += strategy.sifted(goal, idea, trials)
        elif isinstance(idea, Guess):
            unused = (False,) * len(idea.given)
            waiting += strategy.follow(goal, idea, checked(idea, Progress(("x",)), unused))
        elif isinstance(idea, Use):
            found.append(idea)
    return found


def test_a_goal_is_tried_with_lemmas_as_premises() -> None:
    uses = explored(Exploration())
    assert uses
    assert all("plus n N.z = n" in use.text for use in uses)
    assert all(use.onward is None for use in uses)


def test_only_the_lemmas_that_a_proof_uses_stand_above_it() -> None:
    strategy = Exploration()
    use = explored(strategy)[-1]
    assert len(use.given) == len(TRUE)
    needed = tuple(one.right == "n" for one in use.given)
    proof, *nearer = strategy.follow(GOAL, use, checked(use, Progress(("x",)), needed))
    assert isinstance(proof, Move)
    assert proof.text.startswith("have key : ∀ (n : N), plus n N.z = n := by\n")
    assert proof.text.count("have ") == 1
    assert proof.text.endswith(f"\n{use.closing}")
    # `grind` may see another thing in the same goal: what Lean has accepted comes last as it was.
    shown, same = (move.text.partition(" := by\n")[2].partition("\n")[2] for move in nearer if isinstance(move, Move))
    assert f"show plus a b = plus b a\n{use.closing}" in shown
    assert same.endswith(f"have : plus a b = plus b a := by\n  {use.closing}\nexact this")


def test_all_stand_there_where_it_is_not_known_what_is_used() -> None:
    strategy = Exploration()
    use = explored(strategy)[-1]
    proof, *_ = strategy.follow(GOAL, use, checked(use, Progress(("x",))))
    assert isinstance(proof, Move)
    assert proof.text.count("have ") == len(TRUE)


def test_what_does_not_prove_the_goal_gives_no_proof() -> None:
    strategy = Exploration()
    use = explored(strategy)[-1]
    assert not list(strategy.follow(GOAL, use, checked(use, Rejected(Reason.ERROR, "no"))))


def test_other_guesses_do_not_wait_for_what_the_likeliest_ways_do_not_prove() -> None:
    """Both arguments are taken apart together, and each guess has more than two ways."""
    known = replace(GOAL.known, functions={"plus": function("plus", "N → N → N", matched=(0, 1), deep=True)})
    goal, strategy, begun, slow = replace(GOAL, known=known), Exploration(), set[str](), set[str]()
    for idea in answered(strategy, goal, None, lambda guess: refused(guess) if guess.way < 2 else None):
        if isinstance(idea, Guess) and idea.guessed is not None:
            begun.add(idea.guessed.statement)
            if idea.way >= 2:
                slow.add(idea.guessed.statement)
        # More is guessed when everything was tried.
        assert not isinstance(idea, Terms)
    assert begun > TRUE
    assert len(slow) > 6


def test_what_failed_is_tried_again_by_whoever_takes_what_was_proved_since() -> None:
    """No simplifier is told that `x = y` where both are in order; `grind` is."""
    functions = (
        Function("le", True, ("le n m",), ("N", "N"), "Bool"),
        Function("most", True, ("most n m",), ("N", "N"), "N"),
    )
    told_of = {"le": function("le", "N → N → Bool"), "most": function("most", "N → N → N")}
    known = replace(GOAL.known, functions=told_of)
    target = "le n (most n m) = true"
    numbers = tuple(Hypothesis(name, "N", inductive="N", recursive=True) for name in "nm")
    goal = Goal(0, MainGoal(f"n m : N\n⊢ {target}", target, "Eq", (), numbers, functions), "", known=known)
    same = "∀ (k i : N), le k i = true → le i k = true → k = i"
    chosen = "∀ (k i : N), le k i = true → most k i = i"
    strategy, told = Exploration(), list[Guess]()
    waiting: list[Idea] = list(strategy.moves(goal))
    while waiting:
        idea = waiting.pop(0)
        if isinstance(idea, Doubt):
            trials = [Survived(9, 0) if one in (same, chosen) else Refuted(()) for one in idea.statements]
            waiting += strategy.sifted(goal, idea, trials)
        elif isinstance(idea, Guess) and idea.guessed is not None:
            told.append(idea)
            proved = idea.guessed.statement == same and idea.way > 0
            verdict = Progress(("x",)) if proved else Rejected(Reason.ERROR, "no")
            waiting += strategy.follow(goal, idea, checked(idea, verdict))
    again = [idea for idea in told if idea.guessed and idea.guessed.statement == chosen and idea.given]
    assert again
    assert all("grind" in idea.text and "simp_all" not in idea.text for idea in again)


def test_the_goal_is_tried_in_all_ways_when_there_are_twice_as_many_lemmas_and_at_last() -> None:
    known, tried = Known({}), list[bool]()
    for number in range(8):
        law = Conjecture((("n", "N"),), f"f{number} n", "n")
        known.take({law: Lemma("", ())})
        tried.append(known.use())
    assert tried == [True, True, False, True, False, False, False, True]
    known.take({Conjecture((("n", "N"),), "g n", "n"): Lemma("", ())})
    assert not known.use()
    assert known.used_well < known.used
    assert known.use(last=True)
    assert known.used_well == known.used == 9


LISTS = told(
    replace(function("cat", "List α → List α → List α"), variables=("α",)),
    replace(function("flat", "List (List α) → List α", uses=("cat",)), variables=("α",)),
)


def guessed_at(goal: Goal) -> list[str]:
    """All that is guessed where small values refute everything."""
    strategy, said = Exploration(), list[str]()
    waiting: list[Idea] = list(strategy.moves(goal))
    while waiting:
        idea = waiting.pop(0)
        if isinstance(idea, Doubt):
            said += idea.statements
            waiting += strategy.sifted(goal, idea, [Refuted(())] * len(idea.statements))
    return said


def guessed_of_lists(type_of_elements: Hypothesis, *given: Hypothesis) -> list[str]:
    """The guesses at a goal about two functions, of one of which Lean tells the types of one application alone."""
    lists = tuple(Hypothesis(name, "List (List α)", inductive="List", recursive=True) for name in ("xs", "ys"))
    functions = (
        Function("flat", True, ("flat (cat xs ys)", "flat xs", "flat ys"), ("List (List α)",), "List α"),
        Function("cat", True, ("cat xs ys",), ("List (List α)", "List (List α)"), "List (List α)"),
    )
    target = "flat (cat xs ys) = cat (flat xs) (flat ys)"
    hypotheses = (type_of_elements, *given, *lists)
    return guessed_at(Goal(0, MainGoal(f"⊢ {target}", target, "Eq", (), hypotheses, functions), "", known=LISTS))


def test_a_function_that_the_goal_uses_at_two_types_has_guesses_at_both() -> None:
    said = guessed_of_lists(Hypothesis("α", "Type u_1"))
    for kind in ("List α", "List (List α)"):
        x, y, z = (f"{letter}{'s' * kind.count('List')}" for letter in "xyz")
        assert f"∀ ({x} {y} {z} : {kind}), cat (cat {x} {y}) {z} = cat {x} (cat {y} {z})" in said


def test_what_is_guessed_of_all_types_is_not_guessed_of_some_of_them_again() -> None:
    said = guessed_of_lists(Hypothesis("α", "Type"))
    assert "∀ {α : Type} (xs ys zs : List α), cat (cat xs ys) zs = cat xs (cat ys zs)" in said
    assert not any("(List α)), cat (cat xss yss) zss" in one for one in said)


def test_a_type_that_an_instance_is_given_for_stays_what_it_is() -> None:
    said = guessed_of_lists(Hypothesis("α", "Type"), Hypothesis("inst✝", "DecidableEq α"))
    assert "∀ (xs ys zs : List α), cat (cat xs ys) zs = cat xs (cat ys zs)" in said


def test_a_type_of_a_function_that_something_is_assumed_of_stays_what_it_is() -> None:
    op = Hypothesis("op", "α → α → α")
    law = Hypothesis("law", "∀ (a b c : α), op (op a b) c = op a (op b c)", is_prop=True)
    said = guessed_of_lists(Hypothesis("α", "Type"), op, law)
    assert "∀ (xs ys zs : List α), cat (cat xs ys) zs = cat xs (cat ys zs)" in said
    free = guessed_of_lists(Hypothesis("α", "Type"), op)
    assert "∀ {α : Type} (xs ys zs : List α), cat (cat xs ys) zs = cat xs (cat ys zs)" in free


def test_what_the_goal_follows_from_is_tried_in_all_ways_before_other_guesses_have_their_second() -> None:
    functions = (
        Function("onto", True, ("onto xs []",), ("List α", "List α"), "List α"),
        Function("back", True, ("back xs",), ("List α",), "List α"),
    )
    known = told(function("onto", "List α → List α → List α", varying=(1,)), function("back", "List α → List α"))
    target = "onto xs [] = back xs"
    hypotheses = (Hypothesis("α", "Type"), Hypothesis("xs", "List α", inductive="List", recursive=True))
    main = MainGoal(f"α : Type\nxs : List α\n⊢ {target}", target, "Eq", (), hypotheses, functions)
    goal = Goal(0, main, "", known=known)
    free = "∀ {α : Type} (ys zs : List α), onto ys zs = back ys ++ zs"
    strategy = Exploration()
    ways: dict[str, list[float]] = {}
    for idea in answered(strategy, goal, None, refused):
        if isinstance(idea, Guess) and idea.guessed is not None:
            ways.setdefault(idea.guessed.statement, []).append(idea.cost)
    further = {said: costs[1] - costs[0] for said, costs in ways.items() if len(costs) > 1}
    assert 3 * further[free] < further["∀ {α : Type} (ys : List α), back (back ys) = ys"]


def test_a_choice_of_the_library_that_the_goal_s_functions_use_is_guessed_about() -> None:
    functions = (
        Function("mostTo", True, ("mostTo xs 0",), ("List Nat", "Nat"), "Nat"),
        Function("most", True, ("most xs",), ("List Nat",), "Nat"),
    )
    most = replace(function("most", "List Nat → Nat"), signs=frozenset({"max"}))
    known = told(most, function("mostTo", "List Nat → Nat → Nat", varying=(1,)))
    target = "mostTo xs 0 = most xs"
    hypotheses = (Hypothesis("xs", "List Nat", inductive="List", recursive=True),)
    said = guessed_at(Goal(0, MainGoal(f"⊢ {target}", target, "Eq", (), hypotheses, functions), "", known=known))
    assert "∀ (xs : List Nat) (n : Nat), mostTo xs n = max (most xs) n" in said
    assert not any("min" in statement for statement in said)


IN_ORDER = told(
    function("put", "Nat → List Nat → List Nat", matched=(1,)),
    function("sort", "List Nat → List Nat", uses=("put",)),
    function("inOrder", "List Nat → Bool", deep=True),
)


def sorted_goal(known: Definitions = IN_ORDER) -> Goal:
    numbers, target = "List Nat", "inOrder (sort xs) = true"
    functions = (
        Function("inOrder", True, ("inOrder (sort xs)",), (numbers,), "Bool"),
        Function("sort", True, ("sort xs",), (numbers,), numbers),
    )
    hypotheses = (Hypothesis("xs", numbers, inductive="List", recursive=True),)
    return Goal(0, MainGoal(f"xs : {numbers}\n⊢ {target}", target, "Eq", (), hypotheses, functions), "", known=known)


def test_the_goal_is_tried_with_a_lemma_alone_in_the_likeliest_ways() -> None:
    goal, strategy = sorted_goal(), Exploration()
    kept = "∀ (ys : List Nat) (n : Nat), inOrder ys = true → inOrder (put n ys) = true"
    true = (kept, "∀ (ys : List Nat), inOrder ys = true → inOrder (sort ys) = true")
    guesses = [idea for idea in answered(strategy, goal, true, lambda _: None) if isinstance(idea, Guess)]
    first, _ = (guess for one in true for guess in guesses if guess.guessed and guess.guessed.statement == one)
    # The other one is waited for, so that the goal's turn with all that is proved does not come yet.
    followed = list(strategy.follow(goal, first, checked(first, Progress(("x",)))))
    alone = {use.closing for use in followed if isinstance(use, Use)}
    assert "induction xs <;> grind [inOrder, sort, put]" in alone
    assert alone < {use.closing for use in explored(Exploration(), goal, [kept])}


def test_a_function_that_chooses_is_followed_along_its_call_too() -> None:
    """Where an `if` stands inside of another function, no closer of an induction's case sees which way it goes."""
    along = "fun_induction sort xs <;> grind [inOrder, sort, put]"
    kept = "∀ (ys : List Nat) (n : Nat), inOrder ys = true → inOrder (put n ys) = true"
    assert along not in [use.closing for use in explored(Exploration(), sorted_goal(), [kept])]
    choosing = replace(function("sort", "List Nat → List Nat", uses=("put",)), signs=frozenset({"if"}))
    known = replace(IN_ORDER, functions={**IN_ORDER.functions, "sort": choosing})
    assert along in [use.closing for use in explored(Exploration(), sorted_goal(known), [kept])]


def test_a_guess_has_those_lemmas_as_premises_that_speak_of_its_functions() -> None:
    goal, strategy = sorted_goal(), Exploration()
    waiting, premises = list(strategy.moves(goal)), dict[str, set[str]]()
    true = (
        "∀ (ys : List Nat) (n m : Nat), put n (put m ys) = put m (put n ys)",
        "∀ (ys : List Nat), sort (sort ys) = sort ys",
        "∀ (ys : List Nat) (n : Nat), inOrder ys = true → inOrder (put n ys) = true",
        "∀ (ys : List Nat), inOrder ys = true → inOrder (sort ys) = true",
    )
    while waiting:
        idea = waiting.pop(0)
        if isinstance(idea, Doubt):
            trials = [Survived(9, 0) if one in true else Refuted(()) for one in idea.statements]
            waiting += strategy.sifted(goal, idea, trials)
        elif isinstance(idea, Guess) and idea.guessed is not None:
            premises.setdefault(idea.guessed.statement, set()).update(one.statement for one in idea.given)
            verdict = Progress(("x",)) if "inOrder" not in idea.guessed.statement else Rejected(Reason.ERROR, "no")
            waiting += strategy.follow(goal, idea, checked(idea, verdict))
    commutes, again, kept, sorted_too = true
    assert premises[kept] == {commutes}
    assert premises[sorted_too] == {commutes, again}


def test_what_is_said_to_be_transitive_is_tried_by_inductions_over_each_value() -> None:
    within = Function("within", True, ("within xs zs", "within xs ys", "within ys zs"), ("L", "L"), "Bool")
    values = tuple(Hypothesis(name, "L", inductive="L", recursive=True) for name in ("xs", "ys", "zs"))
    given = tuple(Hypothesis(f"h{n}", f"within {ab} = true", is_prop=True) for n, ab in enumerate(("xs ys", "ys zs")))
    target = "within xs zs = true"
    known = told(function("within", "L → L → Bool", matched=(0, 1), varying=(0, 1)))
    main = MainGoal(f"⊢ {target}", target, "Eq", (), (*values, *given), (within,))
    uses = explored(Exploration(), Goal(0, main, "", known=known), {"∀ (l : L), within l l = true"})
    assert uses
    assert {use.closing.split()[1] for use in uses if use.closing.startswith("induction ")} == {"xs", "ys", "zs"}
