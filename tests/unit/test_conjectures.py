"""Equations that are guessed of functions: their shapes, and that each is well formed."""

from collections.abc import Callable, Iterable
from itertools import islice

import pytest

from ghostproof.search.conjecture import Conjecture, most_general, settled
from ghostproof.search.conjectures import conjectures
from ghostproof.search.known_lemmas import Guess, Use
from ghostproof.search.operations import Operation
from ghostproof.search.plainest import Plainest
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategy import Doubt, Goal, Idea, Move, Terms
from ghostproof.verify.checker import Function, MainGoal
from ghostproof.verify.small_values import Refuted, Survived, Trial, Untested, Valued
from ghostproof.verify.verdict import Candidate, Checked, Progress, Reason, Rejected, Verdict
from support.told_definitions import function, told
from support.turned_list import APP, GOAL, LIST, REV

NAT = "Nat"
SIZE = Function("size", True, ("size xs",), (LIST,), NAT)
MAPPED = Function("mapped", True, ("mapped f xs",), ("α → α", LIST), LIST)
TREE = Function("flip", True, ("flip t",), ("Tree α",), "Tree α")


def guessed(*functions: Function) -> list[str]:
    return [conjecture.statement for conjecture in conjectures(functions)]


def test_shapes_of_equations() -> None:
    assert "∀ (x : List α), app x [] = x" in guessed(APP)
    assert "∀ (x y z : List α), app (app x y) z = app x (app y z)" in guessed(APP)
    assert "∀ (x y : List α), rev (app x y) = app (rev y) (rev x)" in guessed(REV, APP)
    assert "∀ (x y : List α), size (x ++ y) = size x + size y" in guessed(SIZE)
    assert "∀ (x : List α), size (rev x) = size x" in guessed(SIZE, REV)
    assert "∀ (x : Tree α), flip (flip x) = x" in guessed(TREE)
    assert "∀ (x : List α) (y : α), rev (x ++ [y]) = y :: x" in guessed(REV)


def test_accumulators() -> None:
    onto = Function("onto", True, ("onto xs []",), (LIST, LIST), LIST)
    assert "∀ (x y : List α), onto x y = rev x ++ y" in guessed(onto, REV)
    assert "∀ (x y : List α), onto (onto x y) [] = onto y x" in guessed(onto)
    total = Function("total", True, ("total xs 0",), ("List Nat", NAT), NAT)
    assert "∀ (x : List Nat) (y z : Nat), total x (y + z) = total x y + z" in guessed(total)


def test_functions_of_the_library_stand_beside_the_goals_own() -> None:
    turn = Function("turn", True, ("turn n xs",), (NAT, LIST), LIST)
    length = Function("List.length", True, ("xs.length",), (LIST,), NAT)
    said = [conjecture.statement for conjecture in conjectures([turn], beside=[length])]
    assert "∀ (x y : List α), turn x.length (x ++ y) = y ++ x" in said
    assert "∀ (x : List α) (p0 : Nat), (turn p0 x).length = x.length" in said
    # Of the library alone Lean knows enough.
    assert not any("turn" not in one for one in said)
    mapped = Function("List.map", True, ("List.map f xs",), ("α → α", LIST), LIST)
    said = [conjecture.statement for conjecture in conjectures([turn], beside=[mapped])]
    assert "∀ (x : List α) (p0 : Nat) (q0 : α → α), turn p0 (x.map q0) = (turn p0 x).map q0" in said
    said = [conjecture.statement for conjecture in conjectures([APP], beside=[length])]
    assert "∀ (x y : List α), (app x y).length = x.length + y.length" in said


def test_what_holds_of_a_value_holds_with_an_element_less_or_more() -> None:
    within = Function("within", True, ("within xs ys",), ("List Nat", "List Nat"), "Bool")
    found = guessed(within)
    assert "∀ (x : List Nat) (y : Nat) (p1 : List Nat), within (y :: x) p1 = true → within x p1 = true" in found
    assert "∀ (x : List Nat) (y : Nat) (p0 : List Nat), within p0 x = true → within p0 (y :: x) = true" in found
    own = {"Bag": Plainest("Bag.none", cons="Bag.put", fields=("Nat", "Bag"))}
    fits = Function("fits", True, ("fits b",), ("Bag",), "Bool")
    said = [conjecture.statement for conjecture in conjectures([fits], own)]
    assert "∀ (x : Bag) (y : Nat), fits (Bag.put y x) = true → fits x = true" in said


