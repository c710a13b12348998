"""The driver of a proof search against a Lean from a table: what it asks, what it hands back, and how it ends."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied, NoGoal, ProverFailed
from ghostproof.search.attempt import attempts
from ghostproof.search.driver import MOST_DEATHS, ProofSearch
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import prove
from ghostproof.search.strategy import Consult, Doubt, Goal, Idea, Move, Query, QueryKind
from ghostproof.search.task import Task
from ghostproof.suggest.source import Tier
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.small_values import INSTANCES, Refuted, Survived, Trial, Untested
from ghostproof.verify.verdict import Candidate, Checked, Progress, Suggestion, Unverified, Verdict
from support.scripted_checker import CRASHED, FILE, PROVED, Places, ScriptedChecker

TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
LONG_S = 60.0


class Table:
    """A strategy whose moves stand in a table, by the target of the goal."""

    name = "table"

    def __init__(self, moves: Mapping[str, Sequence[Move]]) -> None:
        self._moves = moves

    def moves(self, goal: Goal) -> Iterable[Idea]:
        return self._moves.get(goal.main.target, ())

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


class Trying(Places):
    """Has an answer about small values too; None: it never comes to one."""

    def __init__(self, trial: Trial | None, table: Mapping[str, Verdict], hang: Sequence[str] = ()) -> None:
        super().__init__(table, PLACES, hang)
        self._trial = trial
        self.left = asyncio.Event()
        self.sifted: list[str] = []

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        try:
            if self._trial is None:
                await asyncio.Event().wait()
            return self._trial or Untested("")
        finally:
            self.left.set()

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        self.sifted += statements
        return tuple(Survived(1, 0) if statement == "kept" else Refuted(()) for statement in statements)


class Keeping(Places):
    """Keeps the states behind steps; those of goals in `lost` are dropped."""

    def __init__(self, table: Mapping[str, Verdict], lost: Sequence[str] = ()) -> None:
        super().__init__(table, PLACES)
        self._lost = lost
        self.steps: list[str] = []
        self.released: list[str] = []

    def release(self, states: Sequence[GoalState]) -> None:
        self.released += [state.main.target for state in states]

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        self.steps.append(step)
        opened = [await Places.open(self, path, at.text, at.spot) if at else None for at in places]
        self.texts.clear()
        return tuple(None if one is None or one.main.target in self._lost else one for one in opened)


def closer(text: str, cost: float = 1.0) -> Move:
    return Move(text, "table", cost)


def step(text: str) -> Move:
    return Move(text, "table", 1.0, 1.0)


def searching(checker: ScriptedChecker, moves: Mapping[str, Sequence[Move]]) -> ProofSearch:
    return ProofSearch(checker, FILE, TEXT, SPOT, [Table(moves)])


def text_of(outcome: Outcome) -> str:
    assert outcome.proof is not None
    return outcome.proof.suggestion.text


TWO = {"t": [step("cases x")], "a": [closer("simp")], "b": [closer("omega")]}
LEFT = Progress(("case inl\nh : q\n⊢ a", "case inr\nh : r\n⊢ b"))
PLACES = {"theorem t : p := by": "⊢ t", "| inl =>": "h : q\n⊢ a", "| inr =>": "h : r\n⊢ b"}
WHOLE = "cases x with\n| inl => simp\n| inr => omega"


async def test_cases_are_goals_and_the_whole_is_checked_in_place() -> None:
    lean = Places({"cases x": LEFT, "simp": PROVED, "omega": PROVED, WHOLE: PROVED}, PLACES)
    outcome = await searching(lean, TWO).run(LONG_S)
    assert text_of(outcome) == WHOLE
    assert WHOLE in lean.asked
    assert outcome.proof is not None
    assert outcome.proof.put_into(TEXT) == ("theorem t : p := by\n  cases x with\n  | inl => simp\n  | inr => omega\n")
    holes = [text for text in lean.texts if "| inl" in text]
    assert holes[0] == "theorem t : p := by\n  cases x with\n  | inl =>\n    sorry\n  | inr =>\n    sorry\n"


async def test_what_lean_says_of_a_failure_is_asked_where_a_model_reads_it() -> None:
    lean = Places({}, PLACES)
    moves = {"t": [closer("simp"), *attempts("omega", "model")]}
    await searching(lean, moves).run(LONG_S)
    assert {text: lean.limits[text].brief for text in ("simp", "omega")} == {"simp": True, "omega": False}


async def test_a_whole_that_lean_does_not_accept_is_no_proof() -> None:
    lean = Places({"cases x": LEFT, "simp": PROVED, "omega": PROVED}, PLACES)
    outcome = await searching(lean, TWO).run(LONG_S)
    assert WHOLE in lean.asked
    assert outcome.proof is None
    assert outcome.exhausted
    assert "Nothing was changed" in outcome.why_none


class Waiting(Places):
    """Has no verdict on `rfl` before something was cancelled."""

    def __init__(self, table: Mapping[str, Verdict], hang: Sequence[str]) -> None:
        super().__init__(table, PLACES, hang)
        self._width = 3
        self._left = asyncio.Event()

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        if candidate.text == "rfl":
            await self._left.wait()
        try:
            return await super().check(state, candidate, limits)
        except asyncio.CancelledError:
            self._left.set()
            raise


async def test_what_is_tried_at_a_goal_that_no_longer_matters_is_left() -> None:
    """One case can't be proved, so that what runs at the other one is of no use, and others have its slot."""
    moves = {"t": [step("cases x"), closer("rfl", 9.0)], "a": [closer("slow")], "b": [closer("hopeless")]}
    lean = Waiting({"cases x": LEFT, "rfl": PROVED}, ["slow"])
    assert text_of(await searching(lean, moves).run(LONG_S)) == "rfl"
    assert lean.cancelled == ["slow"]


