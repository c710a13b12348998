"""What is recorded of a search, and how it is asked again: of us and of the rivals the same."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from bench import rivals
from bench.record import chosen
from bench.recorder import Recorder
from bench.recording import Recording, Step, Tried, dump, inner, load, placed, single, thinned, written
from bench.replayed import Asked, Behind, Kept, Replayed, corpus, in_round
from bench.rival_driver import Request
from bench.search import PARTS, TARGET, differences, rows

from ghostproof.search.place import inner as inside
from ghostproof.search.place import script_mark
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import Position
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Checked, Progress, Verdict
from support.scripted_checker import FAILED, FILE, PROVED, ScriptedChecker, state_of

TEXT = "theorem t : p := by\n  sorry\n\ntheorem below : q := by sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
MARK = script_mark()
CASES = "cases x with\n| inl =>\n  sorry\n| inr =>\n  sorry"
LIMITS = Limits(100, 2.0)
CLOSED = Progress((), closed_main=True)


def tried(place: int, text: str = "simp") -> Tried:
    return Tried(place, text, 100, 2.0, "refused")


def recorded(*events: Step | Tried, places: int) -> Recording:
    return Recording("lists:one", (MARK, *(f"step{n}\n  {MARK}" for n in range(1, places))), events)


class Stepping(ScriptedChecker):
    """Knows a state for each place that a step leads to, but for those in `lost`; a place's state names it."""

    session = SimpleNamespace(pid=os.getpid())

    def __init__(self, lost: Sequence[int] = (), hang: Sequence[str] = ()) -> None:
        verdicts: dict[str, Verdict] = {"simp": PROVED, "rfl": FAILED, "intro": Progress(("⊢ q",)), "omega": CLOSED}
        super().__init__(verdicts, state_of("⊢ p"), width=2, hang=hang)
        self._lost = lost
        self.steps: list[tuple[str, str]] = []
        self.holes: list[Place] = []
        self.let_go: list[GoalState] = []
        self.at: list[tuple[str, str]] = []

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.holes.append(Place(text, spot))
        return state_of("⊢ p", key=text[: spot.start])

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        self.at.append((state.key, candidate.text))
        return await super().check(state, candidate, limits)

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        self.steps.append((state.key, step))
        await asyncio.sleep(0)
        return tuple(
            None if place is None or nth in self._lost else state_of("⊢ p", key=place.text[: place.spot.start])
            for nth, place in enumerate(places)
        )

    def release(self, states: Sequence[GoalState]) -> None:
        self.let_go += states


def checker(of: Stepping) -> ProbeChecker:
    return cast(ProbeChecker, of)


def place_in(script: str) -> Place:
    return inside(TEXT, SPOT, script, MARK)


def test_a_place_is_written_down_and_found_again() -> None:
    for script in (f"intro x\n{MARK}", f"cases x with\n| inl =>\n  sorry\n| inr =>\n  {MARK}", MARK):
        place = place_in(script)
        assert placed(TEXT, SPOT, written(TEXT, SPOT, place)) == place


async def test_what_a_search_asks_is_noted_in_the_order_in_which_it_asks() -> None:
    recorder = Recorder(checker(Stepping()))
    state = await recorder.open(FILE, TEXT, SPOT)
    await recorder.check(state, Candidate("rfl", "x"), LIMITS)
    holes = [place_in(CASES.replace("sorry", MARK, 1)), None]
    [left, right] = await recorder.advance(state, CASES, FILE, holes, LIMITS)
    assert left is not None
    assert right is None
    await recorder.check(left, Candidate("omega", "x"), LIMITS)
    await recorder.check(state, Candidate("intro", "x"), LIMITS)
    found = recorder.recording("lists:one")
    assert found.events == (
        Tried(0, "rfl", 100, 2.0, "refused"),
        Step(0, CASES, (1, None)),
        Tried(1, "omega", 100, 2.0, "closed"),
        Tried(0, "intro", 100, 2.0, "open"),
    )
    assert [placed(TEXT, SPOT, script) for script in found.places[1:]] == holes[:1]