def test_an_accumulator_may_come_first() -> None:
    onto = Function("onto", True, ("onto [] xs",), (NAT, "List Nat"), NAT)
    total = Function("total", True, ("total xs",), ("List Nat",), NAT)
    found = guessed(onto, total)
    assert "∀ (x : List Nat) (y : Nat), onto y x = total x + y" in found
    assert "∀ (x : List Nat) (y : Nat), onto y x = onto 0 x + y" in found
    assert "∀ (x : List Nat) (y z : Nat), onto (y + z) x = onto y x + z" in found
    assert "∀ (x y : List Nat) (z : Nat), onto z (x ++ y) = onto (onto z x) y" in found
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("arguments", "result", "statement"),
    [
        (("Nat", LIST), LIST, "∀ (y : List α) (x : Nat), f x y = y.drop x"),
        ((LIST, "Nat"), LIST, "∀ (x : List α) (y : Nat), f x y = x.take y"),
        (("α → Bool", LIST), LIST, "∀ (y : List α) (x : α → Bool), f x y = y.filter x"),
        (("α → β", LIST), "List β", "∀ (y : List α) (x : α → β), f x y = y.map x"),
        (("α", "Nat"), LIST, "∀ (y : Nat) (x : α), f x y = List.replicate y x"),
        (("List Nat",), "Nat", "∀ (x : List Nat), f x = x.sum"),
        (("List (List α)",), LIST, "∀ (x : List (List α)), f x = x.flatten"),
        (("α → Bool", LIST), "Bool", "∀ (y : List α) (x : α → Bool), f x y = y.any x"),
        (("Nat",), "Nat", "∀ (x : Nat), f x = x / 2"),
        (("Nat",), "Nat", "∀ (x : Nat), f x = 2 * x"),
        (("Nat",), "Bool", "∀ (x : Nat), f x = decide (x % 2 = 0)"),
    ],
)
def test_a_function_may_be_one_that_the_library_has_too(
    arguments: tuple[str, ...], result: str, statement: str
) -> None:
    found = {one.statement: one for one in conjectures([Function("f", True, (), arguments, result)])}
    assert found[statement].settles == {("f", result)}


def test_what_the_library_knows_little_of_is_guessed_about_all_the_same() -> None:
    pairs = Function("pairs", True, (), (LIST, "List β"), "List (α × β)")
    found = {one.statement: one for one in conjectures([pairs])}
    assert not found["∀ (x : List α) (y : List β), pairs x y = x.zip y"].settles


def test_what_takes_other_types_is_not_compared_with_the_librarys() -> None:
    said = guessed(Function("f", True, (), ("α → Nat", LIST), LIST), Function("g", True, (), ("Nat",), LIST))
    assert not any(f".{name}" in one for one in said for name in ("filter", "map", "flatten", "take"))


def test_further_arguments_stay_what_they_are() -> None:
    found = guessed(MAPPED)
    assert "∀ (x y : List α) (p0 : α → α), mapped p0 (x ++ y) = mapped p0 x ++ mapped p0 y" in found


def test_steps_and_what_they_keep() -> None:
    put = Function("put", True, ("put a xs",), (NAT, "List Nat"), "List Nat")
    fine = Function("fine", True, ("fine xs",), ("List Nat",), "Bool")
    low = Function("low", True, ("low a xs",), (NAT, "List Nat"), "Bool")
    found = guessed(put, fine, low, Function("drop", True, ("drop n xs",), (NAT, "List Nat"), "List Nat"))
    assert "∀ (x : List Nat) (p0 q0 : Nat), put p0 (put q0 x) = put q0 (put p0 x)" in found
    assert "∀ (x : List Nat) (q0 : Nat), fine x = true → fine (put q0 x) = true" in " ".join(found).replace("p0", "q0")
    assert "∀ (x : List Nat) (p0 q0 : Nat), q0 ≤ p0 → low p0 x = true → low q0 x = true" in found
    assert "∀ (p0 : Nat), drop p0 [] = []" in found


