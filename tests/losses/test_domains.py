"""Domains: which values they have, which are offenders, and what several ask for together."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from parametrised import HUBER
from samples import probabilities

import lossctl
from lossctl.base.arrays import Array
from lossctl.base.errors import UsageError
from lossctl.evaluation.validation import Rules, check
from lossctl.losses import LOSSES, losses_of
from lossctl.losses.classification import EVENT
from lossctl.losses.domain import (
    DISTRIBUTION,
    LOG_PROBABILITY,
    LOW_PRECISION,
    PROBABILITY,
    REAL,
    Domain,
    narrowest,
)
from lossctl.losses.loss import NUMBERS, BoundLoss, Formula
from lossctl.tables.block import Block
from lossctl.tables.place import ByNumber, Place

POSITIVE = Domain("positive number", "positive", lowest=math.nextafter(0.0, 1.0))
NEGATIVE = Domain("negative number", "negative", highest=-math.nextafter(0.0, 1.0))
COUNT = Domain("count", "a count", lowest=0.0, whole=True)
WHOLE = Domain("whole number", "a whole number", whole=True)
BETWEEN = Domain("number between 0.2 and 0.8", "between", lowest=0.2, highest=0.8)
SIGN = Domain("-1 or +1", "-1 or +1", members=(-1.0, 1.0))
DOMAINS = {
    **{"real": REAL, "probability": PROBABILITY, "event": EVENT, "logs": LOG_PROBABILITY},
    **{"positive": POSITIVE, "negative": NEGATIVE, "count": COUNT, "whole": WHOLE},
    **{"between": BETWEEN, "sign": SIGN},
}
VALUES = [-math.inf, -1e300, -2.0, -1.0, -0.5, -5e-324, -0.0, 0.0, 5e-324, 0.2, 0.5]
VALUES += [1.0, 1 + LOW_PRECISION, 1.5, 2.0, 1e300, math.inf]

HELD = [
    (REAL, VALUES),
    (POSITIVE, [5e-324, 0.2, 0.5, 1.0, 1 + LOW_PRECISION, 1.5, 2.0, 1e300, math.inf]),
    (NEGATIVE, [-math.inf, -1e300, -2.0, -1.0, -0.5, -5e-324]),
    (COUNT, [0.0, 0.0, 1.0, 2.0, 1e300, math.inf]),
    (BETWEEN, [0.2, 0.5]),
    (SIGN, [-1.0, 1.0]),
    (PROBABILITY, [0.0, 0.0, 5e-324, 0.2, 0.5, 1.0, 1 + LOW_PRECISION]),
]


@pytest.mark.parametrize(("domain", "held"), HELD, ids=lambda it: getattr(it, "title", ""))
def test_which_values_a_domain_has(domain: Domain, held: list[float]) -> None:
    values = np.array(VALUES)
    assert values[domain.holds(values)].tolist() == held
    for value in VALUES:
        offender = domain.offender(np.array([[value]]))
        assert offender == (None if value in held else (0, 0))
    assert not domain.holds(np.array([math.nan])).any()


OFFENDERS = [
    (POSITIVE, [[1.0, 2.0], [3.0, 0.0], [-1.0, 1.0]], (1, 1)),
    (COUNT, [[0.0, 2.0], [3.5, 2.5], [-1.0, 1.0]], (1, 0)),
    (COUNT, [[0.0, 2.0], [3.0, -2.0]], (1, 1)),
    (SIGN, [[-1.0, 1.0], [1.0, 1.0], [1.0, 0.0]], (2, 1)),
    (SIGN, [[-1.0, 1.0], [1.0, -1.0]], None),
    (PROBABILITY, [[0.0, math.nan], [1.0, 7.0]], (0, 1)),
    (REAL, [[1e300, -1e300]], None),
]


@pytest.mark.parametrize(("domain", "rows", "offender"), OFFENDERS)
def test_the_first_offender(
    domain: Domain, rows: list[list[float]], offender: tuple[int, int] | None
) -> None:
    for order in ("C", "F"):
        assert domain.offender(np.array(rows, order=order)) == offender


@pytest.mark.parametrize(("one", "other"), list(product(DOMAINS.values(), repeat=2)))
def test_domains_lie_in_one_another_and_meet_as_their_values_do(one: Domain, other: Domain) -> None:
    mine, theirs = (
        set(np.array(VALUES)[it.holds(np.array(VALUES))].tolist()) for it in (one, other)
    )
    assert one.meets(other) == other.meets(one) == bool(mine & theirs)
    assert one.lies_in(other) == (mine <= theirs)


def test_whole_numbers_may_miss_an_interval_between_two_of_them() -> None:
    assert not COUNT.meets(BETWEEN)
    assert BETWEEN.meets(PROBABILITY)
    assert COUNT.meets(BETWEEN._replace(highest=1.0))


def test_what_lies_within_0_to_1_up_to_low_precision() -> None:
    within = [name for name, domain in DOMAINS.items() if domain.lies_in(PROBABILITY)]
    assert within == ["probability", "event", "between"]
    assert DISTRIBUTION.lies_in(PROBABILITY)
    assert not Domain("percentage", lowest=0.0, highest=1.1).lies_in(PROBABILITY)


NARROWEST = [
    ([], ()),
    ([REAL], (REAL,)),
    ([REAL, REAL, SIGN], (SIGN,)),
    ([SIGN, REAL], (SIGN,)),
    ([PROBABILITY, DISTRIBUTION], (DISTRIBUTION,)),
    ([DISTRIBUTION, EVENT], (DISTRIBUTION, EVENT)),
    ([DISTRIBUTION, LOG_PROBABILITY], (DISTRIBUTION, LOG_PROBABILITY)),
    ([POSITIVE, PROBABILITY, COUNT], (POSITIVE, PROBABILITY, COUNT)),
    ([COUNT._replace(title="other"), COUNT], (COUNT._replace(title="other"),)),
]


@pytest.mark.parametrize(("domains", "left"), NARROWEST)
def test_only_what_says_more_than_others_is_looked_at(
    domains: list[Domain], left: tuple[Domain, ...]
) -> None:
    assert narrowest(domains) == left


# What several losses demand of the same numbers.


def loss(name: str, predictions: Domain, targets: Domain = REAL) -> BoundLoss:
    formula = Formula("0", HUBER.formula.per_sample, predictions, targets)
    return BoundLoss(name, NUMBERS, formula, {})


def block(values: Array) -> Block:
    return Block(values, Place(ByNumber("p", 0), range(1, 1 + values.shape[1])))


def told(rows: list[list[float]], *domains: Domain) -> str:
    rules = Rules.of([loss("one", domain) for domain in domains], None, len(rows[0]))
    with pytest.raises(lossctl.DataError) as caught:
        check(block(np.array(rows)), rules, targets=False)
    return caught.value.message


def test_an_offender_is_told_what_the_domain_says_that_has_it_not() -> None:
    assert told([[1.0, -3.0]], POSITIVE, PROBABILITY).endswith("-3.0 is not positive")
    assert told([[1.0, 3.0]], POSITIVE, PROBABILITY).endswith("3.0 is not a probability")
    assert (
        told([[3.0, 0.0]], POSITIVE, PROBABILITY) == "p: row 1: column 1: 3.0 is not a probability"
    )
    assert told([[2.0, 2.5]], POSITIVE, COUNT).endswith("2.5 is not a count")
    assert told([[1.0, 0.5]], REAL, SIGN).endswith("0.5 is not -1 or +1")


def _halves(values: Array) -> Array:
    return values / 2


def test_different_things_that_must_sum_to_1_are_both_checked() -> None:
    halves = REAL._replace(summands=_halves)
    for domains in ((DISTRIBUTION, halves), (halves, DISTRIBUTION)):
        assert "sum to 0.5, not to 1" in told([[0.25, 0.75]], *domains)
    assert "sum to 2, not to 1" in told([[1.0, 1.0]], DISTRIBUTION, halves)
    rules = Rules.of([loss("one", DISTRIBUTION), loss("two", DISTRIBUTION)], None, 3)
    assert rules.predictions == (DISTRIBUTION,)
    rough = probabilities(4, 3) * 1.005
    assert check(block(rough), rules, targets=False) == 4


@pytest.mark.parametrize("what", ["predictions", "targets"])
def test_losses_that_no_number_suits_are_refused_by_name(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, domain in (("above", POSITIVE), ("below", NEGATIVE)):
        domains: dict[str, Any] = {what: domain}
        formula = HUBER.formula._replace(**domains)
        monkeypatch.setitem(LOSSES, name, f"{__name__}:{name.upper()}")
        entry = HUBER._replace(name=name, scales={NUMBERS: formula}, parameters={})
        monkeypatch.setitem(globals(), name.upper(), entry)
    assert list(losses_of(["above", "mae"])) == ["above", "mae"]
    with pytest.raises(UsageError) as caught:
        losses_of(["above", "mae", "below"])
    assert caught.value.message == (
        f"above and below cannot be taken of the same numbers: their {what} have no value in common"
    )
    assert caught.value.hint == (
        "above takes positive number, below negative number: ask for them one at a time"
    )
    with pytest.raises(UsageError, match=r"^above and below cannot"):
        lossctl.evaluate([1.0], [1.0], loss="above,below")
