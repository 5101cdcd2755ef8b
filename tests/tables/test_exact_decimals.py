"""Decimals are rounded correctly, to the last bit, by whichever version of pandas is here."""

import math
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from random import Random

import numpy as np
import pytest

from lossctl.tables.records.cuts import HeldCut
from lossctl.tables.text import fast
from lossctl.tables.text.dialect import Dialect

SMALLEST = math.ulp(0.0)


def long_ones(random: Random) -> Iterator[str]:
    """Yield decimals of 15 to 25 digits, among them those that most software writes."""
    for _ in range(10_000):
        digits = "".join(random.choices("0123456789", k=random.choice((15, 16, 17, 17, 18, 25))))
        yield f"0.{digits}"
        yield f"{random.uniform(-1000, 1000):.17g}"
        yield f"{random.random() * 10.0 ** random.randint(-300, 15):.16e}"
        yield repr(random.random())


def subnormal_ones(random: Random) -> Iterator[str]:
    """Yield the smallest numbers that there are, in few digits and in many."""
    for _ in range(10_000):
        value = random.getrandbits(random.randint(1, 52)) * SMALLEST
        yield repr(value)
        yield f"{value:.20e}"


def halfway_ones(random: Random) -> Iterator[str]:
    """Yield what lies halfway between two neighbours, and a little beside it."""
    with localcontext() as context:
        context.prec = 1200
        for power in [*range(-20, 15)] * 20 + [-310] * 100:
            value = random.random() * 10.0**power
            half = (Decimal(value) + Decimal(math.nextafter(value, math.inf))) / 2
            for beside in (half, half * (1 + Decimal("1e-40")), half * (1 - Decimal("1e-40"))):
                yield f"{beside:e}"
                yield f"-{beside:f}"


@pytest.mark.parametrize("cells", [long_ones, subnormal_ones, halfway_ones])
def test_the_fast_reader_rounds_as_python_does(cells: Callable[[Random], Iterator[str]]) -> None:
    written = list(cells(Random(0)))
    content = "".join(f"{cell}\n" for cell in written).encode()
    found = fast.numbers(HeldCut(content, len(written), 1, 0), 1, Dialect(","))
    assert found is not None
    assert found.tobytes() == np.array([float(cell) for cell in written]).tobytes()
