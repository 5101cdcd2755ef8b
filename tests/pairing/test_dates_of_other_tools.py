"""Dates as other tools write them: near 1970, in two units, in UTC without saying so."""

from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from conftest import Run, Write

READ = ("--loss", "mae", "--pred-cols", "p", "--target-col", "y", "-q")
HOURS = pd.date_range("1970-01-01", periods=12, freq="h")
DAYS = pd.date_range("2024-01-05", periods=12)


def rows(dates: list[str], name: str, *, last_first: bool = False) -> str:
    """Return a table of text in which the row of each date has its number."""
    written = [f"{date},{row * row}\n" for row, date in enumerate(dates)]
    return f"when,{name}\n" + "".join(reversed(written) if last_first else written)


def ticks(dates: pd.DatetimeIndex, unit: Literal["s", "ms", "ns"]) -> list[str]:
    return [str(number) for number in dates.as_unit(unit).asi8]


PAIRS = {
    "near 1970": (HOURS.strftime("%Y-%m-%d %H:%M:%S").tolist(), ticks(HOURS, "ms")),
    "near 1970, in ns": (HOURS.strftime("%Y-%m-%d %H:%M:%S").tolist(), ticks(HOURS, "ns")),
    "seconds and thousandths": (ticks(DAYS, "s"), ticks(DAYS, "ms")),
    "thousandths and billionths": (ticks(DAYS, "ms"), ticks(DAYS, "ns")),
}


@pytest.mark.parametrize("dates", PAIRS.values(), ids=PAIRS)
def test_numbers_are_dates_in_the_unit_that_fits(
    dates: tuple[list[str], list[str]], run: Run, write: Write
) -> None:
    write({"p.csv": rows(dates[0], "p"), "t.csv": rows(dates[1], "y", last_first=True)})
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "same ids, 'when', in another order" in refused.err) == (3, True)
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_the_index_of_json_may_be_of_another_unit(run: Run, write: Write, tmp_path: Path) -> None:
    write({"t.csv": rows(ticks(DAYS, "s"), "y", last_first=True)})
    table = pd.DataFrame({"p": [row * row for row in range(12)]}, [*ticks(DAYS, "ms")])
    table.to_json(tmp_path / "p.json", orient="split")
    refused = run("eval", "p.json", "t.csv", *READ)
    assert (refused.code, "pass --index align" in refused.err) == (3, True)
    assert run("eval", "p.json", "t.csv", "--index", "align", *READ).out == "0.0\n"


def test_the_hint_for_ids_that_are_the_index_of_one_file(run: Run, tmp_path: Path) -> None:
    table = pd.DataFrame({"p": range(12), "y": range(12)}, DAYS.strftime("%Y-%m-%d"))
    table[["p"]].to_json(tmp_path / "p.json", orient="split")
    table[["y"]][::-1].to_csv(tmp_path / "t.csv", index_label="when")
    refused = run("eval", "p.json", "t.csv", "--id", "when", *READ)
    assert (refused.code, "by it, with --index align" in refused.err) == (3, True)
    assert run("eval", "p.json", "t.csv", "--index", "align", *READ).out == "0.0\n"


def test_numbers_that_are_no_dates_are_other_ids(run: Run, write: Write) -> None:
    """A thousand times as much is no other unit of numbers as small as ids are."""
    small = [str(row) for row in range(100, 112)]
    write({"p.csv": rows(small, "p"), "t.csv": rows([f"{one}000" for one in small], "y")})
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "12 ids only in p.csv: '100'" in refused.err) == (3, True)


def test_dates_in_utc_beside_the_same_of_no_zone(run: Run, write: Write) -> None:
    """As pandas before 2 wrote dates of no zone in JSON; which zone they are of nobody knows."""
    plain, utc = DAYS.strftime("%Y-%m-%d").tolist(), DAYS.strftime("%Y-%m-%dT00:00:00.000Z")
    write({"p.csv": rows(plain, "p"), "t.csv": rows(utc.tolist(), "y", last_first=True)})
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "same ids, 'when', in another order" in refused.err) == (3, True)
    apart = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (apart.code, "the dates of t.csv name a time zone" in apart.err) == (3, True)
    write({"p.csv": rows(utc.tolist(), "p")})
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_an_index_that_only_counts_hides_no_dates(run: Run, tmp_path: Path) -> None:
    """Behind it stand the dates that are the index of the other file, in another order."""
    table = pd.DataFrame({"p": range(12), "y": range(12)}, DAYS.strftime("%Y-%m-%d"))
    table[["p"]].to_json(tmp_path / "p.json", orient="split")
    table[["y"]][::-1].rename_axis("when").reset_index().to_csv(tmp_path / "t.csv")
    refused = run("eval", "p.json", "t.csv", *READ)
    assert refused.code == 3
    assert "the same ids, the index and 'when', in another order" in refused.err
    assert run("eval", "p.json", "t.csv", *READ, "--index", "ignore").code == 0
