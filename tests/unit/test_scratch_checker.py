"""The scratch checker on a server that misbehaves by name, and what it concludes from a native Lean's words."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied, LeanTimeout, NoGoal
from ghostproof.lean.document import Diagnostic, Severity
from ghostproof.lean.session import LeanSession
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import Position
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.scratch_reader import Readable, Reading
from ghostproof.verify.scratch_text import REST, Filled, Hole
from ghostproof.verify.scratch_verdict import Handle, Said, alone_verdict, axioms_verdict, final_verdict, make_handle
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

SERVER = Path(__file__).parents[1] / "support" / "fake_lean_server.py"
TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
SOON = Limits(seconds=0.2)
LONG = Limits(seconds=60)


@pytest.fixture
async def sessions() -> list[LeanSession]:
    return []


class ScriptedReader:
    """Reads everything, or gives the answer it was told to; remembers what it was asked."""

    def __init__(self) -> None:
        self.answer: Reading = Readable()
        self.asked: list[str] = []

    async def read(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading:
        self.asked.append(candidate)
        return self.answer

    async def close(self) -> None:
        self.asked.clear()


@pytest.fixture
def reader() -> ScriptedReader:
    return ScriptedReader()


@pytest.fixture
async def checker(tmp_path: Path, sessions: list[LeanSession], reader: ScriptedReader) -> AsyncIterator[ScratchChecker]:
    def make() -> LeanSession:
        sessions.append(LeanSession([sys.executable, str(SERVER)], tmp_path, {}))
        return sessions[-1]

    checker = ScratchChecker(make, reader, document_s=0.5)
    yield checker
    await checker.close()


@pytest.fixture
async def state(checker: ScratchChecker, tmp_path: Path) -> GoalState:
    return await checker.open(tmp_path / "A.lean", TEXT, SPOT)


async def verdict(checker: ScratchChecker, state: GoalState, tactic: str, limits: Limits = LONG) -> Verdict:
    return (await checker.check(state, Candidate(f"exact {tactic}", "test"), limits)).verdict


async def test_a_candidate_that_kills_the_server(checker: ScratchChecker, state: GoalState) -> None:
    killed = await verdict(checker, state, "CRASH")
    assert isinstance(killed, Inconclusive)
    assert killed.cause is Cause.MEMORY
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_candidate_that_kills_its_worker(checker: ScratchChecker, state: GoalState) -> None:
    killed = await verdict(checker, state, "WORKER_DIES")
    assert isinstance(killed, Inconclusive)
    assert killed.cause is Cause.CRASH
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_candidate_without_end(checker: ScratchChecker, state: GoalState) -> None:
    silent = await verdict(checker, state, "SILENT", SOON)
    assert isinstance(silent, Inconclusive)
    assert silent.cause is Cause.TIMEOUT
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_check_that_is_cancelled(checker: ScratchChecker, state: GoalState) -> None:
    waiting = asyncio.ensure_future(verdict(checker, state, "SILENT"))
    await asyncio.wait({waiting}, timeout=SOON.seconds)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_what_no_parser_reads_is_not_elaborated(
    tmp_path: Path, sessions: list[LeanSession], checker: ScratchChecker, state: GoalState, reader: ScriptedReader
) -> None:
    """The fake server's goal is its text: whatever is elaborated shows."""
    answers: list[Reading] = [Rejected(Reason.FORBIDDEN, "no"), Inconclusive(Cause.UNREAD, "no parser")]
    for reader.answer in answers:
        assert await verdict(checker, state, "unheard of") == reader.answer
    alone = ScratchChecker(lambda: LeanSession([sys.executable, str(SERVER)], tmp_path, {}))
    opened = await alone.open(tmp_path / "A.lean", TEXT, SPOT)
    for hostile in ('"{" ++ f', "`(h)", "(h) -- h", "unsafeCast", "idbg"):
        unread = await verdict(alone, opened, hostile)
        assert isinstance(unread, Inconclusive | Rejected)
        assert unread.cause is Cause.UNREAD if isinstance(unread, Inconclusive) else unread.reason is Reason.FORBIDDEN
    assert isinstance(await verdict(alone, opened, "p"), Progress)
    await alone.close()


