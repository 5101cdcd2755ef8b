"""Columns of both tables that are not read, and what their order says of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lossctl.base.warnings import Caution
from lossctl.pairing.chosen import Tables
from lossctl.pairing.request import Request
from lossctl.pairing.targets_beside import look_at_order
from lossctl.tables.table import Table

if TYPE_CHECKING:
    from lossctl.pairing.unused_ids import UnusedIds


def unread_ids(
    tables: Tables,
    read: tuple[Sequence[int], Sequence[int]],
    request: Request,
    warnings: list[Caution],
) -> UnusedIds | None:
    """Return ids that are not read; raise DataError for such targets in another order."""
    unused = None
    if all(map(_has_more, tables, read)):
        from lossctl.pairing.unused_ids import unused_ids

        unused = unused_ids(tables, request, read, warnings)
    if "id" not in request.beside and request.by_index is None and not (unused and unused.agree):
        warnings.extend(look_at_order(tables, read))
    return unused


def _has_more(table: Table, read: Sequence[int]) -> bool:
    """Return whether a table has columns that are not read; the index of a data frame is one."""
    return len({*read}) < table.width or (table.in_memory and table.index_range is None)
