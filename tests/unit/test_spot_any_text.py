"""Spots exist for any text at all: half-written files, unbalanced brackets, every cursor."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.syntax.lexical import mask
from ghostproof.syntax.scanner import regions
from ghostproof.syntax.spot import Problem, find_action_spots, find_spot
from ghostproof.text import SourceText

GOALS = sorted((Path(__file__).parents[1] / "goals").glob("*.lean"))
ALPHABET = (
    "theorem a : p := by|\n|  |    |·|. |sorry|simp|;|<;>| => |\\n| with |induction n|case x|(|)|⟨|⟩|[|]|{|}|,|:=|by|"
    'where|calc|_ = b|--|/-|-/|"|\'|«|»|r#"|conv|fun x|match|if|then|else|first|all_goals|𝕜|\t|@[simp]|end|∀ x'
)
PIECES = [*ALPHABET.split("|"), "|"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def sound(source: SourceText, offset: int) -> None:
    ghost = find_spot(source, offset)
    # A ghost text's range holds the cursor, on one line, as the protocol demands.
    if ghost is not None:
        assert ghost.start <= offset <= ghost.end
        assert "\n" not in source.text[ghost.start : ghost.end]
    for spot in find_action_spots(source, offset, [Problem(0, len(source.text), "unsolved goals")]):
        assert 0 <= spot.start <= spot.end <= len(source.text)


@given(TEXTS, st.integers(0, 200))
def test_any_text_and_cursor(text: str, offset: int) -> None:
    source = SourceText(text)
    sound(source, min(offset, len(source.text)))


@given(TEXTS)
def test_masking_keeps_every_offset_and_line(text: str) -> None:
    masked, found = mask(text)
    assert len(masked) == len(text)
    assert [at for at, ch in enumerate(masked) if ch == "\n"] == [at for at, ch in enumerate(text) if ch == "\n"]
    assert list(found) == regions(text)
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))


@pytest.mark.parametrize("path", GOALS, ids=lambda path: path.stem)
def test_every_cursor_of_a_file_that_ends_there(path: Path) -> None:
    text = path.read_text("utf-8")
    for offset in range(0, len(text), 7):
        sound(SourceText(text[:offset]), offset)
        sound(SourceText(text), offset)


def test_the_mask_of_a_long_text_is_its_own() -> None:
    texts = [f'/- {number} -/ example : "{number}" = "" := by\n' + "  skip -- more\n" * 1000 for number in range(9)]
    for text in texts + texts[::-1]:
        masked, found = mask(text)
        assert list(found) == regions(text)
        assert [masked[region.start : region.end].strip(" 0") for region in found] == [""] * len(found)
        assert masked.count("skip") == 1000