def test_a_bound_is_kept_by_what_puts_in_something_within_it() -> None:
    below = Function("below", True, (), ("Nat", "Tree Nat"), "Bool")
    hang = Function("hang", True, (), ("Nat", "Tree Nat"), "Tree Nat")
    found = guessed(below, hang)
    for order in ("p0 ≤ q0", "q0 ≤ p0", "p0 < q0", "q0 < p0"):
        kept = f"{order} → below p0 x = true → below p0 (hang q0 x) = true"
        assert f"∀ (x : Tree Nat) (p0 q0 : Nat), {kept}" in found


def test_what_adds_up_values_adds_up_their_parts() -> None:
    total = Function("total", True, (), ("Nat → Int", "Nat"), "Int")
    found = [one.statement for one in conjectures([total])]
    assert "∀ (z : Nat) (x y : Nat → Int), total (fun i => x i + y i) z = total x z + total y z" in found
    assert "∀ (z : Nat), total (fun _ => 0) z = 0" in found
    assert "∀ (z : Nat) (x : Nat → Int) (y : Int), total (fun i => y * x i) z = y * total x z" in found
    other = Function("other", True, (), ("Nat → Nat", "Nat"), "Int")
    assert not any("fun" in one.statement for one in conjectures([other]))


def test_what_may_change_places_is_said_once() -> None:
    even = Function("even", True, ("even n",), (NAT,), "Bool")
    found = guessed(SIZE, REV, APP, even)
    assert "∀ (x y : List α), size (app x y) = size x + size y" in found
    assert "∀ (x y : List α), size (app x y) = size y + size x" not in found
    assert "∀ (x y : Nat), even (x + y) = (even x == even y)" in found
    assert "∀ (x y : Nat), even (x + y) = (even y == even x)" not in found
    # Lists are not joined the other way round for nothing.
    assert {f"∀ (x y : List α), rev (app x y) = rev {a} ++ rev {b}" for a, b in ("xy", "yx")} <= set(found)


def test_where_nothing_is_found_nothing_is_counted() -> None:
    has = Function("has", True, ("has a xs",), (NAT, "List Nat"), "Bool")
    many = Function("many", True, ("many a xs",), (NAT, "List Nat"), NAT)
    found = guessed(has, many)
    assert "∀ (x : List Nat) (p0 : Nat), has p0 x = false → many p0 x = 0" in found
    assert "∀ (x : List Nat) (p0 : Nat), many p0 x = 0 → has p0 x = false" in found
    place = Function("place", True, ("place a xs",), (NAT, "List Nat"), "Option Nat")
    assert "∀ (x : List Nat) (p0 : Nat), has p0 x = false → place p0 x = none" in guessed(has, place)
    # What has other arguments is no matter of the same thing.
    assert not any("= false →" in one for one in guessed(has, SIZE))


def test_the_first_element_may_stay_where_it_is() -> None:
    (kept,) = (one for one in conjectures([REV]) if one.right == "y :: (rev (y :: x)).tail")
    assert kept.statement == "∀ (x : List α) (y : α), rev (y :: x) = y :: (rev (y :: x)).tail"
    # A simplifier could use it on what it makes.
    assert kept.is_endless


def test_a_value_may_be_joined_with_itself() -> None:
    twice, plus = Function("twice", True, (), ("N",), "N"), Function("plus", True, (), ("N", "N"), "N")
    assert "∀ (x : N), twice x = plus x x" in guessed(plus, twice)
    assert "∀ (x : List α), rev x = x ++ x" in guessed(REV)


def test_what_always_holds_comes_before_what_distributes() -> None:
    even = Function("even", True, ("even n",), ("N",), "Bool")
    plus, twice = Function("plus", True, (), ("N", "N"), "N"), Function("twice", True, (), ("N",), "N")
    found = guessed(even, plus, twice)
    assert found.index("∀ (x : N), even (twice x) = true") < found.index(
        "∀ (x y : N), even (plus x y) = (even x && even y)"
    )


def test_the_same_words_about_other_types_say_something_else() -> None:
    def guess(kind: str, *types: str) -> Conjecture:
        return Conjecture((("x", kind), ("y", kind)), "f x y", "f y x", types=types)

    assert guess("List α", "α").said != guess("List (List α)", "α").said
    assert guess("List α", "α").said == guess("List β", "β").said
    assert guess("List α", "α").subject != guess("Nat").subject


