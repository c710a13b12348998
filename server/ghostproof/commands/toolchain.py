"""`ghostproof toolchain`: the embedded Lean comes and goes, and tells where it is."""

import argparse

from ghostproof import render
from ghostproof.errors import NoToolchain
from ghostproof.lean.embedded import install as embedded


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "remove":
        print("removed" if embedded.uninstall() else "nothing to remove")
        return 0
    if arguments.action == "install":
        with render.installing() as progress:
            path = embedded.install(progress, force=arguments.force)
        print(path)
        return 0
    installed = embedded.installed()
    if installed is None:
        raise NoToolchain("The embedded Lean is not installed.", "ghostproof toolchain install")
    print(installed)
    return 0
