"""Runs a program confined: the process that starts Lean, and stays above it to end it with all that it started.

Run as `python -I -S -c "… main()" OPTIONS -- PROGRAM ARGUMENTS`, at every start of Lean. It therefore imports nothing
that is slow to import, and reads its few options itself; `ghostproof.host.confine.command` writes them.

The launcher ends with the exit status of the program, or by the signal that ended it. A SIGTERM, and the death of the
process that started it, end the program and everything below it, frozen processes too.
"""

import os
import signal
import sys
import time
from contextlib import suppress

from ghostproof.host import descendants
from ghostproof.host.confine import limits

REFUSED, CANNOT_RUN = 97, 127  # exit codes: it could not be confined, it could not be run
_PARTS = ("limits", "capabilities", "no_new_privs", "landlock", "seccomp")
# Seconds between two looks at the memory and number of all processes together; the short one from half of a limit on.
_ROUND_S, _SHORT_ROUND_S = 1.0, 0.1
_ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class LauncherOptions:
    """What the options say.

    Attributes:
        lists: paths behind `--read`, `--run` and `--write`.
        memory, processes: most bytes and processes of the whole tree; 0 for any number.
        parent: the process without which nothing of this may live on.
        scratch: a folder to be made for temporary files, and removed at the end; "" for none.
        free: nothing is taken from the program; the supervisor is all that there is.
        require: whether the program is refused where not all of the confinement can be had.
        report: say what could be had, instead of running a program.
    """

    def __init__(self, arguments: list[str]) -> None:
        self.lists: dict[str, list[str]] = {"--read": [], "--run": [], "--write": []}
        self.memory = self.processes = self.parent = 0
        self.scratch = ""
        self.require = self.report = self.free = False
        words = iter(arguments)
        for word in words:
            if word == "--":
                break
            if word in self.lists:
                self.lists[word].append(next(words))
            elif word in ("--memory", "--processes", "--parent"):
                setattr(self, word[2:], int(next(words)))
            elif word == "--scratch":
                self.scratch = next(words)
            elif word in ("--require", "--report", "--free"):
                setattr(self, word[2:], True)
            else:
                raise SystemExit(f"ghostproof launcher: {word} is no option")
        self.program = list(words)


def main() -> None:
    """What is run in place of a program: it confines itself, becomes the program, and stands above it."""
    plan = LauncherOptions(sys.argv[1:])
    if plan.report:
        _report(plan)
    elif sys.platform == "linux":
        _supervise(plan)
    else:
        _confine_or_refuse(plan)
        _run(plan)


# ---- inside: the process that becomes Lean


def _part(name: str, plan: LauncherOptions) -> str:
    """Put one part of the confinement on this process; what is to be said about it."""
    if name == "limits":
        limits.restrict(plan.memory)
        return ""
    if sys.platform != "linux":
        raise OSError("only on Linux")
    # Not imported elsewhere: the calls exist on Linux alone.
    from ghostproof.host.confine import kernel, landlock, seccomp

    if name == "capabilities":
        if os.geteuid() == 0:
            limits.drop_capabilities()
    elif name == "no_new_privs":
        kernel.prctl("no_new_privs", kernel.PR_SET_NO_NEW_PRIVS, 1)
    elif name == "landlock":
        lists = plan.lists
        version = landlock.restrict(lists["--read"], lists["--run"], [*lists["--write"], *filter(None, [plan.scratch])])
        return f"version {version}"
    elif name == "seccomp":
        seccomp.restrict()
    return ""


def _confine(plan: LauncherOptions) -> list[tuple[str, bool, str]]:
    """Each part by name, whether it holds, and what is to be said about it."""
    found = []
    for name in _PARTS:
        try:
            found.append((name, True, _part(name, plan)))
        except (OSError, ValueError) as problem:
            found.append((name, False, str(problem)))
    return found


