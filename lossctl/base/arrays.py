"""What arrays are called in annotations; NumPy itself is imported by those who use it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[np.float64]"
Ids: TypeAlias = "NDArray[np.bytes_]"
"""Texts in UTF-8, each padded with zeros."""
