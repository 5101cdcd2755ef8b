"""Samples that are there twice, as distributed evaluation pads: refused, left out, or kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write
from hypothesis import given, settings
from hypothesis import strategies as st

import lossctl
from lossctl.pairing import ledger, repeated

MAE = ("--loss", "mae", "--format", "json")
ONE = ("results.csv", "--pred-cols", "p", "--target-col", "y", *MAE)
PADDED = "id,p,y\n4,1,0\n7,2,0\n5,3,0\n4,1,0\n"
"""The mean of 1, 2 and 3 is 2; with 1 again it is 1.75."""


def sampled(count: int, ranks: int) -> list[list[int]]:
    """Return the samples of each rank, as PyTorch's DistributedSampler pads them."""
    total = -(-count // ranks) * ranks
    padded = [*range(count), *range(total - count)]
    return [padded[rank::ranks] for rank in range(ranks)]


def outcome_of(run: Run, *arguments: str) -> tuple[int, float, dict[str, int], list[str]]:
    outcome = run("eval", *arguments)
    report = json.loads(outcome.out)
    codes = [warning["code"] for warning in report["warnings"]]
    return report["n"], report["losses"][0]["mean"], report["repeated"], codes


def test_a_sample_that_is_there_twice_is_refused_with_both_places(run: Run, write: Write) -> None:
    write({"results.csv": PADDED})
    outcome = run("eval", *ONE)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == (
        "lossctl: error: results.csv:2 and results.csv:5 are one sample, with the same id, "
        "predictions "
        "and targets\n"
        "lossctl: hint: where distributed evaluation padded its batches, leave repetitions "
        "out, and count "
        "them, with --repeated-ids first; to evaluate them again pass --repeated-ids keep\n"
    )


def test_first_leaves_repetitions_out_and_counts_them(run: Run, write: Write) -> None:
    write({"results.csv": PADDED})
    found = outcome_of(run, *ONE, "--repeated-ids", "first")
    assert found == (3, 2.0, {"predictions": 1, "targets": 1}, ["repeated"])
    outcome = run("eval", *ONE[:-2], "-f", "tsv", "--repeated-ids", "first")
    assert outcome.out == "row\tmae\n1\t1.0\n2\t2.0\n3\t3.0\n"
    assert outcome.err == (
        "lossctl: warning: 1 row of results.csv left out, as it repeats a sample: 3 evaluated\n"
    )


def test_keep_evaluates_them_again_and_counts_them(run: Run, write: Write) -> None:
    write({"results.csv": PADDED})
    found = outcome_of(run, *ONE, "--repeated-ids", "keep")
    assert found == (4, 1.75, {"predictions": 1, "targets": 1}, ["repeated"])


@pytest.mark.parametrize("policy", ["first", "keep"])
def test_the_signature_says_so_and_the_count_defines_nothing(
    run: Run, write: Write, policy: str
) -> None:
    write({"results.csv": PADDED})
    outcome = run("eval", *ONE, "--repeated-ids", policy)
    signature = json.loads(outcome.out)["losses"][0]["signature"]
    assert f"|repeated-ids={policy}(1,1)" in signature
    from lossctl.results.signature import definition

    assert definition(signature)["repeated-ids"] == policy


def test_the_gate_judges_what_is_left(run: Run, write: Write) -> None:
    write({"results.csv": PADDED})
    gate = ("check", *ONE[:-2], "--max-loss", "1.8")
    assert run(*gate).code == 3
    assert run(*gate, "--repeated-ids", "first").code == 1
    assert run(*gate, "--repeated-ids", "keep").code == 0
    assert run(*gate, "--repeated-ids", "first", "--min-rows", "4").code == 1
    assert run(*gate, "--repeated-ids", "keep", "--min-rows", "4").code == 0


ORDINARY = {
    "long-table": "user_id,p,y\n4,1,0\n7,2,0\n4,3,0\n",
    "long-table-with-a-pair-of-rows-alike": "user_id,p,y\n4,1,0\n4,1,0\n7,2,0\n7,3,1\n",
    "another-target": "id,p,y\n4,1,0\n7,2,0\n4,1,1\n",
    "all-different": "id,p,y\n4,1,0\n7,1,0\n5,1,0\n",
    "ids-are-text": "id,p,y\n1,1,0\n01,1,0\n1.0,1,0\n",
    "no-ids": "id,p,y\n,1,0\n,1,0\n7,1,0\n",
    "no-column-of-ids": "fold,p,y\n1,1,0\n1,1,0\n1,1,0\n",
    "another-column": "id,p,y,rank\n4,1,0,0\n7,2,0,0\n4,3,0,1\n",
}


@pytest.mark.parametrize("content", ORDINARY.values(), ids=ORDINARY)
def test_what_repeats_no_sample_is_evaluated_in_silence(
    run: Run, write: Write, content: str
) -> None:
    write({"results.csv": content})
    outcome = run("eval", *ONE)
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["n"] == content.count("\n") - 1


def test_another_column_that_is_not_read_makes_no_other_sample(run: Run, write: Write) -> None:
    write({"results.csv": "id,p,y,rank\n4,1,0,0\n7,2,0,0\n4,1,0,1\n"})
    assert run("eval", *ONE).code == 3


def test_first_refuses_an_id_with_other_values(run: Run, write: Write) -> None:
    write({"results.csv": ORDINARY["long-table"]})
    outcome = run("eval", *ONE, "--repeated-ids", "first")
    assert outcome.code == 3
    assert outcome.err.startswith(
        "lossctl: error: results.csv:2 and results.csv:4 have the same id, but other values\n"
        "lossctl: hint: --repeated-ids first leaves out nothing but repetitions of a sample"
    )


def test_first_without_ids_is_a_usage_error(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n2\n", "t.csv": "y\n0\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", *MAE, "--repeated-ids", "first")
    assert outcome.code == 2
    assert "no column looks like one" in outcome.err
    assert run("eval", "p.csv", "t.csv", *MAE, "--repeated-ids", "keep").code == 0
    assert run("eval", "p.csv", "t.csv", *MAE, "--repeated-ids", "all").code == 2


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("count", [5, 6, 7])
def test_a_distributed_sampler(run: Run, tmp_path: Path, count: int, kind: str) -> None:
    random = np.random.default_rng(count)
    p, y = random.random(count), random.integers(0, 2, count)
    (tmp_path / "ddp").mkdir()
    for rank, indices in enumerate(sampled(count, 3)):
        shard = pd.DataFrame({"sample_idx": indices, "p": p[indices], "y": y[indices]})
        path = tmp_path / f"ddp/rank{rank}.{kind}"
        if kind == "csv":
            shard.to_csv(path, index=False)
        elif kind == "jsonl":
            shard.to_json(path, orient="records", lines=True, double_precision=15)
        else:
            shard.to_parquet(path)
    arguments = ("ddp", *ONE[1:])
    expected = float(np.abs(p - y).mean())
    if count % 3 == 0:
        assert outcome_of(run, *arguments)[1] == pytest.approx(expected, rel=1e-14)
        return
    assert "are one sample" in run("eval", *arguments).err
    n, mean, rows, _ = outcome_of(run, *arguments, "--repeated-ids", "first")
    assert (n, rows["predictions"]) == (count, -count % 3)
    assert mean == pytest.approx(expected, rel=1e-14)


def test_two_files_by_position(run: Run, write: Write) -> None:
    write(
        {
            "p.csv": "image_id,y\na,1\nb,2\nc,3\na,1\n",
            "t.csv": "image_id,y\na,0\nb,0\nc,0\na,0\n",
            "long.csv": "image_id,y\na,0\nb,0\nc,0\na,1\n",
        }
    )
    pair = ("--pred-cols", "y", "--target-col", "y", *MAE)
    outcome = run("eval", "p.csv", "t.csv", *pair)
    assert outcome.err.startswith("lossctl: error: p.csv:2 and p.csv:5 are one sample")
    found = outcome_of(run, "p.csv", "t.csv", *pair, "--repeated-ids", "first")
    assert found[:3] == (3, 2.0, {"predictions": 1, "targets": 1})
    assert outcome_of(run, "p.csv", "long.csv", *pair)[:2] == (4, 1.5)


def test_frames_in_memory() -> None:
    frame = pd.DataFrame({"id": [4, 7, 5, 4], "p": [1.0, 2, 3, 1], "y": [0.0, 0, 0, 0]})
    options: dict[str, Any] = {"loss": "mae", "pred_cols": "p", "target_col": "y"}
    with pytest.raises(lossctl.DataError, match="row 1 and predictions: row 4 are one") as refused:
        lossctl.evaluate(frame, **options)
    assert 'repeated_ids="first"' in str(refused.value.hint)
    report = lossctl.evaluate(frame, **options, repeated_ids="first")
    assert (report.n, report.repeated) == (3, (1, 1))
    text = frame.astype({"id": str})
    assert lossctl.evaluate(text, **options, repeated_ids="first").n == 3


def test_values_that_are_missing_are_values(run: Run, write: Write) -> None:
    write({"results.csv": "id,p,y\n4,NA,0\n7,2,0\n4,NA,0\n5,4,0\n"})
    assert run("eval", *ONE, "--nan", "skip").code == 3
    found = outcome_of(run, *ONE, "--nan", "skip", "--repeated-ids", "first")
    assert found == (2, 3.0, {"predictions": 1, "targets": 1}, ["skipped", "repeated"])


# By id.


BY_ID = ("p.csv", "t.csv", "--id", "id", *MAE)
TWICE = "id,y\na,1\nb,2\nc,3\na,1\n"


def test_padded_predictions_and_targets_that_are_not(run: Run, write: Write) -> None:
    write({"p.csv": TWICE, "t.csv": "id,y\nc,0\na,0\nb,0\n"})
    assert "have the same id\nlossctl: hint: to leave out rows" in run("eval", *BY_ID).err
    found = outcome_of(run, *BY_ID, "--repeated-ids", "first")
    assert found == (3, 2.0, {"predictions": 1, "targets": 0}, ["repeated"])
    found = outcome_of(run, *BY_ID, "--repeated-ids", "keep")
    assert found == (4, 1.75, {"predictions": 1, "targets": 0}, ["repeated"])


@pytest.mark.parametrize("targets", [TWICE, "id,y\na,1\na,1\nb,2\nc,3\n"])
def test_both_are_padded(run: Run, write: Write, targets: str) -> None:
    write({"p.csv": TWICE, "t.csv": targets})
    found = outcome_of(run, *BY_ID, "--repeated-ids", "first")
    assert found[:3] == (3, 0.0, {"predictions": 1, "targets": 1})
    found = outcome_of(run, *BY_ID, "--repeated-ids", "keep")
    assert found[:3] == (4, 0.0, {"predictions": 1, "targets": 1})


def test_rows_keep_their_numbers(run: Run, write: Write) -> None:
    write({"p.csv": "id,y\na,1\na,1\nb,2\n", "t.csv": "id,y\na,0\na,0\nb,0\n"})
    rows = ("-l", "mae", "-f", "tsv", "--repeated-ids", "first")
    assert run("eval", *BY_ID[:4], *rows).out == "row\tid\tmae\n1\ta\t1.0\n3\tb\t2.0\n"


def test_other_predictions_of_one_id(run: Run, write: Write) -> None:
    write({"p.csv": "id,y\na,1\nb,2\na,4\n", "t.csv": "id,y\nb,0\na,0\n"})
    outcome = run("eval", *BY_ID, "--repeated-ids", "first")
    assert "p.csv:2 and p.csv:4 have the same id, but other values" in outcome.err
    found = outcome_of(run, *BY_ID, "--repeated-ids", "keep")  # each has one target
    assert found[:3] == (3, 7 / 3, {"predictions": 1, "targets": 0})


@pytest.mark.parametrize("policy", ["first", "keep"])
def test_other_targets_of_one_id_are_always_refused(run: Run, write: Write, policy: str) -> None:
    for targets in ("id,y\na,0\nb,0\na,9\n", "id,y\nb,0\na,0\na,9\n"):
        write({"p.csv": "id,y\na,1\nb,2\na,1\n", "t.csv": targets})
        outcome = run("eval", *BY_ID, "--repeated-ids", policy)
        assert outcome.code == 3
        assert "have the same id, but other values" in outcome.err


def test_one_file_by_id(run: Run, write: Write) -> None:
    write({"results.csv": PADDED})
    by_id = (*ONE, "--id", "id")
    assert "have the same id" in run("eval", *by_id).err
    assert outcome_of(run, *by_id, "--repeated-ids", "first")[:2] == (3, 2.0)
    assert outcome_of(run, *by_id, "--repeated-ids", "keep")[:2] == (4, 1.75)
    outcome = run("eval", *by_id[:-4], "--id", "id", "-f", "csv", "--repeated-ids", "first")
    assert outcome.out == "row,id,mae\n1,4,1.0\n2,7,2.0\n3,5,3.0\n"
    write({"results.csv": ORDINARY["long-table"]})
    by_user = (*ONE, "--id", "user_id", "--repeated-ids", "first")
    assert run("eval", *by_user).code == 3


def test_by_the_labels_of_an_index() -> None:
    predictions = pd.Series([1.0, 2.0, 1.0], index=["a", "b", "a"])
    targets = pd.Series([0.0, 0.0], index=["b", "a"])
    options: dict[str, Any] = {"loss": "mae", "index": "align"}
    report = lossctl.evaluate(predictions, targets, **options, repeated_ids="first")
    assert (report.n, report.losses["mae"].mean, report.repeated) == (2, 1.5, (1, 0))
    report = lossctl.evaluate(predictions, targets, **options, repeated_ids="keep")
    assert (report.n, report.losses["mae"].mean) == (3, 4 / 3)


# Any order of rows, in any blocks.


def plainly(rows: list[tuple[int, float]]) -> tuple[str, int, float]:
    """Return what comes of rows of an id and a value by default, how many repeat, and their sum."""
    values: dict[int, set[float]] = {}
    for id_, value in rows:
        values.setdefault(id_, set()).add(value)
    if any(len(several) > 1 for several in values.values()):
        return "long", 0, sum(value for _, value in rows)
    copies = len(rows) - len(values)
    return ("padded" if copies else "fine"), copies, sum(value for (value,) in values.values())


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([0.5, 1.0])), min_size=1, max_size=30),
    st.booleans(),
    st.sampled_from([1, 3, 64]),
    st.sampled_from([1, 4, 1 << 22]),
)
@settings(deadline=None, max_examples=150)
def test_any_rows(
    rows: list[tuple[int, float]], function: bool, block_rows: int, most: int
) -> None:
    """`function` has each id have one value, so that what repeats is a repetition."""
    if function:
        rows = [(id_, float(id_)) for id_, _ in rows]
    ids, values = zip(*rows, strict=True)
    frame = pd.DataFrame({"id": ids, "p": values, "y": [0.0] * len(rows)})
    options: dict[str, Any] = {"loss": "mae", "pred_cols": "p", "target_col": "y"}
    options |= {"block_rows": block_rows, "jobs": 1}
    kind, copies, total = plainly(rows)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(repeated, "_MOST", most)
        patched.setattr(ledger, "_CHUNK", 5)
        if kind == "padded":
            with pytest.raises(lossctl.DataError, match="are one sample") as refused:
                lossctl.evaluate(frame, **options)
            first, again = map(
                int,
                [
                    word.strip(":,")
                    for word in str(refused.value).split()
                    if word.strip(":,").isdigit()
                ][:2],
            )
            assert rows[first - 1] == rows[again - 1]
            assert again == min(i for i, row in enumerate(rows, 1) if row in rows[: i - 1])
        else:
            assert lossctl.evaluate(frame, **options).n == len(rows)
        kept = lossctl.evaluate(frame, **options, repeated_ids="keep")
        assert (kept.n, kept.repeated) == (len(rows), (copies, copies))
        if kind == "long":
            with pytest.raises(lossctl.DataError, match="but other values"):
                lossctl.evaluate(frame, **options, repeated_ids="first")
        else:
            once = lossctl.evaluate(frame, **options, repeated_ids="first")
            assert (once.n, once.repeated) == (len(rows) - copies, (copies, copies))
            assert once.losses["mae"].total == total


