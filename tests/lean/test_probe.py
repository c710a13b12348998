"""The probe against a real Lean: what it sees in a goal, what it keeps between edits, and what nothing may break."""

import asyncio
import os
import signal

import psutil
import pytest

from ghostproof.config import Config
from ghostproof.errors import LeanTimeout, NoGoal
from ghostproof.lean.probe_session import Capacity
from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict
from ghostproof.workspace import make_probe
from support.marked import place

pytestmark = pytest.mark.lean
LIMITS = Limits(seconds=60.0)


async def opened(probe: ProbeChecker, project: Project, marked: str, name: str = "A.lean") -> GoalState:
    hole = place(marked)
    return await probe.open(project.root / name, hole.text, hole.spot)


async def verdict(probe: ProbeChecker, state: GoalState, text: str, limits: Limits = LIMITS) -> Verdict:
    return (await probe.check(state, Candidate(text, "test"), limits)).verdict


TREE = """inductive Tree (α : Type) where
  | leaf : Tree α
  | node : Tree α → α → Tree α → Tree α
namespace Tree
def size : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size
def mirror : Tree α → Tree α
  | leaf => leaf
  | node l x r => node r.mirror x l.mirror
def double (n : Nat) := n + n
theorem size_mirror (t : Tree α) (h : double 2 = 4) : t.mirror.size = t.size := by
  ⟦sorry⟧
end Tree
"""


async def test_the_main_goal_taken_apart(probe: ProbeChecker, project: Project) -> None:
    main = (await opened(probe, project, TREE)).main
    assert (main.target, main.head) == ("size (mirror t) = size t", "Eq")
    assert "⊢ t.mirror.size = t.size" in main.goal, "people see it as Lean prints it"
    hyps = [(h.name, h.type, h.is_prop, h.inductive, h.recursive) for h in main.hypotheses]
    assert hyps == [
        ("α", "Type", False, "", False),
        ("t", "Tree α", False, "Tree", True),
        ("h", "double 2 = 4", True, "Eq", False),
    ]
    functions = [(f.name, f.recursive, f.applications) for f in main.functions]
    assert functions == [
        ("size", True, ("size (mirror t)", "size t")),
        ("mirror", True, ("mirror t",)),
        ("double", False, ("double 2",)),
    ]


async def test_a_function_with_fewer_arguments_than_its_type_has(probe: ProbeChecker, project: Project) -> None:
    text = """def run : List Nat → (Nat → Nat) → (Nat → Nat)
  | [], s => s
  | n :: ns, s => run ns fun m => s (m + n)
def twice (n : Nat) : Nat := n + n
example (ns : List Nat) (s : Nat → Nat) (h : twice = twice) : run ns s = run (ns.map twice) s := by
  ⟦sorry⟧
"""
    run, twice = (await opened(probe, project, text)).main.functions
    assert (run.name, run.applications) == ("run", ("run ns s", "run (List.map twice ns) s"))
    assert (run.arguments, run.result) == (("List Nat", "Nat → Nat"), "Nat → Nat")
    assert (twice.applications, twice.arguments) == ((), ())


async def test_binders_of_a_statement(probe: ProbeChecker, project: Project) -> None:
    main = (await opened(probe, project, "example : ∀ n m : Nat, n = m → m = n := by\n  ⟦sorry⟧\n")).main
    assert (main.head, main.binders) == ("∀", ("n", "m", ""))


async def test_a_shadowed_hypothesis_is_inaccessible(probe: ProbeChecker, project: Project) -> None:
    text = "example (h : 1 = 1) : 2 = 2 → True := by\n  intro h\n  ⟦sorry⟧\n"
    main = (await opened(probe, project, text)).main
    assert [h.accessible for h in main.hypotheses] == [False, True]


