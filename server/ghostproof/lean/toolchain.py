"""Which Lean a file is checked with: the project's own, else the embedded one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Toolchain:
    """A Lean that can be run.

    Attributes:
        kind: `project` for one the user has (elan, PATH, lean-toolchain), `embedded` for the WebAssembly build.
        lean, lake: absolute paths of the executables.
        version: as `lean --version` prints it, e.g. `4.28.0-pre`.
        env: variables to set on top of the inherited environment.
    """

    kind: Literal["project", "embedded"]
    lean: Path
    lake: Path
    version: str
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """The folder a file belongs to, with its Lean.

    Attributes:
        root: folder of the nearest `lakefile.lean`/`lakefile.toml`/`lean-toolchain` above the file, else the file's
            own folder.
        is_lake: a lakefile is there, so that Lake knows options and search paths.
    """

    root: Path
    is_lake: bool
    toolchain: Toolchain
