"""What several test files share: small helpers, and the numbers they feed to lossctl."""

import ctypes
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from conftest import Run
from hypothesis import settings
from numpy.typing import NDArray

import lossctl
from lossctl.base.arrays import Array
from lossctl.losses import LOSSES, entry, loss_of
from lossctl.tables.block import Block
from lossctl.tables.table import Table
from lossctl.tables.text import fast, native
from lossctl.tables.text import text_table as text

examples = settings(deadline=None, derandomize=True, database=None, max_examples=60)
EACH = tuple(entry(name).example for name in LOSSES)
"""Each loss as it may be asked for."""


def targets_for(loss: str, rows: int, columns: int, seed: int = 0) -> Array:
    """Return targets that a loss may be taken of: of one class, where it must be so."""
    of_one_class = loss_of(loss).formula.one_class
    if not of_one_class:
        return probabilities(rows, columns, seed)
    one: Array = np.eye(columns)[np.random.default_rng(seed).integers(columns, size=rows)]
    return one


def takes_labels(text: str) -> bool:
    """Return whether predictions and targets of a loss may both be 0 and 1."""
    formula = loss_of(text).formula
    sides = formula.predictions, formula.targets
    both = all(side.holds(np.array([0.0, 1.0])).all() for side in sides)
    return both and formula.undefined is None


EVERY = tuple(filter(takes_labels, EACH))
"""Those that may be taken of labels and of any probabilities."""
DECISIONS = tuple(text for text in EACH if loss_of(text).formula.one_class)
"""Those that may be taken of labels and of nothing else."""
NOT_EXACT = "is an integer that a 64-bit float cannot hold exactly"
TWICE = (
    "the two columns add up to 1, so that bce counts each event twice and is twice the log loss: "
    "for that itself pass --loss ce, or name the positive column with --pred-cols"
)
TSV = "row\tmae\n1\t1.0\n2\t2.0\n"
BIG = {"big.npy": np.arange(100_000.0), "zeros.npy": np.zeros(100_000)}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def drop_privileges() -> None:
    """Have permissions hold for root, too, from the next program on; others have no privileges."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


GIVE_ONCE = (
    "\nlossctl: hint: if it holds both, give it once, and name the columns of each with "
    "--pred-cols and --target-col; else give the file of the targets as the second one"
)
"""The way out where one file is given twice."""


def refuse(run: Run, folder: Path, message: str, *arguments: str) -> None:
    """Require exit 3, this message, nothing on stdout, and a folder as it was."""
    before = snapshot(folder)
    outcome = run("eval", *arguments, "--per-sample", "rows.tsv")
    assert (outcome.err, outcome.out, outcome.code) == (f"lossctl: error: {message}\n", "", 3)
    assert snapshot(folder) == before


def probabilities(rows: int, columns: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).dirichlet(np.ones(columns), rows)


def write_csv(path: Path, values: object, header: str = "") -> str:
    rows = np.asarray(values).tolist()
    lines = [",".join(map(repr, row)) if isinstance(row, list) else str(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in ([header] if header else []) + lines))
    return str(path)


def write_npy(path: Path, values: NDArray[Any]) -> str:
    np.save(path, values)
    return str(path)


READERS = ["native", "fast", "strict"]


@contextmanager
def reading_by(reader: str) -> Iterator[None]:
    """Have text read by this reader, or by one behind it: the fast one, however small text is."""
    with ExitStack() as patches:
        for module in (native, fast)[: READERS.index(reader)]:
            patches.enter_context(patch.object(module, "read", lambda *_: None))
        patches.enter_context(patch.object(text, "SMALL", 0))
        yield


def blocks_of(table: Table, rows: int) -> Iterator[Block]:
    while span := table.take(rows):
        yield span.load(span.rows)


def plain(text: str) -> str:
    """Return what a terminal shows, without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def means(predictions: Any, targets: Any, **options: Any) -> dict[str, tuple[object, ...]]:
    """Return all numbers of a report that must not depend on the form of the input."""
    report = lossctl.evaluate(predictions, targets, **({"loss": EVERY} | options))
    return {
        name: (r.n, r.mean.hex(), r.total.hex(), r.std, r.stderr, r.min, r.max)
        for name, r in report.losses.items()
    }
