"""What of the corpora is still open, by checker and file: it must fail, and is struck off when it no longer does."""

from collections.abc import Mapping

import pytest

Open = Mapping[tuple[str, str], str]

OPEN_HOSTILE: Open = {}

OPEN_ORDINARY: Open = {}


def marks(opened: Open, checker: str, file: str) -> list[pytest.MarkDecorator]:
    reason = opened.get((checker, file))
    return [pytest.mark.xfail(reason=reason, strict=True, raises=(AssertionError, UnicodeError))] if reason else []
