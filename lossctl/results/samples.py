"""Per-sample losses, as an evaluation yields them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, overload

import numpy as np

from lossctl.base.arrays import Ids
from lossctl.base.wording import visible
from lossctl.results.losses import Losses, not_here

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas import DataFrame


SHOWN = 10
"""Of many samples so many are shown."""


_OF_RENDERERS = {
    *("as_given", "beside", "columns", "details", "gradients", "join", "names", "worst"),
    "worst_ones",
}


class AsGiven(NamedTuple):
    """What the samples are called where they were given, all of them in the order of the rows."""

    index: Any = None
    """An index of pandas; None: they are numbered from 0."""
    id_column: str | None = "id"
    """The name of the column of ids; None: they are labels of the index."""
    ids: Any = None
    """An array of them, as they were given; None: they are known as text alone."""
    whole: bool = False
    """Ids that are known as text alone are whole numbers, all of them."""


NUMBERED = AsGiven()
"""What samples of files are called."""


class Samples:
    """Per-sample losses of some samples; nobody writes to them."""

    __module__ = "lossctl"
    __slots__ = ("as_given", "beside", "details", "gradients", "losses", "rows")

    def __init__(
        self,
        rows: NDArray[np.int64],
        losses: dict[str, NDArray[np.float64]],
        beside: Mapping[str, Ids] = {},
        details: Mapping[str, NDArray[Any]] = {},
        as_given: AsGiven = NUMBERED,
    ) -> None:
        self.rows = rows
        """Their numbers from 1, of shape (n,)."""
        self.losses = Losses(losses)
        """For each loss an array of shape (n,)."""
        self.beside = beside
        """What stands beside the losses, such as ids, each of shape (n,); in UTF-8."""
        self.details = details
        """What they are and what was predicted, if that is told: float64, or texts in UTF-8."""
        self.as_given = as_given
        """What they were called where they are from."""
        self.gradients: NDArray[np.float64] | None = None
        """The derivatives of the one loss by each prediction, (n, k), where they were asked for."""

    def __dir__(self) -> list[str]:
        """Name what is there for those who call `lossctl.evaluate`."""
        return [name for name in super().__dir__() if name not in _OF_RENDERERS]

    __iter__ = None
    """Nothing is said of one sample alone: `to_frame()` has a row for each."""

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, which: str) -> NDArray[Any]: ...

    @overload
    def __getitem__(self, which: slice | NDArray[np.intp]) -> Samples: ...

    def __getitem__(self, which: str | slice | NDArray[np.intp]) -> Samples | NDArray[Any]:
        """Return some of the samples, or the column of `to_frame()` that goes by this name."""
        if isinstance(which, str):
            return self._column(which)
        if isinstance(which, int):
            raise TypeError('for single samples take to_frame(), or losses by name: samples["ce"]')
        losses = {name: values[which] for name, values in self.losses.items()}
        beside = {name: cells[which] for name, cells in self.beside.items()}
        details = {name: cells[which] for name, cells in self.details.items()}
        return Samples(self.rows[which], losses, beside, details, self.as_given)

    def _column(self, name: str) -> NDArray[Any]:
        """Return losses, details or ids, of shape (n,); raise KeyError for what is not there."""
        cells = {**self.details, **self.losses}
        if name in cells:
            texts = cells[name].dtype.kind == "S"
            return np.array(_plain(cells[name]), np.str_) if texts else cells[name]
        ids = self._ids()
        column = None if ids is None else self.as_given.id_column
        if name == column:
            return np.asarray(ids)
        raise not_here(name, [*filter(None, [column]), *self.losses, *self.details])

    if not TYPE_CHECKING:  # to which no other attribute is known

        def __getattr__(self, name: str) -> NoReturn:
            """Say of a column how it is taken."""
            column = name not in Samples.__slots__ and name in (*self.losses, *self.details)
            hint = f': it is a column, taken by ["{name}"]' if column else ""
            raise AttributeError(f"'Samples' object has no attribute {name!r}{hint}")

    def __repr__(self) -> str:
        return f"<Samples: {', '.join(self.losses)} of {len(self)}>"

    def __str__(self) -> str:
        """Return what print shows: the data frame, of many samples the first and the last."""
        text = self.to_frame().to_string(max_rows=SHOWN, show_dimensions=len(self) > SHOWN)
        return "\n".join(map(visible, text.split("\n")))

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the same."""
        return self.to_frame().to_html(max_rows=SHOWN, show_dimensions=True)

    @property
    def index(self) -> NDArray[np.int64]:
        """Their positions from 0, of shape (n,)."""
        return self.rows - 1

    @property
    def ids(self) -> list[Any] | None:
        """Their ids as they were given; None where rows were paired by position.

        Those of a file are integers if all of its samples have such ids, else text.
        """
        ids = self._ids()
        if ids is None:
            return None
        return [value.item() if isinstance(value, np.number) else value for value in ids.tolist()]

    def _ids(self) -> Any:
        """Return the ids as an array, or an index of pandas; None where there are none."""
        texts, given = self.beside.get("id"), self.as_given
        if texts is None:
            return None
        if given.ids is not None:
            return given.ids.take(self.index)
        if given.whole:
            return texts.astype(np.int64)
        return np.array([text.decode() for text in texts.tolist()], object)

    @property
    def labels(self) -> Any:
        """Their labels in the index that was given, or else their positions from 0."""
        index = self.as_given.index
        return self.index if index is None else index.take(self.index)

    def to_frame(self) -> DataFrame:
        """Return the losses as a data frame of pandas: a column a loss, the ids in front.

        Its index has the labels of the samples, or else their positions from 0.
        """
        from pandas import DataFrame

        cells = {**self.losses, **self.details}
        frame = DataFrame({name: _plain(cells[name]) for name in cells}, index=self.labels)
        ids, column = self._ids(), self.as_given.id_column
        if ids is not None and column is not None:
            frame.insert(0, column, _series(ids, frame.index), allow_duplicates=True)
        return frame

    @property
    def names(self) -> list[str]:
        """What every output has: row, what stands beside the losses, the losses, the details."""
        return ["row", *self.beside, *self.losses, *self.details]

    def columns(self) -> dict[str, list[Any]]:
        """Return the same as lists of Python's own values, by name."""
        cells = {**self.beside, **self.losses, **self.details}
        return {"row": self.rows.tolist(), **{name: _plain(cells[name]) for name in cells}}

    @staticmethod
    def join(parts: list[Samples]) -> Samples:
        """Return the samples of all parts, in their order; at least one part."""
        first = parts[0]
        return Samples(
            np.concatenate([part.rows for part in parts]),
            {name: np.concatenate([part.losses[name] for part in parts]) for name in first.losses},
            {name: np.concatenate([part.beside[name] for part in parts]) for name in first.beside},
            {
                name: np.concatenate([part.details[name] for part in parts])
                for name in first.details
            },
        )

    def worst(self, count: int) -> Samples:
        """Return the `count` samples with the highest first loss, the earlier row first."""
        return self[self.worst_ones(count)]

    def worst_ones(self, count: int) -> NDArray[np.intp]:
        """Return the positions of those; of many samples only the highest are sorted."""
        first = next(iter(self.losses.values()))
        least = -np.inf if count >= len(first) else np.partition(first, -count)[-count]
        among = np.flatnonzero(first >= least)
        return among[np.lexsort((self.rows[among], -first[among]))[:count]]


def are_whole(ids: Ids) -> bool:
    """Return whether ids are integers within 64 bits, written as Python writes them."""
    try:
        numbers = ids.astype(np.int64)
    except (ValueError, OverflowError):
        return False
    return bool((numbers.astype(np.bytes_) == ids).all())


def _series(ids: Any, index: Any) -> Any:
    """Return ids as a column; texts are of the type that pandas gives to those of a file."""
    from pandas import Series

    texts = isinstance(ids, np.ndarray) and ids.dtype.kind == "O"
    return Series(ids.tolist() if texts else ids, index, None if texts else ids.dtype)


def _plain(cells: NDArray[Any]) -> list[Any]:
    """Return numbers or texts in UTF-8 as Python's own."""
    values: list[Any] = cells.tolist()
    return [text.decode() for text in values] if cells.dtype.kind == "S" else values
