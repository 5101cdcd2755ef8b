"""What goes wrong in a call, and what is odd about its numbers, as Python tells it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from lossctl.base.errors import LossctlError
from lossctl.base.wording import nearest
from lossctl.evaluation.rewording import reword
from lossctl.python.keywords import PYTHON
from lossctl.python.report import Report
from lossctl.python.warnings import LossWarning

P = ParamSpec("P")


def told(function: Callable[P, Report]) -> Callable[P, Report]:
    """Return a function that tells errors and warnings where it is called, in Python's words.

    Of an unknown keyword it names the nearest one, as Python itself does from 3.13 on.
    """
    code = function.__code__
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> Report:
        for name in kwargs:
            if name not in known:
                raise TypeError(_unknown(function.__name__, name, known))
        try:
            report = function(*args, **kwargs)
        except LossctlError as error:
            reword(error, PYTHON)
            if error.hint is not None:  # a traceback shows it
                error.add_note(f"hint: {error.hint}")
            if not sys.flags.dev_mode:
                error.__traceback__ = None
            raise
        for warning in report.warnings:
            warnings.warn(f"{warning.code}: {warning.message}", LossWarning, stacklevel=2)
        return report

    return called


def _unknown(function: str, name: str, known: tuple[str, ...]) -> str:
    meant = nearest(name, known)
    hint = "" if meant is None else f". Did you mean {meant!r}?"
    return f"{function}() got an unexpected keyword argument {name!r}{hint}"