async def test_a_candidate_without_a_verdict_is_left_out() -> None:
    lean = Stepping(hang=["loop"])
    recorder = Recorder(checker(lean))
    state = await recorder.open(FILE, TEXT, SPOT)
    asked = asyncio.create_task(recorder.check(state, Candidate("loop", "x"), LIMITS))
    await lean.hanging.wait()
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    assert recorder.recording("lists:one").events == ()


def test_of_a_long_search_every_so_manieth_place_is_kept_with_the_way_to_it() -> None:
    ways = (Step(0, "a", (1, 2)), Step(2, "b", (3,)), Step(0, "c", (4,)))
    asked = [tried(place) for place in (0, 0, 1, 2, 3, 4)]
    whole = recorded(*ways, *asked, places=5)
    assert thinned(whole, 10) == whole
    part = thinned(whole, 3)  # places 0, 2 and 4 of those asked about
    assert [one.place for one in part.tried] == [0, 0, 2, 3]
    assert part.steps == (Step(0, "a", (1, 2)), Step(0, "c", (3,)))
    assert part.places == tuple(whole.places[n] for n in (0, 1, 2, 4))
    deep = thinned(recorded(*ways, tried(0), tried(1), tried(3), places=5), 2)
    assert deep.steps == ways[:2], "the way to a place leads through places where nothing was asked"


def test_behind_steps_is_all_but_the_theorem_itself() -> None:
    step = Step(0, "a", (1,))
    assert inner(recorded(tried(0), step, tried(1), tried(0), places=2)).events == (step, tried(1))


def test_of_single_tactics_the_way_to_their_places_stays() -> None:
    ways = (Step(0, "a", (1,)), Step(0, "b", (2,)))
    longer = (tried(1, "cases x <;> simp"), tried(0, "have : p := by\n  simp"))
    found = single(recorded(*ways, *longer, tried(2, "simp [x]"), places=3))
    assert found.events == (Step(0, "b", (1,)), tried(1, "simp [x]"))
    assert found.places == (MARK, f"step2\n  {MARK}")


def test_recordings_are_read_as_they_were_written(tmp_path: Path) -> None:
    recordings = [recorded(Step(0, "a\nb", (1, None)), tried(1, "simp [ℕ]"), places=2)]
    dump(recordings, tmp_path / "some.json")
    assert load(tmp_path / "some.json") == recordings


def test_the_kept_recordings_are_of_lemmas_that_may_be_looked_at() -> None:
    recordings = load()
    assert [one.lemma for one in recordings] == [lemma.name for lemma in chosen()]
    for recording in recordings:
        assert not corpus()[recording.lemma].held_out
        assert recording.tried
        asked = in_round(recording, FILE, 7)
        for place in asked.places:
            assert place.text[place.spot.start : place.spot.end] == "sorry"
            assert place.text[place.spot.end] == "\n", "a rival's tool replaces what ends its line"


def test_each_round_has_a_text_of_its_own_with_the_same_goal() -> None:
    recording = load()[0]
    first, second = (in_round(recording, FILE, number) for number in (1, 2))
    assert first.text != second.text
    plain = corpus()[recording.lemma].text
    assert first.text.replace(" /- 1 -/", "") == second.text.replace(" /- 2 -/", "") == plain


def asked_of(recording: Recording) -> Asked:
    return Asked(recording, FILE, TEXT, SPOT)


