"""The command in a child process, where memory is limited.

A library that gets no memory ends its process as it likes: OpenBLAS with exit code 1, which says
that a check failed, Arrow and jemalloc with SIGABRT, others with SIGSEGV. None of that can be
caught. So the command is left to a child, which tells its exit code; if it ends without a word, it
had no memory.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from lossctl.base.errors import ExitCode, ResourceError
from lossctl.base.memory import require_memory

_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGCHLD}
_BY_THE_TERMINAL = 0x80
"""The code, SI_KERNEL, of a signal that went to the child, too."""
_A_YEAR = 31_536_000
_LEAST = 192 << 20
"""In bytes of address space: what NumPy and our own modules take, and as much again."""
_PATIENCE = 10.0
"""So many seconds a child may take to end after a signal says so."""
_SAID = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def memory_is_limited() -> bool:
    """Return whether this process may have less address space than it asks for (`ulimit -v`)."""
    if not hasattr(signal, "sigwaitinfo"):  # where no limit is kept either
        return False
    import resource

    limits = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    if any(resource.getrlimit(limit)[0] != resource.RLIM_INFINITY for limit in limits):
        return True
    try:
        with open("/proc/sys/vm/overcommit_memory") as setting:
            return setting.read(1) == "2"
    except OSError:
        return False


def in_child(command: Callable[[], ExitCode]) -> ExitCode:
    """Return the exit code of a command that a child runs; in the child, when it is done, too.

    Raises ResourceError where the child ended without it, and where there is too little memory to
    begin with: Python may wait for ever for a module that it had no memory to import.
    """
    try:
        require_memory(_LEAST)
    except MemoryError:
        raise ResourceError("out of memory") from None
    reading, writing = os.pipe()
    parent_is_there, in_parent = os.pipe()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        child = os.fork()
    except OSError as error:
        raise ResourceError(f"no process could be started: {error.strerror}") from None
    if child:
        os.close(writing)
        status = _watched(child)
        said = os.read(reading, 1)
        return ExitCode(said[0]) if said else _without_a_word(status)
    os.close(in_parent)
    _end_with_parent(parent_is_there)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    code = command()
    os.write(writing, bytes([code]))
    return code


def _end_with_parent(parent_is_there: int) -> None:
    """Have the system send SIGTERM when the parent, which may be killed, no longer holds a pipe."""
    from fcntl import F_GETFL, F_SETFL, F_SETOWN, F_SETSIG, fcntl

    fcntl(parent_is_there, F_SETOWN, os.getpid())
    fcntl(parent_is_there, F_SETSIG, signal.SIGTERM)
    fcntl(parent_is_there, F_SETFL, fcntl(parent_is_there, F_GETFL) | os.O_ASYNC)


def _watched(child: int) -> int:
    """Return how a child ended; signals that only its parent gets are handed on to it.

    One that does not obey them is killed: Python itself may be waiting for memory, for ever.
    """
    patience = float(_A_YEAR)
    while True:
        arrived = signal.sigtimedwait(_SIGNALS, patience)
        if arrived is None:
            os.kill(child, signal.SIGKILL)
        elif arrived.si_signo != signal.SIGCHLD:
            patience = _PATIENCE
            if arrived.si_code != _BY_THE_TERMINAL:
                os.kill(child, arrived.si_signo)
        ended, status = os.waitpid(child, os.WNOHANG if arrived else 0)
        if ended:
            return status


def _without_a_word(status: int) -> ExitCode:
    """Return the exit code for a child that did not say its own; raise ResourceError as a rule."""
    if not os.WIFSIGNALED(status):
        how = f"a library ended the process with exit code {os.WEXITSTATUS(status)}"
        raise ResourceError(f"out of memory: {how}")
    number = signal.Signals(os.WTERMSIG(status))
    if number in _SAID:
        return _SAID[number]
    raise ResourceError(f"out of memory: the process was ended by {number.name}")
