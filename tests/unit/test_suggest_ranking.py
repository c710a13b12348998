"""What is shown of what Lean accepted, and in which order."""

from ghostproof.suggest.ranking import rank
from ghostproof.suggest.ranking import state_of as normal_state
from ghostproof.syntax.goal import normal_form, parse_goal
from ghostproof.verify.verdict import Candidate, Checked, Suggestion, Verdict
from support.scripted_checker import PROVED, progress, state_of

STATE = state_of("p q : Prop\nh : p ∧ q\n⊢ q ∧ p")


def accepted(text: str, verdict: Verdict) -> Suggestion:
    return Suggestion.of(Checked(Candidate(text, "test"), verdict))


def shown(*pairs: tuple[str, Verdict], closers: int = 1, limit: int = 8, goal: str = "", **more: object) -> list[str]:
    state = state_of(goal) if goal else STATE
    suggestions = [accepted(text, verdict) for text, verdict in pairs]
    return [s.text for s in rank(state, suggestions, closers=closers, limit=limit, **more)]  # type: ignore[arg-type]


def test_what_closes_the_goal_comes_first_and_shortest() -> None:
    assert shown(("constructor", progress("⊢ q", "⊢ p")), ("simp_all", PROVED), ("grind", PROVED)) == [
        "grind",
        "constructor",
    ]


def test_at_equal_length_the_plainer_tactic_wins() -> None:
    assert shown(("grind", PROVED), ("omega", PROVED)) == ["omega"]
    assert shown(("trivial", PROVED), ("exact h", PROVED)) == ["exact h"]


def test_more_closers_on_request() -> None:
    assert shown(("grind", PROVED), ("omega", PROVED), ("simp", PROVED), closers=2) == ["simp", "omega"]


def test_the_projects_own_ways_stand_beside_the_best_one() -> None:
    own = [Suggestion.of(Checked(Candidate(f"rw [lemma{n}, h]", "nearest"), PROVED)) for n in range(4)]
    other = [
        accepted("simp_all", PROVED),
        accepted("grind [f]", PROVED),
        accepted("constructor", progress("⊢ q", "⊢ p")),
    ]
    found = [s.text for s in rank(STATE, [*own, *other], own=("nearest",))]
    assert found == ["simp_all", "rw [lemma0, h]", "rw [lemma1, h]", "constructor"]
    assert [s.text for s in rank(STATE, [*own, *other], own=("nearest",), limit=2)] == ["simp_all", "rw [lemma0, h]"]
    assert [s.text for s in rank(STATE, [*own, *other])] == ["simp_all", "constructor"]


def test_steps_of_the_projects_own_way_are_kept_wherever_they_would_stand() -> None:
    plain = [accepted(f"plain{n}", progress(f"⊢ a{n}")) for n in range(9)]
    own = [Suggestion.of(Checked(Candidate(f"own{n}", "nearest"), progress(f"⊢ far away {n}"))) for n in range(5)]
    of_steps = [s.text for s in rank(STATE, [*plain, *reversed(own)], own=("nearest",))]
    assert of_steps == ["plain0", "plain1", "plain2", "plain3", "plain4", "own4", "own3", "own2"]
    beside = [s.text for s in rank(STATE, [accepted("simp", PROVED), *plain, *own], own=("nearest",))]
    assert beside == ["simp", "plain0", "plain1", "plain2", "own0", "own1", "own2"]
    assert [s.text for s in rank(STATE, [*plain, *own])] == [f"plain{n}" for n in range(8)]


def test_a_step_that_proofs_take_may_make_the_goal_bigger() -> None:
    before = "s : List Nat\na : Nat\n⊢ length (a :: s) = 1"
    state = state_of(before)
    longer = before.replace("length (a :: s)", "length s + (1 + 0)")
    split = progress(before.replace("⊢", "h : p a\n⊢"), before.replace("⊢", "h : ¬p a\n⊢"))
    taken = [("rw [length]", progress(longer)), ("cases h : p a", split)]
    own = [Suggestion.of(Checked(Candidate(text, "nearest"), verdict)) for text, verdict in taken]
    assert [s.text for s in rank(state, own, own=("nearest",))] == ["rw [length]", "cases h : p a"]
    assert rank(state, own) == ()
    # What changes nothing, leads back, or gives the goal up is a detour whosever it is.
    idle = [progress(before), progress("s : List Nat\na : Nat\n⊢ False")]
    vain = [Suggestion.of(Checked(Candidate(f"vain{n}", "nearest"), verdict)) for n, verdict in enumerate(idle)]
    assert rank(state, vain, own=("nearest",)) == ()
    assert rank(state, own[:1], own=("nearest",), seen={normal_state((longer,))}) == ()


