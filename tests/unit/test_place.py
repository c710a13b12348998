"""Where a proof of several lines comes to stand, and the hole of a goal in it."""

import pytest

from ghostproof.search.place import block_spot, inner, script_mark
from ghostproof.syntax.spot import Spot, SpotKind


def test_a_term_is_replaced_by_a_block() -> None:
    text = "theorem t : p := sorry\n"
    spot = block_spot(text, Spot(17, 22, "by ", 20, SpotKind.TERM))
    place = inner(text, spot, f"intro h\n{script_mark()}")
    assert place.text == "theorem t : p := by\n  intro h\n  sorry\n"
    assert place.text[place.spot.start : place.spot.end] == "sorry"


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("theorem t : p := by sorry\n", "theorem t : p := by\n  intro h\n  sorry\n"),
        ("theorem t\n    (h : p) : p := by sorry", "theorem t\n    (h : p) : p := by\n  intro h\n  sorry"),
        ("example (f : (x : A) → p) : p := by  sorry\n", "example (f : (x : A) → p) : p := by\n  intro h\n  sorry\n"),
        ("theorem t : f (fun x => x) = p := by sorry\n", "theorem t : f (fun x => x) = p := by\n  intro h\n  sorry\n"),
        (
            "theorem t (h : q := by simp) : p := by sorry\n",
            "theorem t (h : q := by simp) : p := by\n  intro h\n  sorry\n",
        ),
        (
            "theorem t : ∀ x, x = fun y => y := by sorry\n",
            "theorem t : ∀ x, x = fun y => y := by\n  intro h\n  sorry\n",
        ),
        # What stands in a block of something else, or does not end there, keeps its column.
        ("theorem t : p := by\n  have h : q := by sorry\n  exact h\n", None),
        ("theorem t : p := f fun x => by sorry\n", None),
        ("theorem t : p := (by sorry).1\n", None),
        ("theorem t : let x := 1; p := by sorry\n", None),
        ("theorem t : p := have h : q := by sorry\n  h\n", None),
        ("theorem t : p → q\n  | h => by sorry\n", None),
        ("theorem t : p := by sorry -- later\n", None),
        ("theorem t : p := by simp; sorry\n", None),
        ("def f : p where\n  a := by sorry\n", None),
    ],
)
def test_a_proof_of_several_lines_goes_below_the_by_of_its_declaration(text: str, below: str | None) -> None:
    at = text.index("sorry")
    spot = Spot(at, at + 5, "", at - text.rfind("\n", 0, at) - 1, SpotKind.SORRY)
    if below is None:
        assert block_spot(text, spot) == spot
    else:
        assert inner(text, block_spot(text, spot), f"intro h\n{script_mark()}").text == below
