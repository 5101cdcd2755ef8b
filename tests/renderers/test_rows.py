"""Per-sample rows, written many at once, against what Python's own repr and json make of each."""

import json
import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from oracle import any_bits, any_float

from lossctl.base.decimals import is_number
from lossctl.renderers import RowRenderer
from lossctl.renderers.rows.delimited import CSV, TSV
from lossctl.renderers.rows.jsonl import JSONL
from lossctl.results.samples import Samples

examples = settings(deadline=None, derandomize=True, database=None, max_examples=300)
MANY = 64  # of one magnitude: they are written together

decimals = st.builds(
    lambda digits, exponent: float(f"{digits}e{exponent}"),
    st.integers(1, 10**17),
    st.integers(-24, 4),
)
neighbours = st.builds(math.nextafter, decimals, st.sampled_from([-math.inf, math.inf]))
midway = st.builds(math.ldexp, st.integers(1, 2**53).map(float), st.integers(-60, 0))
small = [0.0, -0.0, 5e-324, 2.2250738585072014e-308, -1e-07, 1e-07, 1e-06, 1e-05, 0.0001, 0.1]
large = [1.0, 3.0, 1e13 + 0.0625, 1e14 + 0.125, 1e15, 2.0**53, 1e16, 1e22, -1.7976931348623157e308]
special = st.sampled_from(small + large)
usual = st.floats(1e-7, 1e16)
losses = st.lists(
    st.one_of(usual, decimals, neighbours, midway, special, any_float, any_bits),
    min_size=1,
    max_size=30,
)
letters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
ids = st.text(letters | st.sampled_from("\t,\"\\\r\n=+-@'5.e \x7f\u2028\ufeff"), min_size=1)


def shown(cell: float | str, delimiter: str) -> str:
    if not isinstance(cell, str):
        return repr(cell)
    if cell[0] in "=+-@\t\r" and not is_number(cell):
        cell = "'" + cell
    quote = any(char in cell for char in (delimiter, '"', "\n", "\r"))
    return '"' + cell.replace('"', '""') + '"' if quote else cell


def check(samples: Samples) -> None:
    columns = samples.columns()
    rows = list(zip(*columns.values(), strict=True))
    for renderer, delimiter in ((TSV, "\t"), (CSV, ",")):
        expected = [delimiter.join(shown(cell, delimiter) for cell in row) + "\n" for row in rows]
        assert renderer.rows(samples) == "".join(expected)
    objects = [json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows]
    assert JSONL.rows(samples) == "".join(objects)


def numbered(*columns: NDArray[np.float64], first: int = 1) -> Samples:
    rows = np.arange(first, first + len(columns[0]))
    return Samples(rows, {f"loss{at}": column for at, column in enumerate(columns)})


@examples
@given(losses)
def test_any_losses(values: list[float]) -> None:
    check(numbered(np.array(values)))
    check(numbered(np.repeat(values, MANY)))


@pytest.mark.parametrize("decade", range(-8, 18))
def test_many_losses_of_each_magnitude(decade: int) -> None:
    random = np.random.default_rng(decade + 8)
    values = random.uniform(1.0, 10.0, 9000) * 10.0**decade
    rounded = np.array([float(f"{value:.{at % 17 + 1}g}") for at, value in enumerate(values)])
    edge = float(f"1e{decade}")
    edges = [edge, *accumulate([edge] * MANY, lambda at, _: math.nextafter(at, 0.0))]
    edges += accumulate([edge] * MANY, lambda at, _: math.nextafter(at, math.inf))
    check(numbered(values, rounded))
    check(numbered(np.array(edges)))


@examples
@given(st.lists(st.tuples(st.integers(1, 2**63 - 1), ids, usual, usual), min_size=1, max_size=20))
def test_any_ids_and_row_numbers(samples: list[tuple[int, str, float, float]]) -> None:
    rows, names, first, second = zip(*samples, strict=True)
    encoded = np.array([name.encode() for name in names])
    check(
        Samples(np.array(rows), {"ce": np.array(first), "mae": np.array(second)}, {"id": encoded})
    )


@pytest.mark.parametrize("first", [1, 9_990, 99_999_000, 10**18 - 5])
def test_row_numbers_grow_within_a_block(first: int) -> None:
    check(numbered(np.random.default_rng(0).uniform(0.0, 3.0, 20_000), first=first))


def test_every_other_sample_of_a_block() -> None:
    values = np.random.default_rng(0).uniform(0.0, 3.0, 1000)
    names = np.array([f"{row:x}".encode() for row in range(1000)])
    check(Samples(np.arange(1, 1001), {"ce": values}, {"id": names})[::2])


@pytest.mark.parametrize("renderer", [TSV, CSV, JSONL])
def test_no_samples_are_no_lines(renderer: RowRenderer) -> None:
    assert renderer.rows(numbered(np.empty(0))) == ""
