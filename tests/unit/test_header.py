"""Where the header of a file ends."""

import pytest

from ghostproof.syntax.header import header

CASES = [
    "",
    "‹import A›",
    "‹import A.B'.«C d».E›\n\ntheorem x",
    "‹import A\n/- doc -/\nimport B›\n\ntheorem x",
    "-- a\ntheorem x",
    "‹-- a\nimport A› -- b\n-- c\ntheorem x",
    "‹import\n  A›\n/-! doc\nimport B -/\nexample",
    "‹import A import B›\nimport_all X",
    "‹/- /- import X -/ -/ prelude›",
    "‹module\n\npublic import A\nmeta import B\npublic meta import all C›\n\npublic section",
    "‹module›\n-- import A\nmeta def x := 1",
    "‹module prelude\nprivate import all A›\nprivate def import := 1",
    "‹import runtime A›\nopen A",
    "‹import›\n\n",
    "‹import A›\n/- not closed\nimport B",
    "/- not closed\nimport B",
    '‹import A›\n"import B"',
    "‹import A›\n'import B",
    "imports A",
    "«import» A",
]


@pytest.mark.parametrize("marked", CASES)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_the_header_ends_behind_its_last_word(marked: str, eol: str) -> None:
    inside = marked.partition("‹")[2].partition("›")[0]
    text = marked.replace("‹", "").replace("›", "").replace("\n", eol)
    assert header(text) == inside.replace("\n", eol)
