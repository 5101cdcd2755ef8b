"""NumPy, imported when something of it is asked for.

What lists the losses reads their modules, and needs no NumPy: it takes longer to import than all
else together.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Return what NumPy calls by this name, and keep it."""
    import numpy as np

    found = globals()[name] = getattr(np, name)
    return found