class Late(Places):
    """Has a verdict on `exact k` only once the whole proof by another move is accepted."""

    def __init__(self, table: Mapping[str, Verdict], hang: Sequence[str] = ()) -> None:
        super().__init__(table, PLACES, hang)
        self._width = 2
        self._closed = asyncio.Event()

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        if candidate.text == "exact k":
            await self._closed.wait()
        elif candidate.source == "prove":
            self._closed.set()
        return await super().check(state, candidate, limits)


async def test_which_of_two_moves_is_the_proof_does_not_hang_on_whose_lean_was_quicker() -> None:
    lean = Late({"exact k": PROVED, "simp_all": PROVED})
    moves = {"t": [Move("exact k", "table", 1.0, tier=Tier.INSTANT), closer("simp_all", 1.1)]}
    assert text_of(await searching(lean, moves).run(LONG_S)) == "exact k"


async def test_a_proof_does_not_wait_for_what_may_take_long() -> None:
    lean = Late({"simp_all": PROVED}, ["exact?"])
    moves = {"t": [Move("exact?", "table", 1.0, tier=Tier.SLOW), closer("simp_all", 1.1)]}
    assert text_of(await searching(lean, moves).run(LONG_S)) == "simp_all"
    assert lean.cancelled == ["exact?"]


async def test_a_shorter_form_is_taken_where_lean_accepts_it() -> None:
    lean = Places({"simp [f, g]": PROVED, "simp [g]": PROVED}, PLACES)
    outcome = await searching(lean, {"t": [closer("simp [f, g]")]}).run(LONG_S)
    assert text_of(outcome) == "simp [g]"


class Abreast(Places):
    """Has a verdict on `simp [g]` only once `simp [f]` is asked for, too."""

    def __init__(self, table: Mapping[str, Verdict]) -> None:
        super().__init__(table, PLACES)
        self._both = asyncio.Event()

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        if candidate.text == "simp [f]":
            self._both.set()
        elif candidate.text == "simp [g]":
            await self._both.wait()
        return await super().check(state, candidate, limits)


async def test_shorter_forms_are_tried_abreast_and_the_first_one_is_taken() -> None:
    lean = Abreast({"simp [f, g]": PROVED, "simp [g]": PROVED, "simp [f]": PROVED})
    outcome = await searching(lean, {"t": [closer("simp [f, g]")]}).run(LONG_S)
    assert text_of(outcome) == "simp [g]"
    assert not lean.in_flight


async def test_what_a_proof_needs_is_tried_again_only_when_nothing_else_is_left() -> None:
    lean = Places({"simp [a, b, c]": PROVED, "simp [a, c]": PROVED}, PLACES)
    lean._width = 1
    outcome = await searching(lean, {"t": [closer("simp [a, b, c]")]}).run(LONG_S)
    assert text_of(outcome) == "simp [a, c]"
    assert lean.asked[-4:] == ["simp [b, c]", "simp [a, c]", "simp [a]", "simp [c]"]


async def test_a_line_that_is_too_wide_behind_its_by_goes_below_it() -> None:
    statement = f"theorem t : {'p ∧ ' * 20}p := by"
    text = f"{statement} sorry\n"
    lean = Places({"simp_all [f]": PROVED}, {statement: "⊢ t"})
    spot = Spot(text.index("sorry"), text.index("sorry") + 5, "", len(statement) + 1, SpotKind.SORRY)
    outcome = await ProofSearch(lean, FILE, text, spot, [Table({"t": [closer("simp_all [f]")]})]).run(LONG_S)
    assert outcome.proof is not None
    assert outcome.proof.put_into(text) == f"{statement}\n  simp_all [f]\n"


