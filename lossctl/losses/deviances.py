"""Deviances: twice what the log-likelihood of a distribution loses by y in the place of d.

All are 2 [D(2 - p) - d D(1 - p)] of a power p, where D(s) is (y^s - d^s) / s, and ln(y / d) for s
of 0. Both D are taken of one logarithm of y / d, and so lose no digits where p is near 1 or 2.
Where y is near d they cancel: there the deviance is a series of powers of that logarithm.
"""

from __future__ import annotations

from math import factorial, nextafter
from typing import TYPE_CHECKING

from lossctl.base.arrays import Array
from lossctl.losses.componentwise import componentwise, elementwise
from lossctl.losses.diagnoses import of_rates
from lossctl.losses.domain import REAL, Domain
from lossctl.losses.loss import NUMBERS, Formula, Loss, Parameter
from lossctl.losses.peers import Peer

if TYPE_CHECKING:
    import numpy as np
else:
    import lossctl.losses.numpy_when_used as np

_NORMAL = 2.0**-1022
"""Numbers below it have fewer digits."""
_NEAR, _TERMS = 0.25, 13
"""Of a logarithm so small as this, by the exponents, terms behind so many are below an ulp."""
POSITIVE = Domain("positive number", "positive", lowest=nextafter(0.0, 1.0), diagnosis=of_rates)
NOT_NEGATIVE = Domain("number from 0 on", "0 or more", lowest=0.0, diagnosis=of_rates)
_SOURCE = "Jorgensen, J. R. Stat. Soc. B 49, 1987"


def _deviance(y: Array, d: Array, power: float) -> Array:
    """Return the deviances of positive y; where d is below 0, it adds no power of its own."""
    one, two = 1.0 - power, 2.0 - power
    base = np.maximum(d, 0.0)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log = _log_of_quotient(y, base)
        is_near = np.abs(log) * max(1.0, abs(one), abs(two)) <= _NEAR
        half = np.where(log == 0.0, 0.0, base ** (0.5 * two)) * log  # that power may overflow
        near = half * half * _series(np.where(is_near, log, 0.0), one, two)
        of_two = log if two == 0.0 else _larger(y, base, two) ** two * _part(two, log)
        root = _larger(y, base, one) ** (0.5 * one)  # so that only what is beyond float64 overflows
        of_one = d * log if one == 0.0 else d * root * root * _part(one, log)
        terms = of_two - np.where(d == 0.0, 0.0, of_one)
        far = np.where(np.isnan(terms), np.inf, 2.0 * terms)  # of what is beyond float64 both are
    return np.where(is_near, near, far)


def _series(log: Array, one: float, two: float) -> Array:
    """Return 2 [D(2 - p) - d D(1 - p)] / (d^(2 - p) ln^2(y / d)), where that logarithm is small.

    It is the sum of 2 (two^(n - 1) - one^(n - 1)) ln^(n - 2)(y / d) / n! from n = 2 on, as
    exp(s ln(y / d)) is a series.
    """
    total = np.zeros(log.shape)
    for n in range(_TERMS + 1, 1, -1):
        total = total * log + 2.0 * (two ** (n - 1) - one ** (n - 1)) / factorial(n)
    return total


def _log_of_quotient(y: Array, d: Array) -> Array:
    """Return ln(y / d), of a quotient beyond float64, too; infinite where d is 0."""
    quotient, apart = y / d, (y - d) / d
    is_normal = (quotient >= _NORMAL) & (quotient < np.inf)
    far = np.where(is_normal, np.log(quotient), np.log(y) - np.log(d))
    return np.where(np.abs(apart) <= 0.5, np.log1p(np.maximum(apart, -0.5)), far)


def _larger(y: Array, d: Array, exponent: float) -> Array:
    """Return those of y and d of which the power is larger."""
    return np.maximum(y, d) if exponent > 0.0 else np.minimum(y, d)


def _part(exponent: float, log: Array) -> Array:
    """Return (y^s - d^s) / s by the larger one of y^s and d^s, of ln(y / d)."""
    parts: Array = np.copysign(np.expm1(-np.abs(exponent * log)), log) / abs(exponent)
    return parts


@componentwise
def poisson(y: Array, d: Array) -> Array:
    """Poisson deviance: sum_j 2 [d_j ln(d_j / y_j) - d_j + y_j], shape (n,).

    Where d_j is 0 this is 2 y_j.

    Domain: positive number; of targets number from 0 on. Units: the targets'. Source: Jorgensen, J.
    R. Stat. Soc. B 49, 1987.
    """
    return _deviance(y, d, 1.0)


