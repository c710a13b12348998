"""The options that a lakefile sets reach the probe."""

from pathlib import Path

import pytest

from ghostproof.lean.lake_options import lake_options

TOML = """
name = "mine"
[leanOptions]
pp.unicode.fun = true
autoImplicit = false
"weak.linter.all" = true
[[lean_lib]]
name = "Mine"
leanOptions = { maxHeartbeats = 400000, autoImplicit = true }
"""
LEAN = """
import Lake
open Lake DSL
package mine where
  leanOptions := #[⟨`pp.unicode.fun, true⟩, ⟨`autoImplicit, false⟩, ⟨`maxSynthPendingDepth, 3⟩]
"""


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "lakefile.toml",
            TOML,
            {
                "pp.unicode.fun": "true",
                "autoImplicit": "true",
                "linter.all": "true",
                "maxHeartbeats": "400000",
            },
        ),
        ("lakefile.lean", LEAN, {"pp.unicode.fun": "true", "autoImplicit": "false", "maxSynthPendingDepth": "3"}),
        ("lakefile.toml", "name = ", {}),
        ("lakefile.toml", 'name = "mine"\nlean_lib = 3\nleanOptions = 1\n', {}),
        ("README", "", {}),
    ],
)
def test_options(tmp_path: Path, name: str, text: str, expected: dict[str, str]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert lake_options(tmp_path) == expected
