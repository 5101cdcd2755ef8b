"""lossctl: how wrong are these predictions? Per-sample losses and their exact mean, Loss(W)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["DataError", "LossctlError", "Report", "ResourceError", "UsageError", "evaluate"]

if TYPE_CHECKING:
    from lossctl.errors import DataError, LossctlError, ResourceError, UsageError
    from lossctl.evaluation import evaluate
    from lossctl.report import Report

_HOMES = {
    "DataError": "lossctl.errors",
    "LossctlError": "lossctl.errors",
    "Report": "lossctl.report",
    "ResourceError": "lossctl.errors",
    "UsageError": "lossctl.errors",
    "evaluate": "lossctl.evaluation",
}


def __dir__() -> list[str]:
    """Name what there is, imported or not."""
    return sorted([*__all__, "__version__"])


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that `import lossctl` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lossctl' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
