"""How little of a changed text the prober has to see again, and that nothing is kept that could have changed."""

import pytest

from ghostproof.lean.probe_document import Fault, Part, ProbeDocument

A = "theorem a : 1 = 1 := rfl\n\n"
B = "theorem b : 2 = 2 := rfl\n\n"
HOLE = "theorem c : 3 = 3 := by\n  sorry\n\n"
REST = "theorem d : 4 = 4 := rfl\n"


def elaborated(text: str, *bounds: int) -> ProbeDocument:
    document = ProbeDocument(1)
    document.advance(text, text.index("sorry"), to_end=False)
    document.bounds = list(bounds)
    return document


def advance(document: ProbeDocument, text: str) -> Part:
    return document.advance(text, text.index("sorry"), to_end=False)


def test_a_new_file_is_sent_from_its_header_to_behind_the_hole() -> None:
    part = advance(ProbeDocument(1), A + HOLE + REST * 50)
    assert (part.keep, part.start, part.last) == (0, 0, False)
    assert part.text.startswith(A)
    assert len(part.text) < len(A + HOLE + REST * 3)


def test_an_edit_in_the_hole_s_command_keeps_what_stands_above() -> None:
    document = elaborated(A + B + HOLE + REST, 0, len(A), len(A + B))
    part = advance(document, A + B + HOLE.replace("  sorry", "  skip\n  sorry") + REST)
    assert (part.keep, part.offset) == (3, len(A + B))
    assert part.text.startswith("theorem c")


def test_an_edit_above_keeps_less() -> None:
    document = elaborated(A + B + HOLE, 0, len(A), len(A + B))
    assert advance(document, A + B.replace("2 = 2", "5 = 5") + HOLE).keep == 2


@pytest.mark.parametrize("inserted", ["|>.symm ", "deriving ", "-- note\n"])
def test_text_put_directly_behind_a_command_undoes_it(inserted: str) -> None:
    document = elaborated(A + B + HOLE, 0, len(A), len(A + B))
    assert advance(document, A + inserted + B + HOLE).keep == 1


def test_a_longer_word_behind_a_command_undoes_it() -> None:
    document = elaborated(A + B + HOLE, 0, len(A), len(A + B))
    assert advance(document, A + B.replace("theorem b", "theoremb") + HOLE).keep == 1


def test_a_changed_header_keeps_nothing() -> None:
    text = "import Lean\n" + A + HOLE
    document = elaborated(text, 12, len("import Lean\n" + A))
    assert advance(document, "import Std\n" + A + HOLE).keep == 0


def test_a_hole_further_up_drops_what_stands_below() -> None:
    document = elaborated(A + B + HOLE, 0, len(A), len(A + B))
    part = document.advance("theorem a : 1 = 1 := by sorry\n" + B + HOLE, 24, to_end=False)
    assert part.keep == 1


def test_columns_survive_when_a_command_begins_in_the_middle_of_a_line() -> None:
    text = "section theorem c : 3 = 3 := by sorry\n"
    document = elaborated(text, 0, 8)
    part = advance(document, text)
    assert (part.keep, part.start, part.offset) == (2, 8, 8)
    assert part.text.index("theorem") == text.index("theorem")


def test_bytes_and_offsets_beyond_ascii() -> None:
    text = "theorem 𝕒é : 1 = 1 := rfl\ntheorem c : 𝕜 = 𝕜 := by sorry\n"
    part = advance(ProbeDocument(1), text)
    hole = text.index("sorry")
    assert part.in_bytes(hole) == text.encode().index(b"sorry")
    positions = tuple(len(text[:at].encode()) for at in (0, 27, hole, len(text)))
    assert part.offsets(positions) == [0, 27, hole, len(text)]


def test_a_document_that_was_forgotten_starts_anew() -> None:
    document = elaborated(A + HOLE, 0, len(A))
    document.forget()
    assert advance(document, A + HOLE).keep == 0


def test_errors_of_the_commands_that_stay_are_remembered() -> None:
    text = "a\nb\nc\nd sorry\n"
    document = ProbeDocument(1)
    document.advance(text, text.index("sorry"), to_end=True)
    document.bounds += [0, 2, 4, 6]
    header, second = Fault(0, 0, "no header"), Fault(2, 4, "bad")
    document.faults += [header, second]
    document.advance(text.replace("d ", "e "), text.index("sorry"), to_end=True)
    assert document.faults == [header, second]
    document.advance("a\nB\nc\nd sorry\n", text.index("sorry"), to_end=True)
    assert document.faults == [header]
    document.forget()
    assert document.faults == []
