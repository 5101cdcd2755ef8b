"""Predictions that were saved with a sample in each column are told to be transposed."""

import numpy as np
import pytest
from conftest import Run, Write

import lossctl

P = np.full((60, 3), 1 / 3)
LABELS = np.arange(60) % 3
TOLD = "p.npy has shape (3, 60), but {} has 60 rows\nlossctl: hint: a row is a sample: is the array"


@pytest.mark.parametrize("loss", ["ce", "mae"])
@pytest.mark.parametrize("targets", ["labels.npy", "labels.csv", "rows.npy"])
def test_an_array_is_transposed(targets: str, loss: str, run: Run, write: Write) -> None:
    write({"p.npy": P.T, "labels.npy": LABELS, "rows.npy": np.eye(3)[LABELS]})
    write({"labels.csv": "y\n" + "\n".join(map(str, LABELS)) + "\n"})
    refused = run("eval", "p.npy", targets, "--loss", loss)
    assert TOLD.format(targets) in refused.err
    write({"p.npy": P})
    assert run("eval", "p.npy", "labels.npy", "--loss", "ce").code == 0


def test_in_memory() -> None:
    with pytest.raises(lossctl.DataError, match=r"predictions has shape \(3, 60\), but targets"):
        lossctl.evaluate(P.T, LABELS, loss="ce")
