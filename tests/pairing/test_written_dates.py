"""Dates as people and spreadsheets write them pair with those that a program wrote."""

from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from conftest import Run

Unit = Literal["s", "ms", "us", "ns"]
READ = ("--loss", "mae", "--pred-cols", "p", "--target-col", "y", "-q")
DAYS = pd.date_range("2024-01-05", periods=40)
HOURS = pd.date_range("2024-01-25", periods=40, freq="h")
LAYOUTS = {
    "German": "%d.%m.%Y",
    "American": "%m/%d/%Y",
    "British": "%d/%m/%Y",
    "Japanese": "%Y/%m/%d",
    "of two digits": "%d.%m.%y",
    "of Oracle": "%d-%b-%Y",
    "in words": "%B %d, %Y",
    "of digits alone": "%Y%m%d",
}
TIMES = {"of Excel": "%m/%d/%Y %I:%M %p", "German": "%d.%m.%Y %H:%M", "comma": "%d/%m/%Y, %H:%M:%S"}


def save(folder: Path, dates: pd.DatetimeIndex, layouts: tuple[str, str], *names: str) -> None:
    """Write predictions and, in another order, the same numbers as targets."""
    table = pd.DataFrame({"p": range(len(dates)), "y": range(len(dates))})
    name, other = names or ("when", "when")
    here = table.assign(**{name: dates.strftime(layouts[0])})
    here[[name, "p"]].to_csv(folder / "p.csv", index=False)
    there = table.assign(**{other: dates.strftime(layouts[1])})
    there[[other, "y"]].sample(frac=1, random_state=1).to_csv(folder / "t.csv", index=False)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_days_pair_the_rows(layout: str, run: Run, tmp_path: Path) -> None:
    save(tmp_path, DAYS, (layout, "%Y-%m-%d"))
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "same ids, 'when', in another order" in refused.err) == (3, True)
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


@pytest.mark.parametrize("layout", TIMES.values(), ids=TIMES)
def test_times_pair_the_rows(layout: str, run: Run, tmp_path: Path) -> None:
    save(tmp_path, HOURS, ("%Y-%m-%dT%H:%M:%S", layout))
    assert run("eval", "p.csv", "t.csv", *READ).code == 3
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_two_ways_of_writing_them(run: Run, tmp_path: Path) -> None:
    save(tmp_path, DAYS, ("%d.%m.%Y", "%m/%d/%Y"))
    assert run("eval", "p.csv", "t.csv", *READ).code == 3
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_days_that_may_be_months_pair_nothing(run: Run, tmp_path: Path) -> None:
    """Which is which nobody knows; that both files have a column of dates is told."""
    dates = pd.DatetimeIndex([f"2024-{m:02}-{d:02}" for m in range(1, 5) for d in range(1, 5)])
    save(tmp_path, dates, ("%m/%d/%Y", "%Y-%m-%d"))
    told = run("eval", "p.csv", "t.csv", *READ)
    assert (told.code, "both tables have a column 'when'" in told.err) == (0, True)
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "16 ids only in p.csv" in refused.err) == (3, True)
    assert "may have the day or the month in front of the other: write those of p.csv as" in (
        refused.err
    )


def test_other_text_stays_an_id_of_its_own(run: Run, tmp_path: Path) -> None:
    save(tmp_path, DAYS, ("v%d.%m.%Y", "%Y-%m-%d"))
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "40 ids only in p.csv" in refused.err) == (3, True)


@pytest.mark.parametrize("layout", ["%d.%m.%Y", "%Y-%m-%d"])
def test_under_two_names_they_are_found(layout: str, run: Run, tmp_path: Path) -> None:
    save(tmp_path, DAYS, (layout, "%Y-%m-%d"), "Datum", "day")
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert refused.code == 3
    assert "have the same ids, 'Datum' and 'day', in another order" in refused.err


