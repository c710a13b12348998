"""Documents follow the client's edits exactly."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.text import SourceText


def document(text: str) -> EditedDocument:
    return EditedDocument(t.TextDocumentItem("file:///tmp/a.lean", "lean4", 1, text), Path("/tmp/a.lean"))


def replace(start: tuple[int, int], end: tuple[int, int], text: str) -> t.TextDocumentContentChangePartial:
    return t.TextDocumentContentChangePartial(range=t.Range(t.Position(*start), t.Position(*end)), text=text)


def test_several_changes_apply_in_order() -> None:
    made = document("one\ntwo\nthree")
    made.change(2, [replace((1, 0), (1, 3), "2"), replace((0, 3), (1, 0), " "), replace((1, 5), (1, 5), "!\n")])
    assert made.source.text == "one 2\nthree!\n"
    assert made.version == 2


def test_a_change_of_the_whole_text() -> None:
    made = document("one")
    made.change(2, [t.TextDocumentContentChangeWholeDocument(text="two\r\nthree")])
    assert made.source.text == "two\nthree"


def test_positions_count_utf16_units() -> None:
    made = document("𝕜𝕜 x")
    made.change(2, [replace((0, 2), (0, 4), "ℝ")])
    assert made.source.text == "𝕜ℝ x"
    assert made.range(1, 3) == t.Range(t.Position(0, 2), t.Position(0, 4))


def test_beyond_the_end() -> None:
    made = document("one")
    made.change(2, [replace((7, 0), (9, 4), "two")])
    assert made.source.text == "onetwo"


def test_line_ends_are_given_back() -> None:
    assert document("a\r\nb").outgoing("x\ny") == "x\r\ny"
    assert document("a\nb").outgoing("x\ny") == "x\ny"


TEXTS = st.text(alphabet=st.sampled_from("ab \n𝕜·"), max_size=30)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXTS), max_size=5))
def test_splices_equal_those_of_a_string(text: str, edits: list[tuple[int, int, str]]) -> None:
    made = document(text)
    expected = text
    for a, b, new in edits:
        start, end = sorted((min(a, len(expected)), min(b, len(expected))))
        source = SourceText(expected)
        made.change(2, [replace(source.utf16_position(start), source.utf16_position(end), new)])
        expected = expected[:start] + new + expected[end:]
    assert made.source.text == expected
