"""Versions of Lean, read and put in order."""

import re
from dataclasses import dataclass
from typing import Self

_NUMBER = re.compile(r"v?(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+))?(?:-(?P<pre>[\w.-]+))?$")
# The oldest release that the probe is written for; older ones are served by the scratch document.
OLDEST_FOR_PROBE = "4.20.0"


@dataclass(frozen=True, order=True)
class Version:
    """A release, such as `4.27.0`, `v4.27.0-rc2` or `4.28.0-pre`; what comes before a release sorts before it."""

    major: int
    minor: int
    patch: int
    released: bool
    pre: tuple[tuple[bool, int, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for what is no release: a nightly, a branch, a name."""
        found = _NUMBER.match(text.strip())
        if found is None:
            return None
        pre = found["pre"] or ""
        parts = tuple(_part(part) for part in re.findall(r"\d+|[^\d.-]+", pre))
        return cls(int(found["major"]), int(found["minor"]), int(found["patch"] or 0), not pre, parts)


def too_old_for_probe(version: str) -> bool:
    """Whether a Lean of this version is known not to run the probe. What is no release number gets its try."""
    parsed, oldest = Version.parse(version), Version.parse(OLDEST_FOR_PROBE)
    # A release candidate is taken for its release.
    return parsed is not None and oldest is not None and (parsed.major, parsed.minor) < (oldest.major, oldest.minor)


def _part(text: str) -> tuple[bool, int, str]:
    return (True, int(text), "") if text.isdigit() else (False, 0, text)
