"""Documents that are one object: the layouts of pandas that are certain, and the way out of others.

The index of a data frame is no component. The default one, 0 to n - 1, is no column; another one is
a column with the name that pandas gives it in Parquet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from lossctl.base.wording import listed, quoted
from lossctl.tables.cells import BadCell, is_whole
from lossctl.tables.json.parsing import path_of

INDEX = "__index_level_0__"
_SPLIT = {"columns", "index", "data"}
_SPLIT_SERIES = {"name", "index", "data"}
_RECORDS = 'with pandas, write to_json(orient="records")'
_WITH_INDEX = 'with pandas, write reset_index().to_json(orient="records")'
_ONE_SAMPLE = "if it is one sample: --format-in jsonl (on one line, as jq -c . writes it)"


class Rows(NamedTuple):
    """The rows of a document."""

    rows: Sequence[Any]
    """Arrays of cells, or objects."""
    names: tuple[str, ...] | None = None
    """Those of the columns, where the rows are arrays."""
    index_names: tuple[str, ...] = ()
    """Those of the columns that are the index of the data frame."""
    index_range: range | None = None
    """The index of the data frame, where it is the default one."""


def rows_of(document: dict[str, Any]) -> Rows:
    """Return the rows of an object as pandas writes data frames; raise BadCell for any other."""
    found = _of_layout(document)
    if found is None:
        raise BadCell("one JSON object, not an array of rows", _way_out(document))
    return found


def is_layout(document: dict[str, Any]) -> bool:
    """Return whether an object is certainly a data frame as pandas writes it."""
    try:
        return _of_layout(document) is not None
    except BadCell:
        return True


def is_record(document: dict[str, Any]) -> bool:
    """Return whether an object may be one sample and can hardly be a column of several."""
    single = not any(isinstance(value, dict | list) for value in document.values())
    return single and not all(map(is_whole, document))


def _of_layout(document: dict[str, Any]) -> Rows | None:
    keys = set(document)
    split = {"columns", "data"} <= keys <= _SPLIT or keys == _SPLIT_SERIES
    if split and _is_list(document["data"]):
        return _of_split(document)
    if keys == {"schema", "data"} and _is_list(document["data"]):
        return _of_table(document["schema"], document["data"])
    if document and all(isinstance(value, dict) and value for value in document.values()):
        return _of_nested(document)
    return None


def _of_split(document: dict[str, Any]) -> Rows:
    """Return the rows of orient="split", of a data frame or a series."""
    rows = document["data"]
    if "columns" in document:
        names: tuple[str, ...] | None = _names(document["columns"])
        width = len(document["columns"])
        if any(not isinstance(row, list) or len(row) != width for row in rows):
            raise BadCell(f"a row of its data has not as many values as columns, {width}")
    else:
        name = document.get("name")
        names = None if name is None else _names([name])
        rows = [[cell] for cell in rows]
    index = document.get("index")
    if index is None:
        return Rows(rows, names)
    if not isinstance(index, list) or len(index) != len(rows):
        raise BadCell(f"its index has not as many labels as there are rows, {len(rows)}")
    return _indexed(index, rows, names)


def _of_table(schema: Any, rows: Sequence[Any]) -> Rows | None:
    """Return the rows of orient="table"."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        return None
    names = _names([field.get("name") for field in fields])
    if any(not isinstance(row, dict) or set(row) != set(names) for row in rows):
        raise BadCell("a row of its data has other columns than its schema")
    keys = [key for key in schema.get("primaryKey", []) if key in names]
    if keys == ["index"]:
        others = tuple(name for name in names if name != "index")
        cells = [[row[name] for name in others] for row in rows]
        return _indexed([row["index"] for row in rows], cells, others)
    return Rows([[row[name] for name in names] for row in rows], names, tuple(keys))


