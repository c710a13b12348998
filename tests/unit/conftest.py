"""Fixtures of the tests that start no Lean."""

import pytest
import torch

from ghostproof.prover.engine.kvcache.memory import KV


@pytest.fixture
def unwritten_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory for keys and values that nothing was written to holds no numbers: whoever counts it in is found out."""
    empty = KV._empty
    monkeypatch.setattr(KV, "_empty", lambda kv, shape: empty(kv, shape).fill_(torch.nan))
