"""The limit against a baseline: exact in decimal, rounded once, with a slack for last bits."""

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from gates import result_of
from hypothesis import assume, example, given
from hypothesis import strategies as st
from samples import examples

from lossctl.gate.judgement import bound, difference, verdict_on_increase
from lossctl.gate.limits import NO_INCREASE, Increase
from lossctl.gate.verdicts import Outcome

SLACK = Fraction(1, 10**12)
HIGHEST = Fraction(2**1024 - 2**970)


def absolute(text: str) -> Increase:
    return Increase(Decimal(text), relative=False)


def relative(text: str) -> Increase:
    return Increase(Decimal(text), relative=True)


def outcome_of(value: float, baseline: str, increase: Increase = NO_INCREASE) -> Outcome:
    return verdict_on_increase("x", result_of(value), increase, lambda _: Decimal(baseline)).outcome


BY_HAND = [  # the value is the last that passes
    ("0.7", absolute("0.1"), 0.8000000000007),
    ("0.7", absolute("0"), 0.7000000000007),
    ("0.3", relative("0.02"), 0.3060000000003),
    ("2", relative("0.5"), 3.000000000002),
    ("-1e-7", relative("0"), -0.9999999999990e-7),
    ("-1e-7", relative("0.1"), -0.8999999999990e-7),
    ("-1e-7", relative("1"), 1e-19),
    ("-1e-7", absolute("1e-7"), 1e-19),
    ("-1e-7", absolute("3e-7"), 2.000000000001e-7),
    ("-8", relative("0.25"), -5.999999999992),
    ("0", relative("9"), 0.0),
    ("0", absolute("0.25"), 0.25),
    ("-0.0", relative("9"), 0.0),
    ("1e308", relative("0"), 1.000000000001e308),
    ("5e-324", relative("1"), 1e-323),
]


@pytest.mark.parametrize(("baseline", "increase", "last"), BY_HAND, ids=str)
def test_the_bound_by_hand(baseline: str, increase: Increase, last: float) -> None:
    assert bound(Decimal(baseline), increase) == last
    assert outcome_of(math.nextafter(last, -math.inf), baseline, increase) < Outcome.FAIL
    assert outcome_of(last, baseline, increase) < Outcome.FAIL
    assert outcome_of(math.nextafter(last, math.inf), baseline, increase) is Outcome.FAIL


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("baseline", ["0.7", "1e-7", "12345.678", "1e300"])
def test_the_slack(baseline: str, sign: str) -> None:
    exact, size = Fraction(sign + baseline), Fraction(baseline)
    within, beyond = exact + size * SLACK * 9 / 10, exact + size * SLACK * 11 / 10
    assert outcome_of(float(within), sign + baseline) < Outcome.FAIL
    assert outcome_of(float(beyond), sign + baseline) is Outcome.FAIL


def test_numbers_are_added_as_written() -> None:
    assert 0.7 + 0.1 < 0.8  # in binary, the same numbers miss it
    assert outcome_of(0.8, "0.7", absolute("0.1")) < Outcome.FAIL
    assert outcome_of(0.8, "0.7", absolute("0.09999")) is Outcome.FAIL


def test_no_setting_of_decimals_changes_a_bound() -> None:
    with localcontext(prec=3):
        assert bound(Decimal("0.123456789"), absolute("0.1")) == 0.223456789000123456789
        assert difference(0.123456789, Decimal("0.1")) == 0.023456789


def test_a_bound_beyond_float64_lets_nothing_pass() -> None:
    verdict = verdict_on_increase("x", result_of(1.0), relative("9"), lambda _: Decimal("1e308"))
    assert (verdict.limit, verdict.outcome) == (math.inf, Outcome.ERROR)
    assert str(verdict.error) == "x of mae cannot be judged: 1.0 against inf"
    assert (verdict.baseline, verdict.delta) == (1e308, -1e308)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_has_no_difference(value: float) -> None:
    assert difference(value, Decimal(1)) is None
    assert outcome_of(value, "1") is Outcome.ERROR


def rounded(exact: Fraction) -> float:
    """Return the nearest float64, half to even: what Python's own division does."""
    return exact.numerator / exact.denominator


finite = st.floats(allow_nan=False, allow_infinity=False)
amounts = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
written = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-10, max_value=10)


@examples
@given(finite, amounts, st.booleans())
@example(1.0, 1.1102230246251565e-16, False)
@example(5e-324, 1.7976931348623157e308, False)
@example(-5e-324, 1.7976931348623157e308, False)
@example(1.7976931348623157e308, 5e-324, False)
@example(5e-324, 1.7976931348623157e308, True)
def test_the_bound_is_the_exact_one_rounded_once(
    baseline: float, amount: float, relative_: bool
) -> None:
    base, more = Decimal(repr(baseline)), Decimal(repr(amount))
    size = abs(Fraction(base))
    exact = Fraction(base) + Fraction(more) * (size if relative_ else 1) + size * SLACK
    assume(abs(exact) <= HIGHEST)
    assert bound(base, Increase(more, relative_)) == rounded(exact)


@examples
@given(written, written.map(abs), st.booleans())
def test_nor_are_short_decimals_rounded_on_the_way(
    base: Decimal, more: Decimal, relative_: bool
) -> None:
    size = abs(Fraction(base))
    exact = Fraction(base) + Fraction(more) * (size if relative_ else 1) + size * SLACK
    found = bound(base, Increase(more, relative_))
    assert found == rounded(exact)
    assert outcome_of(found, str(base), Increase(more, relative_)) < Outcome.FAIL
    above = math.nextafter(found, math.inf)
    assert outcome_of(above, str(base), Increase(more, relative_)) is Outcome.FAIL


@examples
@given(finite, finite)
def test_the_difference_is_the_exact_one_rounded_once(value: float, baseline: float) -> None:
    exact = Fraction(repr(value)) - Fraction(repr(baseline))
    assume(abs(exact) <= HIGHEST)
    assert difference(value, Decimal(repr(baseline))) == rounded(exact)