def _confine_or_refuse(plan: LauncherOptions) -> None:
    if plan.free:
        return
    missing = [f"{name} ({why})" for name, held, why in _confine(plan) if not held]
    if missing and plan.require:
        _say(f"Lean is not run, because it cannot be confined: {'; '.join(missing)}.")
        os._exit(REFUSED)


def _run(plan: LauncherOptions) -> None:
    try:
        os.execvp(plan.program[0], plan.program)
    except OSError as problem:
        _say(f"{plan.program[0]} cannot be run: {problem.strerror}")
        os._exit(CANNOT_RUN)


def _report(plan: LauncherOptions) -> None:
    for name, held, why in _confine(plan):
        print(name, "yes" if held else "no", why, sep="\t")


def _say(words: str) -> None:
    with suppress(OSError):
        os.write(2, f"ghostproof: {words}\n".encode())


# ---- above: the supervisor


def _supervise(plan: LauncherOptions) -> None:
    from ghostproof.host.confine import kernel

    watched = {signal.SIGCHLD, *_ENDING}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    kernel.prctl("parent", kernel.PR_SET_PDEATHSIG, int(signal.SIGTERM))
    kernel.prctl("subreaper", kernel.PR_SET_CHILD_SUBREAPER, 1)
    if plan.scratch:
        os.makedirs(plan.scratch, mode=0o700, exist_ok=True)
        os.environ.update(TMPDIR=plan.scratch, TMP=plan.scratch, TEMP=plan.scratch)
    supervisor = os.getpid()
    head = os.fork()
    if head == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        kernel.prctl("parent", kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != supervisor:
            os._exit(REFUSED)
        _confine_or_refuse(plan)
        _run(plan)
    _let_go_of_pipes()
    status = _watch(plan, head, watched)
    descendants.end_below(supervisor)
    _reap(head)
    _remove(plan.scratch)
    _end_like(status)


def _let_go_of_pipes() -> None:
    """Whoever reads the program's output must see its end. Only stderr is kept, for words of our own."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)


def _watch(plan: LauncherOptions, head: int, watched: set[signal.Signals]) -> int:
    """Wait until the program has to end, or has ended. Returns the status that it, or what happened, amounts to."""
    next_round = time.monotonic() + _ROUND_S
    while True:
        woken = signal.sigtimedwait(watched, max(0.0, next_round - time.monotonic()))
        status = _reap(head)
        if status is not None:
            return status
        if woken is not None and woken.si_signo in _ENDING:
            return int(signal.SIGKILL)
        if plan.parent and os.getppid() != plan.parent:
            return int(signal.SIGKILL)
        if time.monotonic() >= next_round:
            part, words = _used(plan)
            if part > 1:
                _say(words)
                return int(signal.SIGKILL)
            next_round = time.monotonic() + (_SHORT_ROUND_S if part > 0.5 else _ROUND_S)


def _reap(head: int) -> int | None:
    """Wait for what has ended; the status of the program, if it is among them."""
    found = None
    with suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid == head:
                found = status
    return found


def _used(plan: LauncherOptions) -> tuple[float, str]:
    """The part of a limit that is used up, and what is said when it is more than all of it."""
    below = descendants.descendants(os.getpid())
    if plan.processes and len(below) > plan.processes:
        return 2.0, f"Lean had started {len(below)} processes and was ended; {plan.processes} are the limit."
    if not plan.memory:
        return 0.0, ""
    held = sum(map(descendants.own_memory, below))
    limit = plan.memory / 2**30
    words = f"Lean held {held / 2**30:.2f} GiB of memory and was ended; {limit:.2f} GiB are the limit."
    return held / plan.memory, words


def _remove(folder: str) -> None:
    if folder:
        import shutil  # slow to import, and needed only now

        shutil.rmtree(folder, ignore_errors=True)


def _end_like(status: int) -> None:
    """End as the program did, so that nobody sees the difference."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)
