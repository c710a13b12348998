"""The embedded Lean starts, works and ends, however many start beside it. `make soak SOAK_STARTS=500` tries more."""

import pytest

from lean.starts import starts


@pytest.mark.lean
async def test_no_start_hangs() -> None:
    assert await starts(10) == {"ended": 10}
