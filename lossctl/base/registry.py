"""Registries name their entries "module:attribute", so that one is imported when it is used.

An entry whose packages are optional also names the extra of lossctl that installs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lossctl.base.errors import ResourceError


def load(place: str, extra: str | None = None, message: str = "") -> Any:
    """Import what "module:attribute" names.

    Raises ResourceError with this message where the packages of the extra are not installed.
    """
    module, attribute = place.split(":")
    try:
        return getattr(import_module(module), attribute)
    except ImportError:
        if extra is None:
            raise
        raise missing(extra, message) from None


def missing(extra: str | None, message: str) -> ResourceError:
    """Return the error for a package that is not installed, and how its extra is installed."""
    return ResourceError(message, extra and f"pip install 'lossctl[{extra}]'")
