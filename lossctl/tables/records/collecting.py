"""The cells of records to a block, for readers that go cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from lossctl.tables.block import Block
from lossctl.tables.cells import ROLES, BadCell
from lossctl.tables.place import Place


class Plan(NamedTuple):
    """Which cells of a record are read, and how: the index of each and the function of it."""

    values: Sequence[tuple[int, Callable[[Any], float]]]
    beside: Mapping[str, tuple[int, Callable[[Any], bytes | float]]]
    """The columns beside the values, by their roles."""


class Collector:
    """What was read of the records so far."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._records = 0
        self._values: list[float] = []
        self._beside: dict[str, list[Any]] = {role: [] for role in plan.beside}

    def add(self, cells: Sequence[Any]) -> None:
        """Read the cells of the next record; raise BadCell, with its column, for a bad one."""
        column: int | str = 0
        cell: object = None
        values, plan = self._values, self._plan
        try:
            for column, (index, parse_beside) in plan.beside.items():
                cell = cells[index]
                self._beside[column].append(parse_beside(cell))
            column = 0
            for index, parse in plan.values:
                cell = cells[index]
                values.append(parse(cell))
                column += 1
            self._records += 1
        except BadCell as bad:
            bad.column, bad.value = column, cell
            raise

    def block(self, place: Place) -> Block:
        """Return all that was read as a block at this place."""
        shape = self._records, len(self._plan.values)
        matrix = np.array(self._values, np.float64).reshape(shape)
        beside = {
            role: np.array(
                cells, np.bytes_ if ROLES[role].any_cell or ROLES[role].text else np.float64
            )
            for role, cells in self._beside.items()
        }
        return Block(np.asfortranarray(matrix), place, beside)
