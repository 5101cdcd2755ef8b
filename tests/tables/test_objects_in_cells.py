"""Objects of numbers in cells of JSON are columns; what else an object may be is told at once."""

import json
from collections.abc import Callable

import pandas as pd
import pytest
from conftest import Run, Write

import lossctl

ROWS: list[dict[str, object]] = [
    {"id": 11, "probs": {"cat": 0.9, "dog": 0.1}, "label": "cat"},
    {"probs": {"dog": 0.75, "cat": 0.25}, "label": "dog", "id": 12},
    {"id": 13, "probs": {"cat": 0.5, "dog": 0.5}, "label": "cat"},
]
LOSS = ("--target-col", "label", "--loss", "ce")


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


TEXTS: dict[str, Callable[[list[dict[str, object]]], str]] = {
    "rows.jsonl": lines,
    "rows.json": lambda rows: json.dumps(rows, indent=1),
}


@pytest.mark.parametrize(("name", "text"), TEXTS.items(), ids=TEXTS)
@pytest.mark.parametrize("columns", ["probs", "probs.cat,probs.dog", "probs.dog,probs.cat"])
def test_keys_are_classes_in_whatever_order_they_stand(
    run: Run,
    write: Write,
    name: str,
    text: Callable[[list[dict[str, object]]], str],
    columns: str,
) -> None:
    flat_rows = "cat,dog,label\n0.9,0.1,cat\n0.25,0.75,dog\n0.5,0.5,cat\n"
    write({name: text(ROWS), "flat.csv": flat_rows})
    flat = run("eval", "flat.csv", "--pred-cols", "cat,dog", *LOSS, "-q")
    done = run("eval", name, "--pred-cols", columns, *LOSS, "-q")
    assert (done.code, done.out, done.err) == (0, flat.out, "")


def test_what_is_not_read_may_be_any_object(run: Run, write: Write) -> None:
    meta: list[dict[str, object]] = [
        {"p": 0.5, "y": 1, "meta": {"tokens": 3}, "more": {"of": ["it"]}},
        {"p": 0.5, "y": 0, "meta": {"seconds": "two"}, "more": None},
    ]
    write({"rows.jsonl": lines(meta)})
    done = run("eval", "rows.jsonl", "--pred-cols", "p", "--target-col", "y", "--loss", "mae", "-q")
    assert (done.code, done.out) == (0, "0.5\n")


def test_objects_that_are_missing_are_left_out_with_their_samples(run: Run, write: Write) -> None:
    missing: list[dict[str, object]] = [{"id": 10, "probs": None, "label": "cat"}, *ROWS]
    write({"missing.jsonl": lines(missing), "rows.jsonl": lines(ROWS)})
    refused = run("eval", "missing.jsonl", "--pred-cols", "probs", *LOSS)
    assert refused.code == 3
    assert 'missing.jsonl:1: column "probs.cat": ' in refused.err
    all_rows, some = (
        run("eval", name, "--pred-cols", "probs", *LOSS, "--nan", "skip", "-q")
        for name in ("rows.jsonl", "missing.jsonl")
    )
    assert some.out == all_rows.out != ""


@pytest.mark.parametrize(
    ("probs", "said"),
    [
        ({"cat": 0.5}, "no value called 'dog'"),
        ({"cat": 0.5, "dog": 0.25, "emu": 0.25}, "'emu' is not in the first object"),
        ([0.5, 0.5], "no object, but the first one is"),
        (0.5, "no object, but the first one is"),
    ],
)
def test_an_object_unlike_the_first_is_told_where_it_stands(
    run: Run, write: Write, probs: object, said: str
) -> None:
    write({"rows.jsonl": lines([*ROWS, {"id": 14, "probs": probs, "label": "cat"}])})
    done = run("eval", "rows.jsonl", "--pred-cols", "probs", *LOSS)
    assert done.code == 3
    assert f'rows.jsonl:4: column "probs": {said}' in done.err


@pytest.mark.parametrize("loss", ["ce", "bce", "mae"])
@pytest.mark.parametrize(
    ("name", "path"), [("probs", ".probs"), ("the probs", '.["the probs"]'), ("it's", ".NAME")]
)
def test_any_other_object_is_told_at_once_whatever_the_loss(
    run: Run, write: Write, loss: str, name: str, path: str
) -> None:
    write({"rows.jsonl": lines([{name: {"cat": 0.9, "by": "x"}, "label": "cat"}] * 2)})
    done = run("eval", "rows.jsonl", "--pred-cols", name, "--target-col", "label", "--loss", loss)
    assert done.code == 3
    assert f'rows.jsonl:1: column "{name}": an object is neither a number nor text' in done.err
    assert f"jq -c '. + {path} | del({path})'" in done.err


def test_a_structure_and_an_object_of_python_are_told_at_once(run: Run, write: Write) -> None:
    frame = pd.DataFrame({"probs": [{"cat": 0.9, "dog": 0.1}] * 2, "label": ["cat", "dog"]})
    path = write({"a.csv": "1\n"}).parent / "rows.parquet"
    frame.to_parquet(path)
    done = run("eval", "rows.parquet", "--pred-cols", "probs", *LOSS)
    assert done.code == 3
    assert "column 'probs': values of type struct<" in done.err
    with pytest.raises(lossctl.DataError, match="probs"):
        lossctl.evaluate(frame, pred_cols="probs", target_col="label", loss="ce")


def test_an_object_in_a_row_that_is_an_array_has_no_name_to_go_by(run: Run, write: Write) -> None:
    write({"rows.jsonl": '[{"cat": 0.9, "dog": 0.1}, "cat"]\n[{"cat": 0.5, "dog": 0.5}, "dog"]\n'})
    done = run("eval", "rows.jsonl", "--pred-cols", "1", "--target-col", "2", "--loss", "ce")
    assert done.code == 3
    assert "an object is neither a number nor text" in done.err
