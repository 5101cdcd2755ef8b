"""The rules of the gate, an entry each: its option, setting, limit and verdict are made of it."""

from typing import NamedTuple

MEAN = "Loss(W) of {loss}"
"""Messages call the mean so, which is also what baselines are compared with."""

MIN_ROWS = "min-rows"
"""Verdicts on how many samples there are, whatever the baseline says, name this as their rule."""
ROWS = "rows"
"""Verdicts on how many samples there are, beside a baseline, name this as their rule."""
LEFT_OUT = "left-out"
"""Verdicts on how many rows were left out, beside a baseline, name this as their rule."""
TARGETS = "targets"
"""Verdicts on whether the targets are those of the baseline name this as their rule."""
SAME_TARGETS = "same-targets"
"""This option asks for that."""
INCREASE = "max-increase"
UPDATE = "update-baseline"
"""Verdicts on numbers that are to be written to a baseline name this as their rule."""
WARNINGS = "warnings"
"""Verdicts on warnings of an evaluation, where these are to fail, name this as their rule."""
STALE = "stale"
"""Verdicts on warnings name so what a baseline has and nobody asks for."""
DOUBTS = "doubts"
"""Verdicts on warnings that a number can hardly be the one that was meant name this."""
FAIL_ON_WARNINGS = "fail-on-warnings"
"""This option asks for that."""
OF_COURSE = {ROWS, LEFT_OUT, TARGETS, WARNINGS, DOUBTS}
"""Verdicts by these rules have no number that anybody chose as their limit."""
SETTINGS = {WARNINGS: FAIL_ON_WARNINGS, TARGETS: SAME_TARGETS}
"""These settings ask for rules of another name."""


class Rule(NamedTuple):
    """A number of a loss that must not be above a limit."""

    subject: str
    """Messages call the number so, of a {loss}."""
    value: str
    """This field of a `LossResult` has the number."""
    help: str
    """The help says this of the option."""
    metavar: str = "X"
    """The help calls the limit so."""
    only_warns: bool = False
    """A number above the limit is a warning, and the check still passes."""


RULES = {
    "max-loss": Rule(MEAN, "mean", "Loss(W) is at most this; or ce=X,mse=Y"),
    "warn-loss": Rule(
        MEAN,
        "mean",
        "Warn above this; the check still passes",
        only_warns=True,
    ),
    "max-stderr": Rule(
        "the standard error of {loss}", "stderr", "The standard error of Loss(W) is at most this"
    ),
    "max-sample": Rule("the highest {loss} of a sample", "max", "No sample has a higher loss"),
}
"""These are all rules, by the names of their options without the dashes in front."""
