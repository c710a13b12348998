"""Whoever reads Lean text reads the same tokens: the layout of blocks, a tactic that comes in pieces, and the gate."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ghostproof.syntax.lexical import DOC_COMMENT, Masking, mask, tokens
from ghostproof.syntax.scanner import Region, Scanner, Stretch, StretchKind, regions
from ghostproof.verify.forbidden import _scan, forbidden

ATOMS = [
    *("--", "/-", "-/", "/--", "/-!", "-", "/", "!", '"', "'", "\\", 'r"', 'r#"', '"#', "r", "#", "h'", "x", "x.y"),
    *("\n", " ", ".", "0", "1.5", "0x1F", "é", "ℕ", "x₁", "λ", "中", "(", ")", "⟨", "simp", "sorry", "?", "?_"),
    *("'a'", "'\\n'", "'\\u03b1'", "'\"'", '"b"', 's!"{x}"', 'r#"a"b"#', "#eval", "<;>", "=>", ":=", "||", "..", "|"),
]
QUOTED = ["«", "»", "«a b»", "«sorry»", "a.«b».c", "«a»b", "«--»"]
LEAN = st.lists(st.sampled_from(ATOMS), max_size=20).map("".join)
LEAN_WITH_NAMES = st.lists(st.sampled_from(ATOMS + QUOTED), max_size=20).map("".join)
_WORD = re.compile(r"#?(\w[\w'!?.]*)")


def joined(stretches: list[Stretch]) -> list[tuple[StretchKind, str]]:
    """What comes in parts as one."""
    whole: list[tuple[StretchKind, str]] = []
    for stretch in stretches:
        if whole and whole[-1][0] is stretch.kind and (stretch.kind is StretchKind.CODE or not stretch.begins):
            whole[-1] = (stretch.kind, whole[-1][1] + stretch.text)
        else:
            whole.append((stretch.kind, stretch.text))
    return whole


@given(LEAN_WITH_NAMES, st.lists(st.integers(1, 5), min_size=1))
@example("x'" * 3000, [1])
@example("r" + "#" * 40 + '"a"' + "#" * 40 + "b", [1])
@example("a" * 5000 + "'b'", [3])
def test_pieces_give_the_stretches_of_the_whole(text: str, sizes: list[int]) -> None:
    scanner, found, at, turn = Scanner(), [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        found += scanner.push(text[at : at + size])
        at, turn = at + size, turn + 1
    found += scanner.push("", final=True)
    assert joined(found) == joined(Scanner().push(text, final=True))
    assert "".join(stretch.text for stretch in found) == text


def words(text: str, hidden: list[Region], code: str) -> list[str]:
    """Parts of names, and numbers, without what stands for literals: of those over several lines, each line."""
    found = (
        token
        for token in tokens(code, 0, len(code))
        if not any(region.start <= token.start < region.end for region in hidden)
    )
    return parts(token.text for token in found)


def parts(read: Iterable[str]) -> list[str]:
    """The words among tokens, names in their parts: after a `#` the layout ends a word at a dot, the gate doesn't."""
    matches = (_WORD.fullmatch(token) for token in read)
    return [part for match in matches if match for part in match.group(1).split(".") if part]


@given(LEAN)
@example('-/r"\n--')
@example("!'\"'sorry\"")
@example('?r"\\"sorry')
@example('x!r"\\"sorry"')
@example("'\\n sorry'")
@example("1'a'sorry")
@example("#x.y")
def test_layout_tactics_and_the_gate_read_the_same_words(text: str) -> None:
    code, hidden = mask(text)
    literals = [region for region in hidden if not region.is_comment]
    layout = words(text, literals, code)
    streamed = Masking().push(text, final=True).replace(DOC_COMMENT, " ")
    if not any("\n" in text[region.start : region.end] for region in literals):
        assert list(tokens(streamed, 0, len(streamed))) == list(tokens(code, 0, len(code)))
    # A literal that touches a word is one word with it in a mask; nothing looks into it.
    beside = "".join(code[at : at + 1] for region in literals for at in (max(0, region.start - 1), region.end))
    touching = re.search(r"[\w'!?]", beside)
    if not touching:
        assert layout == parts(token.text for token in _scan(text))


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a 'b' c", ["'b'"]),
        ("a' 'b'", ["'b'"]),
        ("f!'b'", []),
        ("!'b'", ["'b'"]),
        ("?'b'", ["'b'"]),
        ("«a»'b'", ["'b'"]),
        ("«a».b'c'", []),
        ("'\\x41' '\\u03b1' '\\''", ["'\\x41'", "'\\u03b1'", "'\\''"]),
        ("'\\n x'", []),
        ('r"\\" x', ['r"\\"']),
        ('r##"a"# b"## c', ['r##"a"# b"##']),
        ('for"a"', ['"a"']),
        ('a.r"b"', ['"b"']),
        ('.r"b"', ['r"b"']),
        ('?r"b"', ['r"b"']),
        ('x!r"b"', ['"b"']),
        ('«a».r"b"', ['"b"']),
        ('«a»r"b"', ['r"b"']),
        ('`r"b"', ['"b"']),
        ('s!"{"a"}"', ['"{"', '"}"']),
        ("/- a /- b -/ c -/ d -- e\nf", ["/- a /- b -/ c -/", "-- e"]),
        ('-- "a\n"b"', ['-- "a', '"b"']),
        ('"a -- b"', ['"a -- b"']),
        ("« -- » x", []),
    ],
)
def test_comments_and_literals_are_leans(text: str, inside: list[str]) -> None:
    assert [text[region.start : region.end] for region in regions(text)] == inside


@pytest.mark.parametrize(
    "text",
    [
        "#«»",
        "«",
        "«»",
        "«" * 2000,
        "'" * 2000,
        'r"' * 2000,
        "x'" * 2000,
        "#" * 2000,
    ],
)
def test_the_gate_reads_whatever_there_is(text: str) -> None:
    assert forbidden(text) is None


@pytest.mark.parametrize(
    "text", ["«sorry", "« 'a'sorry", "«a»sorry", "«a»\n« sorry", "'\\n sorry '", "!'\"'sorry\"", "||stop", '1r"a"sorry']
)
def test_what_only_looks_hidden_is_refused(text: str) -> None:
    assert forbidden(text) is not None
