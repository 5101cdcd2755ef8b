"""Every loss on every scale: the same bits in any block, thread and format; a gate for each."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from samples import EACH, probabilities, targets_for, write_csv, write_npy

import lossctl
from lossctl.base.arrays import Array
from lossctl.losses import entry, loss_of
from lossctl.losses.loss import NUMBERS, SCORES

CASES = [(text, scale) for text in EACH for scale in entry(text.partition(":")[0]).scales]
ROWS, COLUMNS = 203, 3


def predictions(scale: str) -> Array:
    """Return predictions on a scale."""
    if scale in ("logits", SCORES):
        return np.random.default_rng(1).normal(scale=3.0, size=(ROWS, COLUMNS))
    found = probabilities(ROWS, COLUMNS, 1)
    return np.log(found) if scale == "log-probs" else found


@pytest.mark.parametrize(("text", "scale"), CASES)
def test_blocks_threads_and_formats_do_not_change_a_bit(
    tmp_path: Path, text: str, scale: str
) -> None:
    y, d = predictions(scale), targets_for(text, ROWS, COLUMNS, 2)
    npy = write_npy(tmp_path / "y.npy", y), write_npy(tmp_path / "d.npy", d)
    csv = write_csv(tmp_path / "y.csv", y), write_csv(tmp_path / "d.csv", d)
    from_: Any = "probs" if scale == NUMBERS else scale
    found = set()
    for given in ((y, d), npy, csv, (np.asfortranarray(y), d[::-1].copy()[::-1])):
        for rows, jobs in ((None, 1), (1, 2), (7, 3), (100, 1)):
            report = lossctl.evaluate(
                *given, loss=text, from_=from_, block_rows=rows, jobs=jobs, samples=True
            )
            (result,) = report.losses.values()
            assert report.samples is not None
            (losses,) = report.samples.losses.values()
            found.add((result.mean, result.stderr, result.total, losses.tobytes()))
    assert len(found) == 1


@pytest.mark.parametrize("text", EACH)
def test_a_check_passes_at_its_number_and_fails_below(run: Run, tmp_path: Path, text: str) -> None:
    y = predictions(next(iter(entry(text.partition(":")[0]).scales)))
    write_npy(tmp_path / "y.npy", y)
    write_npy(tmp_path / "d.npy", targets_for(text, ROWS, COLUMNS, 2))
    name = loss_of(text).name
    mean = float(run("eval", "y.npy", "d.npy", "-l", text, "-q").out)
    check = ("check", "y.npy", "d.npy", "-l", text, "--allow-doubts", "--max-loss")
    below = np.nextafter(mean, -1.0)
    codes = [run(*check, f"{name}={limit!r}").code for limit in (mean, float(below))]
    assert codes == [0, 1]
