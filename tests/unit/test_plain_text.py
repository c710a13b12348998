"""The door of both checkers: what is no text, or too much of it, comes no further."""

import pytest

from ghostproof.verify.guard import refused_unread
from ghostproof.verify.plain_text import DEEPEST, LONGEST, unencodable, unfit
from ghostproof.verify.verdict import Reason

ODD = [
    "\ud800",
    "\udfff",
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\r",
    "\t",
    "\u200b",
    "\u200e",
    "\u202e",
    "\u2066",
    "\u2028",
    "\ufeff",
]


@pytest.mark.parametrize("ch", ODD, ids=lambda ch: f"U+{ord(ch):04X}")
@pytest.mark.parametrize("text", ["{}", "exact h{}", "{}simp", 'exact "{}"', "simp -- {}", "exact h\n{}"])
def test_what_cannot_be_seen_or_encoded(ch: str, text: str) -> None:
    told = unfit(text.format(ch))
    assert told is not None
    assert f"U+{ord(ch):04X}" in told
    assert told.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "exact h",
        "rw [← h, Nat.add_comm] at *\n· omega",
        "exact ⟨𝕜, ℝ, λ, ∀ x ∈ s, ‖x‖ ≤ 1⟩",
        "exact «ein Name» 'ä'",
        'exact "𝒜 ñ 日本語 🙂"',
        "(" * DEEPEST + "h" + ")" * DEEPEST,
        "x" * LONGEST,
        ")" * 1_000,
    ],
)
def test_what_provers_write(text: str) -> None:
    assert unfit(text) is None


@pytest.mark.parametrize(
    "text",
    ["(" * (DEEPEST + 1), "⟨[{(" * DEEPEST, "«" * 5_000, "x" * (LONGEST + 1), "[" * 10**6, "¬" * 4_000, "- " * 1_000],
)
def test_too_much(text: str) -> None:
    assert unfit(text)


@pytest.mark.parametrize("text", ["", " ", "\n  \n"])
def test_nothing_is_no_tactic(text: str) -> None:
    refused = refused_unread(text)
    assert refused is not None
    assert refused.reason is Reason.PARSE


def test_files() -> None:
    assert unencodable("theorem t : p := by\n\tsorry\r\n\0") is None
    assert "4" in (unencodable("abc\ud800") or "")
