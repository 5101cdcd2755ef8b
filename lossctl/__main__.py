"""The process: signals, standard streams and the exit code; `python -m lossctl` and the command."""

from __future__ import annotations

import gc
import os
import sys

gc.disable()  # modules leave no garbage while they load; `delivery.py` turns it on again

TYPE_CHECKING = False  # that of `typing`, which is among the modules that may be hidden
if TYPE_CHECKING:
    from typing import NoReturn, TextIO

if __name__ == "__main__" and not sys.flags.safe_path:
    # the folder it was called in: `typer.py` or `random.py` there hides no module that is needed
    sys.path.append(sys.path.pop(0))


def _fail_to_start(error: BaseException) -> NoReturn:
    """End the process after an import failed, which would end it with 1: a check failed."""
    message, hint, code = f"cannot start: {type(error).__name__}: {error}", None, 5
    try:
        from lossctl.base.errors import explained

        meaning = explained(error)
        message, hint, code = meaning.message, meaning.hint, int(meaning.exit_code)
        from lossctl.outputs.messages import complain

        complain(message, hint)
    except (Exception, SystemExit):  # they import modules, too
        print(f"lossctl: error: {message}", file=sys.stderr)
    _end(code)


def _end(code: int) -> NoReturn:
    """End the process with an exit code; everything is flushed.

    Under PYTHONINSPECT Python would ask for commands now, and forget the code. Nor is it
    to look for garbage once more, among all that was loaded: that took a tenth of `--help`.
    """
    gc.freeze()
    if sys.flags.inspect:
        os._exit(code)
    sys.exit(code)


try:
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # quiet while modules load; main takes over

    from io import RawIOBase, TextIOWrapper

    from lossctl.base import descriptors
    from lossctl.base.errors import ExitCode, ResourceError, Terminated
    from lossctl.child import in_child, memory_is_limited
    from lossctl.cli import explain, run
except (Exception, SystemExit) as error:
    _fail_to_start(error)


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    descriptors.note()
    _occupy_standard_streams()
    gc.set_threshold(5_000)  # blocks leave little garbage but for what pandas reads
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads, which spin unused
    if isinstance(sys.stdout, TextIOWrapper):
        _prepare(sys.stdout)
    try:
        code = in_child(_called) if memory_is_limited() else _called()
    except ResourceError as error:
        code = explain(error)
    _end(code)


def _called() -> ExitCode:
    """Run what the command line says, and return the exit code; both streams are flushed.

    A signal is an exception only in here, where it is caught; elsewhere it ends the process.
    """
    try:
        try:
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGTERM, _terminate)
            code = run(sys.argv[1:])
        finally:  # nothing is left to clean up: a signal may end the process at once and quietly
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                signal.signal(signal.SIGINT, signal.SIG_DFL)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Terminated:
        code = ExitCode.TERMINATED
    return _flushed(code)


def _occupy_standard_streams() -> None:
    """Let no file that is opened later pass for a standard stream that was closed."""
    descriptor = os.open(os.devnull, os.O_RDWR)
    while descriptor <= 2:
        descriptor = os.dup(descriptor)
    os.close(descriptor)


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


def _prepare(stdout: TextIOWrapper) -> None:
    """Have stdout escape what it cannot encode, and never lose what the system did not take."""
    stdout.reconfigure(errors="backslashreplace")
    if isinstance(stdout.buffer, RawIOBase):  # PYTHONUNBUFFERED: it would ignore short writes
        sys.stdout = open(  # noqa: SIM115, closed by the system
            stdout.fileno(),
            "w",
            buffering=1,
            encoding=stdout.encoding,
            errors=stdout.errors,
            closefd=False,
        )


def _flushed(code: ExitCode) -> ExitCode:
    """Return the code after stdout and stderr were flushed, or that of the failure to do so."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _abandon(sys.stdout)
        code = ExitCode.CLOSED_PIPE
    except OSError as error:
        _abandon(sys.stdout)
        if not code:
            code = explain(ResourceError(f"stdout: {error.strerror}"))
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)
    return code


def _abandon(stream: TextIO) -> None:
    """Keep the interpreter from trying once more, at its end, to write what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