async def test_the_closed_grammar_needs_no_reader(
    checker: ScratchChecker, state: GoalState, reader: ScriptedReader
) -> None:
    for text in ("simp", "exact p", "constructor <;> simp_all", "cases p with\n| inl h => exact h\n| inr h => _"):
        assert checker.reads(state, Candidate(text, "test"))
        assert isinstance((await checker.check(state, Candidate(text, "test"), LONG)).verdict, Progress)
    assert reader.asked == []


async def test_a_search_that_the_reader_found_is_no_suggestion(
    checker: ScratchChecker, state: GoalState, reader: ScriptedReader
) -> None:
    reader.answer = Readable("magic?")
    found = await verdict(checker, state, "(by magic?)")
    assert isinstance(found, Rejected)
    assert found.reason is Reason.FORBIDDEN


@pytest.mark.parametrize(
    "text", ["exact \ud800", "exact \0", "exact \x1b[2J", "exact \u202eh", "(" * 100 + ")" * 100, " "]
)
async def test_what_is_no_text_is_refused_and_the_document_stays(
    checker: ScratchChecker, state: GoalState, reader: ScriptedReader, text: str
) -> None:
    assert isinstance((await checker.check(state, Candidate(text, "test"), LONG)).verdict, Rejected)
    assert reader.asked == []
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_file_with_half_a_character_has_no_goal(checker: ScratchChecker, tmp_path: Path) -> None:
    with pytest.raises(NoGoal):
        await checker.open(tmp_path / "A.lean", TEXT + "-- \ud800\n", SPOT)
    assert (await checker.open(tmp_path / "A.lean", TEXT, SPOT)).goals


async def test_a_goal_that_lean_never_reaches_is_none(checker: ScratchChecker, tmp_path: Path) -> None:
    with pytest.raises(NoGoal, match="oops"):
        await checker.open(tmp_path / "A.lean", "-- HIDDEN error:oops\n" + TEXT, Spot(43, 48, "", 2, SpotKind.SORRY))


async def test_two_checks_take_turns(checker: ScratchChecker, state: GoalState) -> None:
    both = await asyncio.gather(verdict(checker, state, "one"), verdict(checker, state, "two"))
    assert ["one" in str(both[0]), "two" in str(both[1])] == [True, True]


async def test_errors_belong_to_the_candidate_only_if_they_are_new(checker: ScratchChecker, tmp_path: Path) -> None:
    text = "-- error:above\n" + TEXT.replace("sorry\n", "sorry\n  error:behind\n")
    state = await checker.open(tmp_path / "A.lean", text, Spot(37, 42, "", 2, SpotKind.SORRY))
    assert isinstance(await verdict(checker, state, "fine"), Progress)
    assert await verdict(checker, state, "error:mine") == Rejected(Reason.ERROR, "mine")


async def test_states_stay_usable_behind_close(
    checker: ScratchChecker, state: GoalState, sessions: list[LeanSession]
) -> None:
    await checker.close()
    assert isinstance(await verdict(checker, state, "fine"), Progress)
    assert len(sessions) == 2


async def test_the_file_that_was_used_longest_ago_is_closed(
    checker: ScratchChecker, state: GoalState, sessions: list[LeanSession], tmp_path: Path
) -> None:
    for name in ("B.lean", "C.lean"):
        await checker.open(tmp_path / name, TEXT, SPOT)
    files = [sessions[0].is_open(tmp_path / name) for name in ("A.lean", "B.lean", "C.lean")]
    assert files == [False, True, True]
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_file_that_never_ends_and_one_that_kills(checker: ScratchChecker, tmp_path: Path) -> None:
    for _ in range(3):
        with pytest.raises(LeanTimeout):
            await checker.open(tmp_path / "A.lean", "-- SILENT\n" + TEXT, Spot(32, 37, "", 2, SpotKind.SORRY))
    with pytest.raises(LeanDied):
        await checker.open(tmp_path / "A.lean", "-- CRASH\n" + TEXT, Spot(31, 36, "", 2, SpotKind.SORRY))
    assert (await checker.open(tmp_path / "A.lean", TEXT, SPOT)).goals


