"""What goes wrong in a call, and what is odd about its numbers, as Python tells it."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from lossctl.base.errors import LossctlError
from lossctl.evaluation.rewording import reword
from lossctl.python.arguments import of_their_types, require_arguments
from lossctl.python.keywords import PYTHON
from lossctl.python.report import Report
from lossctl.python.warnings import LossWarning

P = ParamSpec("P")


def told(function: Callable[P, Report]) -> Callable[P, Report]:
    """Return a function that tells errors and warnings where it is called, in Python's words."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> Report:
        try:
            require_arguments(function, args, kwargs)
        except TypeError as error:
            _end_here(error)
            raise
        try:
            report = function(*args, **of_their_types(function, kwargs))
        except LossctlError as error:
            reword(error, PYTHON)
            if error.hint is not None:  # a traceback shows it
                error.add_note(f"hint: {error.hint}")
            _end_here(error)
            raise
        for warning in report.warnings:
            warnings.warn(f"{warning.code}: {warning.message}", LossWarning, stacklevel=2)
        return report

    called.__module__ = "lossctl"
    return called


def _end_here(error: Exception) -> None:
    """Have a traceback end where the function is called, but for those who develop it."""
    if not sys.flags.dev_mode:
        error.__traceback__ = None
