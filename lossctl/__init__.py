"""lossctl: how wrong are these predictions? Per-sample losses and their exact mean, Loss(W)."""

from __future__ import annotations

from lossctl.base.version import __version__ as __version__

__all__ = [
    "DataError",
    "LossResult",
    "LossWarning",
    "LossctlError",
    "Report",
    "ResourceError",
    "Samples",
    "UsageError",
    "evaluate",
]

TYPE_CHECKING = False  # that of `typing`, which need not be imported
if TYPE_CHECKING:
    from typing import Any

    from lossctl.base.errors import DataError, LossctlError, ResourceError, UsageError
    from lossctl.python.calling import evaluate
    from lossctl.python.report import Report
    from lossctl.python.warnings import LossWarning
    from lossctl.results.report import LossResult
    from lossctl.results.samples import Samples

_HOMES = {
    "DataError": "lossctl.base.errors",
    "LossResult": "lossctl.results.report",
    "LossWarning": "lossctl.python.warnings",
    "LossctlError": "lossctl.base.errors",
    "Report": "lossctl.python.report",
    "ResourceError": "lossctl.base.errors",
    "Samples": "lossctl.results.samples",
    "UsageError": "lossctl.base.errors",
    "evaluate": "lossctl.python.calling",
}

_ELSEWHERE = {
    "check": ": `lossctl check` is a command of the shell, "
    'in Python it is report.means["ce"] <= limit'
}
"""What is said of a name that is none in Python."""


def __dir__() -> list[str]:
    """Name what there is, imported or not."""
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import lossctl` costs nothing."""
    if name not in _HOMES:
        said = f"module 'lossctl' has no attribute {name!r}"
        raise AttributeError(said + _ELSEWHERE.get(name, ""))
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
