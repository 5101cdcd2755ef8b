"""Warnings of single tables."""

from __future__ import annotations

from lossctl.base.warnings import Caution
from lossctl.base.wording import counted, listed, quoted, visible


class NoFinalNewline(Caution):
    """A text ends within a line, as one does that was cut off."""

    code = "no-final-newline"
    table: str

    @property
    def message(self) -> str:
        return f"{self.table}: no newline at the end: is the file complete?"


class ShardsOutOfOrder(Caution):
    """Shards that were named one by one, and are read so, do not stand in their numbers' order."""

    code = "shards-out-of-order"
    table: str

    @property
    def message(self) -> str:
        return f"{visible(self.table)}: read in this order, which is not that of their numbers"


class SubfoldersNotRead(Caution):
    """A folder of shards has folders, too, whose files are not read."""

    code = "subfolders-not-read"
    table: str
    folders: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.folders)

    @property
    def message(self) -> str:
        names = listed(map(quoted, self.folders), 3)
        return f"{visible(self.table)}: what is in the folders {names} there is not read"


class MissingShards(Caution):
    """Numbers are missing in the series of the shards, which is taken for complete.

    Spark writes no empty partition but the first, and says with _SUCCESS that it wrote all;
    elsewhere `--missing-shards present` says so.
    """

    code = "missing-shards"
    table: str
    shards: int
    numbers: str

    @property
    def count(self) -> int:
        return self.shards

    @property
    def message(self) -> str:
        are = "1 shard is" if self.shards == 1 else f"{self.shards} shards are"
        return f"{visible(self.table)}: {are} not there, and taken for empty: {self.numbers}"


class EmptyShards(Caution):
    """Shards without a row were passed over."""

    code = "empty-shards"
    table: str
    shards: int
    first: str

    @property
    def count(self) -> int:
        return self.shards

    @property
    def message(self) -> str:
        passed_over = f"{counted(self.shards, 'shard')} without a row passed over"
        return f"{visible(self.table)}: {passed_over}: {self.first}" + ", ..." * (self.shards > 1)
