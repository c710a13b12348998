"""What the exit code of a command says; the texts of `ghostproof --help` list them."""

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal, NoToolchain, ToolchainBroken

FOUND, NOTHING, BAD_INPUT, NO_LEAN, LEAN_FAILED = 0, 1, 2, 3, 4
# And the number of the signal, of which Ctrl-C is one.
SIGNALLED = 128
INTERRUPTED = SIGNALLED + 2


def exit_code(problem: GhostproofError) -> int:
    """The exit code of a command that ended with a problem."""
    match problem:
        case NoToolchain() | ToolchainBroken():
            return NO_LEAN
        case LeanDied() | LeanTimeout():
            return LEAN_FAILED
        case NoGoal():
            return NOTHING
    return BAD_INPUT