def said(filled: Filled, *about: tuple[str, str]) -> Said:
    """Messages about the first place where a text stands; `#print` answers are informations, the rest warnings."""
    found = []
    for where, message in about:
        at = filled.source.position(filled.source.text.index(where))
        severity = Severity.INFORMATION if where == "#print" else Severity.WARNING
        found.append(Diagnostic(at, Position(at.line, at.column + len(where)), severity, message))
    return Said(filled, tuple(found), ("⊢ p",))


SORRY = ("t", "declaration uses 'sorry'")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("[sorryAx]", "'t' depends on axioms: [propext, Classical.choice, Quot.sound]", None),
        ("[sorryAx]", "'t' does not depend on any axioms", None),
        pytest.param("[sorryAx]", f"'t' depends on axioms: [{REST}]", None, id="the rest"),  # its name is drawn anew
        ("[sorryAx]", "'t' depends on axioms: [propext, sorryAx]", Reason.FINAL),
        ("[sorryAx]", "'t' depends on axioms: [Lean.ofReduceBool]", Reason.FINAL),
        ("[Lean.ofReduceBool]", "'t' depends on axioms: [Lean.ofReduceBool]", Reason.FINAL),
        ("[sorryAx]", "'t' depends on axioms: [mine]", Reason.FINAL),
        ("[mine, sorryAx]", "'t' depends on axioms: [mine]", None),
    ],
)
def test_axioms_of_the_finished_declaration(before: str, after: str, reason: Reason | None) -> None:
    hole = Hole.cut(TEXT, SPOT)
    opening = said(hole.opening(), SORRY, ("#print", f"'t' depends on axioms: {before}"))
    handle = make_handle(Path("A.lean"), hole, opening, parse_main("⊢ p"))
    final = said(hole.final("exact h"), ("#print", after))
    found = alone_verdict(handle, final, Proved())
    assert (found.reason if isinstance(found, Rejected) else None) == reason
    assert isinstance(found, Proved | Rejected)
    # In place a `sorry` may be that of a function in the statement: asked is what the candidate brings.
    in_place = axioms_verdict(handle, final, Proved())
    assert in_place is None if "sorryAx" in after else REST in after or in_place == found


def judged(handle: Handle, final: Said) -> Verdict:
    """The verdict in place, where there is no text about the candidate alone."""
    return axioms_verdict(handle, final, Proved()) or alone_verdict(handle, None, Proved())


def test_a_helper_of_the_declaration_is_not_the_declaration() -> None:
    """`#print axioms t` says nothing about `t.helper`, unless `t` uses it."""
    axiom = "axiom a : p\n"
    text = axiom + "theorem t : p := h\nwhere helper : p := by\n  sorry\n"
    at = text.index("sorry")
    hole = Hole.cut(text, Spot(at, at + 5, "", 2, SpotKind.SORRY))
    handle = make_handle(Path("A.lean"), hole, said(hole.opening()), parse_main("⊢ p"))
    final = said(hole.final("exact h"), ("#print", "'t' does not depend on any axioms"))
    assert isinstance(judged(handle, final), Inconclusive)


def test_all_answers_about_axioms_count() -> None:
    """A name may mean several declarations; Lean answers for each."""
    hole = Hole.cut(TEXT, SPOT)
    handle = make_handle(Path("A.lean"), hole, said(hole.opening(), SORRY), parse_main("⊢ p"))
    both = ("#print", "'t' does not depend on any axioms"), ("#print", "'N.t' depends on axioms: [sorryAx]")
    assert isinstance(alone_verdict(handle, said(hole.final("exact h"), *both), Proved()), Rejected)