@pytest.mark.parametrize(
    ("marked", "proof"),
    [
        ("def f : Nat → { n : Nat // 0 < n }\n  | 0 => ⟨1, by ⟦sorry⟧⟩\n  | n + 1 => f n\n", "decide"),
        ("theorem t : 1 = 1 ∧ 2 = 2 :=\n  ⟨rfl, aux⟩\nwhere\n  aux : 2 = 2 := by\n    ⟦sorry⟧\n", "rfl"),
        ("theorem t (p q : Prop) (h : p ∧ q) : q := by\n  cases h\n  case intro a b =>\n    ⟦sorry⟧\n", "exact b"),
        ("theorem t (p : Prop) (h : p) : p ∧ p := by\n  constructor\n  all_goals ⟦sorry⟧\n", "exact h"),
        ("theorem t (p : Prop) (h : p) : p ∧ p := by\n  constructor <;> ⟦sorry⟧\n", "assumption"),
        ("theorem t (p : Prop) (h : p) : p := by\n  first\n  | fail\n  | ⟦sorry⟧\n", "exact h"),
        ("theorem t (n : Nat) : n = n := by\n  induction n with\n  | zero => rfl\n  | succ n ih => ⟦sorry⟧\n", "rfl"),
        ("theorem t : (fun x : Nat => x) = id := by\n  funext x\n  show x = id x\n  ⟦sorry⟧\n", "rfl"),
        (
            "variable (n : Nat)\nnamespace A\nopen Nat\ntheorem t : n + 0 = n := by ⟦sorry⟧\nend A\n",
            "exact Nat.add_zero n",
        ),
        (
            "def g (n : Nat) : Nat := if h : n = 0 then 0 else g (n / 2)\ntermination_by n\ndecreasing_by ⟦sorry⟧\n",
            "omega",
        ),
        ("abbrev 𝕂 := Nat\ntheorem t (𝕩 : 𝕂) : 𝕩 = 𝕩 := by /- 𝕜 -/ ⟦sorry⟧", "rfl"),
        ("theorem t (a b : Nat) (h : a = b) : b = a :=\n  (fun x => by ⟦sorry⟧ : 1 = 1 → b = a) rfl\n", "exact h.symm"),
        ("theorem t : ∃ n : Nat, n * n = 9 := by\n  refine ⟨3, ?_⟩\n  ⟦sorry⟧\n", "rfl"),
        ("example : True := by\n  have : ∀ n : Nat, n ≤ n := by\n    intro n\n    ⟦sorry⟧\n  trivial\n", "omega"),
        (
            "theorem t (f : Nat → Nat) (h : ∀ x, f x = x) : f 2 = 2 := by\n  calc f 2\n    _ = 2 := by ⟦sorry⟧\n",
            "simp [h]",
        ),
    ],
)
async def test_places(probe: ProbeChecker, project: Project, marked: str, proof: str) -> None:
    state = await opened(probe, project, marked)
    assert await verdict(probe, state, proof) == Proved()


async def test_a_helper_below_the_theorem_is_no_circle(probe: ProbeChecker, project: Project) -> None:
    marked = "theorem t : 1 = 1 ∧ 2 = 2 := by\n  ⟦sorry⟧\nwhere aux : 2 = 2 := rfl\n"
    assert await verdict(probe, await opened(probe, project, marked), "exact ⟨rfl, t.aux⟩") == Proved()


async def test_a_circle_through_the_simplifier(probe: ProbeChecker, project: Project) -> None:
    state = await opened(probe, project, "theorem t (f : Nat → Nat) : f 0 = f (f 0) := by\n  ⟦sorry⟧\n")
    for text in ("simp [← t f]", "rw [← t]", "have := t f\nexact this", "exact (by exact t f)", "apply t", "grind [t]"):
        answer = await verdict(probe, state, text)
        assert isinstance(answer, Rejected), text


async def test_no_mathematics_out_of_nothing(probe: ProbeChecker, project: Project) -> None:
    marked = 'macro "cheat" : tactic => `(tactic| exact sorryAx _ true)\ntheorem t : 1 = 2 := by\n  ⟦sorry⟧\n'
    state = await opened(probe, project, marked)
    for text in ("cheat", "exact lcProof", "exact (sorryAx _ : 1 = 2)", "decide +native", "stop", "repeat sorry"):
        answer = await verdict(probe, state, text)
        assert isinstance(answer, Rejected), text
        assert answer.reason in (Reason.FORBIDDEN, Reason.FINAL), text


