"""What part of itself a table was taken, for those who show progress."""

import numpy as np
import pytest
from conftest import Write
from formats import NAMED, NUMBERS, Content
from samples import blocks_of, probabilities

from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.table import TableOptions

EVERY = NAMED | NUMBERS


@pytest.mark.parametrize(("name", "content"), EVERY.items(), ids=EVERY)
def test_every_table_knows_how_far_it_was_taken(write: Write, name: str, content: Content) -> None:
    import pandas as pd

    path = write({name: content(pd.DataFrame(probabilities(11, 3), columns=["a", "b", "c"]))})
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    parts = [part for _ in blocks_of(table, 1) if (part := table.progress()) is not None]
    table.close()
    assert len(parts) == 11
    assert parts == sorted(parts)
    behind = 0.005 if name in ("x.arrows", "stream.arrow", "legacy.arrow") else 0  # its end mark
    assert parts[-1] == pytest.approx(1, abs=behind)
    if ".npy" in name or "npz" in name or ".p" in name or name in ("x.csv", "x.jsonl", "x.tsv"):
        assert parts == pytest.approx(np.arange(1, 12) / 11, abs=0.1)


def test_shards_are_parts_of_one_size(write: Write) -> None:
    folder = write({f"s-{i}.npy": np.zeros(2) for i in range(4)} | {"t.csv": "0\n" * 8}).parent
    files = sorted(folder.glob("s-*.npy"))
    table = open_table(Input(files), TableOptions(), "predictions")
    parts = [table.progress() for _ in blocks_of(table, 1)]
    assert parts == [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0]