def test_a_sorry_that_the_candidate_brings() -> None:
    hole = Hole.cut(TEXT, SPOT)
    handle = make_handle(Path("A.lean"), hole, said(hole.opening(), SORRY), parse_main("⊢ p"))
    assert final_verdict(handle, said(hole.final("my_macro")), "my_macro") is None
    found = final_verdict(handle, said(hole.final("my_macro"), SORRY), "my_macro")
    assert found == Rejected(Reason.FINAL, "the declaration still uses `sorry`")


# What stands above the theorem, with which a proof may rest on something unproved although no message says so.
HIDING = [
    "axiom bad : p\n",
    "def n := 1 axiom bad : p\n",
    "def odd : p := sorry\n",
    "theorem s : p := «sorryAx» p false\n",
    "theorem s : p := Lean.«ofReduceBool» _ _ rfl\n",
    "@[«implemented_by» x] def u := 1\n",
    "set_option «warn.sorry» false\n",
    "set_option warn.«sorry» false\n",
    "theorem «other : p := h\n",
    'macro "magic" : tactic => `(tactic| trivial)\n',
    "set_option warn.sorry false\n",
    "set_option debug.skipKernelTC true in\ntheorem s : p := h\n",
    "#guard_msgs in\ntheorem s : p := h\n",
    "import Mine\n",
    "theorem s : p := by native_decide\n",
    "theorem s : p := by bv_decide\n",
    "theorem s : p := by decide +native\n",
    "opaque o : p\n",
    "unsafe def u := 1\n",
    "@[implemented_by x] def u := 1\n",
    "theorem s : p := Lean.ofReduceBool _ _ rfl\n",
    "run_cmd pure ()\n",
    "@[tactic Lean.Parser.Tactic.omega] def evil : Tactic := x\n",
    "@[init] def evil : IO Unit := x\n",
]
PLAIN = [
    "",
    "-- axiom, sorry\n/- macro -/\n",
    "import Std\nnamespace N\n/-- a `sorry` -/\n@[simp] theorem s : p := h\n#check s\nend N\n",
    'set_option autoImplicit false\nvariable (p : Prop)\ninductive T | axiomatic | native\'\nnotation "x" => 1\n',
    "theorem «other» : p := h\ndef «end» (h : «a b».«open») := h\n",
    'def s := "sorry axiom"\npartial def f := f\n',
]


@pytest.mark.parametrize(("above", "plain"), [(text, False) for text in HIDING] + [(text, True) for text in PLAIN])
def test_what_lean_does_not_tell_must_be_certain_otherwise(above: str, plain: bool) -> None:
    hole = Hole.cut(above + TEXT, replace(SPOT, start=SPOT.start + len(above), end=SPOT.end + len(above)))
    handle = make_handle(Path("A.lean"), hole, said(hole.opening()), parse_main("⊢ p"))
    found = judged(handle, said(hole.final("simp")))
    assert found == Proved() if plain else isinstance(found, Inconclusive) and found.cause is Cause.AXIOMS


def test_an_error_above_or_a_silencing_option_makes_nothing_certain() -> None:
    text = "theorem s : p := oops\n" + TEXT
    hole = Hole.cut(text, replace(SPOT, start=SPOT.start + 22, end=SPOT.end + 22))
    error = replace(said(hole.opening(), ("oops", "unknown")).diagnostics[0], severity=Severity.ERROR)
    opening = Said(hole.opening(), (error,), ("⊢ p",))
    for handle in (
        make_handle(Path("A.lean"), hole, opening, parse_main("⊢ p")),
        make_handle(Path("A.lean"), hole, said(hole.opening()), parse_main("⊢ p"), silenced=True),
    ):
        assert isinstance(judged(handle, said(hole.final("simp"))), Inconclusive)
