"""System calls of Linux that Python's library has no names for, by ctypes.

Cheap to import: it runs at every start of Lean.
"""

import ctypes
import os

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 36, 38

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(what: str, number: int, *arguments: object) -> int:
    """The result of a system call.

    Args:
        what: its name, for the message of a failure.

    Raises:
        OSError: it failed.
    """
    return _checked(_libc.syscall(ctypes.c_long(number), *arguments), what)


def prctl(what: str, option: int, *arguments: object) -> int:
    """As `syscall`, for `prctl`. Numbers that are left out are zero, as some options insist on that."""
    words = [*arguments, *[0] * (4 - len(arguments))]
    numbers = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in words]
    return _checked(_libc.prctl(ctypes.c_int(option), *numbers), what)
