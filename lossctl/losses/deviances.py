"""Deviances: twice what the log-likelihood of a distribution loses by y in the place of d.

None is below 0. Where y is d to nearly all digits the difference of large terms may round to less,
which counts as 0.
"""

from __future__ import annotations

from math import nextafter
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

_LEAST = nextafter(0.0, 1.0)
POSITIVE = Domain("positive number", "positive", lowest=_LEAST, diagnosis=of_rates)
NOT_NEGATIVE = Domain("number from 0 on", "0 or more", lowest=0.0, diagnosis=of_rates)
_SOURCE = "Jorgensen, J. R. Stat. Soc. B 49, 1987"


def _squared(y: Array, d: Array) -> Array:
    return np.square(y - d)


def _poisson(y: Array, d: Array) -> Array:
    log = np.log(np.maximum(d / y, _LEAST))  # whatever has a quotient so small adds nothing
    return np.maximum(2.0 * (d * log - d + y), 0.0)


def _gamma(y: Array, d: Array) -> Array:
    return np.maximum(2.0 * (np.log(y / d) + d / y - 1.0), 0.0)


_LIMITS = {0.0: _squared, 1.0: _poisson, 2.0: _gamma}


@componentwise
def poisson(y: Array, d: Array) -> Array:
    """Poisson deviance: sum_j 2 [d_j ln(d_j / y_j) - d_j + y_j], shape (n,).

    Where d_j is 0 this is 2 y_j.
    """
    return _poisson(y, d)


@componentwise
def gamma(y: Array, d: Array) -> Array:
    """Gamma deviance: sum_j 2 [ln(y_j / d_j) + d_j / y_j - 1], shape (n,)."""
    return _gamma(y, d)


@componentwise
def tweedie(y: Array, d: Array, power: float) -> Array:
    """Tweedie deviance, of a variance that is the mean to this power, shape (n,).

    sum_j 2 [d_j^(2-p) / ((1-p)(2-p)) - d_j y_j^(1-p) / (1-p) + y_j^(2-p) / (2-p)], its first term 0
    where d_j is below 0: with the power p of 0 the squared error, with 1 and 2 their limits, the
    deviances of Poisson and gamma.
    """
    if power in _LIMITS:
        return _LIMITS[power](y, d)
    one, two = 1.0 - power, 2.0 - power
    of_targets = np.power(np.maximum(d, 0.0), two) / (one * two)
    terms = of_targets - d * np.power(y, one) / one + np.power(y, two) / two
    return np.maximum(2.0 * terms, 0.0)


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
    gradient: Array = 2.0 * (y - d) / np.power(y, power)
    return gradient


@elementwise
def poisson_gradient(y: Array, d: Array) -> Array:
    """2 (y_j - d_j) / y_j."""
    return 2.0 * (y - d) / y


@elementwise
def gamma_gradient(y: Array, d: Array) -> Array:
    """2 (y_j - d_j) / y_j^2."""
    return 2.0 * (y - d) / y / y


POISSON = Loss(
    name="poisson",
    title="Poisson deviance",
    family="deviances",
    units="none",
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
