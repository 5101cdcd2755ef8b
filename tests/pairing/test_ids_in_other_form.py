"""Ids of which some are the same text, while others are the same number in another form."""

import pytest
from conftest import Run, Write

IDS = {"zeros": ("099", "99"), "floats": ("99.0", "99")}


@pytest.mark.parametrize("kind", IDS)
def test_the_form_is_told_rather_than_to_leave_them_out(kind: str, run: Run, write: Write) -> None:
    here, there = IDS[kind]
    write({"p.csv": f"id,p\n{here},1\n100,2\n", "t.csv": f"id,y\n100,2\n{there},1\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae", "--id", "id")
    assert refused.code == 3
    assert f"some differ in form: '{here}' is not '{there}'" in refused.err
    assert "--missing" not in refused.err


def test_other_ids_may_be_left_out(run: Run, write: Write) -> None:
    write({"p.csv": "id,p\n98,1\n100,2\n", "t.csv": "id,y\n100,2\n99,1\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae", "--id", "id")
    assert "pass --missing present" in refused.err


@pytest.mark.parametrize("ids", ["8,9,1", "7,8,9", "a,b,c"])
def test_numbers_of_rows_name_no_samples(ids: str, run: Run, write: Write) -> None:
    rows = "".join(f"{name},{row}\n" for row, name in enumerate(ids.split(",")))
    write({"p.csv": ",p\n0,0\n1,1\n2,2\n", "t.csv": f",y\n{rows}"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae", "--index", "align")
    assert "p.csv only numbers its rows, which names no sample" in refused.err
    assert "--missing" not in refused.err
