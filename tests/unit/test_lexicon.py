"""What a search asks about definitions, and when."""

import asyncio

from ghostproof.search.lexicon import Lexicon
from ghostproof.verify.checker import Function, GoalState, Limits, MainGoal
from ghostproof.verify.definitions import NONE, Definitions
from support.stub_checker import Stub
from support.told_definitions import function, told


class Telling(Stub):
    """Tells what the goal's functions are when it is let go on."""

    def __init__(self) -> None:
        super().__init__("probe")
        self.times, self.dies = 0, False
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        self.times += 1
        if self.dies:
            self.dies = False
            return NONE
        self.asked.set()
        await self.go_on.wait()
        return told(*(function(f.name) for f in state.main.functions))


def state(*names: str) -> GoalState:
    return GoalState(("⊢ p",), MainGoal("⊢ p", "p", functions=tuple(map(Function, names))), "key")


async def test_who_meets_the_same_meanwhile_waits_for_the_answer() -> None:
    checker = Telling()
    lexicon = Lexicon(checker)
    both = [asyncio.create_task(lexicon.at(state("rev"))) for _ in range(2)]
    await checker.asked.wait()
    checker.go_on.set()
    assert [list(known.functions) for known in await asyncio.gather(*both)] == [["rev"], ["rev"]]
    assert checker.times == 1


async def test_what_is_new_is_asked_about_and_what_was_told_stays() -> None:
    checker = Telling()
    checker.go_on.set()
    lexicon = Lexicon(checker)
    await lexicon.at(state("rev"))
    assert list((await lexicon.at(state("rev", "cat"))).functions) == ["rev", "cat"]
    assert list((await lexicon.at(state("cat"))).functions) == ["rev", "cat"]
    assert checker.times == 2


async def test_what_is_new_of_the_library_is_asked_about_too() -> None:
    checker = Telling()
    checker.go_on.set()
    lexicon = Lexicon(checker)
    await lexicon.at(state("rev"))
    folds = MainGoal("⊢ p", "p", functions=(Function("rev"),), library=(Function("List.foldl"),))
    await lexicon.at(GoalState(("⊢ p",), folds, "key"))
    assert checker.times == 2


async def test_what_nobody_answered_is_asked_again() -> None:
    checker = Telling()
    lexicon = Lexicon(checker)
    asking = asyncio.create_task(lexicon.at(state("rev")))
    await checker.asked.wait()
    asking.cancel()
    await asyncio.wait([asking])
    checker.go_on.set()
    assert list((await lexicon.at(state("rev"))).functions) == ["rev"]


async def test_a_lean_that_died_is_asked_again() -> None:
    checker = Telling()
    checker.dies = True
    checker.go_on.set()
    lexicon = Lexicon(checker)
    assert await lexicon.at(state("rev")) == NONE
    assert list((await lexicon.at(state("rev"))).functions) == ["rev"]


async def test_a_goal_without_functions_is_asked_about_once() -> None:
    checker = Telling()
    checker.go_on.set()
    lexicon = Lexicon(checker)
    assert await lexicon.at(state()) == await lexicon.at(state()) == NONE
    assert checker.times == 1


async def test_where_nobody_tells_nothing_is_known() -> None:
    assert await Lexicon(Stub("probe")).at(state("rev")) == NONE
