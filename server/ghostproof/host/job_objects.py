"""Job objects of Windows, by `kernel32` through ctypes. Knows the calls, and nothing about what they are for."""

import ctypes
from collections.abc import Callable
from typing import Protocol

_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_KILL_ON_JOB_CLOSE = 0x2000
_PROCESS_SET_QUOTA, _PROCESS_TERMINATE = 0x0100, 0x0001


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class Kernel(Protocol):
    """The functions of `kernel32.dll`, called with the types of ctypes."""

    def CreateJobObjectW(self, attributes: None, name: None) -> int | None: ...
    def SetInformationJobObject(self, job: object, kind: int, information: object, size: int) -> int: ...
    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int | None: ...
    def AssignProcessToJobObject(self, job: object, process: object) -> int: ...
    def TerminateJobObject(self, job: object, code: int) -> int: ...
    def CloseHandle(self, handle: object) -> int: ...


def _kernel32() -> Kernel:
    """The library itself. Handles are as wide as pointers; ctypes would take them for 32 bits."""
    library = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009 - only Windows has it
    library.CreateJobObjectW.restype = ctypes.c_void_p
    library.OpenProcess.restype = ctypes.c_void_p
    kernel: Kernel = library
    return kernel


def _last_error() -> int:
    number: int = getattr(ctypes, "get_last_error")()  # noqa: B009 - only Windows has it
    return number


class Win32Jobs:
    """See `ghostproof.host.windows.Jobs`. The library is loaded at the first call."""

    def __init__(self, load: Callable[[], Kernel] = _kernel32, last_error: Callable[[], int] = _last_error) -> None:
        self._load = load
        self._last_error = last_error
        self._loaded: Kernel | None = None

    def create(self) -> int:
        job = self._made(self._kernel.CreateJobObjectW(None, None), "CreateJobObject")
        limits = _ExtendedLimits()
        limits.basic.flags = _KILL_ON_JOB_CLOSE
        information, size = ctypes.byref(limits), ctypes.sizeof(limits)
        try:
            done = self._kernel.SetInformationJobObject(_handle(job), _EXTENDED_LIMITS, information, size)
            self._made(done, "SetInformationJobObject")
        except OSError:
            self.close(job)
            raise
        return job

    def assign(self, job: int, pid: int) -> None:
        opened = self._kernel.OpenProcess(_PROCESS_SET_QUOTA | _PROCESS_TERMINATE, False, pid)
        process = self._made(opened, "OpenProcess")
        try:
            done = self._kernel.AssignProcessToJobObject(_handle(job), _handle(process))
            self._made(done, "AssignProcessToJobObject")
        finally:
            self.close(process)

    def terminate(self, job: int, code: int) -> None:
        self._made(self._kernel.TerminateJobObject(_handle(job), code), "TerminateJobObject")

    def close(self, job: int) -> None:
        self._made(self._kernel.CloseHandle(_handle(job)), "CloseHandle")

    @property
    def _kernel(self) -> Kernel:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _made(self, result: int | None, what: str) -> int:
        if not result:
            raise OSError(self._last_error(), f"{what} failed")
        return result


def _handle(value: int) -> ctypes.c_void_p:
    return ctypes.c_void_p(value)
