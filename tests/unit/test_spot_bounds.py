"""Texts that nobody writes, and that a hostile file may hold: they are left alone before they cost anything."""

from collections.abc import Iterator

import pytest

from ghostproof.syntax import outline as outlines
from ghostproof.syntax.lexical import Token, mask, tokens
from ghostproof.syntax.outline import MOST_TOKENS, NOTHING, outline
from ghostproof.syntax.spot import (
    LARGEST_TEXT,
    MOST_EDGES,
    MOST_LINES,
    find_action_spots,
    find_spot,
    types_abbreviation,
)
from ghostproof.text import SourceText

HEAD = "theorem t : p := by\n  "


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Token]:
    """The tokens that were looked at."""
    seen: list[Token] = []

    def counted(masked: str, start: int, end: int) -> Iterator[Token]:
        for token in tokens(masked, start, end):
            seen.append(token)
            yield token

    monkeypatch.setattr(outlines, "tokens", counted)
    return seen


@pytest.mark.parametrize(
    "unit", ["(", "()", "((((((((]", "[(", "by ", "by (", "· ", "x ", "| ", "else ", "first | ", "⟨"]
)
def test_a_declaration_without_end_is_not_read_to_its_end(read: list[Token], unit: str) -> None:
    source = SourceText(HEAD + unit * (200_000 // len(unit)))
    assert find_spot(source, len(source.text)) is None
    assert find_action_spots(source, len(HEAD)) == []
    assert len(read) <= 2 * (MOST_TOKENS + 1)


@pytest.mark.parametrize("line", ["(" * 3_000_000, "x " * 1_500_000, '"a" ' * 800_000, "\n" * 3_000_000])
def test_a_text_of_megabytes_is_not_read_at_all(read: list[Token], line: str) -> None:
    source = SourceText(HEAD + line)
    assert len(source.text) > LARGEST_TEXT
    assert find_spot(source, len(HEAD)) is None
    assert find_action_spots(source, len(source.text)) == []
    assert read == []


@pytest.mark.parametrize("unit", ["'a'", '"x"', "«a»", "/--/", "--\n"])
def test_a_text_of_literals_only_is_not_read_at_all(read: list[Token], unit: str) -> None:
    source = SourceText(HEAD + unit * (MOST_EDGES + 1))
    assert find_spot(source, len(source.text)) is None
    assert read == []


def test_a_command_that_is_nowhere_near_is_not_looked_for(read: list[Token]) -> None:
    source = SourceText(HEAD + "\n  skip" * (MOST_LINES + 10))
    assert find_spot(source, len(source.text)) is None
    assert read == []


def test_brackets_that_close_nothing_close_nothing() -> None:
    """And cost nothing: each is looked up, not looked for."""
    text = "theorem t : p := by\n  exact (f ] ] ⟩ g (by\n    simp"
    around = outline(mask(text)[0], 0, len(text), len(text))
    assert [block.opener.text for block in around.open] == ["theorem", "by", "(", "(", "by"]
    assert outline("(" * 300, 0, 300, 300) == NOTHING


def test_a_long_word_of_backslashes_is_read_once() -> None:
    source = SourceText("\\" * 1_000_000 + " \\a")
    assert types_abbreviation(source, len(source.text))
    assert not types_abbreviation(source, 1_000_001)


def test_what_people_write_is_within_the_bounds() -> None:
    steps = "\n".join(f"  have h{i} : p {i} := by simp [foo {i}, (bar.{{u}} ⟨{i}, rfl⟩)]" for i in range(600))
    source = SourceText(f"{HEAD}skip\n{steps}\n  ")
    spot = find_spot(source, len(source.text))
    assert spot is not None
    assert spot.column == 2
