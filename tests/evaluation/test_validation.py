"""Values outside the domain of a loss: where they are, and what they most likely are."""

import numpy as np
import pytest
from conftest import Run, Write
from samples import refuse

import lossctl

ONE_HOT = "a,b\n1,0\n0,1\n"

IF_LOGITS = "if the values of all rows are logits, pass --from logits"
ROWS = "targets are rows of probabilities, or one column of class labels"
PERCENT = "values from 5 to 95, which sum to 100, not to 1: these look like percentages; divide "
PERCENT += "them by 100"
LOGS = "values from -0.693 to -0.692, whose exponentials sum to 1: these look like "
LOGS += "log-probabilities; "
COUNTS = "values from 3 to 4, which sum to 7, not to 1: these look like counts or labels; "
SUM = "the probabilities of the row sum to {}, not to 1\nlossctl: hint: the tolerance is 0.01; {}"
MEND = "divide the row by its sum, if that is right, or pass --sum-tolerance X"
COLUMN = "is a column no class? If so, name the columns of the {} with --{}"
EVENTS = ". If each is the probability of an event of its own, that is --loss bce"
OUTSIDE = (
    'column "b": 1.00001 is not a probability\nlossctl: hint: it lies just outside 0 to 1: was it '
)
OUTSIDE += "rounded, or computed in low precision?"
RANGE = 'column "{}": {} is not a probability\nlossctl: hint: {}'
SWAPPED, TARGETS = (
    "are the two swapped? Predictions first",
    "name the columns of the targets with --target-col",
)
NO_PROBABILITIES: dict[str, tuple[str, str, str, str]] = {
    "negative": ("-0.5,1.5", RANGE.format("a", -0.5, "values from -0.5 to 1.5: "), IF_LOGITS, ROWS),
    "beyond-1": ("0,1.00001", OUTSIDE, "", ""),
    "percentages": ("5,95", RANGE.format("a", "5.0", PERCENT), "", ""),
    "logits": (
        "2.5,-3.5",
        RANGE.format("a", 2.5, "values from -3.5 to 2.5, which sum to -1, not to 1: "),
        IF_LOGITS,
        ROWS,
    ),
    "log-probabilities": (
        "-0.693,-0.692",
        RANGE.format("a", -0.693, LOGS),
        "pass --from log-probs",
        "take their exponentials",
    ),
    "counts": ("3,4", RANGE.format("a", "3.0", COUNTS), SWAPPED, TARGETS),
    "sum-below-1": ("0.5,0.3", SUM.format(0.8, MEND), "", ""),
    "sum-above-1": ("0.6,0.6", SUM.format(1.2, MEND), "", ""),
    "zeros": (
        "0,0",
        SUM.format(0, ""),
        COLUMN.format("predictions", "pred-cols") + EVENTS,
        COLUMN.format("targets", "target-col"),
    ),
}


@pytest.mark.parametrize("bad", ["p.csv", "t.csv"])
@pytest.mark.parametrize("case", NO_PROBABILITIES.values(), ids=NO_PROBABILITIES)
def test_no_probabilities(
    run: Run, write: Write, bad: str, case: tuple[str, str, str, str]
) -> None:
    row, message, of_predictions, of_targets = case
    folder = write({"p.csv": ONE_HOT, "t.csv": ONE_HOT, bad: f"a,b\n1,0\n{row}\n"}).parent
    message += of_predictions if bad == "p.csv" else of_targets
    refuse(run, folder, f"{bad}:3: {message}", "p.csv", "t.csv", "--loss", "ce")


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_the_order_of_addition_decides_no_tolerance(rows: int) -> None:
    y = np.full((rows, 100_000), 1e-5)  # added left to right, 1.9e-12 off 1
    with pytest.raises(lossctl.DataError, match="sum to 1"):
        lossctl.evaluate(y, np.zeros(rows), loss="ce", sum_tolerance=5e-13)
