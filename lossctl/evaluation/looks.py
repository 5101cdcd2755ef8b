"""What values, and the domains that they must belong to, look like."""

from __future__ import annotations

import numpy as np

from lossctl.base.arrays import Array
from lossctl.evaluation.validation import SILENT_SUM
from lossctl.losses.domain import PROBABILITY, ROUNDING, Domain


def are_probabilities(domains: tuple[Domain, ...]) -> bool:
    """Return whether some domain is of probabilities."""
    return any(domain.lies_in(PROBABILITY) for domain in domains)


def sum_to_1(domains: tuple[Domain, ...]) -> bool:
    """Return whether some domain is of rows that add up to 1."""
    return any(domain.summands is not None for domain in domains)


def only_0_and_1(values: Array) -> bool:
    """Return whether all values are 0 or 1; the first row is looked at first."""
    first = values[0]
    if not ((first == 0.0) | (first == 1.0)).all():
        return False
    return bool(((values == 0.0) | (values == 1.0)).all())


def are_distributions(rows: Array) -> bool:
    """Return whether each row is probabilities that add up to 1."""
    if not (rows >= 0.0).all():
        return False
    return bool((np.abs(rows.sum(axis=1) - 1.0) <= SILENT_SUM).all())


def are_within_0_and_1(values: Array) -> bool:
    """Return whether all values may be probabilities."""
    return bool(values.min() >= 0.0 and values.max() <= 1.0 + ROUNDING)
