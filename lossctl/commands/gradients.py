"""Where gradients go: a matrix in a file, which is the output itself or is copied to it."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from tempfile import TemporaryFile
from typing import NamedTuple, TypeAlias

import numpy as np

from lossctl.base.arrays import Array
from lossctl.base.errors import UsageError
from lossctl.base.registry import require_package
from lossctl.base.wording import quoted
from lossctl.evaluation.pipeline import Evaluation
from lossctl.outputs.files import STDOUT, Write, named, open_file, open_output
from lossctl.outputs.matrix import Matrix
from lossctl.results.report import Report
from lossctl.results.samples import Samples

Blocks: TypeAlias = Iterator[tuple[int, Array]]
_AT_ONCE = 1 << 16
"""So many numbers are made text of at a time, if a row has no more."""


class Output(NamedTuple):
    """A file that is being written."""

    descriptor: int
    """That of the matrix."""
    copy: Callable[[Blocks, Sequence[str]], None] | None = None
    """Writes all rows, and the names of their columns, where the matrix is not the output."""


class GradientSink:
    """Takes the gradients of an evaluation: of each sample, or of their mean."""

    def __init__(self, evaluation: Evaluation, output: Output, *, per_sample: bool) -> None:
        self._evaluation, self._output, self._per_sample = evaluation, output, per_sample
        self._matrix = Matrix(output.descriptor, evaluation.width)
        self._divided_by = None if per_sample else evaluation.divide_gradients()

    def add(self, samples: Samples) -> None:
        """Write the gradients of the next samples; none if all rows of a block are left out."""
        if not len(samples):
            return
        assert samples.gradients is not None, "they were asked for"
        self._matrix.put(samples.rows - 1, samples.gradients)

    def finish(self, report: Report) -> None:
        """Scale what is not scaled yet, and end the file."""
        evaluation, matrix = self._evaluation, self._matrix
        rows = evaluation.rows()
        assert self._divided_by in (None, report.n), "what was promised of the rows is held"
        matrix.end(rows, vector=evaluation.is_vector)
        if not self._per_sample and self._divided_by is None:
            matrix.divide(rows, evaluation.slope(), report.n)
        if self._output.copy is not None:
            self._output.copy(matrix.blocks(rows), evaluation.names)


def writer_of(path: str) -> Callable[[str], AbstractContextManager[Output]]:
    """Return what opens a file of this name; raise UsageError for one that names no format."""
    extension = os.path.splitext(path)[1].lower()
    if path == STDOUT:
        return _csv
    if extension not in _WRITERS:
        known = ", ".join(_WRITERS)
        raise UsageError(f"--output {quoted(path)}: a gradient is written to {known}, or - as CSV")
    if extension == ".parquet":
        require_package("arrow", "writing .parquet takes pyarrow")
    return _WRITERS[extension]


@contextmanager
def _npy(path: str) -> Iterator[Output]:
    with open_file(path) as descriptor:
        yield Output(descriptor)


@contextmanager
def _csv(path: str) -> Iterator[Output]:
    with open_output(path) as write, _spool(path) as descriptor:
        yield Output(descriptor, lambda blocks, names: _write_csv(write, blocks, names))


@contextmanager
def _parquet(path: str) -> Iterator[Output]:
    with open_file(path) as file, _spool(path) as descriptor:
        yield Output(descriptor, lambda blocks, names: _write_parquet(file, blocks, names))


_WRITERS = {".npy": _npy, ".csv": _csv, ".parquet": _parquet}


@contextmanager
def _spool(path: str) -> Iterator[int]:
    """Yield a file without a name, in the folder of the output, where there is room for it."""
    folder = None if path == STDOUT else os.path.dirname(os.path.realpath(path))
    name = "the folder of temporary files (TMPDIR)" if folder is None else path
    with named(name), TemporaryFile(dir=folder) as file:
        yield file.fileno()


def _write_csv(write: Write, blocks: Blocks, names: Sequence[str]) -> None:
    """Write rows below the names of their columns, if they have names; every number is exact."""
    header = StringIO()
    csv.writer(header, lineterminator="\n").writerows([names] if names else [])
    write(header.getvalue())
    for _, values in blocks:
        for few in np.array_split(values, -(-values.size // _AT_ONCE)):
            cells = map(repr, few.ravel().tolist())
            write(
                "".join([",".join(row) + "\n" for row in zip(*[cells] * few.shape[1], strict=True)])
            )


def _write_parquet(file: int, blocks: Blocks, names: Sequence[str]) -> None:
    """Write rows as columns of these names, or of their numbers from 0."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    with open(os.dup(file), "wb") as output:
        writer = None
        for _, values in blocks:
            columns = [pa.array(column) for column in values.T.copy()]
            called = names or list(map(str, range(len(columns))))
            table = pa.table(columns, names=list(called))
            writer = writer or ParquetWriter(output, table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()
