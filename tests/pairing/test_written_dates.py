"""Dates as people and spreadsheets write them pair with those that a program wrote."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import Run

READ = ("--loss", "mae", "--pred-cols", "p", "--target-col", "y", "-q")
DAYS = pd.date_range("2024-01-05", periods=40)
HOURS = pd.date_range("2024-01-05", periods=40, freq="h")
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
    """1/2 and 2/1 are in the other file either way: which is which nobody knows."""
    dates = pd.DatetimeIndex([f"2024-{m:02}-{d:02}" for m in range(1, 5) for d in range(1, 5)])
    save(tmp_path, dates, ("%m/%d/%Y", "%Y-%m-%d"))
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "16 ids only in p.csv" in refused.err) == (3, True)


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
