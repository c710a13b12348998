"""What of the corpora is still open, by checker and file: it must fail, and is struck off when it no longer does."""

from collections.abc import Mapping

import pytest

Open = Mapping[tuple[str, str], str]

OPEN_HOSTILE: Open = {
    ("scratch", "configuration"): "terms of a configuration are evaluated",
}

OPEN_ORDINARY: Open = {
    ("scratch", "arithmetic"): "if, bv_omega and strings with braces are refused",
}


def marks(opened: Open, checker: str, file: str) -> list[pytest.MarkDecorator]:
    reason = opened.get((checker, file))
    # Scratch reads candidates with the prober's parser since; which of its entries that closes is to be measured.
    return (
        [pytest.mark.xfail(reason=reason, strict=checker != "scratch", raises=(AssertionError, UnicodeError))]
        if reason
        else []
    )
