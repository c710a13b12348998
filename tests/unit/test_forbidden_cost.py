"""What it costs to read a hostile candidate's tokens grows with its length, and no faster."""

from time import process_time

import pytest

from ghostproof.verify.forbidden import forbidden, search_tactic

UNITS = [
    "«",
    "«a",
    '"',
    "'",
    "/-",
    "--\n",
    "(",
    "a.",
    "`",
    "`«",
    "{",
    's!"{',
    '"{',
    "r#",
    "'\\",
    "⟨",
    "a\n",
    '"\\',
    "0",
    "a«",
]


def work(text: str) -> float:
    """Seconds of the processor's time that reading it takes, in the best of three runs."""
    taken = []
    for _ in range(3):
        began = process_time()
        forbidden(text)
        search_tactic(text)
        taken.append(process_time() - began)
    return min(taken)


@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_is_about_four_times_the_work(unit: str) -> None:
    """Read anew from each character on, it would be sixteen times."""
    short, long = work(unit * 2048), work(unit * 8192)
    assert long < 9 * max(short, 1e-4)