def left_out(table: str, tmp_path: Path, block_rows: int) -> tuple[int, float]:
    (tmp_path / "results.csv").write_text(table)
    report = lossctl.evaluate(
        tmp_path / "results.csv",
        loss="mae",
        pred_cols="p",
        target_col="y",
        repeated_ids="first",
        block_rows=block_rows,
    )
    return report.n, report.losses["mae"].mean


@pytest.mark.filterwarnings("ignore:.* left out, as ")
def test_ids_that_come_again_at_the_start_of_a_block_name_no_samples(tmp_path: Path) -> None:
    rows = [f"{i % 4},d{i},{i},0\n" for i in range(8)]  # users come again, with other documents
    table = "user_id,doc_id,p,y\n" + "".join([*rows, "0,d0,0,0\n"])
    assert left_out(table, tmp_path, block_rows=4) == (8, 3.5)


@pytest.mark.filterwarnings("ignore:.* left out, as ")
def test_rows_are_left_out_by_the_column_that_names_samples_in_any_blocks(tmp_path: Path) -> None:
    rows = [f"r{i},{i}.png,{i},0\n" for i in range(9)]
    rows[5] = "r5,4.png,4,0\n"  # a sample of its own
    table = "row_id,image,p,y\n" + "".join([*rows, rows[0], rows[1]])
    for size in (100, 8, 7, 4):
        assert left_out(table, tmp_path, size) == (9, 35 / 9)
    with pytest.raises(lossctl.DataError, match="which column says which sample"):
        left_out(table, tmp_path, block_rows=6)  # row 6 was left out when row 7 is read
