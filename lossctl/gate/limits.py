"""The limits of a check, from the numbers as they were written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, product
from typing import NamedTuple

from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import UsageError
from lossctl.base.wording import quoted
from lossctl.gate.rules import RULES
from lossctl.losses import canonical_name, entry, split_losses
from lossctl.losses.loss import BoundLoss
from lossctl.losses.names import unknown

_WHOLE = re.compile(r"(?:^|=)\s*-?[0-9]+$")
"""The limit of a loss ends so if it is a whole number."""
_DIGITS = re.compile(r"[0-9]+%?")


class LimitError(UsageError):
    """A limit of a rule for a loss cannot be."""

    def __init__(self, reason: str, hint: str | None = None, *, rule: str, loss: str) -> None:
        super().__init__(reason, hint)
        self.limit = limit_of(rule, loss)


class VainWarning(LimitError):
    """A limit warns of nothing but what has failed already."""


def limit_of(rule: str, loss: str) -> str:
    """Return what the limit of a rule for one loss is called, beside those of the rule."""
    return f"{rule}.{loss}"


class Increase(NamedTuple):
    """How far Loss(W) may be above a baseline."""

    amount: Decimal
    """It is in units of the loss, or a part of the baseline's magnitude."""
    relative: bool

    def __str__(self) -> str:
        """Return it as it may be written: 1% or 0.01."""
        if self.relative:
            return f"{self.amount.scaleb(2).normalize():f}%"
        return f"{self.amount.normalize():f}"

    def beside(self, baseline: Decimal | float | None) -> str:
        """Return it as people are to see it: 1%, or +0.01 with the share of the baseline it is."""
        if self.relative:
            return str(self)
        share = abs(float(baseline or 0))
        return f"+{self} ({100 * float(self.amount) / share:.3g}%)" if share else f"+{self}"


NO_INCREASE = Increase(Decimal(0), relative=True)
"""A loss for which no increase is asked for may have this one."""


class Limits(NamedTuple):
    """What is asked of one evaluation, by the losses that it is asked of."""

    highest: Mapping[str, Mapping[str, Decimal]]
    """By rule and loss: the number of the rule must not be above this."""
    max_increase: Mapping[str, Increase]
    min_rows: int | None = None
    fail_on_warnings: bool = False

    def __bool__(self) -> bool:
        """Whether anything is asked but against a baseline."""
        return self.min_rows is not None or self.fail_on_warnings or any(self.highest.values())


def limits_of(
    losses: Iterable[str],
    highest: Mapping[str, Iterable[str]],
    max_increase: Iterable[str] = (),
    min_rows: int | None = None,
    *,
    allow_vain_warnings: bool = False,
) -> Limits:
    """Return limits from texts such as "0.35" or "ce=0.35,mse=0.1"; raise UsageError.

    `highest` has those of each rule, such as max-loss; an increase may be in percent, too.
    """
    names = list(losses)
    numbers = {
        rule: {loss: _number(rule, loss, text) for loss, text in _by_loss(rule, written, names)}
        for rule, written in highest.items()
    }
    if not allow_vain_warnings:
        _refuse_vain_warnings(numbers)
    return Limits(numbers, dict(_increases(max_increase, names)), min_rows)


def require_possible(limits: Limits, losses: Mapping[str, BoundLoss]) -> None:
    """Raise UsageError for a limit that nothing could be within, or of what a loss lacks."""
    for rule, highest in limits.highest.items():
        for name, limit in highest.items():
            loss = losses[name]
            _require_of_samples(rule, loss)
            of_value = {"mean": loss.least, "stderr": 0.0}
            least = of_value.get(RULES[rule].value, loss.formula.least)
            if limit < Decimal(repr(least)):
                raise LimitError(
                    f"--{rule} {limit} is below {least:g}, than which nothing is lower: it could "
                    f"never pass",
                    f"{RULES[rule].subject.format(loss=name)} is {least:g} at its least",
                    rule=rule,
                    loss=name,
                )


def _require_of_samples(rule: str, loss: BoundLoss) -> None:
    """Raise UsageError for a limit of each sample's loss, where the loss is of their mean alone."""
    if RULES[rule].value == "max" and loss.of_mean is not None:
        name, inner = loss.name, loss.of_mean.inner
        raise LimitError(
            f"--{rule}: a sample has no {name}, which is a function of the mean {inner}",
            f"limit the {inner} of each sample: --loss {name},{inner} --{rule} {inner}=X",
            rule=rule,
            loss=name,
        )