async def test_what_is_in_the_hole_can_t_change_what_stands_around_it(probe: ProbeChecker, project: Project) -> None:
    state = await opened(probe, project, "theorem t (p : Prop) (h : p) : p ∧ p := by\n  exact ⟨by ⟦sorry⟧, h⟩\n")
    assert await verdict(probe, state, "exact h") == Proved()
    for text in ("exact h -- ", "exact h⟩⟨", "exact (h, h", "exact h\n\nexact h"):
        answer = await verdict(probe, state, text)
        assert isinstance(answer, Rejected), text


async def test_equal_goals_count_as_no_progress(probe: ProbeChecker, project: Project) -> None:
    state = await opened(probe, project, "theorem t (p q : Prop) (h : p) : q → p ∧ q := by\n  ⟦sorry⟧\n")
    for text in ("skip", "show q → p ∧ q", "intro x\nrevert x", "try omega"):
        answer = await verdict(probe, state, text)
        assert isinstance(answer, Rejected), text
        assert answer.reason is Reason.NO_PROGRESS, text
    assert isinstance(await verdict(probe, state, "intro x"), Progress)


async def test_equal_goals_with_metavariables_count_as_no_progress(probe: ProbeChecker, project: Project) -> None:
    text = "theorem t (a : Nat) : ∃ n, n + 0 = a := by\n  constructor\n  ⟦sorry⟧\n"
    state = await opened(probe, project, text)
    for tactic in ("skip", "show ?w + 0 = a", "try omega"):
        answer = await verdict(probe, state, tactic)
        assert isinstance(answer, Rejected), tactic
        assert answer.reason is Reason.NO_PROGRESS, tactic
    assert isinstance(await verdict(probe, state, "show ?w = a"), Progress)


async def test_candidates_do_not_see_each_other(probe: ProbeChecker, project: Project) -> None:
    state = await opened(probe, project, "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  ⟦sorry⟧\n")
    texts = ["constructor", "have x := hp", "exact ⟨hp, hq⟩", "exact x", "constructor", "exact ⟨hp, hq⟩"] * 4
    answers = await asyncio.gather(*(verdict(probe, state, text) for text in texts))
    alone = {text: await verdict(probe, state, text) for text in set(texts)}
    assert answers == [alone[text] for text in texts]


async def test_carriage_returns(probe: ProbeChecker, project: Project) -> None:
    text = place("theorem a : 1 = 1 := rfl\ntheorem t (p : Prop) (h : p) : p := by\n  ⟦sorry⟧\n").text
    at = text.index("sorry")
    state = await probe.open(
        project.root / "Crlf.lean", text.replace("\n", "\r\n"), Spot(at, at + 5, "", 2, SpotKind.SORRY)
    )
    assert await verdict(probe, state, "exact h") == Proved()


@pytest.mark.parametrize("lead", ["\n  ", " "])
async def test_a_spot_that_brings_its_own_lead(probe: ProbeChecker, project: Project, lead: str) -> None:
    text = "theorem t (p q : Prop) (h : p ∧ q) : p := by"
    state = await probe.open(project.root / "Lead.lean", text, Spot(len(text), len(text), lead, 2, SpotKind.AFTER_BY))
    assert await verdict(probe, state, "exact h.1") == Proved()
    if lead != " ":
        assert await verdict(probe, state, "cases h\nassumption") == Proved()


async def test_the_user_s_own_options_hold(probe: ProbeChecker, project: Project) -> None:
    marked = "set_option maxRecDepth 40 in\ntheorem t : (List.range 30).length = 30 := by\n  ⟦sorry⟧\n"
    state = await opened(probe, project, marked)
    assert isinstance(await verdict(probe, state, "decide"), Inconclusive)


async def test_a_missing_import_is_said(probe: ProbeChecker, project: Project) -> None:
    with pytest.raises(NoGoal, match="imports") as raised:
        await opened(probe, project, "import No.Such.Module\ntheorem t : 1 = 1 := by\n  ⟦sorry⟧\n", "Import.lean")
    assert "unknown module prefix 'No'" in raised.value.hint


async def test_edits_above_are_seen(probe: ProbeChecker, project: Project) -> None:
    below = "theorem t : f 1 = 2 := by\n  ⟦sorry⟧\n"
    for value, right in (("n + 1", True), ("n + 2", False), ("n + 1", True)):
        state = await opened(probe, project, f"def f (n : Nat) := {value}\n{below}", "Edit.lean")
        assert (await verdict(probe, state, "rfl") == Proved()) is right


