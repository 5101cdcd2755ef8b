"""The index of a data frame: in pandas itself, and as pandas notes it in the files it writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray


class IndexNote(NamedTuple):
    """Where the labels of an index are: in columns, or nowhere, as they are counted."""

    names: tuple[str, ...] = ()
    """Those of its levels; none of labels that are counted, and have no name."""
    counted: range | None = None


def noted(metadata: bytes | None, columns: Sequence[str]) -> IndexNote:
    """Return what the schema of a Parquet or Arrow file says of the index of its data frame.

    Whatever else may stand there, it is about what pandas makes of the file: it is no error.
    """
    try:
        indexes = json.loads(metadata or b"")["index_columns"]
        if len(indexes) == 1 and isinstance(indexes[0], dict):
            start, stop, step = (int(indexes[0][key]) for key in ("start", "stop", "step"))
            return IndexNote(_called(indexes[0].get("name"), columns), range(start, stop, step))
        names = tuple(map(str, indexes))
    except (ValueError, KeyError, TypeError, OverflowError):
        return IndexNote()
    return IndexNote(names) if set(names) <= set(columns) else IndexNote()


def index_of(values: object) -> Any:
    """Return the index of a series or a data frame of pandas; None for all else, lists too."""
    return getattr(values, "index", None) if hasattr(values, "iloc") else None


def note_of(index: Any) -> IndexNote:
    """Return where the labels of an index of pandas are; its levels go by their names."""
    if hasattr(index, "step"):  # a RangeIndex
        return IndexNote(_called(index.name), range(index.start, index.stop, index.step))
    names = [
        f"__index_level_{level}__" if name is None else str(name)
        for level, name in enumerate(index.names)
    ]
    return IndexNote(tuple(names))


def _called(name: object, columns: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the name of labels that are counted, if they have one that no column has."""
    return () if name is None or str(name) in columns else (str(name),)


def levels_of(index: Any) -> list[NDArray[Any]]:
    """Return the labels of an index of pandas, an array a level."""
    return [index.get_level_values(level).to_numpy() for level in range(index.nlevels)]