async def test_we_go_on_from_the_states_that_steps_lead_to() -> None:
    lean = Stepping()
    events = (tried(0, "rfl"), Step(0, "a", (1,)), tried(1, "omega"), Step(1, "b", (2, None)), tried(2, "intro"))
    asked = asked_of(recorded(*events, places=3))
    replayed = await Kept(checker(lean)).replay(asked)
    assert replayed.closed == (False, True, False)
    assert len(lean.holes) == 1, "only the theorem is opened"
    assert [step for _, step in lean.steps] == ["a", "b"]
    above = [place.text[: place.spot.start] for place in asked.places]
    assert sorted(lean.at) == sorted(zip(above, ("rfl", "omega", "intro"), strict=True))
    assert len(lean.let_go) == 2


async def test_where_a_step_leads_nowhere_the_place_is_opened() -> None:
    lean = Stepping(lost=[0])
    recording = recorded(Step(0, "a", (1,)), tried(1, "omega"), places=2)
    replayed = await Kept(checker(lean)).replay(asked_of(recording))
    assert replayed.closed == (True,)
    assert lean.holes[-1] == asked_of(recording).places[1]


class FakeRival(rivals.Rival):
    """Answers at once; remembers what it was asked."""

    def __init__(self) -> None:
        self.name = "someone"
        self.asked: list[tuple[Position, tuple[str, ...], str | None]] = []

    @property
    def pid(self) -> int:
        return os.getpid()

    async def try_at(
        self, position: Position, tactics: Sequence[str], text: str | None = None
    ) -> tuple[float, tuple[bool, ...]]:
        self.asked.append((position, tuple(tactics), text))
        return 2.0, tuple(tactic == "omega" for tactic in tactics)


async def test_a_rival_has_the_proof_so_far_in_its_file() -> None:
    rival = FakeRival()
    events = (tried(0, "rfl"), Step(0, "a", (1,)), tried(1, "omega"), tried(0, "simp"), tried(1, "intro"))
    asked = asked_of(recorded(*events, places=2))
    replayed = await Behind(rival).replay(asked)
    assert replayed.closed == (False, True, False, False), "in the order of the recording"
    assert replayed.seconds == 4.0
    assert [(texts, text) for _, texts, text in rival.asked] == [
        (("rfl", "simp"), asked.places[0].text),
        (("omega", "intro"), asked.places[1].text),
    ]
    for (position, _, text), place in zip(rival.asked, asked.places, strict=True):
        assert text is not None
        assert text.split("\n")[position.line][position.column :] == "sorry"
        assert place.text == text


def test_a_rival_is_given_room_for_longer_tactics_and_lays_them_out() -> None:
    request = Request(1, 2, ["simp", "intro x\nexact\n  x"], TEXT)
    assert request.with_room(TEXT) == "theorem t : p := by\n  sorry\n\n\n\ntheorem below : q := by sorry\n"
    laid_out = request.laid_out("intro x\nexact\n  x")
    assert laid_out == "intro x\n  exact\n    x" == SPOT.laid_out("intro x\nexact\n  x")
    assert request.end_of(laid_out) == (3, 5)
    assert request.end_of("simp") == (1, 6)


def test_ratios_and_what_is_judged_in_another_way() -> None:
    measured = [recorded(tried(0, "rfl"), tried(0, "simp"), places=1)]
    other, *more = rivals.NAMES
    ours, theirs = Replayed(0.1, 0.1, (False, True)), Replayed(4.0, 1.0, (True, True))
    found = {Kept.name: [ours], other: [theirs]}
    [difference] = differences(measured, found, other)
    assert difference == "lists:one, `rfl`: theirs closes"
    title = list(PARTS)[1]
    unknown = {Kept.name: [Replayed(0.1, 0.1, (None, True))], other: [theirs]}
    assert differences(measured, unknown, other) == []
    made = {
        row.name: row
        for row in rows(title, measured, [found | {name: [] for name in more}], dict.fromkeys(more, "gone"), TARGET)
    }
    ratio = made[f"{title}probe : {other}"]
    assert abs(ratio.value - 40) < 1e-9
    assert ratio.passed
    assert all(made[f"{title}probe : {name}"].passed is False for name in more)