def _of_nested(document: dict[str, Any]) -> Rows | None:
    """Return the rows of orient="columns" or "index", where the keys say which of them it is.

    They do where only rows or only columns go by whole numbers, which columns without names do,
    too. So there must be more rows than columns; as many will do for orient="columns", which
    pandas takes unless it is told. Where both go by them, a single one is a column without a name.
    """
    inner = list(next(iter(document.values())))
    if any(list(value) != inner for value in document.values()):
        return None
    outer = list(document)
    by_column, by_index = (all(map(is_whole, keys)) for keys in (inner, outer))
    if by_column and outer == ["0"]:
        by_index = False
    if by_column == by_index:  # 1 and 2 may be rows or columns
        return None
    if len(outer) <= len(inner) if by_index else len(outer) > len(inner):
        return None
    if by_index:
        inner, outer = outer, inner
        rows = [list(value.values()) for value in document.values()]
    else:
        columns = [value.values() for value in document.values()]
        rows = [list(cells) for cells in zip(*columns, strict=True)]
    return _indexed(inner, rows, tuple(outer))


def _indexed(labels: list[Any], rows: list[list[Any]], names: tuple[str, ...] | None) -> Rows:
    """Return rows with their index: a column before the others, unless it is the default one."""
    if _count_up(map(str, labels)):
        return Rows(rows, names, index_range=range(len(rows)))
    if any(isinstance(label, list | dict) for label in labels):
        raise BadCell(
            "its index has several levels",
            f"{_WITH_INDEX}, and pair the rows by --id",
        )
    names = ("0",) if names is None else names  # as pandas calls the column of a series
    labelled = [[label, *row] for label, row in zip(labels, rows, strict=True)]
    return Rows(labelled, (INDEX, *names), (INDEX,))


def _names(names: Any) -> tuple[str, ...]:
    if not _is_list(names) or not all(isinstance(name, str) for name in names):
        raise BadCell("the names of its columns are no strings and no numbers", _RECORDS)
    return tuple(map(str, names))


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _way_out(document: dict[str, Any]) -> str:
    """Return what makes a table of an object of which it is not certain that it is one."""
    inside = [name for name, value in document.items() if isinstance(value, dict | list)]
    if len(inside) == 1 and not _is_flat(document[inside[0]]):
        return f"what is in it is taken out with jq '{path_of(inside[0])}' FILE > FILE.json"
    values = list(document.values())
    if inside and all(map(_is_list, values)) and len(set(map(len, values))) == 1:
        first = path_of(inside[0])
        columns = f"jq -c 'range({first} | length) as $i | map_values(.[$i])' FILE > FILE.jsonl"
        return f"if these are its columns: {columns}; {_ONE_SAMPLE}"
    if inside and all(isinstance(value, dict) for value in values):
        return _way_out_of_nested(document)
    if not inside and all(map(is_whole, document)):
        rows = "jq -c 'to_entries[] | {id: .key, value: .value}' FILE > FILE.jsonl"
        write = _RECORDS if _count_up(document) else _WITH_INDEX
        return f"{write}; if the keys of the object are the samples: {rows}; {_ONE_SAMPLE}"
    if inside:
        known = listed(map(quoted, inside), 10)
        return f"take out what is meant with jq '.NAME' FILE > FILE.json: {known}"
    return f"{_RECORDS}; {_ONE_SAMPLE}"


def _way_out_of_nested(document: dict[str, dict[str, Any]]) -> str:
    """Return what makes a table of objects in an object, of which either may be rows.

    Labels that do not only number the rows stay with them.
    """
    rows = "jq -c 'to_entries[] | {id: .key} + .value' FILE > FILE.jsonl"
    of_rows = f"if the keys of the object are the samples: {rows}"
    if not all(map(_count_up, (document, *document.values()))):
        return f"{_WITH_INDEX}; {of_rows}"
    columns = "jq -c '[.[] | [.[]]] | transpose[]' FILE > FILE.jsonl"
    return f"{_RECORDS}; {of_rows}; if they are its columns: {columns}"


def _count_up(keys: Iterable[str]) -> bool:
    """Return whether keys are the numbers from 0 on."""
    return all(key == str(number) for number, key in enumerate(keys))


def _is_flat(value: Any) -> bool:
    """Return whether it is an object of values, which may be a row or a column."""
    inner = value.values() if isinstance(value, dict) else [value]
    return not any(isinstance(one, dict | list) for one in inner)