def test_a_lemma_is_said_for_all_types_that_it_speaks_of() -> None:
    found = {one.statement: one for one in conjectures([APP])}
    one = found["∀ (x y : List α), app x y = x ++ y"]
    assert one.for_all_types(["α", "β"]).statement == "∀ {α : Type} (x y : List α), app x y = x ++ y"
    assert one.for_all_types([]) == one


def test_what_is_said_of_more_types_stands_for_what_is_said_of_some() -> None:
    def guess(kind: str, *types: str) -> Conjecture:
        return Conjecture((("x", kind), ("y", "Nat")), "f x y", "x", types=types)

    general = guess("List α", "α")
    pairs = settled(Operation("g {0}", ("A",), "B", name="g"), guess("List (α × β)", "α"))
    numbers, one = guess("List Nat"), Conjecture((("x", "Nat"),), "g x", "x")
    assert general.covers(pairs)
    assert general.covers(numbers)
    assert not pairs.covers(general)
    assert not general.covers(guess("Option α", "α"))
    (first, second) = most_general([pairs, one, numbers, general, general])
    assert (first.statement, first.settles) == (general.statement, frozenset({("g", "B")}))
    assert second == one


def test_types_of_the_file_have_their_own_numbers() -> None:
    plus = Function("plus", True, ("plus a b",), ("N", "N"), "N")
    times = Function("times", True, ("times a b",), ("N", "N"), "N")
    found = [one.statement for one in conjectures([plus, times], {"N": Plainest("N.z", "N.s")})]
    assert "∀ (x : N), plus x N.z = x" in found
    assert "∀ (x y : N), plus x (N.s y) = N.s (plus x y)" in found
    assert "∀ (x y : N), times x (N.s y) = plus x (times x y)" in found
    assert "∀ (p0 : N), times p0 N.z = N.z" in found


def test_what_joins_flags_stands_in_brackets_behind_an_equation() -> None:
    low = Function("low", True, ("low a xs",), (NAT, "List Nat"), "Bool")
    both = Function("both", True, ("both a b",), ("Bool", "Bool"), "Bool")
    found = guessed(low, both)
    assert "∀ (x y : List Nat) (p0 : Nat), low p0 (x ++ y) = (low p0 x && low p0 y)" in found
    assert "∀ (x y : Bool), both x y = (x && y)" in found


def test_each_is_guessed_once_and_says_something() -> None:
    found = list(conjectures([APP, REV, SIZE]))
    assert len({one.statement for one in found}) == len(found)
    assert all(one.left != one.right for one in found)


def test_nothing_is_guessed_of_what_has_no_types() -> None:
    assert guessed(Function("f", True, ("f x",))) == []


def doubted(strategy: Exploration, goal: Goal = GOAL) -> list[Doubt]:
    return [idea for idea in strategy.moves(goal) if isinstance(idea, Doubt)]


def rest_refuted(strategy: Exploration, found: Iterable[Idea]) -> list[Move]:
    """What follows when small values refute all guesses of the later parts."""
    moves: list[Move] = []
    waiting = [idea for idea in found if isinstance(idea, Doubt)]
    for doubt in waiting:
        further = list(strategy.sifted(GOAL, doubt, [Refuted(())] * len(doubt.statements)))
        waiting += [idea for idea in further if isinstance(idea, Doubt)]
        moves += [idea for idea in further if isinstance(idea, Move)]
    return moves


def guesses(strategy: Exploration, trials: Callable[[int], Trial] = lambda nth: Survived(9, 0)) -> list[Move]:
    """What is tried of the first guesses about the goal, once small values have been."""
    doubt, *_ = doubted(strategy)
    found = list(strategy.sifted(GOAL, doubt, [trials(nth) for nth in range(len(doubt.statements))]))
    return [idea for idea in found if isinstance(idea, Move)] + rest_refuted(strategy, found)


def test_what_small_values_refute_is_not_tried() -> None:
    doubt, *_ = doubted(Exploration())
    assert len(doubt.statements) > 3
    moves = guesses(Exploration(), lambda nth: Survived(9, 0) if nth == 2 else Refuted(()))
    assert len(moves) == 1
    assert f"have : ({doubt.statements[2]}) := by" in moves[0].text


