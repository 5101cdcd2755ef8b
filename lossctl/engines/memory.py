"""Memory that blocks of rows, one after another, find where the last one was."""

from __future__ import annotations


def keep_memory() -> None:
    """Have glibc keep what is freed, up to 32 MiB an arena; elsewhere this does nothing.

    Its thresholds for giving memory back (M_MMAP_THRESHOLD, M_TRIM_THRESHOLD) follow the largest
    block that was freed so far, as this one is, untouched. Below them each block of rows would
    fetch its pages anew, for which threads wait for one another in the system.
    """
    import numpy as np

    np.empty(1 << 24, np.uint8)
