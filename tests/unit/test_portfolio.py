"""What the automation source proposes for a goal, before any Lean is asked."""

import pytest

from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.suggest.sources.automation import AutomationInquiry, AutomationSource
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.portfolio import FOLLOW_UPS, FORMS, Form, Over
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Function, GoalState, Hypothesis, MainGoal
from ghostproof.verify.verdict import Candidate, Checked, Reason, Rejected, Verdict
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, UNPARSED, progress, state_of

CONTEXT = Context(FILE, TEXT, SPOT)


async def proposed(inquiry: AutomationInquiry) -> list[str]:
    return [p.candidate.text async for p in inquiry.propose()]


async def candidates(state: GoalState, context: Context = CONTEXT) -> list[str]:
    return await proposed(AutomationSource().begin(state, context))


def learned(inquiry: AutomationInquiry, text: str, verdict: Verdict, *hints: str) -> list[Proposal]:
    return list(inquiry.learn(Checked(Candidate(text, "test"), verdict, hints)))


def above(text: str) -> Context:
    return Context(FILE, text, Spot(len(text), len(text), "", 2, SpotKind.BLANK_LINE))


async def test_forms_for_the_head_of_the_target() -> None:
    conjunction = await candidates(state_of("p q : Prop\n⊢ p ∧ q"))
    disjunction = await candidates(state_of("p q : Prop\n⊢ p ∨ q"))
    assert "constructor" in conjunction
    assert "left" not in conjunction
    assert {"left", "right"} <= set(disjunction)
    assert "constructor" not in disjunction


@pytest.mark.parametrize(
    ("witness", "value"),
    [
        ("Nat", "n"), ("List Nat", "xs"), ("Bool", "true"), ("Int", "0"), ("List (List Nat)", "[]"), ("Tree", ""),
        ("", "xs"),
    ],
)  # fmt: skip
async def test_a_value_that_may_exist_is_of_the_type_that_lean_tells(witness: str, value: str) -> None:
    variables = (Hypothesis("n", "Nat"), Hypothesis("xs", "List Nat"))
    main = MainGoal("n : Nat\nxs : List Nat\n⊢ ∃ x, p x", "∃ x, p x", "Exists", (), variables, witness=witness)
    found = [text for text in await candidates(state_of(main.goal, main=main)) if text.startswith("exists ")]
    assert found == ([f"exists {value}"] if value else [])


async def test_cheap_forms_come_first() -> None:
    tiers = [p.tier async for p in AutomationSource().begin(state_of("n : Nat\n⊢ n = n + 0"), CONTEXT).propose()]
    assert tiers == sorted(tiers)
    assert tiers[0] is Tier.INSTANT


async def test_intro_takes_the_binders_names() -> None:
    main = MainGoal("x : Nat\n⊢ ∀ (x y : Nat), x < y → y ≠ 0", "∀ (x y : Nat), x < y → y ≠ 0", "∀", ("x", "y", ""))
    assert "intro x' y h" in await candidates(state_of(main.goal, main=MainGoal(**{**vars(main), "hypotheses": ()})))


@pytest.mark.parametrize(
    ("wishes", "taken", "names"),
    [
        (["n", "m"], [], ["n", "m"]),
        (["n", "n"], [], ["n", "n'"]),
        (["", "", ""], [], ["h", "h₁", "h₂"]),
        (["a✝", "tail✝"], ["h"], ["h₁", "tail"]),
        (["n"], ["n", "n'"], ["n''"]),
        (["x.1", "by"], [], ["h", "«by»"]),
    ],
)
def test_fresh_names(wishes: list[str], taken: list[str], names: list[str]) -> None:
    assert fresh(wishes, taken) == names


async def test_packed_hypotheses_are_taken_apart() -> None:
    texts = await candidates(state_of("p q : Nat → Prop\nh : ∃ x, p x ∧ q x\n⊢ ∃ x, q x"))
    assert "obtain ⟨x, h, h₁⟩ := h" in texts