@componentwise
def gamma(y: Array, d: Array) -> Array:
    """Gamma deviance: sum_j 2 [ln(y_j / d_j) + d_j / y_j - 1], shape (n,).

    Domain: positive number. Units: none. Source: Jorgensen, J. R. Stat. Soc. B 49, 1987.
    """
    return _deviance(y, d, 2.0)


@componentwise
def tweedie(y: Array, d: Array, power: float) -> Array:
    """Tweedie deviance, of a variance that is the mean to this power, shape (n,).

    sum_j 2 [d_j^(2-p) / ((1-p)(2-p)) - d_j y_j^(1-p) / (1-p) + y_j^(2-p) / (2-p)], its first term 0
    where d_j is below 0: with the power p of 0 the squared error, with 1 and 2 their limits, the
    deviances of Poisson and gamma.

    Domain: positive number; of targets number from 0 on, but positive from a power of 2 on, and any
    real number below 0; of a power of 0 both are any. Units: the targets' to the power 2 - p.
    Source: Jorgensen, J. R. Stat. Soc. B 49, 1987.
    """
    return np.square(y - d) if power == 0.0 else _deviance(y, d, power)


def _domains(power: float) -> tuple[Domain, Domain]:
    """Return the domains of predictions and targets of the Tweedie deviance of a power."""
    if power == 0.0:
        return REAL, REAL
    if power < 0.0:
        return POSITIVE, REAL
    return POSITIVE, NOT_NEGATIVE if power < 2.0 else POSITIVE


@elementwise
def tweedie_gradient(y: Array, d: Array, power: float) -> Array:
    """2 (y_j - d_j) / y_j^p, for any power p."""
    root = np.power(y, 0.5 * power)  # the power itself may be beyond float64, and so may this be
    with np.errstate(invalid="ignore"):
        return np.where(y == d, 0.0, 2.0 * ((y - d) / root / root))


@elementwise
def poisson_gradient(y: Array, d: Array) -> Array:
    """2 (y_j - d_j) / y_j."""
    gradient: Array = 2.0 * ((y - d) / y)
    return gradient


@elementwise
def gamma_gradient(y: Array, d: Array) -> Array:
    """2 (y_j - d_j) / y_j^2."""
    gradient: Array = 2.0 * ((y - d) / y / y)
    return gradient


POISSON = Loss(
    name="poisson",
    title="Poisson deviance",
    family="deviances",
    units="the targets'",
    source=_SOURCE,
    scales={
        NUMBERS: Formula(
            "sum_j 2 [d_j ln(d_j / y_j) - d_j + y_j]",
            poisson,
            gradient=poisson_gradient,
            predictions=POSITIVE,
            targets=NOT_NEGATIVE,
            words="sum of Poisson deviances over {components}",
            peers=(Peer("scikit-learn's mean_poisson_deviance", components=1),),
        )
    },
)
GAMMA = Loss(
    name="gamma",
    title="gamma deviance",
    family="deviances",
    units="none",
    source=_SOURCE,
    scales={
        NUMBERS: Formula(
            "sum_j 2 [ln(y_j / d_j) + d_j / y_j - 1]",
            gamma,
            gradient=gamma_gradient,
            predictions=POSITIVE,
            targets=POSITIVE,
            words="sum of gamma deviances over {components}",
            peers=(Peer("scikit-learn's mean_gamma_deviance", components=1),),
        )
    },
)
TWEEDIE = Loss(
    name="tweedie",
    title="Tweedie deviance",
    family="deviances",
    units="the targets' to the power 2 - p",
    source=_SOURCE,
    parameters={
        "power": Parameter(
            None, -10.0, 10.0, "the variance is the mean to this power", 1.5, gap=(0.0, 1.0)
        )
    },
    scales={
        NUMBERS: Formula(
            "sum_j 2 [d_j^(2-p) / ((1-p)(2-p)) - d_j y_j^(1-p) / (1-p) + y_j^(2-p) / (2-p)]",
            tweedie,
            gradient=tweedie_gradient,
            predictions=POSITIVE,
            targets=NOT_NEGATIVE,
            domains=_domains,
            words="sum of Tweedie deviances of the power {power} over {components}",
            peers=(Peer("scikit-learn's mean_tweedie_deviance", components=1),),
        )
    },
)