async def test_what_is_false_is_told_and_the_search_ends() -> None:
    lean = Trying(Refuted((("n", "1"), ("xs", "[]"))), {}, hang=["slow"])
    outcome = await searching(lean, {"t": [closer("slow")]}).run(LONG_S)
    assert outcome.why_none == "This is false, for example for n = 1, xs = []. Nothing was changed."
    assert outcome.done
    assert lean.in_flight == 0


@pytest.mark.parametrize("trial", [Survived(3, 0), Untested("not up"), None])
async def test_what_is_not_refuted_is_proved_as_ever(trial: Trial | None) -> None:
    lean = Trying(trial, {"simp": PROVED})
    outcome = await searching(lean, {"t": [closer("simp")]}).run(LONG_S)
    assert text_of(outcome) == "simp"
    assert outcome.refuted is None
    assert lean.left.is_set()


async def test_a_trial_is_waited_for_where_nothing_else_is_left() -> None:
    lean = Trying(Refuted(()), {})
    outcome = await searching(lean, {}).run(LONG_S)
    assert outcome.why_none == "This is false. Nothing was changed."


class Guesses(Table):
    """Guesses at the goal, and moves on with what is left of them."""

    def moves(self, goal: Goal) -> Iterable[Idea]:
        yield Doubt(("kept", "dropped"), self, 1.0)

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterable[Idea]:
        survived = (guess for guess, trial in zip(doubt.statements, trials, strict=True) if isinstance(trial, Survived))
        return [closer(guess) for guess in survived]


async def test_guesses_are_tried_on_small_values_before_anything_is_proved() -> None:
    lean = Trying(Survived(1, 0), {"kept": PROVED})
    outcome = await ProofSearch(lean, FILE, TEXT, SPOT, [Guesses({})]).run(LONG_S)
    assert text_of(outcome) == "kept"
    assert lean.sifted == ["kept", "dropped"]
    assert "dropped" not in lean.asked


async def test_where_nothing_can_be_tried_no_guess_is_refuted() -> None:
    heard: list[Trial] = []

    class Hears(Guesses):
        def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterable[Idea]:
            heard.extend(trials)
            return ()

    await ProofSearch(Places({}, PLACES), FILE, TEXT, SPOT, [Hears({})]).run(LONG_S)
    assert [type(trial) for trial in heard] == [Untested, Untested]


async def test_nothing_runs_when_the_time_is_over() -> None:
    lean = Places({}, PLACES, hang=["slow", "slower"])
    outcome = await searching(lean, {"t": [closer("slow"), closer("slower")]}).run(0.01)
    assert outcome.done
    assert not outcome.exhausted
    assert lean.in_flight == 0
    assert sorted(lean.cancelled) == ["slow", "slower"]


async def test_nothing_runs_when_it_was_cancelled() -> None:
    lean = Places({}, PLACES, hang=["slow"])
    task = asyncio.create_task(searching(lean, {"t": [closer("slow")]}).run(LONG_S))
    await lean.hanging.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lean.in_flight == 0


async def test_a_lean_that_dies_again_and_again_ends_the_search() -> None:
    texts = [f"kill {n}" for n in range(MOST_DEATHS + 3)]
    lean = Places(dict.fromkeys(texts, CRASHED), PLACES)
    with pytest.raises(LeanDied):
        await searching(lean, {"t": [closer(text) for text in texts]}).run(LONG_S)


async def test_a_place_without_a_goal_is_told() -> None:
    outcome = await prove(Task(Places({}, {}), FILE, TEXT, LONG_S), [SPOT])
    assert isinstance(outcome.error, NoGoal)
    assert outcome.done


def test_a_proof_leaves_no_goal() -> None:
    accepted = Suggestion.of(Checked(Candidate("simp", "table"), Progress(("⊢ a",))))
    with pytest.raises(Unverified):
        Proof(SPOT, accepted)


class Curious(Table):
    """A table that asks a question about each goal that the table has, and tries the answers."""

    def moves(self, goal: Goal) -> Iterable[Idea]:
        yield from super().moves(goal)
        if goal.main.target in self._moves:
            yield Query(QueryKind.PROOF, goal.main.target, self)

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterable[Idea]:
        return () if answer is None else [closer(answer)]


class Adviser:
    """Answers from a list by the statement; `None` in it stalls for ever, and what is no list fails."""

    def __init__(self, answers: Mapping[str, Sequence[str | None]]) -> None:
        self._answers = answers
        self.asked: list[str] = []
        self.stalled = asyncio.Event()
        self.left: list[str] = []
        self.tokens = 0

    async def ask(self, work: Consult) -> AsyncGenerator[str, None]:
        statement = work.query.statement
        self.asked.append(statement)
        if statement not in self._answers:
            raise ProverFailed("the model is gone")
        try:
            for answer in self._answers[statement]:
                if answer is None:
                    self.stalled.set()
                    await asyncio.Event().wait()
                else:
                    self.tokens += len(answer)
                    yield answer
        finally:
            self.left.append(statement)


