"""How many samples an evaluation has done, and what part of all that is."""

import os
from typing import Any

import numpy as np
from conftest import Write

from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation


def progress_of(predictions: object, targets: object, **options: Any) -> list[tuple[int, Any]]:
    evaluation = Evaluation(predictions, targets, Options(loss="mae", jobs=1, **options))
    found: list[tuple[int, Any]] = []
    for _ in evaluation.samples(lambda: found.append(evaluation.progress())):
        pass
    return found


def test_rows_left_out_count(write: Write) -> None:
    p = write({"t.csv": "y\n0\n0\n0\n0\n", "p.csv": "y\n1\nNA\n1\n1\n"})
    rows = [rows for rows, _ in progress_of(p, p.with_name("t.csv"), nan="skip", block_rows=1)]
    assert rows == [1, 2, 3, 4]


def test_ids_in_another_order(write: Write) -> None:
    ids = range(40)
    p = write(
        {
            "t.csv": "id,y\n" + "".join(f"{i},0\n" for i in reversed(ids)),
            "p.csv": "id,y\n" + "".join(f"{i},1\n" for i in ids),
        }
    )
    found = progress_of(p, p.with_name("t.csv"), id="id", block_rows=4)
    parts = [part for _, part in found]
    assert parts == sorted(parts)
    assert parts[-1] == 1
    assert len({part for rows, part in found if not rows}) >= 9  # while the targets are read
    assert found[-1][0] == 40


def test_what_one_table_does_not_know_the_other_does() -> None:
    read, write = os.pipe()
    os.write(write, b"0\n0\n0\n0\n")
    os.close(write)
    found = progress_of(f"/dev/fd/{read}", np.zeros(4), block_rows=1)
    os.close(read)
    assert [part for _, part in found] == [0.5, 0.5, 0.75, 1.0]  # two are taken at once
