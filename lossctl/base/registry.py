"""Registries name their entries "module:attribute", so that one is imported when it is used.

An entry that takes an optional package also names the extra of lossctl that installs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lossctl.base.errors import ResourceError
from lossctl.base.wording import visible

EXTRAS = {"arrow": "pyarrow", "zstd": "backports.zstd"}
"""Each extra of lossctl installs a package, which is imported by this name."""


def load(place: str, extra: str | None = None, what: str = "") -> Any:
    """Import what "module:attribute" names.

    Raises ResourceError, which says `what` takes the package of the extra, where that cannot be
    imported. Whatever else cannot be imported is a fault of our own, and raises ImportError.
    """
    module, attribute = place.split(":")
    try:
        return getattr(import_module(module), attribute)
    except ImportError:
        if extra is not None:
            _require_package(extra, what)
        raise


def _require_package(extra: str, what: str) -> None:
    """Raise ResourceError if the package of an extra is not installed, or is but is broken."""
    package = EXTRAS[extra]
    message = f"{what} takes {package}"
    try:
        import_module(package)
    except ImportError as error:
        absent = isinstance(error, ModuleNotFoundError) and error.name is not None
        if absent and f"{package}.".startswith(f"{error.name}."):
            raise missing(extra, message) from None
        why = f"which is installed, but cannot be imported ({visible(str(error))})"
        raise ResourceError(f"{message}, {why}") from None


def missing(extra: str | None, message: str) -> ResourceError:
    """Return the error for a package that is not installed, and how its extra is installed."""
    return ResourceError(message, extra and f"pip install 'lossctl[{extra}]'")
