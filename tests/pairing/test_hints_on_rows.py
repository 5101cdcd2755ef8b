"""What is said of rows that have no partner, and of names: followed, it leads on."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write

LOSS = ("--loss", "mae", "-q")
READ = ("--pred-cols", "pred", "--target-col", "y")


@pytest.mark.parametrize("name", ["date", "case_id"])
def test_a_missing_row_is_found_by_the_column_of_both(run: Run, tmp_path: Path, name: str) -> None:
    y = np.arange(111.0)
    days = pd.date_range("2024-01-02", periods=111).strftime("%Y-%m-%d")
    pd.DataFrame({name: days, "pred": y + 1}).to_csv(tmp_path / "p.csv", index=False)
    pd.DataFrame({name: days[1:], "y": y[1:]}).to_csv(tmp_path / "y.csv", index=False)
    refused = run("eval", "p.csv", "y.csv", *LOSS, *READ)
    assert refused.code == 3
    assert f"pair them with --id {name}, and leave out those without a partner" in refused.err
    way = ("--id", name, "--missing", "present")
    assert run("eval", "p.csv", "y.csv", *LOSS, *READ, *way).out == "1.0\n"


def test_no_id_in_common_is_another_split(run: Run, write: Write) -> None:
    write({"p.csv": "id,p\n1,2\n2,3\n", "y.csv": "id,y\n7,2\n8,3\n"})
    refused = run("eval", "p.csv", "y.csv", *LOSS, "--id", "id", "--missing", "present")
    assert "no id is in common" in run("eval", "p.csv", "y.csv", *LOSS, "--id", "id").err
    assert refused.code == 3


@pytest.mark.parametrize(("names", "line"), [("p", 4), ("p,q", 4)])
def test_a_header_that_comes_again_is_told(run: Run, write: Write, names: str, line: int) -> None:
    row = ",".join("1" for _ in names.split(","))
    write({"p.csv": f"{names}\n{row}\n{row}\n{names}\n{row}\n", "y.csv": f"{names}\n{row}\n"})
    for files in (("p.csv", "y.csv"), ("y.csv", "p.csv")):
        refused = run("eval", *files, *LOSS)
        assert refused.code == 3
    assert f"p.csv:{line}: the line repeats the header" in run("eval", "p.csv", "y.csv", *LOSS).err


def test_a_label_that_comes_again_is_no_header(run: Run, write: Write) -> None:
    write({"p.csv": "cat,dog\n0.9,0.1\n0.8,0.2\n0.3,0.7\n", "y.csv": "cat\ncat\ndog\n"})
    assert run("eval", "p.csv", "y.csv", "--loss", "ce", "-q").code == 0


def test_names_that_differ_lead_out(run: Run, write: Write) -> None:
    write({"p.csv": "height,Width\n1,2\n3,4\n", "y.csv": "width,height\n2,1\n4,3\n"})
    refused = run("eval", "p.csv", "y.csv", *LOSS)
    assert "pass --columns position and --pred-cols Width,height\n" in refused.err
    way = ("--columns", "position", "--pred-cols", "Width,height")
    assert run("eval", "p.csv", "y.csv", *LOSS, *way).out == "0.0\n"
    write({"p.csv": "height,w\n1,2\n3,4\n"})
    refused = run("eval", "p.csv", "y.csv", *LOSS)
    assert "and pass --columns position\n" in refused.err
    named = ("--pred-cols", "height,w", "--target-col", "height,width")
    assert run("eval", "p.csv", "y.csv", *LOSS, *named, "--columns", "position").out == "0.0\n"


Y = "5,3.0,3.5,9\n4,1.0,1.5,9\n7,2.0,2.5,8\n"
HINTS = {
    "levels-of-an-index": (
        "patient_id,site,pred\n1,5,3.5\n2,4,1.5\n3,7,2.5\n",
        "patient_id,site,target\n1,5,3\n2,4,1\n3,7,2\n",
        "--pred-cols pred --target-col target",
    ),
    "an-index-of-targets": (
        "pred\n3.5\n1.5\n2.5\n",
        f",y_true,y_pred,y_rf\n{Y}",
        "--target-col y_true",
    ),
    "one-file": (f",y_true,y_pred,y_rf\n{Y}", "", "--pred-cols y_pred"),
    "one-file-with-ids": (f"id,y_true,y_pred,y_rf\n{Y}", "", "--pred-cols y_pred"),
    "features-like-labels": (f"age,y_true,prediction,sex\n{Y}", "", "--pred-cols prediction"),
    "features": (
        "age,target,prediction,sex\n5,30,30.5,9\n4,10,10.5,9\n7,20,20.5,8\n",
        "target\n30\n10\n20\n",
        "--pred-cols prediction",
    ),
    "features-and-targets": (
        f"age,target,prediction,sex\n{Y}",
        "target\n3\n1\n2\n",
        "--pred-cols prediction",
    ),
}


@pytest.mark.parametrize(("p", "y", "way"), HINTS.values(), ids=HINTS)
def test_a_hint_names_as_many_columns_as_the_other_side_has(
    run: Run, write: Write, p: str, y: str, way: str
) -> None:
    write({"p.csv": p, "y.csv": y})
    files = ("p.csv", "y.csv") if y else ("p.csv", "--target-col", "y_true")
    refused = run("eval", *files, *LOSS)
    assert refused.code == 3
    assert way in refused.err
    assert f"{way}," not in refused.err
    assert run("eval", *files, *LOSS, *way.split()).out == "0.5\n"
