"""Warnings of how two tables are paired."""

from __future__ import annotations

from lossctl.base.warnings import Caution
from lossctl.base.wording import argument, listed, quoted, visible
from lossctl.pairing.index_names import called_in_messages, way_to_column
from lossctl.pairing.naming import naming
from lossctl.pairing.words import SHOWN


class UnusedIdsTogether(Caution):
    """Rows were paired by position, though columns that are an id together have another order."""

    code = "unused-ids-together"
    columns: tuple[str, ...]

    @property
    def message(self) -> str:
        return (
            "rows were paired by position, though both tables have the same rows of "
            f"{listed(map(quoted, self.columns), SHOWN)}, in another order: sort both by these "
            "columns?"
        )


class UnlikeIds(Caution):
    """Rows were paired by position, though each table has other ids in its first rows."""

    code = "unlike-ids"
    columns: tuple[str, str]
    """What the ids of the predictions and of the targets are called."""

    @property
    def message(self) -> str:
        here, there = map(called_in_messages, self.columns)
        return (
            f"rows were paired by position, though {here} and {there} look like ids, and differ in "
            "the first rows: if they are the same in another order, call both the same, and pair "
            "by them with --id"
        )


class AsByChance(Caution):
    """Labels beside the predictions are the targets of a row no more often than by chance."""

    code = "as-by-chance"
    table: str
    column: str
    targets: str

    @property
    def message(self) -> str:
        return (
            f"the labels in column {quoted(self.column)} of {visible(self.table)} are those of "
            f"{visible(self.targets)} no more often than by chance: do the rows of both stand in "
            "the same order?"
        )


class ColumnsReordered(Caution):
    """The targets' columns have another order than the predictions', and were paired by name."""

    code = "columns-reordered"
    targets: str

    @property
    def message(self) -> str:
        return f"{self.targets}: columns paired by name, in the predictions' order"


class ColumnsCountOtherwise(Caution):
    """Columns that only count were paired by position, though the same names pair otherwise."""

    code = "columns-count-otherwise"
    predictions: tuple[str, str]
    """The file, and what it calls its columns."""
    targets: tuple[str, str]

    @property
    def message(self) -> str:
        (file, names), (other, theirs) = self.predictions, self.targets
        return (
            f"{file} has the columns {names}, but {other} {theirs}: they were paired by position, "
            "as these names only count (if that is right, pass --columns position)"
        )


class ColumnsSwapped(Caution):
    """A column of predictions is called as targets are, and one of targets as predictions are."""

    code = "columns-swapped"
    unlikely = True
    prediction: str
    target: str

    @property
    def message(self) -> str:
        return (
            f"{quoted(self.prediction)} was read as predictions, and {quoted(self.target)} as "
            "targets: are the two swapped?"
        )


class OtherColumn(Caution):
    """Both tables have both columns; one was read in the one, and the other in the other."""

    code = "other-column"
    prediction: str
    target: str

    @property
    def message(self) -> str:
        return (
            f"{quoted(self.prediction)} was evaluated against {quoted(self.target)}, though both "
            "tables have both: are they the same thing?"
        )


class CommasInDoubt(Caution):
    """Lines of both files were read as two whole numbers, but may be one with a decimal comma."""

    code = "commas-in-doubt"
    predictions: str
    targets: str

    @property
    def message(self) -> str:
        return (
            f"{self.predictions} and {self.targets}: each line was read as two whole numbers; if "
            "it is one number with a decimal comma, pass --decimal ,"
        )


class IndexUnused(Caution):
    """One index only numbers the rows, the other has other labels: rows were paired by position."""

    code = "index-unused"
    numbered: str
    labelled: str
    ascend: bool = False
    """Those labels are whole numbers that ascend, but leave some out."""

    @property
    def message(self) -> str:
        doubt = ", which ascend with gaps: was it sorted?" if self.ascend else ""
        return (
            f"rows were paired by position: {self.numbered} only numbers its rows, {self.labelled} "
            f"has an index of other labels{doubt} (if that is right, pass --index ignore)"
        )