def test_a_step_of_the_projects_own_way_that_leaves_more_than_proofs_to_find_is_not_kept() -> None:
    steps = [
        Suggestion.of(Checked(Candidate(f"apply l{n}", "nearest"), progress(f"⊢ P ?a{n}", "⊢ Q"))) for n in range(5)
    ]
    plain = [accepted(f"step{n}", progress(f"⊢ R {n}")) for n in range(4)]
    found = rank(STATE, [accepted("simp", PROVED), *plain, *steps], own=("nearest",))
    assert [s.text for s in found] == ["simp", "step0", "step1", "step2"]


def test_closing_the_main_goal_of_several_ranks_behind_a_proof_and_before_steps() -> None:
    state = state_of("⊢ a", "⊢ b")
    all_done = accepted("all_goals simp_all", PROVED)
    main_done = accepted("simp", progress("⊢ b", closed_main=True))
    step = accepted("intro x", progress("x : Nat\n⊢ c", "⊢ b"))
    assert [s.text for s in rank(state, [step, main_done, all_done], closers=2)] == [
        "all_goals simp_all",
        "simp",
        "intro x",
    ]


def test_fewer_then_simpler_goals_then_shorter_text() -> None:
    one = progress("p q : Prop\n⊢ q")
    assert shown(
        ("two", progress("⊢ q", "⊢ p")),
        ("bigger", progress("p q : Prop\nh : p\n⊢ q ∧ q")),
        ("longer text", one),
        ("one", one),
    ) == ["one", "bigger", "two"]


def test_a_step_that_may_lose_comes_behind_one_that_cannot() -> None:
    goal = "p q : Prop\n⊢ p ∨ q"
    steps = ("left", progress("p q : Prop\n⊢ p")), ("simp only [f]", progress("p q : Prop\n⊢ q ∨ p"))
    assert shown(*steps, goal=goal) == ["simp only [f]", "left"]


def test_equal_states_are_one_suggestion_whatever_the_names() -> None:
    anonymous = progress("case left\na✝ : p\n⊢ q")
    named = progress("h : p\n⊢ q")
    assert shown(("intro", anonymous), ("intro h₁ h₂", named)) == ["intro h₁ h₂"]


def test_detours_are_dropped() -> None:
    goal = "n : Nat\nh : p n\n⊢ q n"
    assert shown(("have", progress("n : Nat\nh : p n\nh' : r\n⊢ q n")), goal=goal) == []
    assert shown(("swap", progress("⊢ q 0", "n : Nat\nh : p n\n⊢ q n")), goal=goal) == []
    assert shown(("exfalso", progress("n : Nat\nh : p n\n⊢ False")), goal=goal) == []
    assert shown(("unfold q", progress("n : Nat\nh : p n\n⊢ q n ∧ q n")), goal=goal) == []
    assert shown(("contrapose", progress("n : Nat\nh : p n\nh' : ¬q n\n⊢ False")), goal=goal) == ["contrapose"]


def test_a_state_seen_on_the_path_is_dropped() -> None:
    goals = ("⊢ p",)
    assert shown(("rw [h]", progress(*goals))) == ["rw [h]"]
    assert shown(("rw [h]", progress(*goals)), seen=[normal_state(goals)]) == []


def test_few_plain_steps_beside_a_proof() -> None:
    steps = [(f"t{n}", progress(f"⊢ {'q ∧ ' * n}q")) for n in range(1, 8)]
    assert shown(("simp", PROVED), ("cases h <;> simp", progress("⊢ q")), *steps, goal="⊢ " + "q" * 99) == [
        "simp",
        "t1",
        "t2",
        "t3",
    ]


