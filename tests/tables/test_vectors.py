"""Vectors of others: the cases of csv-spectrum, and the certified numbers of NIST's StRD."""

import json
import math
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from conftest import Run, Write

from lossctl.base.errors import DataError
from lossctl.tables.place import OneLineEach
from lossctl.tables.records.records import Records
from lossctl.tables.streams.source import Source
from lossctl.tables.text.dialect import Dialect
from lossctl.tables.text.strict import cells_of

# csv-spectrum (github.com/max-mapper/csv-spectrum, BSD-2-Clause) is a table in a CSV file and the
# same in JSON, for each oddity. Its files are not copied here: below is a case of our own for each
# of its files, and `csv_spectrum.py` compares the files themselves.

CASES: dict[str, tuple[str, list[list[str]]]] = {
    "simple": ("a,b,c\n1,2,3\n", [["a", "b", "c"], ["1", "2", "3"]]),
    "simple_crlf": ("a,b,c\r\n1,2,3\r\n", [["a", "b", "c"], ["1", "2", "3"]]),
    "no_final_newline": ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    "comma_in_quotes": (
        'name,town,zip\nAda,"Paris, TX",01234\n',
        [["name", "town", "zip"], ["Ada", "Paris, TX", "01234"]],
    ),
    "empty": ('a,b,c\n1,"",""\n2,,4\n', [["a", "b", "c"], ["1", "", ""], ["2", "", "4"]]),
    "empty_crlf": ('a,b,c\r\n1,"",""\r\n', [["a", "b", "c"], ["1", "", ""]]),
    "escaped_quotes": ('a,b\n1,"say ""so"" now"\n', [["a", "b"], ["1", 'say "so" now']]),
    "json": ('k,v\n1,"{""x"": [1.0, 0.5]}"\n', [["k", "v"], ["1", '{"x": [1.0, 0.5]}']]),
    "newlines": ('a,b\n"one \ntwo",5\n7,8\n', [["a", "b"], ["one \ntwo", "5"], ["7", "8"]]),
    # A line end is a newline, inside quotes, too; JSON of csv-spectrum keeps the carriage return.
    "newlines_crlf": (
        'a,b\r\n"one \r\ntwo",5\r\n7,8\r\n',
        [["a", "b"], ["one \ntwo", "5"], ["7", "8"]],
    ),
    "quotes_and_newlines": (
        'a,b\n1,"so \n""say"" \nthey"\n3,4\n',
        [["a", "b"], ["1", 'so \n"say" \nthey'], ["3", "4"]],
    ),
    "utf8": ("a,b\n4,\u02a4\n", [["a", "b"], ["4", "\u02a4"]]),
    "blank_line": ("a\n1\n\n2\n", [["a"], ["1"], [], ["2"]]),  # [] is refused as a row
    "blank_lines_at_the_end": ("a\n1\n\n\n", [["a"], ["1"], [], []]),
}
REFUSED = {
    "quote_in_a_cell": "k,v\n1,52'37.8\"N 12'17.9\"W\n",  # as in location_coordinates
    "quote_opened_late": 'a,b\n1, "2"\n',
    "text_behind_a_quote": 'a,b\n"1"x,2\n',
    "quote_left_open": 'a,b\n1,"2\n3,4\n',
}


def rows_of(path: Path) -> list[list[str]]:
    """Return every cell, as lossctl cuts a file into records and these into cells."""
    cut = Records(Source(str(path))).take(1 << 20)
    rows = [cells for _, cells in cells_of(cut.text(), Dialect(","), OneLineEach("file", 0))]
    assert len(rows) == cut.records
    return rows


@pytest.mark.parametrize("name", CASES)
def test_cells_are_those_of_the_definition(write: Write, name: str) -> None:
    content, expected = CASES[name]
    assert rows_of(write({"table.csv": content.encode()})) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_quotation_marks_out_of_place_are_refused(write: Write, name: str) -> None:
    path = write({"table.csv": REFUSED[name]})
    with pytest.raises(DataError, match="a quotation mark is out of place"):
        rows_of(path)


@pytest.mark.parametrize("blank", ["\n", "\r\n", " \n", '""\n'], ids=repr)
@pytest.mark.parametrize("rows", ["{}1\n2\n", "1\n{}2\n", "1\n2\n{}"], ids=["first", "mid", "last"])
def test_a_blank_line_is_never_a_row(run: Run, write: Write, rows: str, blank: str) -> None:
    write({"p.csv": "y\n" + rows.format(blank), "t.csv": "y\n1\n2\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")


# NIST StRD, univariate summary statistics, NumAcc1 to NumAcc4 (itl.nist.gov/div898/strd): made
# from their definition, a first value and then two that alternate 500 times, with the certified
# mean and standard deviation, which are exact for the decimals. Rounding these to float64 moves
# the results by itself; `digits` is how many of mean and standard deviation that leaves.

NUM_ACC: dict[str, tuple[list[str], str, str, tuple[float, float]]] = {
    "NumAcc1": (["10000001", "10000003", "10000002"], "10000002", "1", (math.inf, math.inf)),
    "NumAcc2": (["1.2", *["1.1", "1.3"] * 500], "1.2", "0.1", (15.9, 14.9)),
    "NumAcc3": (["1000000.2", *["1000000.1", "1000000.3"] * 500], "1000000.2", "0.1", (15.9, 9.4)),
    "NumAcc4": (
        ["10000000.2", *["10000000.1", "10000000.3"] * 500],
        "10000000.2",
        "0.1",
        (15.9, 8.2),
    ),
}


def moments(values: list[Fraction]) -> tuple[Fraction, Decimal]:
    """Return mean and standard deviation (ddof=1): exact, and to 60 digits."""
    n = len(values)
    mean = sum(values, Fraction(0)) / n
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (n - 1)
    with localcontext(prec=60):
        return mean, (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()


def digits_of_agreement(found: float, certified: str) -> float:
    """Return NIST's log relative error: -log10 of the relative difference."""
    difference = abs(Fraction(found) - Fraction(certified)) / Fraction(certified)
    return -math.log10(difference) if difference else math.inf


@pytest.mark.parametrize("name", NUM_ACC)
def test_certified_moments(run: Run, write: Write, name: str) -> None:
    decimals, mean, std, attainable = NUM_ACC[name]
    exact = moments([Fraction(decimal) for decimal in decimals])
    assert exact == (Fraction(mean), Decimal(std))  # the definition is that of the certified data
    write(
        {"numacc.csv": "\n".join(["y", *decimals, ""]), "zeros.csv": "y\n" + "0\n" * len(decimals)}
    )
    outcome = run("eval", "numacc.csv", "zeros.csv", "--loss", "mae", "--format", "json")
    assert outcome.code == 0, outcome.err
    (found,) = json.loads(outcome.out)["losses"]
    rounded = moments([Fraction(float(decimal)) for decimal in decimals])
    assert (found["mean"], found["std"]) == (float(rounded[0]), float(rounded[1]))
    assert digits_of_agreement(found["mean"], mean) >= attainable[0]
    assert digits_of_agreement(found["std"], std) >= attainable[1]
