"""The errors a person may see: each says what is wrong and what to do about it."""


class GhostproofError(Exception):
    """Base of every expected failure.

    Args:
        message: what is wrong, in one sentence.
        hint: what the person can do about it (a command, where there is one).
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class NoToolchain(GhostproofError):
    """No usable Lean was found for a project."""


class ToolchainBroken(GhostproofError):
    """A toolchain is there but could not be installed, started or understood."""


class BadInput(GhostproofError):
    """The file or the position asked about does not exist or cannot be read."""


class NoGoal(GhostproofError):
    """There is no tactic goal at the asked position."""


class NotImported(NoGoal):
    """What a file imports could not be loaded, so that there is no goal anywhere in it."""


class LeanDied(GhostproofError):
    """A Lean process ended, or stopped answering, while it was needed.

    The message carries the end of the process's stderr.
    """


class LeanTimeout(GhostproofError):
    """Lean did not finish within the time it was given."""


class ModelMissing(GhostproofError):
    """The model that was asked for is not on this machine."""


class ModelBroken(GhostproofError):
    """A model's files are there but cannot be read, are of no supported kind, or do not give text back unchanged."""


class ProverFailed(GhostproofError):
    """The prover cannot be reached, refuses the request, or answers with something other than what was asked for."""


class ProverBusy(ProverFailed):
    """The prover has no memory left for the request, even after giving up what it kept for others."""


class PromptTooLong(GhostproofError):
    """What a prompt cannot do without has more tokens than the model's context has room for."""


class AskedToEnd(KeyboardInterrupt):
    """Somebody asked this process to end, as Ctrl-C does, by another signal.

    Args:
        number: the signal's.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
