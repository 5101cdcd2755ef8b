"""Columns beside the values: every reader has those of every role, as text or as numbers."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Write
from formats import NAMED, NUMBERS
from samples import blocks_of

import lossctl
from lossctl.tables import cells
from lossctl.tables.block import Block
from lossctl.tables.cells import Role
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.table import Selection, TableOptions
from lossctl.tables.text import text_table

VALUES = [0.1, 2.5, 1 / 3, 1e-300]


@pytest.fixture(autouse=True)
def _weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cells.ROLES, "weight", Role(False, "a weight is missing", "is no weight"))


def blocks(path: Any, selection: Selection) -> Block:
    table = open_table(Input(path), TableOptions(), "predictions")
    table.select(selection)
    return Block.join(list(blocks_of(table, 3)))


@pytest.mark.parametrize("small", [0, 1 << 23], ids=["fast", "strict"])
@pytest.mark.parametrize("name", [*NAMED, *NUMBERS])
def test_numbers(write: Write, monkeypatch: pytest.MonkeyPatch, name: str, small: int) -> None:
    monkeypatch.setattr(text_table, "SMALL", small)
    frame = pd.DataFrame({"a": [1.0, 0.0, 1.0, 0.5], "w": VALUES, "b": [2.0, 3.0, 4.0, 5.0]})
    path = write({name: (NAMED | NUMBERS)[name](frame)})
    block = blocks(path, Selection((2, 0), beside={"weight": 1}))
    assert block.beside["weight"].dtype == np.float64
    assert block.beside["weight"].tolist() == VALUES
    assert block.values.tolist() == frame[["b", "a"]].to_numpy().tolist()


@pytest.mark.parametrize("name", NAMED)
def test_numbers_beside_texts(write: Write, name: str) -> None:
    frame = pd.DataFrame({"id": ["x", "y", "zz", "ä"], "w": VALUES, "b": [2.0, 3.0, 4.0, 5.0]})
    path = write({name: NAMED[name](frame)})
    block = blocks(path, Selection((2,), beside={"weight": 1, "id": 0}))
    assert [text.decode() for text in block.beside["id"].tolist()] == ["x", "y", "zz", "ä"]
    assert block.beside["weight"].tolist() == VALUES
    assert block.values[:, 0].tolist() == [2.0, 3.0, 4.0, 5.0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.csv", "a,w\n1,2\n1,x\n"),
        ("p.jsonl", '{"a": 1, "w": 2}\n{"a": 1, "w": "3"}\n'),
        ("p.npy", np.array([[1.0, 2.0], [1.0, np.inf]])),
    ],
)
def test_what_is_no_number_is_refused_where_it_is(write: Write, name: str, content: Any) -> None:
    with pytest.raises(lossctl.DataError, match=r'[23]: column ("w"|2): ') as refused:
        blocks(write({name: content}), Selection((0,), beside={"weight": 1}))
    assert refused.value.column in ("w", 2)
