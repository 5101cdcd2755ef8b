"""Warnings of how two tables are paired."""

from __future__ import annotations

from lossctl.base.warnings import Caution


class ColumnsReordered(Caution):
    """The targets' columns have another order than the predictions', and were paired by name."""

    code = "columns-reordered"
    targets: str

    @property
    def message(self) -> str:
        return f"{self.targets}: columns paired by name, in the predictions' order"
