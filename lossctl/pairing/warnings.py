"""Warnings of how two tables are paired."""

from __future__ import annotations

from lossctl.base.warnings import Caution

SHOWN = 10
"""Classes that a message shows."""


class ColumnsReordered(Caution):
    """The targets' columns have another order than the predictions', and were paired by name."""

    code = "columns-reordered"
    targets: str

    @property
    def message(self) -> str:
        return f"{self.targets}: columns paired by name, in the predictions' order"


class NumberedFrom1(Caution):
    """Labels were read as the names 1 to k of the columns, but may be indices from 0."""

    code = "numbered-from-1"
    targets: str
    classes: int

    @property
    def message(self) -> str:
        indices = ",".join(map(str, range(min(self.classes, SHOWN))))
        more = ",..." if self.classes > SHOWN else ""
        return (
            f"{self.targets}: labels were read as the numbers of the predictions' columns, 1 to "
            f"{self.classes}; if they are indices from 0, pass --classes {indices}{more}"
        )