async def test_what_the_checker_says_is_used() -> None:
    goal = "t : Tree\nxs : List Nat\n⊢ size (f t xs) = 0"
    main = MainGoal(
        goal,
        "size (f t xs) = 0",
        "Eq",
        (),
        (Hypothesis("t", "Tree", inductive="Tree", recursive=True), Hypothesis("xs", "List Nat", False, "List", True)),
        (Function("size", True, ("size (f t xs)",)), Function("f", True, ("f t xs",))),
    )
    texts = await candidates(state_of(goal, main=main))
    assert "simp [size, f]" in texts
    assert "induction t <;> grind [size, f]" in texts
    assert "induction t generalizing xs <;> simp_all [size, f]" in texts
    assert "fun_induction f t xs <;> grind [size, f]" in texts
    assert texts.index("induction t") < texts.index("induction xs")


async def test_the_file_fills_in_what_the_checker_does_not_know() -> None:
    text = (
        "namespace A\ninductive Tree where\n  | leaf\n  | node (l r : Tree)\n"
        "def Tree.size : Tree → Nat\n  | leaf => 0\n  | node l r => l.size + r.size\n"
        "end A\n\ntheorem t (t : A.Tree) : t.size = t.size := by\n  "
    )
    texts = await candidates(state_of("t : A.Tree\n⊢ t.size = t.size"), above(text))
    assert "simp [A.Tree.size]" in texts
    assert "induction t" in texts
    assert "fun_induction A.Tree.size <;> simp_all" in texts


def test_declarations_of_a_file() -> None:
    found = scan(
        "namespace A\n@[simp] private noncomputable def f (n : Nat) : Nat := match n with | 0 => 0 | n + 1 => f n\n"
        "structure S where\n  x : Nat\ninductive Even : Nat → Prop where\n  | zero : Even 0\nsection\n"
    )
    assert found.functions["f"].name == "f"
    assert found.functions["f"].recursive
    assert not found.types["S"].recursive
    assert found.types["Even"].is_prop


async def test_a_tactic_that_lean_does_not_parse_is_not_tried_again() -> None:
    source = AutomationSource()
    state = state_of("n : Nat\n⊢ n = n")
    first = source.begin(state, CONTEXT)
    assert "ring" in await proposed(first)
    learned(first, "ring", UNPARSED)
    assert "ring" not in await proposed(source.begin(state, CONTEXT))
    elsewhere = Context(FILE, "import Mathlib\n" + TEXT, SPOT)
    assert "ring" in await proposed(source.begin(state, elsewhere))


async def test_a_form_that_does_not_parse_says_nothing_about_its_tactic() -> None:
    source = AutomationSource()
    state = state_of("n : Nat\n⊢ n = n")
    learned(source.begin(state, CONTEXT), "simp [odd name]", UNPARSED)
    assert "simp" in await proposed(source.begin(state, CONTEXT))


def test_advice_replaces_the_search_that_gave_it() -> None:
    inquiry = AutomationSource().begin(state_of("⊢ p"), CONTEXT)
    assert [p.candidate for p in learned(inquiry, "exact?", UNPARSED, "exact foo", "exact bar")] == [
        Candidate("exact foo", "exact?"),
        Candidate("exact bar", "exact?"),
    ]
    asked = learned(inquiry, "grind? +suggestions", UNPARSED, "grind only [foo]")
    assert [p.candidate for p in asked] == [Candidate("grind only [foo]", "grind?")]
    (proposal,) = learned(inquiry, "intro h\nexact?", UNPARSED, "exact foo h")
    assert proposal.candidate.text == "intro h\nexact foo h"
    assert proposal.tier is Tier.HINT
    assert learned(inquiry, "simp", PROVED, "simp only") == []


def test_the_search_goes_on_behind_a_step_that_loses_nothing() -> None:
    inquiry = AutomationSource().begin(state_of("p : Prop\n⊢ p → p"), CONTEXT)
    after = learned(inquiry, "intro h", progress("p : Prop\nh : p\n⊢ p"))
    assert "intro h\nexact h" in [p.candidate.text for p in after]
    assert all(p.step for p in after)
    assert learned(inquiry, "intro h\nsimp", progress("⊢ p")) == []


