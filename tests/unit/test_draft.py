"""A file while proofs are put into it, lemmas above their declarations among them."""

import pytest

from ghostproof.search.draft import Draft
from ghostproof.search.edit import Edit
from ghostproof.search.proof import Proof
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import SourceText
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion

RAW = "def f := 1\r\n\r\ntheorem a : p := by\r\n  · sorry\r\n  · sorry\r\n\r\ntheorem b : q := by\r\n  sorry\r\n"


def proof(text: str, place: int, script: str, lemma: str = "", theorem: str = "theorem a") -> Proof:
    """A proof for one of the `sorry`s of a text, with a lemma above its declaration."""
    start = -1
    for _ in range(place + 1):
        start = text.index("sorry", start + 1)
    spot = Spot(start, start + len("sorry"), "", start - text.rindex("\n", 0, start) - 1, SpotKind.SORRY)
    at = text.index(theorem)
    above = Edit(at, at, lemma) if lemma else None
    return Proof(spot, Suggestion.of(Checked(Candidate(script, "prove"), Proved())), above=above)


@pytest.mark.parametrize("told", ["in the draft", "as it was read"])
def test_lemmas_and_proofs_come_to_stand_where_they_were_found(told: str) -> None:
    draft, copy = (Draft(SourceText(RAW.replace("\r\n", "\n"))) for _ in range(2))
    for script, lemma, theorem in (
        ("simp", "theorem k1 : r\n\n", "theorem a"),
        ("intro h\nsimp", "theorem k2 : r\n\n", "theorem a"),
        ("rfl", "theorem k3 : r\n\n", "theorem b"),
    ):
        found = proof(draft.text, 0, script, lemma, theorem)
        copy.add_original(draft.original(found))
        draft.add(found)
        assert copy.text == draft.text
    made = draft if told == "in the draft" else copy
    assert made.proofs == 3
    assert made.put_into(RAW) == (
        "def f := 1\r\n\r\ntheorem k1 : r\r\n\r\ntheorem k2 : r\r\n\r\n"
        "theorem a : p := by\r\n  · simp\r\n  · intro h\r\n    simp\r\n\r\n"
        "theorem k3 : r\r\n\r\ntheorem b : q := by\r\n  rfl\r\n"
    )
    assert made.done == len(RAW.replace("\r\n", "\n")) - 1


def test_a_proof_with_a_lemma_is_several_edits_of_one_text() -> None:
    text = RAW.replace("\r\n", "\n")
    found = proof(text, 1, "simp", "theorem k : r\n\n")
    whole, own = found.without_above(text)
    assert found.put_into(text) == own.put_into(whole)
    assert found.moved(7).edits == tuple(edit.moved(7) for edit in found.edits)
    assert found.shown == "theorem k : r\n\nsimp"
