"""Columns that are no components, and ordinary ones that look a little like them."""

from pathlib import Path

import numpy as np
import pytest
from conftest import Run, Write

import lossctl
from lossctl.base.arrays import Array

BESIDE = [
    "predict",
    "prediction",
    ".pred_class",
    "PredictedLabel",
    "label",
    "target",
    "weight",
    "sample_weight",
    "fold",
    "split",
    "timestamp",
    "y_true",
    "ground_truth",
]
CLASSES = ["p_label", "predator", "labelled", "weightless", "label_1", "true", "folder", "datebook"]


def _write(folder: Path, name: str) -> None:
    (folder / "p.csv").write_text(f"{name},other\n0.25,0.75\n0.5,0.5\n")
    (folder / "t.csv").write_text("0\n1\n")


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("options", [(), ("--from", "logits")], ids=["probs", "logits"])
def test_a_column_beside_probabilities_is_refused(
    run: Run, tmp_path: Path, name: str, options: tuple[str, ...]
) -> None:
    _write(tmp_path, name)
    for loss in ("ce", "bce"):
        outcome = run("eval", "p.csv", "t.csv", "--loss", loss, *options)
        assert (outcome.code, outcome.out) == (3, "")
        assert f"p.csv: the column '{name}' looks like no class" in outcome.err
    exact = ("--pred-cols", f"{name},other")
    assert run("eval", "p.csv", "t.csv", "--loss", "ce", *options, *exact).code == 0
    assert run("eval", "p.csv", "t.csv", "--loss", "mae", "-q").code == 0


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_with_a_name_a_little_like_it_is_a_class(
    run: Run, tmp_path: Path, name: str
) -> None:
    _write(tmp_path, name)
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce", "-q")
    assert (outcome.code, outcome.err) == (0, "")


def _pair(ids: list[float], others: list[float]) -> tuple[Array, Array]:
    p = np.column_stack([ids, np.linspace(0.1, 0.9, len(ids))])
    return p, np.column_stack([others, np.linspace(0.2, 0.8, len(others))])


IDS: dict[str, tuple[list[float], list[float]]] = {
    "same": ([7, 3, 5], [5, 7, 3]),
    "counts-in-one": ([4, 5, 6], [9, 1, 5]),
    "many": (list(range(0, 200, 2)), list(range(1, 400, 4))),
    "from-0": ([0, 1, 2], [0, 1, 2]),
}
NONE: dict[str, tuple[list[float], list[float]]] = {
    "two-rows": ([7, 3], [7, 3]),
    "repeated": ([7, 3, 7], [7, 3, 7]),
    "others": ([7, 3, 5], [7, 3, 6]),
    "fractions": ([0.5, 1, 2], [0.5, 1, 2]),
    "0-and-1": ([0, 1, 1], [0, 1, 1]),
    "under-100": (list(range(0, 198, 2)), list(range(1, 396, 4))),
}


@pytest.mark.parametrize(("ids", "others"), IDS.values(), ids=IDS)
def test_ids_are_known_by_their_values(ids: list[float], others: list[float]) -> None:
    p, t = _pair(ids, others)
    with pytest.raises(lossctl.DataError, match="looks like an id"):
        lossctl.evaluate(p, t, loss="mae")
    assert lossctl.evaluate(p, t, loss="mae", pred_cols="1,2", target_col="1,2").n == len(ids)


@pytest.mark.parametrize(("ids", "others"), NONE.values(), ids=NONE)
def test_ordinary_values_are_no_ids(ids: list[float], others: list[float]) -> None:
    p, t = _pair(ids, others)
    assert lossctl.evaluate(p, t, loss="mae").n == len(ids)


def test_an_id_that_stands_elsewhere_is_known_by_its_name_in_both(run: Run, write: Write) -> None:
    write({"p.csv": "p,key\n0.5,9\n1,4\n2,7\n", "t.csv": "key,y\n9,1\n4,1\n7,1\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae")
    assert (outcome.code, outcome.out) == (3, "")
    assert "p.csv: the column 'key' looks like an id" in outcome.err
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", "--id", "key", "-q")
    assert (outcome.code, outcome.out, outcome.err) == (0, "0.5\n", "")


@pytest.mark.parametrize(
    ("predictions", "targets", "way"),
    [
        ("id,p,q\n3,1,2\n4,2,3\n", "id,y,z\n3,1,2\n4,2,1\n", "--pred-cols p,q --target-col y,z"),
        ("id,p\n3,1\n4,2\n", "id,p\n3,1\n4,2\n", "--pred-cols p"),
        ("id,p,q\n3,1,2\n4,2,3\n", "y,z\n1,2\n2,1\n", "--pred-cols p,q"),
        ("p,q\n1,2\n2,3\n", "id,y,z\n3,1,2\n4,2,1\n", "--target-col y,z"),
    ],
)
def test_the_way_to_leave_out_an_id_leads_on(
    run: Run, write: Write, predictions: str, targets: str, way: str
) -> None:
    write({"p.csv": predictions, "t.csv": targets})
    command = ("eval", "p.csv", "t.csv", "--loss=mae", "-q")
    assert run(*command).err.endswith(f"leave it out: {way}\n")
    assert run(*command, *way.split(), "--columns=position").code == 0