def followed(strategy: Exploration, move: Move, verdict: Verdict) -> list[Move]:
    """What follows from a verdict; where terms are compared, none has a value."""
    waiting = list(strategy.follow(GOAL, move, Checked(Candidate(move.text, move.strategy), verdict)))
    found: list[Move] = []
    while waiting:
        idea = waiting.pop(0)
        if isinstance(idea, Terms):
            waiting += strategy.compared(GOAL, idea, [Valued("") for _ in idea.texts])
        else:
            assert isinstance(idea, Move)
            found.append(idea)
    return found


def drained(strategy: Exploration, waiting: list[Move]) -> list[Guess]:
    """All guesses in the order in which they are tried, where none is ever proved."""
    tried: list[Guess] = []
    while waiting:
        move = waiting.pop(0)
        if isinstance(move, Guess):
            tried.append(move)
        waiting += followed(strategy, move, Rejected(Reason.ERROR, "no"))
    return tried


def statements_of(tried: list[Guess]) -> list[str]:
    """What was tried, each once."""
    return list(dict.fromkeys(guess.guessed.statement for guess in tried if guess.guessed is not None))


def test_what_nothing_could_be_tried_on_comes_behind_what_holds() -> None:
    doubt, *_ = doubted(Exploration())
    strategy = Exploration()
    moves = guesses(strategy, lambda nth: Survived(9, 0) if nth == 3 else Survived(0, 9))
    assert doubt.statements[3] in moves[0].text
    assert [move.cost for move in moves] == sorted(move.cost for move in moves)
    assert sorted(statements_of(drained(strategy, moves))) == sorted(doubt.statements)


def test_what_lean_cannot_read_is_left_out_unless_nobody_tries() -> None:
    doubt, *_ = doubted(Exploration())
    assert len(guesses(Exploration(), lambda nth: Survived(9, 0) if nth == 3 else Untested("no"))) == 1
    strategy = Exploration()
    moves = guesses(strategy, lambda nth: Untested("no"))
    assert sorted(statements_of(drained(strategy, moves))) == sorted(doubt.statements)


def test_few_guesses_are_tried_beside_each_other() -> None:
    strategy = Exploration()
    assert 1 < len(guesses(strategy)) < 10


KNOWN = told(
    function("times", "Nat → Nat → Nat", uses=("plus",)),
    function("plus", "Nat → Nat → Nat"),
    function("unrelated", "Nat → Nat"),
)


def test_functions_that_the_goals_own_are_made_of_are_guessed_about_too() -> None:
    times = Function("times", True, ("times a b",), (NAT, NAT), NAT)
    main = MainGoal("a b : Nat\n⊢ times a b = times b a", "times a b = times b a", "Eq", (), (), (times,))
    strategy, goal = Exploration(), Goal(0, main, "", known=KNOWN)
    doubts = doubted(strategy, goal)
    for doubt in doubts:
        # Small values are tried on one part after the other.
        trials = [Refuted(())] * len(doubt.statements)
        doubts += [idea for idea in strategy.sifted(goal, doubt, trials) if isinstance(idea, Doubt)]
    found = [statement for doubt in doubts for statement in doubt.statements]
    assert "∀ (n m : Nat), plus n m = n + m" in found
    assert "∀ (n m : Nat), times n m = n * m" in found
    assert not any("unrelated" in statement for statement in found)


def test_a_lemma_that_is_proved_stands_above_what_follows() -> None:
    strategy = Exploration()
    first, *others = guesses(strategy)
    assert isinstance(first, Guess)
    assert first.onward is None
    waiting = [*others, *followed(strategy, first, Progress(("⊢ left",)))]
    used: list[Move] = []
    uses: list[Use] = []
    while waiting and not used:
        move = waiting.pop(0)
        found = followed(strategy, move, Rejected(Reason.ERROR, "no"))
        used = [one for one in found if one.onward is not None]
        uses += [one for one in found if isinstance(one, Use)]
        waiting += found
    assert [one.text for one in used] == [f"have key : {first.lemma}"]
    assert any(use.closing.startswith("simp_all [") for use in uses)
    assert any(use.closing.startswith("grind [") for use in uses)
    # Short ways are tried before all strategies have their turn.
    assert max(use.cost for use in uses) < used[0].cost


def test_a_guess_that_is_not_proved_is_tried_otherwise_and_then_given_up() -> None:
    strategy = Exploration()
    moves = guesses(strategy)
    tried: list[str] = []
    while moves:
        move = moves.pop(0)
        tried.append(move.text)
        assert len(tried) < 2_000
        moves += followed(strategy, move, Rejected(Reason.ERROR, "no"))
    assert any("grind" in text for text in tried)
    assert any("simp_all" in text for text in tried)


