"""Where a command about a cursor puts a tactic, the likeliest place first."""

import pytest

from ghostproof.syntax.spot import Problem, Spot, SpotKind, find_action_spots
from ghostproof.text import SourceText

CURSOR = "‸"


def ask(marked: str, *problems: Problem) -> tuple[SourceText, list[Spot]]:
    source = SourceText(marked.replace(CURSOR, ""))
    return source, find_action_spots(source, marked.replace("\r\n", "\n").index(CURSOR), problems)


FIRST: dict[str, tuple[str, str | None]] = {
    "a tactic": ("theorem a : p := by\n  si‸mp\n  omega\n", "theorem a : p := by\n  tac\n  omega\n"),
    "the end of a tactic": ("theorem a : p := by\n  exact h‸\n", "theorem a : p := by\n  tac\n"),
    "the indentation of a tactic": ("theorem a : p := by\n‸  simp\n", "theorem a : p := by\n  tac\n"),
    "a tactic with further lines": (
        "theorem a : p := by\n  simp [f,‸\n    g,\n    h]\n  omega\n",
        "theorem a : p := by\n  tac\n  omega\n",
    ),
    "a further line": ("theorem a : p := by\n  simp [f,\n    g‸]\n  omega\n", "theorem a : p := by\n  tac\n  omega\n"),
    "a tactic before a semicolon": ("example : p := by in‸tro x; simp\n", "example : p := by tac; simp\n"),
    "a tactic behind a semicolon": ("example : p := by intro x; si‸mp\n", "example : p := by intro x; tac\n"),
    "a tactic in a term": ("example : p := ⟨by si‸mp, h⟩", "example : p := ⟨by tac, h⟩"),
    "a tactic with alternatives": (
        "example : p := by\n  indu‸ction n with\n  | zero => simp\n  | succ n ih => simp\n  done\n",
        "example : p := by\n  tac\n  done\n",
    ),
    "a tactic in an alternative": (
        "example : p := by\n  induction n with\n  | zero => simp\n  | succ n ih => si‸mp\n",
        "example : p := by\n  induction n with\n  | zero => simp\n  | succ n ih => tac\n",
    ),
    "a combined tactic": ("example : p := by\n  constructor <;> si‸mp\n", "example : p := by\n  tac\n"),
    "a tactic with a comment": ("example : p := by\n  si‸mp -- easy\n", "example : p := by\n  tac -- easy\n"),
    "all goals": ("example : p := by\n  all_goals si‸mp\n", "example : p := by\n  tac\n"),
    "sorry": ("example : p := by\n  so‸rry\n", "example : p := by\n  tac\n"),
    "exact sorry": ("example : p := by\n  exact so‸rry\n", "example : p := by\n  tac\n"),
    "a line that ends in sorry": (
        "theorem a‸ : p := by sorry -- expect\n",
        "theorem a : p := by tac -- expect\n",
    ),
    "by above a lone sorry": ("theorem a : p := by‸\n  sorry\n", "theorem a : p := by\n  tac\n"),
    "by above tactics": ("theorem a : p := by‸\n  simp\n", "theorem a : p := by\n  tac\n  simp\n"),
    "by": ("theorem a : p := by‸\n", "theorem a : p := by\n  tac\n"),
    "a blank line": ("theorem a : p := by\n  ‸\n", "theorem a : p := by\n  tac\n"),
    "an empty line in a block": (
        "theorem a : p := by\n  intro x\n‸\n  simp\n",
        "theorem a : p := by\n  intro x\n  tac\n  simp\n",
    ),
    "a term": ("theorem a : p := fo‸o\n", None),
    "conv": ("theorem a : p := by\n  conv => rhs; rw [h‸]\n", None),
    "a comment": ("-- a comment by ‸\n", None),
}


@pytest.mark.parametrize("name", FIRST)
def test_first_spot(name: str) -> None:
    before, after = FIRST[name]
    source, spots = ask(before)
    assert (spots[0].fill(source.text, "tac") if spots else None) == after


def test_a_lone_sorry_is_one_spot() -> None:
    _, spots = ask("theorem a : p := by\n  ‸sorry\n")
    assert [spot.kind for spot in spots] == [SpotKind.SORRY]


@pytest.mark.parametrize(
    ("marked", "opener", "after"),
    [
        ("theorem a : p := b‸y\n  intro x\n", "by", "theorem a : p := by\n  intro x\n  tac\n"),
        ("theorem a : p := by\n  intro x‸\n\ntheorem b", "by", "theorem a : p := by\n  intro x\n  tac\n\ntheorem b"),
        ("example : p := by\n  ·‸ intro x\n  · simp\n", "·", "example : p := by\n  · intro x\n    tac\n  · simp\n"),
        (
            "example : p := by\n  cases n with\n  | zero =>‸ intro x\n",
            "=>",
            "example : p := by\n  cases n with\n  | zero => intro x\n            tac\n",
        ),
    ],
)
def test_unsolved_goals(marked: str, opener: str, after: str) -> None:
    start = marked.replace(CURSOR, "").index(opener)
    source, spots = ask(marked, Problem(start, start + 2, "unsolved goals\n⊢ p"))
    ends = [spot for spot in spots if spot.kind is SpotKind.BLOCK_END]
    assert [spot.fill(source.text, "tac") for spot in ends] == [after]


def test_every_sorry_of_a_file_is_found_first_at_its_own_place() -> None:
    text = "def x := ⟨a, by sorry⟩\nexample : p := by\n  constructor\n  · sorry\n  · exact sorry\n  · exact f (sorry)\n"
    source = SourceText(text)
    starts = [at for at in range(len(text)) if text.startswith("sorry", at)]
    found = [find_action_spots(source, at)[0] for at in starts]
    assert [spot.kind for spot in found] == [SpotKind.SORRY, SpotKind.SORRY, SpotKind.TACTIC, SpotKind.TERM]


@pytest.mark.parametrize(
    ("tactic", "placed"),
    [
        ("exact h", "h"),
        ("exact fun x => h x", "fun x => h x"),
        ("exact foo (by simp; omega)", "foo (by simp; omega)"),
        ("exact foo fun x =>\n  h x", "foo fun x =>\n       h x"),
        ("exact h; simp", "by exact h; simp"),
        ("exact h <;> simp", "by exact h <;> simp"),
        ("exact h\nsimp", "by exact h\n     simp"),
        ("exact h -- why", "by exact h -- why"),
        ("exact", "by exact"),
        ("exact? h", "by exact? h"),
        ("exacts [h]", "by exacts [h]"),
        ("simp", "by simp"),
    ],
)
def test_a_term_stands_in_the_place_of_a_term(tactic: str, placed: str) -> None:
    spot = Spot(2, 7, "by ", 5, SpotKind.TERM)
    assert spot.place(tactic) == placed
    assert spot.shown(tactic) == placed.replace("\n     ", "\n   " if placed.startswith("by ") else "\n")
    assert Spot(2, 7, "", 5, SpotKind.SORRY).place(tactic) == spot.laid_out(tactic)


def test_a_block_below_its_by_is_shown_as_one() -> None:
    spot = Spot(2, 7, "by\n        ", 8, SpotKind.TERM)
    assert spot.shown("simp\nomega") == "by\n  simp\n  omega"
    assert spot.place("simp\nomega") == "by\n        simp\n        omega"
