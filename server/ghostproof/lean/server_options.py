"""The options that Lean's server is started with, and what is done about a Lean that refuses them."""

from collections.abc import Iterable, Sequence

# Lean holds its reports back for 0.2 s, so that editors do not flicker: each edit would cost that much. It has had the
# option since 4.9; before, `editDelay` was part of `initialize`. Not zero: a reporter that has to wait for the edited
# command sends the references of the whole file so far, and once more at the end. What is elaborated by then is
# reported once, which takes a quarter off the work of an edit behind a hundred commands.
SERVER_OPTIONS = ("-Dserver.reportDelayMs=2",)
_REFUSED = "invalid -D parameter"


def without_refused(
    argv: Sequence[str], said: Iterable[str], own: Sequence[str] = SERVER_OPTIONS
) -> tuple[str, ...] | None:
    """The command line without our own options if Lean has said that it does not know one; None if there is no cause.

    Lean takes an unknown option for one that an import defines, and complains in each file, behind its header. Options
    of others stay: the user's own mistakes are the user's to see.
    """
    fewer = tuple(word for word in argv if word not in own)
    return fewer if len(fewer) < len(argv) and any(_REFUSED in text for text in said) else None