def test_the_list_is_no_longer_than_the_limit() -> None:
    steps = [(f"t{n}", progress(f"⊢ {'q ∧ ' * n}q")) for n in range(1, 8)]
    assert len(shown(*steps, limit=5, goal="⊢ " + "q" * 99)) == 5
    assert shown(*steps, ("simp", PROVED), limit=1, goal="⊢ " + "q" * 99) == ["simp"]


def test_goals_are_taken_apart() -> None:
    goal = "case succ.inl\nα : Type\nx y : α\nh :\n  x = y ∨\n    y = x\n⊢ y =\n    x"
    parsed = parse_goal(goal)
    assert parsed.tag == "succ.inl"
    assert parsed.names == ("α", "x", "y", "h")
    assert parsed.lines[2].type == "x = y ∨ y = x"
    assert parsed.target == "y = x"


def test_normal_form_forgets_names_and_tags_only() -> None:
    assert normal_form("case a\nx : Nat\n⊢ f x = x.succ") == normal_form("y✝ : Nat\n⊢ f y✝ = y✝.succ")
    assert normal_form("x y : Nat\n⊢ x < y") != normal_form("x y : Nat\n⊢ y < x")


def test_induction_comes_before_a_split_that_forgets_its_assumptions() -> None:
    cases = progress("case zero\n⊢ p 0", "case succ\nn : Nat\n⊢ p (n + 1)")
    induction = progress("case zero\n⊢ p 0", "case succ\nn : Nat\nih : p n\n⊢ p (n + 1)")
    written = "induction n with\n| zero => _\n| succ n ih => _"
    assert shown(("cases n", cases), (written, induction), goal="n : Nat\n⊢ p n") == [written, "cases n"]
    # Nothing is assumed about a type that is not recursive: the shorter text stays first.
    flat = progress("case a\n⊢ p a", "case b\n⊢ p b")
    other = progress("case a\n⊢ p' a", "case b\n⊢ p' b")
    assert shown(("cases n", flat), ("induction n", other), goal="n : T\n⊢ p n") == ["cases n", "induction n"]


def test_functional_induction_on_a_compound_argument_comes_last() -> None:
    lost = progress("case one\n⊢ p 0", "case two\n⊢ p 1")
    assert shown(
        ("fun_induction len (xs ++ ys)", lost),
        ("cases xs", progress("⊢ p a", "⊢ p b", "⊢ p (c + d + e)")),
        goal="xs : T\n⊢ p (len (xs ++ ys))",
    ) == ["cases xs", "fun_induction len (xs ++ ys)"]


def test_a_split_on_what_nothing_speaks_of_is_a_detour() -> None:
    goal = "w u v : Word\n⊢ p u v"
    in_vain = progress("case nil\nu v : Word\n⊢ p u v", "case app\nu v a b : Word\n⊢ p u v")
    assert shown(("cases w", in_vain), goal=goal) == []
    spoken = "w u v : Word\nh : q w\n⊢ p u v"
    told = progress("case nil\nu v : Word\nh : q nil\n⊢ p u v", "case app\nu v a b : Word\nh : q (app a b)\n⊢ p u v")
    assert shown(("cases w", told), goal=spoken) == ["cases w"]


def test_a_field_is_no_hypothesis_of_the_same_name() -> None:
    left = normal_form("fst : A\nsnd : B\n⊢ f (fst, snd).fst (g snd).snd")
    assert left == normal_form("a : A\nb : B\n⊢ f (a, b).fst (g b).snd")
    assert left != normal_form("a : A\nb : B\n⊢ f (a, b).snd (g b).snd")


def test_a_bound_variable_is_no_hypothesis_of_the_same_name() -> None:
    bare = normal_form("hf : ∀ (n : Nat), f (n + 1) = f n\nn✝ : Nat\na✝ : f n✝ = 0\n⊢ f (n✝ + 1) = 0")
    assert bare == normal_form("hf : ∀ (n : Nat), f (n + 1) = f n\nn : Nat\nih : f n = 0\n⊢ f (n + 1) = 0")
    assert bare != normal_form("hf : ∀ (n : Nat), f (n + 1) = f n\nn : Nat\nih : f n = 0\n⊢ f (ih + 1) = 0")
