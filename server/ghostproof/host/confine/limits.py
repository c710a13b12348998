"""What one process may take of the machine, whatever else confines it.

Limits hold for all that it starts, one by one.
"""

import os
import resource

from ghostproof.host.confine.kernel import PR_CAPBSET_DROP, prctl

# One file: a compiled Mathlib module has some tens of megabytes.
LARGEST_FILE = 1 << 30
# Memory that is reserved and never used counts as data: V8 and Lean's allocator reserve gigabytes for a thread or two.
_RESERVED = 16 << 30
# Whom the kernel ends first where the machine's memory runs out: Lean, not the editor.
_ENDED_EARLY = 500
# Threads that a user may have beyond those that run anyhow; the kernel counts all of a user's processes together.
_THREADS_ON_TOP = 2048
# Root without these reads only what its own files' modes allow; it may do nothing else that others may not.
_KEPT_CAPABILITIES = {1, 2}  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
_LAST_CAPABILITY = 63


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _threads_running() -> int:
    with open("/proc/loadavg", "rb") as file:
        return int(file.read().split()[3].partition(b"/")[2])


def restrict(memory: int) -> None:
    """Set the limits on this process. `memory` is in bytes; 0 sets none.

    What is really used is watched by the supervisor, for all processes together; the limit set here is for what grows
    too fast to be watched.

    Raises:
        OSError, ValueError: the system refuses.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE)
    if memory and os.uname().sysname == "Linux":
        _lower(resource.RLIMIT_DATA, memory + _RESERVED)
    if os.path.exists("/proc/loadavg"):
        _lower(resource.RLIMIT_NPROC, _threads_running() + _THREADS_ON_TOP)
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write(str(_ENDED_EARLY))


def drop_capabilities() -> None:
    """What makes root mighty is not handed on to the program that is run next.

    Raises:
        OSError: the system refuses.
    """
    for capability in range(_LAST_CAPABILITY + 1):
        if capability not in _KEPT_CAPABILITIES:
            try:
                prctl("capabilities", PR_CAPBSET_DROP, capability)
            except OSError as problem:
                if problem.errno == 22:  # one that this kernel does not have
                    return
                raise
