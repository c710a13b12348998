"""The comparison inside of a search: what each side is given, and the ratios that are printed."""

from collections.abc import Sequence

from bench import rivals
from bench.contender import Contender, Goal, Trial
from bench.goals import sorry_goals
from bench.inside import INSIDE, STEPS, Behind, place
from bench.throughput import INSIDE_TARGET, TACTICS, TARGET, rows, warm_up

from support.scripted_checker import FILE

TEXT = "theorem a : p := by\n  sorry\n\ntheorem b : p := by sorry\n"


class Listening(Contender):
    """Remembers what it is asked to try."""

    def __init__(self, name: str = "someone", seconds: float = 1.0, *, fails: bool = False) -> None:
        self.name = name
        self.asked: list[str] = []
        self._seconds = seconds
        self._fails = fails

    async def start(self) -> None: ...

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        self.asked += [*tactics] * len(goals)
        if self._fails:
            raise rivals.RivalFailed("gone")
        return Trial(len(goals) * len(tactics), self._seconds, 0)

    async def close(self) -> None: ...


def test_a_place_is_the_goal_behind_the_steps() -> None:
    for goal in sorry_goals(FILE, TEXT):
        at = place(goal, 2)
        assert at.text[at.spot.start : at.spot.end] == "sorry"
        above = at.text[: at.spot.start]
        assert STEPS[1] in above
        assert STEPS[2] not in above
        assert at.text.count("sorry") == 2


async def test_a_rival_takes_the_steps_before_each_candidate() -> None:
    someone = Listening()
    behind = Behind(someone)
    await behind.attempt(sorry_goals(FILE, TEXT), ["rfl", "simp"])
    assert someone.asked == ["; ".join((*STEPS, tactic)) for tactic in ("rfl", "simp", "rfl", "simp")]
    assert behind.name == f"{INSIDE}someone"


async def test_everyone_warms_up_for_the_same_time() -> None:
    slow, fast, gone = Listening("slow", 10.0), Listening("fast", 3.0), Listening("gone", 50.0, fails=True)
    broken: dict[str, str] = {}
    await warm_up([fast, gone, slow], sorry_goals(FILE, TEXT), broken)
    once = 2 * len(TACTICS)
    assert [len(contender.asked) for contender in (fast, gone, slow)] == [4 * once, once, once]
    assert broken == {"gone": "gone"}


def test_each_ratio_has_its_own_goal() -> None:
    names = ("probe", "scratch", *rivals.NAMES, f"{INSIDE}probe", *(INSIDE + name for name in rivals.NAMES))
    speeds = {name: 1.0 if name.endswith("probe") else 30.0 for name in names}
    trials = {name: [[Trial(len(TACTICS), speeds[name], 0)]] for name in names}
    made = {row.name: row for row in rows(trials, {})}
    inside = made[f"{INSIDE}probe : {rivals.NAMES[0]}"]
    assert inside.value == 30.0
    assert inside.target == INSIDE_TARGET
    assert made[f"probe : {rivals.NAMES[0]}"].target == TARGET
    assert made["probe : scratch"].target is None
    assert made[f"{INSIDE}probe"].value == len(TACTICS)
    gone = {row.name: row for row in rows(trials, {rivals.NAMES[0]: "gone", f"{INSIDE}{rivals.NAMES[0]}": "gone"})}
    assert gone[f"{INSIDE}probe : {rivals.NAMES[0]}"].passed is False
