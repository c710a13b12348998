"""A seccomp filter: system calls that a Lean has no use for answer with an error, in it and in all it starts.

Landlock says which files can be opened; what changes files without opening them (`chmod`, `utimes`, …), every kind of
socket, other processes' memory, namespaces, keys and the kernel's own doors are refused here.
"""

import ctypes
import errno
import os

from ghostproof.host.confine.kernel import PR_SET_SECCOMP, prctl, syscall

_FILTER_MODE, _SET_FILTER = 2, 1
# Kernels before 5.16 slow a filtered process down against attacks on its own memory, in which Lean has no secrets.
_SPECULATE = 4
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_LOAD_WORD, _JUMP_EQUAL, _JUMP_SET, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16  # in struct seccomp_data; low words on little endian
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_X32 = 0x40000000
AF_UNIX = 1
# CLONE_NEW*: time, mount, cgroup, uts, ipc, user, pid, network.
NEW_NAMESPACES = 0x00000080 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000

# Numbers from asm/unistd_64.h and asm-generic/unistd.h; calls newer than 2019 have one number everywhere.
_EVERYWHERE = {
    "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "fchmodat2": 452, "setxattrat": 463,
    "removexattrat": 466, "open_tree_attr": 467, "memfd_secret": 447, "quotactl_fd": 443,
}  # fmt: skip
_MISSING_EVERYWHERE = {"io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "clone3": 435}
_X86_64 = {
    "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "accept4": 288,
    "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "semop": 65, "semctl": 66, "msgget": 68, "msgsnd": 69,
    "mq_open": 240, "mq_unlink": 241,
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
    "truncate": 76, "chmod": 90, "fchmod": 91, "chown": 92, "fchown": 93, "lchown": 94, "utime": 132, "mknod": 133,
    "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
    "utimes": 235, "fchownat": 260, "futimesat": 261, "fchmodat": 268, "utimensat": 280, "mknodat": 259,
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
    "swapon": 167, "swapoff": 168, "reboot": 169, "sethostname": 170, "setdomainname": 171, "acct": 163,
    "iopl": 172, "ioperm": 173, "init_module": 175, "delete_module": 176, "finit_module": 313, "quotactl": 179,
    "kexec_load": 246, "kexec_file_load": 320, "settimeofday": 164, "clock_settime": 227, "adjtimex": 159,
    "clock_adjtime": 305, "syslog": 103, "vhangup": 153,
    "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "open_by_handle_at": 304, "name_to_handle_at": 303, "fanotify_init": 300, "lookup_dcookie": 212,
}  # fmt: skip
_AARCH64 = {
    "socket": 198, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "accept4": 242,
    "shmget": 194, "shmctl": 195, "shmat": 196, "semget": 190, "semctl": 191, "semop": 193, "msgget": 186,
    "msgsnd": 189, "mq_open": 180, "mq_unlink": 181,
    "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
    "truncate": 45, "fchmod": 52, "fchmodat": 53, "fchownat": 54, "fchown": 55, "utimensat": 88, "mknodat": 33,
    "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
    "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
    "swapon": 224, "swapoff": 225, "reboot": 142, "sethostname": 161, "setdomainname": 162, "acct": 89,
    "init_module": 105, "delete_module": 106, "finit_module": 273, "quotactl": 60,
    "kexec_load": 104, "kexec_file_load": 294, "settimeofday": 170, "clock_settime": 112, "adjtimex": 171,
    "clock_adjtime": 266, "syslog": 116, "vhangup": 58,
    "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
    "open_by_handle_at": 265, "name_to_handle_at": 264, "fanotify_init": 262, "lookup_dcookie": 18,
}  # fmt: skip
# By machine: the kernel's name for the architecture, what is refused, `socketpair`, `clone`, `ioctl`.
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, 53, 56, 16),
    "aarch64": (0xC00000B7, _AARCH64, 199, 220, 29),
}
_TYPE_INTO_TERMINAL = 0x5412  # TIOCSTI


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return code.to_bytes(2, "little") + bytes((if_true, if_false)) + value.to_bytes(4, "little")


def _answer(code: int) -> bytes:
    return _step(_RETURN, _ERRNO | code)


def _refuse(number: int, code: int) -> bytes:
    return _step(_JUMP_EQUAL, number, 0, 1) + _answer(code)


def _when(number: int, at: int, jump: bytes) -> bytes:
    """Refuse a call by one of its arguments; `jump` goes over one step where it is allowed."""
    block = _step(_LOAD_WORD, at) + jump + _answer(errno.EPERM) + _step(_LOAD_WORD, _AT_NUMBER)
    return _step(_JUMP_EQUAL, number, 0, len(block) // 8) + block


def program(machine: str) -> bytes | None:
    """The filter for a machine as `os.uname` names it; None where it is not known."""
    known = _MACHINES.get(machine)
    if known is None:
        return None
    architecture, refused, socketpair, clone, ioctl = known
    code = _step(_LOAD_WORD, _AT_ARCHITECTURE) + _step(_JUMP_EQUAL, architecture, 1, 0) + _answer(errno.EPERM)
    code += _step(_LOAD_WORD, _AT_NUMBER)
    if machine == "x86_64":
        code += _step(_JUMP_AT_LEAST, _X32, 0, 1) + _answer(errno.ENOSYS)
    # With pipes between parent and child Node means pairs of nameless sockets.
    code += _when(socketpair, _AT_FIRST_ARGUMENT, _step(_JUMP_EQUAL, AF_UNIX, 1, 0))
    code += _when(clone, _AT_FIRST_ARGUMENT, _step(_JUMP_SET, NEW_NAMESPACES, 0, 1))
    code += _when(ioctl, _AT_FIRST_ARGUMENT + 8, _step(_JUMP_EQUAL, _TYPE_INTO_TERMINAL, 0, 1))
    for number in [*refused.values(), *_EVERYWHERE.values()]:
        code += _refuse(number, errno.EPERM)
    # What programs can do without, once they hear that the kernel does not have it; `clone3` hides its flags.
    for number in _MISSING_EVERYWHERE.values():
        code += _refuse(number, errno.ENOSYS)
    return code + _step(_RETURN, _ALLOW)


def restrict() -> None:
    """Put the filter on this process, for good. Needs `no_new_privs`.

    Raises:
        OSError: the kernel has no seccomp, or this machine's numbers are not known.
    """
    machine = os.uname().machine
    code = program(machine)
    if code is None:
        raise OSError(errno.ENOSYS, f"seccomp: no filter for {machine}")
    filled = ctypes.byref(_Program(len(code) // 8, code))
    try:
        syscall("seccomp", _SECCOMP[machine], ctypes.c_uint(_SET_FILTER), ctypes.c_uint(_SPECULATE), filled)
    except OSError:
        prctl("seccomp", PR_SET_SECCOMP, _FILTER_MODE, filled)