def _refuse_vain_warnings(highest: Mapping[str, Mapping[str, Decimal]]) -> None:
    """Raise UsageError for a limit that warns of what has failed already."""
    for warning, failing in product(highest, repeat=2):
        milder, stricter = RULES[warning], RULES[failing]
        if milder.value != stricter.value or not milder.only_warns or stricter.only_warns:
            continue
        warns, fails = highest[warning], highest[failing]
        for loss in fails.keys() & warns.keys():
            if warns[loss] > fails[loss]:
                raise VainWarning(
                    f"--{warning} {warns[loss]} is above --{failing} {fails[loss]}: it would "
                    "never warn",
                    rule=warning,
                    loss=loss,
                )


def overridden(written: Iterable[str], by: Iterable[str], losses: Iterable[str]) -> list[str]:
    """Return texts of limits of which some are beaten: for the losses they name, or else all.

    What is written without a name is for these losses.
    """
    winning = _items(by)
    if not all("=" in item for item in winning):
        return winning
    names = dict.fromkeys(map(canonical_name, losses))
    beaten = {_loss(item) for item in winning}
    named = [
        limit
        for item in _items(written)
        for limit in ([item] if "=" in item else [f"{name}={item}" for name in names])
    ]
    return [item for item in named if _loss(item) not in beaten] + winning


def losses_limited(written: Iterable[str], losses: Iterable[str]) -> list[str]:
    """Return the losses that limits are for, each once; one without a name is for these losses.

    A share such as 1% is for any loss, and so for none of them.
    """
    named = [
        [_loss(item)] if "=" in item else map(canonical_name, losses)
        for item in _items(written)
        if "=" in item or not item.endswith("%")
    ]
    return list(dict.fromkeys(name for names in named for name in names))


def _items(texts: Iterable[str]) -> list[str]:
    return [item for text in texts for item in split_losses(text)]


def _loss(item: str) -> str:
    return canonical_name(item.rpartition("=")[0].strip())


def _increases(written: Iterable[str], losses: list[str]) -> Iterator[tuple[str, Increase]]:
    rule = "max-increase"
    for loss, text in _by_loss(rule, written, losses, one_for_all=True):
        amount = _number(rule, loss, text, "%")
        if amount < 0:
            reason = f"--{rule} {quoted(text)}: must not be negative"
            raise LimitError(reason, rule=rule, loss=loss)
        if text.endswith("%"):
            yield loss, Increase(amount.scaleb(-2), relative=True)
        else:
            yield loss, Increase(amount, relative=False)


def _by_loss(
    rule: str, written: Iterable[str], losses: list[str], one_for_all: bool = False
) -> list[tuple[str, str]]:
    """Return for each loss that is named the text of its limit."""
    limits: dict[str, str] = {}
    _refuse_decimal_commas(rule, written := list(written))
    for item in _items(written):
        _, equals, text = item.rpartition("=")
        if not equals and len(losses) > 1 and not one_for_all:
            each = ",".join(f"{loss}={item}" for loss in losses if _has(rule, loss))
            raise UsageError(
                f"--{rule} {quoted(item)}: which loss is it for?",
                f"--{rule} {each}" if each else "for none: a sample has no function of a mean",
            )
        name = _loss(item)
        if equals and name not in losses:
            told = unknown(f"loss of this check (--{rule})", name, losses)
            raise LimitError(*told, rule=rule, loss=name)
        for loss in [name] if equals else losses:
            if loss in limits:
                raise UsageError(
                    f"--{rule} has two limits for {loss}",
                    "commas part the limits of losses; the decimal point is a point",
                )
            limits[loss] = text.strip()
    return list(limits.items())


def _has(rule: str, loss: str) -> bool:
    """Return whether a loss has what a rule limits; a function of a mean has none of a sample."""
    of_samples = rule in RULES and RULES[rule].value == "max"
    return not (of_samples and entry(loss.partition(":")[0]).of_mean)


def _refuse_decimal_commas(rule: str, written: Iterable[str]) -> None:
    """Raise UsageError where a comma that parts limits looks as if it were a decimal comma."""
    for before, item in pairwise(item for text in written for item in split_losses(text)):
        if _WHOLE.search(before) and _DIGITS.fullmatch(item):
            raise UsageError(
                f"--{rule} {quoted(f'{before},{item}')} has a comma in a number",
                f"did you mean {before}.{item}? Commas part the limits of several losses",
            )


def _number(rule: str, loss: str, text: str, unit: str = "") -> Decimal:
    number = finite_decimal(text.removesuffix(unit))
    if number is None:
        hint = None
        if unit:
            hint = f"a number such as 0.01, or a share of the baseline such as 1{unit}"
        elif text.endswith("%"):
            hint = "write a number such as 0.35: only --max-increase takes a share, of a baseline"
        reason = f"--{rule} {quoted(text)} is not a finite number"
        raise LimitError(reason, hint, rule=rule, loss=loss)
    return number
