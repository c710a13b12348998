"""`python -m ghostproof` and the `ghostproof` command."""

import sys


def main() -> None:
    """Run the command line of this process, and end with its exit code."""
    try:
        from ghostproof.cli import run  # whoever interrupts the import wants no traceback either

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