async def test_text_behind_a_command_changes_it(probe: ProbeChecker, project: Project) -> None:
    below = "\ntheorem t : f = 2 := by\n  ⟦sorry⟧\n"
    for text in ("def f := 2", "def f := 2 + 0", "def f :=\n  2", "def f := 2 -- 3"):
        state = await opened(probe, project, text + below, "Behind.lean")
        assert await verdict(probe, state, "rfl") == Proved(), text


async def test_an_old_state_is_served_with_its_own_text(probe: ProbeChecker, project: Project) -> None:
    old = await opened(probe, project, "theorem t : 1 = 1 ∧ 2 = 2 := by\n  constructor\n  ⟦sorry⟧\n  rfl\n", "Old.lean")
    new = await opened(probe, project, "theorem t : 1 = 1 ∧ 2 = 2 := by\n  constructor\n  ⟦sorry⟧\n", "Old.lean")
    assert old.key != new.key
    assert await verdict(probe, old, "all_goals rfl") != Proved()
    assert await verdict(probe, new, "all_goals rfl") == Proved()


async def test_cancelling_frees_the_slots(probe: ProbeChecker, project: Project) -> None:
    marked = "theorem t (f : Nat → Nat) (h : ∀ x, f x = f (x + 1)) : f 0 = 1 := by\n  ⟦sorry⟧\n"
    state = await opened(probe, project, marked)
    endless = "repeat rw [h]"
    for _ in range(3):
        tasks = [asyncio.ensure_future(verdict(probe, state, endless)) for _ in range(4)]
        await asyncio.wait(tasks, timeout=0.2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(await verdict(probe, state, "have := h 0"), Progress)
    late = await verdict(probe, state, endless, Limits(seconds=0.2))
    assert isinstance(late, Inconclusive)


async def test_heartbeats(probe: ProbeChecker, project: Project) -> None:
    marked = "theorem t (f : Nat → Nat) (h : ∀ x, f x = f (x + 1)) : f 0 = 1 := by\n  ⟦sorry⟧\n"
    state = await opened(probe, project, marked)
    answer = await verdict(probe, state, "repeat rw [h]", Limits(heartbeats=20, seconds=60.0))
    assert isinstance(answer, Inconclusive)
    assert answer.cause is Cause.HEARTBEATS


async def test_a_failure_is_told_without_goals_and_terms_where_nobody_reads_them(
    probe: ProbeChecker, project: Project
) -> None:
    state = await opened(probe, project, "theorem t (a b : Nat) (h : a = b) : b + a = 7 := by\n  ⟦sorry⟧\n")
    for tactic, term in (("exact h", "a = b"), ("rfl", "b + a"), ("simp at h ⊢; omega", "")):
        whole, brief = [await verdict(probe, state, tactic, Limits(seconds=60.0, brief=one)) for one in (False, True)]
        assert isinstance(whole, Rejected)
        assert isinstance(brief, Rejected)
        assert (whole.reason, term in whole.message) == (brief.reason, True)
        assert brief.message.split("\n")[0].split("…")[0].strip() in whole.message
        assert not term or (term not in brief.message and "…" in brief.message)
    parsed = [await verdict(probe, state, "exact (", Limits(seconds=60.0, brief=one)) for one in (False, True)]
    assert parsed[0] == parsed[1]


async def test_what_was_dropped_comes_back_and_many_headers_do_not_fill_the_memory(project: Project) -> None:
    probe = make_probe(project, Config(), capacity=Capacity(headers=2, documents=2, states=2))
    try:
        await probe.start()
        states = [
            await opened(probe, project, f"theorem t : {n} + 1 = {n + 1} := by\n  ⟦sorry⟧\n", f"Many{n}.lean")
            for n in range(5)
        ]
        assert [await verdict(probe, state, "rfl") for state in states] == [Proved()] * 5
        pids = []
        for imports in ("", "import Init.Data.List\n", "import Init.Data.Nat\n"):
            state = await opened(probe, project, imports + "theorem t : 1 = 1 := by\n  ⟦sorry⟧\n", "Headers.lean")
            assert await verdict(probe, state, "rfl") == Proved()
            pids.append(probe.session.pid)
        assert pids[0] == pids[1] != pids[2]
    finally:
        await probe.close()


RUNAWAY = """set_option maxHeartbeats 0
set_option maxRecDepth 1000000
theorem slow (f : Nat → Nat) (h : ∀ x, f x = f (x + 1)) : f 0 = 1 := by
  repeat rw [h]
theorem t : 1 = 1 := by
  ⟦sorry⟧
"""


async def test_a_runaway_above_and_what_comes_after(project: Project) -> None:
    probe = make_probe(project, Config())
    probe._states._document_s = 1.0  # the deadline of a file, which the settings do not offer
    try:
        await probe.start()
        with pytest.raises(LeanTimeout):
            await opened(probe, project, RUNAWAY, "Runaway.lean")
        probe._states._document_s = Config().lean.document_s
        state = await opened(probe, project, "theorem t : 1 = 1 := by\n  ⟦sorry⟧\n", "Fine.lean")
        assert await verdict(probe, state, "rfl") == Proved()
    finally:
        await probe.close()


async def test_a_killed_lean_costs_no_verdict_and_comes_back(project: Project) -> None:
    probe = make_probe(project, Config())
    try:
        await probe.start()
        marked = "theorem t (f : Nat → Nat) (h : ∀ x, f x = f (x + 1)) : f 0 = 1 ∨ 1 = 1 := by\n  ⟦sorry⟧\n"
        state = await opened(probe, project, marked)
        running = asyncio.ensure_future(verdict(probe, state, "repeat rw [h]", Limits(heartbeats=400, seconds=60.0)))
        await asyncio.wait([running], timeout=0.1)
        first = probe.session.pid
        assert first is not None
        os.killpg(first, signal.SIGKILL)
        answer = await running
        assert isinstance(answer, Inconclusive)
        assert answer.cause is Cause.HEARTBEATS
        assert await verdict(probe, state, "exact .inr rfl") == Proved()
        assert probe.session.pid != first

        second = probe.session.pid
        assert second is not None
        slow = "theorem s (f : Nat → Nat) (h : ∀ x, f x = f (x + 1)) : f 0 = 1 := by\n  repeat rw [h]\n"
        opening = asyncio.ensure_future(opened(probe, project, slow + marked, "Slow.lean"))
        await asyncio.wait([opening], timeout=0.1)
        os.killpg(second, signal.SIGKILL)
        await opening
        assert probe.session.pid != second

        assert await verdict(probe, state, "exact .inr rfl") == Proved()
        third = probe.session.pid
        assert third is not None
        running = asyncio.ensure_future(verdict(probe, state, "repeat rw [h]", Limits(seconds=60.0, brief=True)))
        await asyncio.wait([running], timeout=0.1)
        os.killpg(third, signal.SIGKILL)
        answer = await running  # in a search, what had run for longest is not tried again
        assert isinstance(answer, Inconclusive)
        assert answer.cause is Cause.CRASH
        assert await verdict(probe, state, "exact .inr rfl") == Proved()
    finally:
        await probe.close()
    assert not psutil.pid_exists(second)


@pytest.mark.parametrize(
    ("proof", "used"),
    [
        ("exact fun h _ => h", (True, False)),
        ("intro h k\n  simp_all", None),
        ("intro h k\n  exact absurd h (by rw [k]; decide)", (True, True)),
    ],
)
async def test_which_premises_a_proof_uses_is_told(
    probe: ProbeChecker, project: Project, proof: str, used: tuple[bool, ...] | None
) -> None:
    goal = "theorem t (f : Nat → Nat) : f 0 = 1 := by\n  ⟦sorry⟧\n"
    state = await opened(probe, project, goal, "Premises.lean")
    text = f"have : f 0 = 0 → f 0 = 1 → f 0 = 0 := by\n  {proof}"
    if used == (True, True):
        text = f"have : f 0 = 0 → f 0 = 1 → False := by\n  {proof}"
    checked = await probe.check(state, Candidate(text, "test"), LIMITS)
    assert isinstance(checked.verdict, Progress), checked.verdict
    assert len(checked.premises) == 2
    assert used is None or checked.premises == used