def test_what_is_known_is_assumed_for_the_next_guesses() -> None:
    strategy = Exploration()
    first, second, *_ = guesses(strategy)
    assert isinstance(first, Guess)
    assert isinstance(second, Guess)
    assert first.guessed is not None
    followed(strategy, first, Progress(("⊢ left",)))
    after = followed(strategy, second, Rejected(Reason.ERROR, "no"))
    [again] = [move for move in after if isinstance(move, Guess) and move.guessed == second.guessed]
    assert again.text.startswith(f"have : ({first.guessed.statement}) → (")
    assert "intro key\n" in again.text


def test_lemmas_that_no_short_way_proves_are_goals_of_their_own_when_all_were_tried() -> None:
    strategy = Exploration()
    waiting = guesses(strategy)
    first = waiting[0]
    assert isinstance(first, Guess)
    assert first.guessed is not None
    left: list[str] = []
    while waiting:
        move = waiting.pop(0)
        assert not left, "nothing is left to be tried"
        found = followed(strategy, move, Rejected(Reason.ERROR, "no"))
        left += [one.text for one in found if one.onward is not None]
        waiting += [one for one in found if one.onward is None]
    assert left[0] == f"have key : {first.guessed.statement} := ?_"
    assert 1 < len(left) < 9


def test_a_guess_that_failed_is_tried_again_with_what_was_learnt_meanwhile() -> None:
    strategy = Exploration()
    first, second, *others = guesses(strategy)
    assert isinstance(second, Guess)
    learnt = followed(strategy, first, Progress(("⊢ left",)))
    tried = [guess.text for guess in drained(strategy, [second, *others, *learnt]) if guess.guessed == second.guessed]
    assert tried[0] == second.text
    assert len(tried) == len(set(tried))
    assert sum("intro key\n" in text for text in tried) == len(tried) - 1 > 1


def test_one_set_of_functions_is_explored_once() -> None:
    strategy = Exploration()
    assert list(islice(strategy.moves(GOAL), 1))
    assert list(strategy.moves(GOAL)) == []


def test_what_is_done_to_the_whole_need_not_be_done_to_parts() -> None:
    cap = Function("cap", True, (), (NAT, "N"), "N")
    add = Function("add", True, (), ("N", "N"), "N")
    assert "∀ (x y : N) (p0 : Nat), cap p0 (add (cap p0 x) y) = cap p0 (add x y)" in guessed(cap, add)


def test_what_is_counted_under_a_key_is_one_more_where_it_is_that_key() -> None:
    look = Function("look", True, (), (NAT, "Bag"), NAT)
    bump = Function("bump", True, (), (NAT, "Bag"), "Bag")
    wanted = "look p0 (bump q0 x) = if q0 = p0 then look p0 x + 1 else look p0 x"
    assert any(one.endswith(wanted) for one in guessed(look, bump))


def test_what_is_carried_counts_by_a_measure_of_its_own() -> None:
    bits = "List Bool"
    add = Function("add", True, ("add c xs ys",), ("Bool", bits, bits), bits)
    value, bit = Function("value", True, ("value xs",), (bits,), NAT), Function("bit", True, ("bit b",), ("Bool",), NAT)
    assert "∀ (x y : List Bool) (p0 : Bool), value (add p0 x y) = value x + value y + bit p0" in guessed(
        add, value, bit
    )
    assert not any("bit p0" in one for one in guessed(add, value))


def test_a_path_may_go_on_at_its_other_end() -> None:
    star = Function("Star", True, ("Star R a b",), ("α → α → Prop", "α", "α"), "Prop")
    said = [one.statement for one in conjectures((), predicates=(star,))]
    assert "∀ (x y z : α) (p0 : α → α → Prop), Star p0 x y → p0 y z → Star p0 x z" in said
    assert "∀ (x y : α) (p0 : α → α → Prop), p0 x y → Star p0 x y" in said
    step, path = (Function(name, True, (), ("Nat", "Nat"), "Prop") for name in ("Step", "Path"))
    said = [one.statement for one in conjectures((), predicates=(path, step))]
    assert "∀ (x y z : Nat), Path x y → Step y z → Path x z" in said
