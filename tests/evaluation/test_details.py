"""What is told of the worst samples beside their losses: targets, predictions, probabilities."""

import csv
import io
import json
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write

import lossctl

P = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.25, 0.5], [0.3, 0.3, 0.4]])
LABELS = np.array([2, 1, 0, 2])
ROWS = np.eye(3)[LABELS]
NAMES = ["cat", "dog", "owl"]
FRAME = pd.DataFrame(P, columns=NAMES)
WORDS = [NAMES[label] for label in LABELS]
every_block = pytest.mark.parametrize("block_rows", [1, 3, None])


def worst(y: Any, d: Any, **options: Any) -> list[dict[str, Any]]:
    report = lossctl.evaluate(y, d, **{"worst": 2} | options)
    return list(report.to_dict()["worst"])


def told(rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Return what stands behind the losses."""
    return [
        [value for name, value in row.items() if name not in ("row", "ce", "mae")] for row in rows
    ]


@every_block
@pytest.mark.parametrize("targets", [LABELS, ROWS], ids=["labels", "rows"])
def test_classes_without_names_are_indices(targets: Any, block_rows: int | None) -> None:
    rows = worst(P, targets, loss="ce", block_rows=block_rows)
    assert [list(row) for row in rows] == [["row", "ce", "target", "prediction", "p_target"]] * 2
    assert [row["row"] for row in rows] == [1, 3]
    assert told(rows) == [["2", "0", 0.1], ["0", "2", 0.25]]


@every_block
def test_classes_with_names(block_rows: int | None) -> None:
    named = [["owl", "cat", 0.1], ["cat", "owl", 0.25]]
    for targets in (WORDS, pd.DataFrame(ROWS, columns=NAMES)):
        assert told(worst(FRAME, targets, loss="ce,mae", block_rows=block_rows)) == named
    assert told(worst(P, WORDS, loss="ce", classes=NAMES, block_rows=block_rows)) == named


def test_other_losses_of_classes_tell_no_probability() -> None:
    rows = worst(FRAME, WORDS, loss="mae,ce")
    assert list(rows[0]) == ["row", "mae", "ce", "target", "prediction"]
    assert told(rows) == [["owl", "cat"], ["cat", "owl"]]


@pytest.mark.parametrize("loss", ["ce", "bce"])
def test_the_first_of_equal_classes_is_predicted(loss: str) -> None:
    (row,) = worst(np.array([[0.5, 0.5]]), [1], loss=loss, worst=1)
    assert (row["target"], row["prediction"], row["p_target"]) == ("1", "0", 0.5)


@pytest.mark.parametrize("scale", ["logits", "log-probs"])
def test_probabilities_of_other_scales(scale: Any) -> None:
    rows = worst(np.log(P) + (5.0 if scale == "logits" else 0.0), LABELS, loss="ce", from_=scale)
    assert [row["p_target"] for row in rows] == pytest.approx([0.1, 0.25], rel=1e-12)


def test_the_probability_of_an_event_of_logits() -> None:
    logits = np.log(P) - np.log1p(-P)
    rows = worst(logits, LABELS, loss="bce", from_="logits")
    assert [row["p_target"] for row in rows] == pytest.approx([0.1, 0.25], rel=1e-12)


@every_block
@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_one_component(shape: tuple[int, ...], block_rows: int | None) -> None:
    y, d = np.array([1.0, 5.5, 2.0, -3.0]), np.array([1.0, 2.0, 2.5, 3.0])
    rows = worst(y.reshape(shape), d.reshape(shape), loss="mae", block_rows=block_rows)
    assert rows == [
        {"row": 4, "mae": 6.0, "target": 3.0, "prediction": -3.0},
        {"row": 2, "mae": 3.5, "target": 2.0, "prediction": 5.5},
    ]


@pytest.mark.parametrize("scale", ["probs", "logits"])
def test_one_event_is_told_as_classes_are(scale: Any) -> None:
    p = np.array([0.75, 0.125, 0.5])
    values = p if scale == "probs" else np.log(p) - np.log1p(-p)
    rows = worst(values, [1.0, 1.0, 0.0], loss="bce", worst=3, from_=scale)
    assert [list(row) for row in rows] == [["row", "bce", "target", "prediction", "p_target"]] * 3
    found = [(row["target"], row["prediction"], row["p_target"]) for row in rows]
    assert [cells[:2] for cells in found] == [("1", "0"), ("0", "0"), ("1", "1")]
    assert [cells[2] for cells in found] == pytest.approx([0.125, 0.5, 0.75], rel=1e-15)
    columns = np.stack([1 - p, p], axis=1)
    classes = worst(columns, [1, 1, 0], loss="ce", worst=3)
    assert [{**row, "ce": 0} for row in classes] == [
        {**row, "p_target": pytest.approx(row["p_target"], rel=1e-15), "ce": 0}
        for row in ({name: row[name] for name in row if name != "bce"} for row in rows)
    ]


def test_of_a_target_between_0_and_1_the_more_probable_outcome_is_told() -> None:
    (row,) = worst([0.25], [0.75], loss="bce", worst=1)
    assert (row["target"], row["prediction"], row["p_target"]) == ("1", "0", 0.25)


@every_block
@pytest.mark.parametrize(
    ("labels", "options"),
    [
        (["ham", "spam", "ham"], {"pos_label": "spam"}),
        (["ham", "spam", "-", "ham"], {"pos_label": "spam", "ignore_label": "-"}),
        (["1", "2", "1"], {"pos_label": "2"}),
    ],
    ids=["words", "ignoring", "numbers"],
)
def test_an_event_is_told_by_its_labels(
    labels: list[str], options: Any, block_rows: int | None
) -> None:
    negative, positive = labels[:2]
    p = [0.75, 0.125, 0.5, 0.5][: len(labels)]
    report = lossctl.evaluate(p, labels, loss="bce", worst=3, block_rows=block_rows, **options)
    told = report.to_dict()
    found = [(row["target"], row["prediction"], row["p_target"]) for row in told["worst"]]
    assert found == [
        (positive, negative, 0.125),
        (negative, positive, 0.25),
        (negative, negative, 0.5),
    ]
    assert (told["pos_label"], told["neg_label"]) == (positive, negative)
    assert f" over 1 component ({positive}), " in told["losses"][0]["explanation"]


def test_of_other_losses_of_labels_no_probability_is_told() -> None:
    (row, *_) = worst([0.75, 0.125], ["ham", "spam"], loss="mse", pos_label="spam", worst=2)
    assert {**row, "mse": 0} == {"row": 2, "mse": 0, "target": "spam", "prediction": "ham"}


def test_labels_of_no_event_are_in_no_report() -> None:
    told = lossctl.evaluate([0.75], [1.0], loss="bce").to_dict()
    assert not {"pos_label", "neg_label"} & told.keys()
    assert " over 1 component, " in told["losses"][0]["explanation"]


@every_block
def test_of_several_components_the_one_that_differs_most(block_rows: int | None) -> None:
    y, d = (
        np.array([[1.0, 2.0], [9.0, -3.0], [0.0, 0.5]]),
        np.array([[0.0, 2.5], [9.0, 3.0], [0, 0]]),
    )
    rows = worst(y, d, loss="mae", block_rows=block_rows)
    assert rows == [
        {"row": 2, "mae": 6.0, "component": "1", "target": 3.0, "prediction": -3.0},
        {"row": 1, "mae": 1.5, "component": "0", "target": 0.0, "prediction": 1.0},
    ]
    frames = (pd.DataFrame(y, columns=["x", "y"]), pd.DataFrame(d, columns=["x", "y"]))
    named = worst(*frames, loss="mae", block_rows=block_rows)
    assert [row["component"] for row in named] == ["y", "x"]


def test_names_of_the_targets_will_do() -> None:
    y, d = np.array([[1.0, 2.0], [9.0, -3.0]]), np.array([[0.0, 2.5], [9.0, 3.0]])
    targets = pd.DataFrame(d, columns=["x", "y"])
    for predictions in (y, pd.DataFrame(y)):  # whose columns are only counted
        rows = worst(predictions, targets, loss="mae")
        assert [row["component"] for row in rows] == ["y", "x"]
    owls = worst(P, pd.DataFrame(ROWS, columns=NAMES), loss="ce")
    assert told(owls) == [["owl", "cat", 0.1], ["cat", "owl", 0.25]]
    renamed = worst(y, targets, loss="mae", classes="0,1")
    assert [row["component"] for row in renamed] == ["1", "0"]


def test_they_are_those_of_the_samples_that_are_evaluated() -> None:
    y = pd.DataFrame({"id": ["a", "b", "c"], "y": [1.0, 5.0, np.nan]})
    d = pd.DataFrame({"id": ["c", "b", "a"], "y": [7.0, 2.0, 1.0]})
    report = lossctl.evaluate(y, d, loss="mae", id="id", nan="skip", worst=9, samples=True)
    assert report.to_dict()["worst"] == [
        {"row": 2, "id": "b", "mae": 3.0, "target": 2.0, "prediction": 5.0},
        {"row": 1, "id": "a", "mae": 0.0, "target": 1.0, "prediction": 1.0},
    ]
    assert list(report.worst.to_frame()) == ["id", "mae", "target", "prediction"]
    assert list(report.samples.to_frame()) == ["id", "mae"]


# By the command.


@pytest.fixture
def files(write: Write) -> None:
    words = ["owl", "dog", '"=c,at"', "owl"]
    text = FRAME.rename(columns={"cat": "=c,at"}).to_csv(index=False)
    write({"p.csv": text, "t.csv": "animal\n" + "\n".join(words) + "\n"})


EVAL = ("eval", "p.csv", "t.csv", "--loss=ce", "--worst=2")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("form", ["tsv", "csv", "jsonl", "json"])
def test_every_format_for_programs(run: Run, form: str) -> None:
    outcome = run(*EVAL, "--format", form)
    assert (outcome.code, outcome.err) == (0, "")
    rows: list[dict[str, Any]]
    if form == "json":
        rows = json.loads(outcome.out)["worst"]
    elif form == "jsonl":
        rows = [json.loads(line) for line in outcome.out.splitlines()]
    else:
        delimiter = "\t" if form == "tsv" else ","
        rows = list(csv.DictReader(io.StringIO(outcome.out), delimiter=delimiter))
    assert [list(row) for row in rows] == [["row", "ce", "target", "prediction", "p_target"]] * 2
    formula = "'=c,at" if form in ("tsv", "csv") else "=c,at"  # a spreadsheet obeys it otherwise
    found = [(str(row["row"]), row["target"], row["prediction"]) for row in rows]
    assert found == [("1", "owl", formula), ("3", formula, "owl")]
    assert [float(row["p_target"]) for row in rows] == [0.1, 0.25]


@pytest.mark.usefixtures("files")
def test_tables_and_per_sample_files(run: Run, write: Write) -> None:
    outcome = run(*EVAL, "--per-sample=all.tsv")
    start = outcome.out.index("Highest ce\n")
    assert outcome.out[start:].splitlines()[:5] == [
        "Highest ce",
        "row        ce   target   prediction   p_target",
        "──────────────────────────────────────────────",
        "  1   2.30258   owl      =c,at            0.1",
        "  3   1.38629   =c,at    owl              0.25",
    ]
    assert (write({}) / "all.tsv").read_text().splitlines()[0] == "row\tce"
    check = run("check", *EVAL[1:], "--max-loss=9", "--format=json")
    (row, _) = json.loads(check.out)["checks"][0]["report"]["worst"]
    assert (row["target"], row["prediction"], row["p_target"]) == ("owl", "=c,at", 0.1)


def refuse_constant(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_logit_of_minus_infinity_is_null_in_json(run: Run, write: Write, form: str) -> None:
    write({"p.csv": "a,b\n-inf,0\n0.5,1\n", "t.csv": "a,b\n0,0\n1,1\n"})
    arguments = ("p.csv", "t.csv", "--loss=bce", "--from=logits", "--worst=2", "--format")
    outcome = run("eval", *arguments, form)
    assert (outcome.code, outcome.err.count("\n")) == (0, 1)
    assert outcome.err.startswith(
        "lossctl: note: bce: sum of [softplus(y) - d y] over 2 components"
    )
    texts = [outcome.out] if form == "json" else outcome.out.splitlines()
    documents = [json.loads(text, parse_constant=refuse_constant) for text in texts]
    rows = documents[0]["worst"] if form == "json" else documents
    assert [(row["target"], row["prediction"]) for row in rows] == [(1.0, 0.5), (0.0, None)]
    assert run("check", "--max-loss=9", *arguments, "json").code == 0
