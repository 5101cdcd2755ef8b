"""Neutral tables: numbers for people, columns that are left out, rows that become columns."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import examples

from lossctl.renderers.sections import Section, enough, number

NUMBERS: list[tuple[float | None, int | None, str]] = [
    (None, 6, "-"),
    (1.0, 6, "1"),
    (0.1 + 0.2, 6, "0.3"),
    (0.1 + 0.2, None, "0.30000000000000004"),
    (1.0, None, "1.0"),
    (-1e-7, 6, "-1e-07"),
    (123456789.0, 6, "1.23457e+08"),
    (123456789, 6, "123456789"),  # a count is never rounded
    (2, None, "2"),
]


@pytest.mark.parametrize(("value", "digits", "text"), NUMBERS)
def test_a_number_for_people(value: float | None, digits: int | None, text: str) -> None:
    assert number(value, digits) == text


finite = st.floats(allow_nan=False, allow_infinity=False)


def apart(value: float, limit: float, digits: int | None) -> list[str]:
    shown = enough(value, limit, digits)
    return [number(value, shown), number(limit, shown)]


@examples
@given(finite, finite, st.sampled_from([1, 2, 6, 17, None]))
def test_numbers_that_differ_never_look_alike(value: float, limit: float, digits: int) -> None:
    shown = apart(value, limit, digits)
    assert (shown[0] == shown[1]) is (number(value, None) == number(limit, None))
    if number(value, digits) != number(limit, digits):
        assert shown == [number(value, digits), number(limit, digits)]


@examples
@given(finite, st.sampled_from([1, 3, 6]))
def test_a_number_next_to_its_limit_has_its_shortest_form(value: float, digits: int) -> None:
    above = math.nextafter(value, math.inf)
    if number(above, 16) == number(value, 16) and math.isfinite(above):
        shown = apart(above, value, digits)
        assert list(map(float, shown)) == [above, value]
        assert len(shown[0]) <= len(repr(above))
        assert len(shown[1]) <= len(repr(value))


def test_the_first_column_stays_though_it_is_empty() -> None:
    section = Section("T", ["a", "b", "c"], [["-", "", "1"], ["", "-", "-"]], text_columns=["a"])
    filled = section.filled()
    assert (filled.header, filled.rows) == (["a", "c"], [["-", "1"], ["", "-"]])
    assert Section("T", ["a", "b"], []).filled().header == ["a"]


def test_rows_become_columns() -> None:
    section = Section("T", ["a", "b"], [["x", "1"], ["y", "2"]], text_columns=["a"])
    turned = section.turned()
    assert (turned.header, turned.rows) == (["a", "x", "y"], [["b", "1", "2"]])
    assert list(turned.text_columns) == ["a"]
