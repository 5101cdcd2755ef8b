"""The limits of a check, from the numbers as they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted


class Increase(NamedTuple):
    """How far Loss(W) may be above a baseline."""

    amount: Decimal
    """In units of the loss, or as a part of the baseline's magnitude."""
    relative: bool


NO_INCREASE = Increase(Decimal(0), relative=True)


class Limits(NamedTuple):
    """What is asked of one evaluation, by the losses that it is asked of."""

    highest: Mapping[str, Mapping[str, Decimal]]
    """Of each rule that was asked for: what its number must not be above."""
    max_increase: Mapping[str, Increase]
    min_rows: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked but against a baseline."""
        return self.min_rows is not None or any(self.highest.values())


def limits_of(
    losses: Iterable[str],
    highest: Mapping[str, Iterable[str]],
    max_increase: Iterable[str] = (),
    min_rows: int | None = None,
) -> Limits:
    """Return limits from texts such as "0.35" or "ce=0.35,mse=0.1"; raise UsageError.

    `highest` has those of each rule, such as max-loss; an increase may be in percent, too.
    """
    names = list(losses)
    found = {
        rule: {loss: _required(rule, text) for loss, text in _by_loss(rule, given, names)}
        for rule, given in highest.items()
    }
    failing, warning = found.get("max-loss", {}), found.get("warn-loss", {})
    for loss in failing.keys() & warning.keys():
        if warning[loss] > failing[loss]:
            raise UsageError(
                f"--warn-loss {warning[loss]} is above --max-loss {failing[loss]}: it would never "
                "warn"
            )
    return Limits(found, dict(_increases(max_increase, names)), min_rows)


def overridden(given: Iterable[str], by: Iterable[str], losses: Iterable[str]) -> list[str]:
    """Return texts of limits of which some are beaten: for the losses they name, or else all.

    What is given without a name is for these losses.
    """
    theirs = _items(by)
    if not all("=" in item for item in theirs):
        return theirs
    names, named = list(losses), {_loss(item) for item in theirs}
    ours = [
        limit
        for item in _items(given)
        for limit in ([item] if "=" in item else [f"{name}={item}" for name in names])
    ]
    return [item for item in ours if _loss(item) not in named] + theirs


def _items(given: Iterable[str]) -> list[str]:
    return [item.strip() for text in given for item in text.split(",")]


def _loss(item: str) -> str:
    return item.rpartition("=")[0].strip()


def _increases(given: Iterable[str], losses: list[str]) -> Iterator[tuple[str, Increase]]:
    rule = "max-increase"
    for loss, text in _by_loss(rule, given, losses, one_for_all=True):
        amount = _required(rule, text, "%")
        if amount < 0:
            raise UsageError(f"--{rule} {quoted(text)}: must not be negative")
        if text.endswith("%"):
            yield loss, Increase(amount.scaleb(-2), relative=True)
        else:
            yield loss, Increase(amount, relative=False)


def _by_loss(
    rule: str, given: Iterable[str], losses: list[str], one_for_all: bool = False
) -> list[tuple[str, str]]:
    """Return for each loss that is named the text of its limit."""
    found: dict[str, str] = {}
    for item in _items(given):
        _, equals, text = item.rpartition("=")
        if not equals and len(losses) > 1 and not one_for_all:
            raise UsageError(
                f"--{rule} {quoted(item)}: which loss is it for?",
                f"--{rule} {','.join(f'{loss}={item}' for loss in losses)}",
            )
        name = _loss(item)
        if equals and name not in losses:
            raise UsageError(*choose(f"loss of this check (--{rule})", name, losses))
        for loss in [name] if equals else losses:
            if loss in found:
                raise UsageError(
                    f"--{rule} has two limits for {loss}",
                    "commas part the limits of losses; the decimal point is a point",
                )
            found[loss] = text.strip()
    return list(found.items())


def _required(rule: str, text: str, unit: str = "") -> Decimal:
    number = finite_decimal(text.removesuffix(unit))
    if number is None:
        raise UsageError(f"--{rule} {quoted(text)} is not a finite number")
    return number
