"""What exists for this machine at all."""

import platform
import sys

import pytest

NEEDS_TRITON = pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() == "x86_64"), reason="Triton is made for Linux on x86-64"
)
