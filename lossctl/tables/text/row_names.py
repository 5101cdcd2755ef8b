"""A header that is one name short of the rows below it, as R writes row names."""

from __future__ import annotations

from lossctl.base.errors import DataError
from lossctl.base.wording import counted
from lossctl.tables.oddities import PASS_DECIMAL, decimal_comma_in
from lossctl.tables.place import OneLineEach, Spot
from lossctl.tables.text.dialect import Dialect, recognise
from lossctl.tables.text.strict import cells_of, wrong_width

_ROW_NAMES = (
    "R writes row names so: write.table(..., row.names = FALSE) leaves them out, and "
    "col.names = NA gives them a column"
)


def refuse_row_names(record: str, names: int, dialect: Dialect, where: Spot) -> None:
    """Raise DataError if a record, the first below the header, has one cell more than that.

    Under a single name the delimiter is not known before, and class 2 may be one cell: then the
    first row name must be in quotation marks, or 1.
    """
    try:
        if names == 1 and dialect.delimiter not in record:
            if not record.startswith(('"', "1 ", "1\t", "1;", "1|")):
                return
            dialect = recognise(record, where, dialect.decimal)
        rows = [cells for _, cells in cells_of(record, dialect, OneLineEach(where.file, 1))]
    except DataError:  # whoever reads the record says what is wrong with it
        return
    cells = rows[0] if rows else []
    if len(cells) > names and "[" in record:
        raise where.error(*wrong_width(cells, names))
    other_reasons = not cells or not cells[-1] or cells[0].startswith("#")
    if len(cells) == names + 1 and not other_reasons:
        raise where.error(
            f"the header is one name short: it has {counted(names, 'name')}, but this row has "
            f"{len(cells)} cells",
            _hint(record, cells, dialect),
        )


def _hint(record: str, cells: list[str], dialect: Dialect) -> str:
    if record.startswith('"') or dialect.delimiter != ",":
        return _ROW_NAMES
    if decimal_comma_in(record.strip(), ";"):
        return f"for numbers with a decimal comma {PASS_DECIMAL}; {_ROW_NAMES}"
    return f"a cell with a delimiter in it needs quotation marks; {_ROW_NAMES}"