def test_a_proof_by_cases_is_put_together_case_by_case() -> None:
    inquiry = AutomationSource().begin(state_of("n : Nat\n⊢ f n = 0"), CONTEXT)
    goals = "case zero\n⊢ f 0 = 0", "case succ\nn✝ : Nat\na✝ : f n✝ = 0\n⊢ f (n✝ + 1) = 0"
    named, *first = [p.candidate.text for p in learned(inquiry, "induction n", progress(*goals))]
    assert named == "induction n with\n| zero => _\n| succ n ih => _"
    assert "induction n with\n| zero => rfl\n| succ n ih => ?_" in first
    second = learned(inquiry, first[0], progress(goals[1]))
    assert second[0].candidate.text == "induction n with\n| zero => rfl\n| succ n ih => rfl"
    assert learned(inquiry, first[1], progress(goals[1])) == []


def test_goals_behind_the_main_goal_are_none_of_its_cases() -> None:
    inquiry = AutomationSource().begin(state_of("n : Nat\n⊢ f n = 0", "⊢ other"), CONTEXT)
    after = learned(inquiry, "cases n", progress("case zero\n⊢ f 0 = 0", "case succ\nn✝ : Nat\n⊢ f n✝ = 0", "⊢ other"))
    assert [p.candidate.text.count("|") for p in after[:2]] == [2, 2]


@pytest.mark.parametrize("form", [*FORMS, *FOLLOW_UPS], ids=lambda form: form.text)
def test_every_form_is_well_made(form: Form) -> None:
    slots = {
        Over.GOAL: set(),
        Over.PREDICATE: {"h", "pred"},
        Over.PACKED: {"h", "pattern"},
        Over.RECURSIVE: {"x"},
        Over.GENERAL: {"x", "rest", "y"},
        Over.DATA: {"x"},
        Over.PAIR: {"x", "y"},
        Over.CALL: {"call"},
        Over.FUNCTION: {"f"},
        Over.WORD: {"word"},
    }.get(form.over, {"h"})
    assert form.slots <= slots | {"fs", "names", "arg", "witness"}
    assert form.over is Over.GOAL or form.slots & slots


def test_no_form_is_there_twice() -> None:
    assert len({(form.text, form.over) for form in FORMS}) == len(FORMS)


async def test_the_library_is_searched_on_where_its_first_find_is_refused() -> None:
    """Once; what it found before is not tried again, and of the rest no more than a few."""
    inquiry = AutomationSource().begin(state_of("n : Nat\n⊢ p n"), CONTEXT)
    refused = Rejected(Reason.FINAL, "it rests on `bad`, not finished yet")
    sought = Rejected(Reason.FORBIDDEN, "`exact?` looks for a proof")
    assert [p.candidate.text for p in learned(inquiry, "exact?", sought, "exact bad n")] == ["exact bad n"]
    (further,) = learned(inquiry, "exact bad n", refused)
    assert (further.candidate.text, further.tier) == ("exact? +all", Tier.SLOW)
    others = [f"exact other_{at} n" for at in range(20)]
    found = [p.candidate.text for p in learned(inquiry, "exact? +all", sought, "exact bad n", *others)]
    assert found == others[: len(found)]
    assert 3 < len(found) < 10
    assert learned(inquiry, found[0], refused) == []


async def test_what_another_source_had_refused_starts_no_search() -> None:
    inquiry = AutomationSource().begin(state_of("n : Nat\n⊢ p n"), CONTEXT)
    assert learned(inquiry, "exact bad n", Rejected(Reason.FINAL, "it rests on `bad`, not finished yet")) == []
    assert learned(inquiry, "exact good n", PROVED) == []


async def test_an_abbreviation_is_unfolded_by_simp_and_not_told_to_grind() -> None:
    texts = await candidates(
        state_of("n : Nat\n⊢ twice n = half n"), above("abbrev twice (n : Nat) := n + n\ndef half (n : Nat) := n\n")
    )
    assert "simp [twice, half]" in texts
    assert "grind [half]" in texts
    assert not any("grind [" in text and "twice" in text.partition("grind [")[2] for text in texts)