def advised(checker: ScriptedChecker, moves: Mapping[str, Sequence[Move]], adviser: Adviser) -> ProofSearch:
    return ProofSearch(checker, FILE, TEXT, SPOT, [Curious(moves)], adviser=adviser)


async def test_a_step_runs_once_for_all_goals_that_it_leaves() -> None:
    lean = Keeping({"cases x": LEFT, "simp": PROVED, "omega": PROVED, WHOLE: PROVED})
    outcome = await searching(lean, TWO).run(LONG_S)
    assert text_of(outcome) == WHOLE
    assert lean.steps == ["cases x with\n| inl =>\n  sorry\n| inr =>\n  sorry"]
    assert lean.texts == [], "no goal is opened in the file"
    assert lean.released == ["a", "b"]


async def test_a_state_that_is_not_kept_is_opened_in_the_file() -> None:
    lean = Keeping({"cases x": LEFT, "simp": PROVED, "omega": PROVED, WHOLE: PROVED}, lost=["b"])
    outcome = await searching(lean, TWO).run(LONG_S)
    assert text_of(outcome) == WHOLE
    assert any("| inr =>\n    sorry" in text for text in lean.texts)


async def test_a_doubtful_goal_that_small_values_refute_is_given_up() -> None:
    doubtful = Move("generalize y = v", "table", 1.0, 1.0, doubtful=True)
    table: dict[str, Verdict] = {"generalize y = v": Progress(("⊢ a",)), "simp": PROVED}
    moves = {"t": [doubtful], "a": [closer("simp")]}
    lean = Tried({**PLACES, "generalize y = v": "⊢ a"}, table, {"⊢ a": Refuted((("v", "1"),))})
    outcome = await searching(lean, moves).run(LONG_S)
    assert outcome.proof is None
    assert outcome.exhausted
    assert outcome.refuted is None, "the theorem itself may well be true"
    assert "simp" not in lean.asked
    assert outcome.overview is not None
    assert [goal.refuted for goal in outcome.overview.goals] == [(), (("this goal", "v = 1"),)]


class Tried(Places):
    """Refutes the goals that stand in a table."""

    def __init__(self, goals: Mapping[str, str], table: Mapping[str, Verdict], trials: Mapping[str, Trial]) -> None:
        super().__init__(table, goals)
        self._trials = trials

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        return self._trials.get(state.main.goal, Survived(1, 0))

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        return tuple(Untested("") for _ in statements)


async def test_an_answer_is_tried_while_the_adviser_goes_on() -> None:
    adviser = Adviser({"t": ["rfl", "omega", None]})
    outcome = await advised(Places({"omega": PROVED}, PLACES), {"t": []}, adviser).run(LONG_S)
    assert text_of(outcome) == "omega"
    assert outcome.tokens == len("rfl") + len("omega")
    assert adviser.left == ["t"], "nobody is left asking"


async def test_an_adviser_that_fails_is_not_asked_again_and_the_search_goes_on() -> None:
    adviser = Adviser({})
    lean = Places({"cases x": LEFT, "simp": PROVED, "omega": PROVED, WHOLE: PROVED}, PLACES)
    outcome = await advised(lean, TWO, adviser).run(LONG_S)
    assert text_of(outcome) == WHOLE
    assert adviser.asked == ["t"]


async def test_a_question_about_a_goal_that_is_proved_is_left() -> None:
    adviser = Adviser({"t": [], "a": [None], "b": ["omega"]})
    moves = {"t": [step("cases x")], "a": [Move("simp", "table", 3.0)], "b": []}
    lean = Places({"cases x": LEFT, "simp": PROVED, "omega": PROVED, WHOLE: PROVED}, PLACES)
    outcome = await advised(lean, moves, adviser).run(LONG_S)
    assert text_of(outcome) == WHOLE
    assert adviser.left.count("a") == 1


async def test_a_stalled_adviser_ends_with_the_budget() -> None:
    adviser = Adviser({"t": [None]})
    outcome = await advised(Places({}, PLACES), {"t": []}, adviser).run(0.01)
    assert outcome.done
    assert outcome.proof is None
    assert not outcome.exhausted
    assert adviser.left == adviser.asked


async def test_a_cancelled_search_leaves_its_adviser() -> None:
    adviser = Adviser({"t": [None]})
    task = asyncio.create_task(advised(Places({}, PLACES), {"t": []}, adviser).run(LONG_S))
    await adviser.stalled.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert adviser.left == ["t"]
