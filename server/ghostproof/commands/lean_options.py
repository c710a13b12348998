"""What the command line says about Lean, above the settings."""

import argparse
import dataclasses

from ghostproof.config import Config


def with_lean(config: Config, arguments: argparse.Namespace) -> Config:
    """The settings with `--checker` and `--toolchain`, where the command has them and they are given."""
    lean = {k: v for k in ("checker", "toolchain") if (v := vars(arguments).get(k)) is not None}
    return dataclasses.replace(config, lean=dataclasses.replace(config.lean, **lean))
