"""Registries name their entries "module:attribute", so that one is imported when it is used.

An entry that takes an optional package also names the extra of lossctl that installs it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from lossctl.base.errors import ResourceError, is_want_of_memory
from lossctl.base.wording import visible

EXTRAS = {"arrow": "pyarrow", "excel": "python_calamine", "zstd": "backports.zstd"}
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
            require_package(extra, f"{what} takes {EXTRAS[extra]}")
        raise


def require_package(extra: str, message: str) -> None:
    """Raise ResourceError if the package of an extra is not installed, or is but is broken.

    The message says what cannot be done without it.
    """
    package = EXTRAS[extra]
    try:
        import_module(package)
    except ImportError as error:
        if is_want_of_memory(error):
            raise
        absent = isinstance(error, ModuleNotFoundError) and error.name is not None
        if absent and f"{package}.".startswith(f"{error.name}."):
            raise ResourceError(message, f"pip install 'lossctl[{extra}]'") from None
        why = f"{package} is installed, but cannot be imported ({visible(str(error))})"
        raise ResourceError(f"{message}: {why}") from None
