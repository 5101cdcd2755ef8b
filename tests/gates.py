"""What the tests of the gate share: its decision table, written out, and reports to judge."""

from typing import NoReturn

from lossctl.base.errors import ResourceError
from lossctl.results.losses import Losses
from lossctl.results.report import LossResult, Report

CHECK_OF_A = """
[[check]]
name = "a"
predictions = "p.csv"
targets = "t.csv"
loss = "mae"
"""
"""A check of a file; what else it has may follow."""


def look(loss: str = "mae", rule: str = "max-loss", predictions: str = "p.csv") -> str:
    """Return the hint of a loss that is too high."""
    command = f"lossctl eval {predictions} t.csv --loss {loss} --worst 10"
    way = f"choose another {rule}"
    return f"hint: to see the worst samples: {command}; to let it be so high on purpose: {way}"


VALUES = ("below", "equal", "above", "NaN", "inf", "missing")
TABLE = """
               below     equal     above     NaN       inf       missing
max-loss       pass  0   pass  0   fail  1   error 3   error 3   error 3
warn-loss      pass  0   pass  0   warn  0   error 3   error 3   error 3
absolute       pass  0   pass  0   fail  1   error 3   error 3   error 3
relative       pass  0   pass  0   fail  1   error 3   error 3   error 3
zero           pass  0   pass  0   fail  1   error 3   error 3   error 3
absent         error 4   error 4   error 4   error {}   error {}   error 3
"""
"""Verdict and exit code, by limit and value. The limit is 0.5, of zero and absent baselines 0.

Without a baseline file every number that there is ends with 4. A command that is given NaN or inf
has no number: it does not come as far as the file.
"""


def table(absent: int) -> dict[tuple[str, str], tuple[str, int]]:
    """Return the table; `absent` is the code of NaN and inf where there is no baseline file."""
    found = {}
    for line in TABLE.format(absent, absent).strip().splitlines()[1:]:
        limit, *cells = line.split()
        for value, verdict, code in zip(VALUES, cells[::2], cells[1::2], strict=True):
            found[limit, value] = (verdict, int(code))
    assert len(found) == 36
    return found


def result_of(
    mean: float, loss: str = "mae", stderr: float | None = 0.125, highest: float = 2.0
) -> LossResult:
    return LossResult(loss, mean, mean, 2, stderr, stderr, 0.0, highest, f"lossctl|0|{loss}|k=1")


def report_of(*results: LossResult, n: int = 2) -> Report:
    losses = Losses({result.loss: result for result in results})
    return Report(n, 1, "p.csv", "t.csv", losses, at_guard={})


def no_file(result: LossResult) -> NoReturn:
    raise ResourceError(f"no baseline of {result.loss}")