class IndexBesideIds(Caution):
    """One file has an index, the other a column of ids: rows were paired by position."""

    code = "index-beside-ids"
    labelled: str
    other: str
    column: str

    @property
    def message(self) -> str:
        return (
            f"rows were paired by position: {self.labelled} has an index, {self.other} a column "
            f"{quoted(self.column)} of other labels (if the rows do belong together in their "
            f"order, pass --index ignore; else {way_to_column(self.labelled, self.column)})"
        )


class IndexesApart(Caution):
    """Both files have an index, but no label at the start of the one is one of the other's."""

    code = "indexes-apart"
    predictions: str
    targets: str

    @property
    def message(self) -> str:
        return (
            f"rows were paired by position: no label of the index of {self.predictions} is one of "
            f"{self.targets}, in the first rows (if they do belong together in their order, pass "
            "--index ignore)"
        )


class SortedAsText(Caution):
    """The numbers of rows stand in the order of text, 1, 10, 2, beside a file without an index."""

    code = "sorted-as-text"
    table: str
    other: str
    labels: tuple[str, ...]

    @property
    def message(self) -> str:
        return (
            f"{self.table}: its rows are numbered, but stand in the order of text, "
            f"{', '.join(self.labels)}, as json.dump(..., sort_keys=True) writes them: do those of "
            f"{self.other}, too? (if they do, pass --index ignore)"
        )


class OfPredictedClass(Caution):
    """A probability is never below one half, and stands beside a column of predicted labels."""

    code = "of-predicted-class"
    unlikely = True
    predictions: str
    label: str

    @property
    def message(self) -> str:
        return (
            f"{self.predictions}: no probability is below 0.5, and a column {quoted(self.label)} "
            "stands beside it: is it that of the class that was predicted, rather than of the "
            "event?"
        )


class NamedByOtherLabel(Caution):
    """`--pred-cols` names a column that is called by the label that is not the event."""

    code = "named-by-other-label"
    unlikely = True
    column: str
    negative: str
    positive: str

    @property
    def message(self) -> str:
        return (
            f"{quoted(self.column)} was read as the probability of {quoted(self.positive)}, though "
            f"its name says that of {quoted(self.negative)}: if it is that, pass --pos-label "
            f"{argument(self.negative)}"
        )


class SameShards(Caution):
    """Two shards of the predictions are the same, byte for byte."""

    code = "same-shards"
    first: str
    again: str

    @property
    def message(self) -> str:
        return f"{visible(self.first)} and {visible(self.again)} are the same: is one a copy?"


class ShardsByWords(Caution):
    """Shards that are called by words were read by the alphabet, beside a table of others."""

    code = "shards-by-words"
    table: str
    names: tuple[str, ...]
    """The first ones, in the order in which they were read."""

    @property
    def message(self) -> str:
        return (
            f"{visible(self.table)}: shards were read in the order of the alphabet, "
            f"{', '.join(map(visible, self.names))}: do the rows of the other table stand so, too? "
            "(to say so, name them in their order, with commas between)"
        )


class RowsOutOfOrder(Caution):
    """A column that numbers all rows does not count up, beside a file that does not have it."""

    code = "rows-out-of-order"
    table: str
    other: str
    column: str
    """What the column is called; nothing for an index without a name."""
    first: tuple[str, ...]
    """Its first numbers."""

    @property
    def message(self) -> str:
        called = f"column {quoted(self.column)}" if self.column else "index"
        return (
            f"rows were paired by position, though those of {self.table} are numbered, and stand "
            f"in another order: its {called} begins with {', '.join(self.first)}; {self.other} has "
            "no such column (if its rows stand in this order, too, pass --index ignore)"
        )


class MayBeIndices(Caution):
    """Labels were read as the numbers in the names of the columns, but may be indices from 0."""

    code = "labels-may-be-indices"
    targets: str
    classes: int

    @property
    def message(self) -> str:
        return (
            f"{self.targets}: labels were read as the numbers that the predictions' columns are "
            f"called by; if they are indices from 0, pass {naming(range(self.classes))}"
        )