@pytest.mark.parametrize("names", [("when", "when"), ("local", "utc")])
def test_local_times_stand_beside_those_of_a_zone(
    names: tuple[str, str], run: Run, tmp_path: Path
) -> None:
    save(tmp_path, HOURS, ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S+02:00"), *names)
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "in another order" in refused.err) == (3, True)
    save(tmp_path, HOURS, ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S+02:00"))
    apart = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert apart.code == 3
    assert "the dates of t.csv name a time zone, and are shown in UTC; those of p.csv" in apart.err


UNDECIDED = {
    "the first of each year": ("%d/%m/%Y", pd.date_range("1990-01-01", periods=30, freq="YS")),
    "in May": ("%d %b %Y", pd.date_range("2023-05-01", periods=30)),
    "digits that might be seconds of 1970": ("%Y%m%d", pd.date_range("1972-01-01", periods=300)),
    "more, of one day and later ones": (
        "%m/%d/%Y %H:%M",
        pd.date_range("2024-01-01", periods=1100, freq="min")
        .append(pd.date_range("2024-01-13", periods=200, freq="min")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layout", "dates"), UNDECIDED.values(), ids=UNDECIDED)
def test_layouts_that_say_the_same(
    layout: str, dates: pd.DatetimeIndex, run: Run, tmp_path: Path
) -> None:
    save(tmp_path, dates, (layout, "%Y-%m-%d" if len(dates) < 1000 else "%Y-%m-%d %H:%M:%S"))
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


@pytest.mark.parametrize("layout", ["{0.year}-{0.month}-{0.day}", "{0.month}/{0.day}/{0.year}"])
def test_days_without_zeros_before_them(layout: str, run: Run, tmp_path: Path) -> None:
    dates = pd.date_range("2023-10-15", periods=200)
    other = "%Y-%m-%d" if "-" in layout else "%m/%d/%Y"
    save(tmp_path, dates, ("%Y-%m-%d", other))
    table = pd.DataFrame({"when": map(layout.format, dates), "p": range(200)})
    table.to_csv(tmp_path / "p.csv", index=False)
    assert run("eval", "p.csv", "t.csv", *READ).code == 3
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


@pytest.mark.parametrize("seed", range(4))
def test_in_long_files_days_that_may_be_months_pair_nothing(
    seed: int, run: Run, tmp_path: Path
) -> None:
    """By chance the first rows of both share some more dates in one reading than in the other."""
    days = [
        f"2024-{m:02}-{d:02} {h:02}:00"
        for m in range(1, 13)
        for d in range(1, 13)
        for h in range(24)
    ]
    dates = pd.Series(pd.DatetimeIndex(days)).sample(frac=1, random_state=seed)
    save(tmp_path, pd.DatetimeIndex(dates), ("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S"))
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "3456 ids only in p.csv" in refused.err) == (3, True)


@pytest.mark.parametrize("layout", ["%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M %p"])
@pytest.mark.parametrize("unit", ["s", "ms"])
def test_beside_numbers_since_1970(unit: Unit, layout: str, run: Run, tmp_path: Path) -> None:
    hours = pd.date_range("2024-01-05", periods=300, freq="h")
    save(tmp_path, hours, ("%Y", layout))
    numbers = hours.as_unit(unit).astype("int64")
    table = pd.DataFrame({"when": numbers, "p": range(len(hours))})
    table.to_json(tmp_path / "p.json", orient="records")
    assert run("eval", "p.json", "t.csv", *READ).code == 3
    assert run("eval", "p.json", "t.csv", "--id", "when", *READ).out == "0.0\n"


@pytest.mark.parametrize("rows", [300, 1500])
def test_beside_numbers_since_1970_under_two_names(rows: int, run: Run, tmp_path: Path) -> None:
    hours = pd.date_range("2024-01-05", periods=rows, freq="h")
    save(tmp_path, hours, ("%Y", "%m/%d/%Y %I:%M %p"), "timestamp", "when")
    numbers = hours.as_unit("s").astype("int64")
    table = pd.DataFrame({"timestamp": numbers, "p": range(rows)})
    table.to_csv(tmp_path / "p.csv", index=False)
    result = run("eval", "p.csv", "t.csv", *READ)
    told = "'timestamp' and 'when'"
    assert (result.code, told in result.err) == (3 if rows < 1024 else 0, True)


@pytest.mark.parametrize("names", [("when", "when"), ("local", "utc")])
def test_days_that_people_write_beside_dates_in_utc(
    names: tuple[str, str], run: Run, tmp_path: Path
) -> None:
    minutes = pd.date_range("1999-12-13", periods=40, freq="min")
    layouts = "%m/%d/%Y %I:%M %p", "%Y-%m-%dT%H:%M:%SZ"
    save(tmp_path, minutes, layouts, *names)
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "in another order" in refused.err) == (3, True)
    save(tmp_path, minutes, layouts)
    apart = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (apart.code, "the dates of t.csv name a time zone" in apart.err) == (3, True)


def test_a_long_table_does_not_settle_what_is_the_month(run: Run, tmp_path: Path) -> None:
    """Its first rows are of other months: of the wrong reading some are there, too."""
    hours = pd.date_range("2024-05-02", "2024-05-09 23:00", freq="h")
    pd.DataFrame({"when": hours.strftime("%d/%m/%Y %H:%M"), "p": 1}).to_csv(
        tmp_path / "p.csv", index=False
    )
    others = pd.date_range("2024-02-05", "2024-12-31 23:00", freq="h")
    pd.DataFrame({"when": others, "y": 1}).to_csv(tmp_path / "t.csv", index=False)
    for way in ((), ("--missing", "present")):
        refused = run("eval", "p.csv", "t.csv", "--id", "when", *way, *READ)
        assert refused.code == 3
    assert (
        "write those of p.csv as 2024-01-31"
        in run("eval", "p.csv", "t.csv", "--id", "when", *READ).err
    )


def test_a_later_date_that_does_not_fit_is_an_error(run: Run, tmp_path: Path) -> None:
    """The month of the first rows is in doubt, or settled; what contradicts is not left out."""
    minutes = pd.date_range("2024-01-13", periods=2000, freq="min")
    here = pd.DataFrame({"when": minutes.strftime("%d/%m/%Y %H:%M"), "p": 1})
    here.loc[1500, "when"] = "01/14/2024 01:00"
    here.to_csv(tmp_path / "p.csv", index=False)
    pd.DataFrame({"when": minutes, "y": 1}).to_csv(tmp_path / "t.csv", index=False)
    refused = run("eval", "p.csv", "t.csv", "--id", "when", "--missing", "present", *READ)
    assert refused.code == 3
    assert (
        "p.csv:1502: the id '01/14/2024 01:00' is no date as those of the first rows" in refused.err
    )


def test_years_of_two_digits_behind_dashes_may_stand_in_front(run: Run, tmp_path: Path) -> None:
    save(tmp_path, DAYS, ("%y-%m-%d", "%Y-%m-%d"))
    refused = run("eval", "p.csv", "t.csv", "--id", "when", "--missing", "present", *READ)
    assert (refused.code, refused.out) == (3, "")


@pytest.mark.parametrize("rows", [30, 1500])
def test_dates_of_few_digits(rows: int, run: Run, tmp_path: Path) -> None:
    days = pd.date_range("2018-01-05", periods=rows)
    save(tmp_path, days, ("%d/%m/%y", "%d.%m.%Y"))
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_more_dates_one_way_do_not_settle_what_is_the_month(run: Run, tmp_path: Path) -> None:
    """First days of months, read the other way round, are days of January."""
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    here = pd.DataFrame({"when": months.strftime("%m/%d/%Y"), "p": 1})
    here.to_csv(tmp_path / "p.csv", index=False)
    days = pd.DataFrame({"when": pd.date_range("2024-01-01", "2024-03-31"), "y": 1})
    days.to_csv(tmp_path / "t.csv", index=False)
    refused = run("eval", "p.csv", "t.csv", "--id", "when", "--missing", "present", *READ)
    assert (refused.code, refused.out) == (3, "")


@pytest.mark.parametrize("start", ["8320000", "10.0.0.", "img_1_", "1.2."])
def test_numbers_and_other_marks_are_no_dates(start: str, run: Run, tmp_path: Path) -> None:
    table = pd.DataFrame({"p": [1.0, 2.0, 3.0], "y": [2.0, 3.0, 4.0]})
    for name, column, ends in (("p.csv", "p", (1, 4, 9)), ("t.csv", "y", (2, 5, 7))):
        other = [f"{start}{end}" for end in ends]
        table.assign(other=other)[["other", column]].to_csv(tmp_path / name, index=False)
    outcome = run("eval", "p.csv", "t.csv", *READ)
    assert (outcome.code, outcome.err) == (0, "")
