"""Positions: code points inside, UTF-16 at the edge, and nothing lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.text import Position, SourceText, common_prefix, from_utf16, to_utf16, utf16_length

LINES = st.text(st.sampled_from("ab 𝕜α⟨\t"), max_size=12)
TEXTS = st.lists(LINES, min_size=1, max_size=8).map("\n".join)


@given(TEXTS, st.data())
def test_offsets_and_positions_are_inverse(text: str, data: st.DataObject) -> None:
    source = SourceText(text)
    offset = data.draw(st.integers(0, len(text)))
    position = source.position(offset)
    assert source.offset(position) == offset
    assert text.split("\n")[position.line][: position.column] == text[source.line_start(position.line) : offset]


@given(TEXTS, st.data())
def test_utf16_positions_are_inverse(text: str, data: st.DataObject) -> None:
    source = SourceText(text)
    offset = data.draw(st.integers(0, len(text)))
    assert source.offset_from_utf16(*source.utf16_position(offset)) == offset


@given(LINES)
def test_utf16_agrees_with_the_codec(line: str) -> None:
    assert utf16_length(line) == len(line.encode("utf-16-le")) // 2
    for column in range(len(line) + 1):
        assert from_utf16(line, to_utf16(line, column)) == column


@given(TEXTS)
def test_line_ends_do_not_change_lines_and_columns(text: str) -> None:
    assert SourceText(text.replace("\n", "\r\n")) == SourceText(text)


@given(TEXTS)
def test_lines_are_those_of_the_text(text: str) -> None:
    source = SourceText(text)
    assert [source.line(n) for n in range(source.line_count)] == text.split("\n")


@pytest.mark.parametrize(
    ("position", "offset"),
    [(Position(0, 99), 2), (Position(9, 0), 5), (Position(1, 0), 3), (Position(1, 2), 5)],
)
def test_outside_positions_are_brought_inside(position: Position, offset: int) -> None:
    assert SourceText("ab\ncd").offset(position) == offset


def test_a_position_inside_a_surrogate_pair_is_behind_it() -> None:
    assert from_utf16("𝕜x", 1) == 1


@given(st.text(), st.text(), st.text())
def test_common_prefix(shared: str, one: str, other: str) -> None:
    length = common_prefix(shared + one, shared + other)
    assert length >= len(shared)
    assert (shared + one)[:length] == (shared + other)[:length]
    assert (shared + one)[length : length + 1] != (shared + other)[length : length + 1] or length == min(
        len(shared + one), len(shared + other)
    )
