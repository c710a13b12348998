"""`ghostproof serve`: the language server, on stdio."""

import argparse

from ghostproof.config import Config
from ghostproof.lsp.server import serve


def run(arguments: argparse.Namespace) -> int:
    return serve(Config.load(arguments.config))
