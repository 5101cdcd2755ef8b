"""In which lines of a file of checks it stands what a check is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lossctl.gate.configuration import Part
from lossctl.gate.limits import limit_of
from lossctl.gate.rules import (
    FAIL_ON_WARNINGS,
    INCREASE,
    LEFT_OUT,
    MIN_ROWS,
    ROWS,
    RULES,
    UPDATE,
    WARNINGS,
)
from lossctl.losses import canonical_name, split_losses

_BY_LOSS = {INCREASE, *RULES}
"""The limits of these settings may name the loss that they are for."""
_LIMITING = {"baseline", FAIL_ON_WARNINGS, MIN_ROWS, *_BY_LOSS}
"""These settings ask for limits."""
_NAMING = {"predictions", "targets", "baseline", "per-sample"}
"""These settings name files."""


def lines_of(part: Part, defaults: Part, beaten: Collection[str]) -> dict[str, int]:
    """Return the lines that ask for the limits of each rule, and those that name files.

    A limit for one loss has a line of its own. What the command line says stands in none.
    What is asked against a baseline stands where the baseline is named, if nowhere else.
    """
    lines = {
        key: where.line_of(key)
        for where in (defaults, part)
        for key in (_LIMITING | _NAMING) & where.settings.keys()
        if key.replace("-", "_") not in beaten
    }
    if (line := lines.pop(FAIL_ON_WARNINGS, None)) is not None:
        lines[WARNINGS] = line
    if (baseline := lines.get("baseline")) is not None:
        lines = dict.fromkeys([ROWS, LEFT_OUT, INCREASE, UPDATE], baseline) | lines
    for rule in _BY_LOSS & lines.keys():
        lines |= _lines_by_loss(rule, part, defaults)
    return lines


def _lines_by_loss(rule: str, part: Part, defaults: Part) -> dict[str, int]:
    """Return the lines of the limits of a rule that are for one loss.

    A limit of a check that names none takes the place of all that the defaults have.
    """
    lines: dict[str, int] = {}
    for where in (defaults, part):
        if rule in where.settings:
            named = dict(_named(where, rule))
            lines = lines | named if named else {}
    return lines


def _named(where: Part, rule: str) -> Iterator[tuple[str, int]]:
    """Yield the losses for which a table has a limit of a rule, as keys, and their lines."""
    value = where.settings[rule]
    if isinstance(value, dict):
        for loss in value:
            yield limit_of(rule, canonical_name(loss)), where.line_of(rule, loss)
        return
    for text in value if isinstance(value, list) else [value]:
        for item in split_losses(str(text)):
            loss, equals, _ = item.rpartition("=")
            if equals:
                yield limit_of(rule, canonical_name(loss.strip())), where.line_of(rule)
