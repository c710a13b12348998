"""`python -m ghostproof` and the `ghostproof` command."""

import sys

from ghostproof.cli import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
