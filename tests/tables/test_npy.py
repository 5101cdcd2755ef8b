"""NPY: every type, order and version as NumPy reads it, and what it refuses."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from samples import blocks_of

import lossctl
from lossctl.tables.cells import boolean
from lossctl.tables.inputs import Input
from lossctl.tables.opening import open_table
from lossctl.tables.table import Selection, TableOptions

KINDS = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def sample(dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    rng = np.random.default_rng(len(shape))
    if dtype.kind == "f":
        values = rng.normal(size=shape) * 2.0 ** rng.integers(-14, 15, size=shape)
        values.flat[0] = np.finfo(dtype).smallest_subnormal
        values.flat[-1] = -float(np.finfo(dtype).max)
        return values.astype(dtype)
    if dtype.kind == "b":
        return rng.integers(0, 2, size=shape).astype(dtype)
    low, high = max(-(2**53), np.iinfo(dtype).min), min(2**53, np.iinfo(dtype).max)
    values = rng.integers(low, high, size=shape, endpoint=True)
    values.flat[0], values.flat[-1] = low, high
    return values.astype(dtype)


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("byte_order", "<>")
@pytest.mark.parametrize("kind", KINDS)
def test_npy_is_what_numpy_loads(file: Path, kind: str, byte_order: str, version: int) -> None:
    path = file.with_suffix(".npy")
    for shape in [(1,), (7,), (5, 1), (1, 5), (7, 3)]:
        for order in (np.ascontiguousarray, np.asfortranarray):
            stored = order(sample(np.dtype(byte_order + kind), shape))
            with path.open("wb") as stream:
                np.lib.format.write_array(stream, stored, version=(version, 0))
            expected = np.load(path).astype(np.float64).reshape(len(stored), -1)
            for rows in (1, 2, 3, 7, 8):
                table = open_table(Input(str(path)), TableOptions(), "predictions")
                if kind == "b1":
                    table.select(
                        Selection(
                            tuple(range(table.width)), dict.fromkeys(range(table.width), boolean)
                        )
                    )
                blocks = [block.values for block in blocks_of(table, rows)]
                table.close()
                assert [len(block) for block in blocks[:-1]] == [rows] * (len(blocks) - 1)
                assert np.concatenate(blocks).tobytes("C") == expected.tobytes("C")


@pytest.mark.parametrize("dtype", ["i8", "u8", ">i8"])
def test_npy_integers_beyond_float64_are_refused(file: Path, dtype: str) -> None:
    path = file.with_suffix(".npy")
    np.save(path, np.array([[1, 2], [3, 2**53 + 1]], dtype))
    table = open_table(Input(str(path)), TableOptions(), "predictions")
    with pytest.raises(lossctl.DataError, match=r"row 2: column 2: 9007199254740993"):
        list(blocks_of(table, 9))
    table.close()


def test_npy_with_a_header_that_numpy_refuses_is_refused(file: Path) -> None:
    path = file.with_suffix(".npy")
    stream = BytesIO()
    np.save(stream, np.arange(4.0).reshape(2, 2))
    path.write_bytes(stream.getvalue().replace(b"False", b"1    "))
    with pytest.raises(ValueError, match="fortran_order"):
        np.load(path)
    with pytest.raises(lossctl.DataError):
        open_table(Input(str(path)), TableOptions(), "predictions")
