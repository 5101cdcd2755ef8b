"""Dates and times that are the same ones, though each tool writes them in a form of its own."""

from pathlib import Path

import pandas as pd
import pytest
from conftest import Run, Write

READ = ("--loss", "mae", "--pred-cols", "p", "--target-col", "y", "-q")
FORMS = {
    "minutes": ("2024-01-{:02} 06:30", "2024-01-{:02}T06:30:00"),
    "midnight in minutes": ("2024-01-{:02} 00:00", "2024-01-{:02}"),
    "fraction": ("2024-01-{:02} 06:30:00.500000", "2024-01-{:02}T06:30:00.5"),
    "UTC": ("2024-01-{:02} 06:30:00+00:00", "2024-01-{:02}T06:30:00.000Z"),
    "UTC of polars": ("2024-01-{:02}T06:30:00.000000+0000", "2024-01-{:02} 06:30:00+00:00"),
    "zone": ("2024-01-{:02} 08:30:00+02:00", "2024-01-{:02}T06:30:00Z"),
    "two zones": ("2024-01-{:02} 08:30:00+02:00", "2024-01-{:02} 05:30:00-01:00"),
}


def rows(form: str, *, last_first: bool = False) -> str:
    written = [f"{form.format(day)},{day * day}\n" for day in range(1, 13)]
    return "".join(reversed(written) if last_first else written)


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_dates_pair_the_rows(forms: tuple[str, str], run: Run, write: Write) -> None:
    p, t = f"when,p\n{rows(forms[0])}", f"when,y\n{rows(forms[1], last_first=True)}"
    write({"p.csv": p, "t.csv": t})
    refused = run("eval", "p.csv", "t.csv", *READ)
    assert (refused.code, "same ids, 'when', in another order" in refused.err) == (3, True)
    assert run("eval", "p.csv", "t.csv", "--id", "when", *READ).out == "0.0\n"


def test_the_same_time_in_two_zones_is_another_moment(run: Run, write: Write) -> None:
    here, there = "2024-01-{:02} 08:30:00+02:00", "2024-01-{:02} 08:30:00+01:00"
    write({"p.csv": f"when,p\n{rows(here)}", "t.csv": f"when,y\n{rows(there)}"})
    refused = run("eval", "p.csv", "t.csv", "--id", "when", *READ)
    assert (refused.code, "12 ids only in p.csv" in refused.err) == (3, True)


def test_an_index_that_counts_is_told_once(run: Run, write: Write) -> None:
    """By the column of the other file that is the same: it is not said that there is none."""
    ids = [7, 3, 0, 9, 1, 8, 2, 6, 5, 4]
    labels = ",".join(f'"{number}":{number}' for number in reversed(ids))
    p = "".join(f"{number},{number}\n" for number in ids)
    write({"p.csv": f"customer,p\n{p}", "t.json": f'{{"y":{{{labels}}}}}'})
    told = run("eval", "p.csv", "t.json", *READ).err
    assert "'customer' and the index hold the same ids, in another order" in told
    assert "has no such column" not in told


@pytest.mark.parametrize("rows", [12, 3000])
def test_dates_are_the_index_of_the_other_file(rows: int, run: Run, tmp_path: Path) -> None:
    """As JSON drops the name of an index: beside a column of dates it is that, however long."""
    days = pd.date_range("2001-01-01", periods=rows, name="day")
    table = pd.DataFrame({"p": range(rows), "y": range(rows)}, days)
    table[["p"]].to_csv(tmp_path / "p.csv")
    table[["y"]][::-1].to_json(tmp_path / "t.json", orient="split", date_format="iso")
    refused = run("eval", "p.csv", "t.json", *READ)
    assert (refused.code, "pass --index align" in refused.err) == (3, True)
    assert run("eval", "p.csv", "t.json", "--index", "align", *READ).out == "0.0\n"


@pytest.mark.parametrize("days", ["one", "two columns"])
def test_dates_that_may_be_others_are_no_index(days: str, run: Run, tmp_path: Path) -> None:
    """As those of several series, which repeat, and two columns of which either may be it."""
    index = pd.date_range("2024-01-01", periods=12)
    table = pd.DataFrame({"p": range(12), "y": range(12)}, index)
    here = table.assign(day=index[-1] if days == "one" else index, p=table["p"])
    if days == "two columns":
        here = here.assign(issued=index + pd.Timedelta(days=1))
    here[[name for name in here if name != "y"]].to_csv(tmp_path / "p.csv", index=False)
    table[["y"]].to_parquet(tmp_path / "t.parquet")
    result = run("eval", "p.csv", "t.parquet", *READ)
    assert result.out == "0.0\n"
    align = run("eval", "p.csv", "t.parquet", "--index", "align", *READ)
    assert "--index align: p.csv has no index" in align.err


def test_two_indexes_of_files_are_aligned_in_one_form(run: Run, tmp_path: Path) -> None:
    days = pd.date_range("2024-01-01", periods=12)
    table = pd.DataFrame({"p": range(12), "y": range(12)}, days)
    table[["p"]].to_parquet(tmp_path / "p.parquet")
    table[["y"]][::-1].to_json(tmp_path / "t.json", orient="split", date_format="iso")
    assert run("eval", "p.parquet", "t.json", "--index", "align", *READ).out == "0.0\n"
