"""NPY and NPZ of text are labels and ids; as predictions they are refused."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from conftest import Run, Write, npy

import lossctl

P = pd.DataFrame([[0.25, 0.75], [0.5, 0.5], [0.125, 0.875]], columns=["cat", "dog"])
INDICES = np.array([1, 0, 1])
WORDS = [P.columns[i] for i in INDICES]
LOSS = lossctl.evaluate(P.to_numpy(), INDICES, loss="ce").losses["ce"].mean
ARRAYS: dict[str, np.ndarray[Any, Any]] = {
    "U": np.array(WORDS),
    "U-wide": np.array(WORDS, "<U99"),
    "U-big-endian": np.array(WORDS, ">U3"),
    "S": np.array(WORDS, "S"),
    "column": np.array(WORDS)[:, None],
}


def loss_of(*arguments: Any, **options: Any) -> float:
    return lossctl.evaluate(*arguments, loss="ce", **options).losses["ce"].mean


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_elements_are_the_texts_of_labels(write: Write, array: np.ndarray[Any, Any]) -> None:
    folder = write({"p.csv": P.to_csv(index=False), "y.npy": array}).parent
    np.savez(folder / "y.npz", y=array, other=np.ones(3))
    for block_rows in (1, 2, None):
        assert loss_of(folder / "p.csv", folder / "y.npy", block_rows=block_rows) == LOSS
        assert loss_of(folder / "p.csv", folder / "y.npz", key="y", block_rows=block_rows) == LOSS


def test_text_on_stdin(run: Run, write: Write) -> None:
    write({"p.csv": P.to_csv(index=False), "y.npy": np.array(WORDS)})
    command = "cat y.npy | lossctl eval p.csv - --loss ce -q"
    assert float(run(command, program=("bash", "-c")).out) == LOSS


def test_an_element_that_is_no_class_is_told(write: Write) -> None:
    path = write({"p.csv": P.to_csv(index=False), "y.npy": np.array(["dog", "cat", "dgo"])})
    with pytest.raises(lossctl.DataError, match=r"y\.npy: row 3: column 1: 'dgo' is not a class"):
        lossctl.evaluate(path.with_name("p.csv"), path, loss="ce")
    path = write({"y.npy": np.array([b"dog", b"cat", b"\xff"])})
    with pytest.raises(lossctl.DataError, match=r"row 3: column 1: '\\xff' is not a class name"):
        lossctl.evaluate(path.with_name("p.csv"), path, loss="ce")


@pytest.mark.parametrize("kind", ["U1", "S1"])
def test_texts_that_look_like_numbers_are_indices(write: Write, kind: str) -> None:
    path = write({"p.npy": P.to_numpy(), "y.npy": INDICES.astype(kind)})
    assert loss_of(path.with_name("p.npy"), path) == LOSS
    path = write({"y.npy": np.array(["1", "0", "x"])})
    with pytest.raises(lossctl.DataError, match=r"row 3: column 1: 'x' is not a number"):
        lossctl.evaluate(path.with_name("p.npy"), path, loss="ce")


def test_booleans_name_two_classes(write: Write) -> None:
    path = write({"p.npy": P.to_numpy(), "y.npy": INDICES.astype(bool)})
    assert loss_of(path.with_name("p.npy"), path) == LOSS


@pytest.mark.parametrize("kind", ["U", "S"])
def test_as_predictions_they_are_refused(write: Write, kind: str) -> None:
    for array in (np.array(["0.25", "0.5", "1"], kind), np.array([["0.25", "0.75"]] * 3, kind)):
        path = write({"p.npy": array, "y.npy": np.zeros(array.shape)})
        with pytest.raises(lossctl.DataError) as refused:
            lossctl.evaluate(path.with_name("p.npy"), path, loss="mae")
        assert refused.value.reason == "'0.25' is text, not a number"
        assert refused.value.hint == "make the array one of numbers: array.astype(float)"
        assert lossctl.evaluate(array.astype(float), path, loss="mae").n == 3


def test_text_beside_values_pairs_the_rows(write: Write) -> None:
    ids = np.array([["a", "dog"], ["b", "cat"], ["c", "dog"]])
    text = "cat,dog,1\n" + "".join(
        f"{row[0]},{row[1]},{name}\n"
        for name, row in zip("cba", P.to_numpy()[::-1].tolist(), strict=True)
    )
    path = write({"p.csv": text, "y.npy": ids})
    assert loss_of(path.with_name("p.csv"), path, id="1", target_col="2", header=True) == LOSS


def test_the_layout_of_text_changes_nothing(write: Write) -> None:
    array = np.asfortranarray([["a", "dog"], ["b", "cat"], ["c", "dog"]])
    path = write({"p.csv": P.to_csv(index=False), "y.npy": array})
    assert loss_of(path.with_name("p.csv"), path, target_col="2") == LOSS
    stream = io.BytesIO()
    np.savez_compressed(stream, y=array)
    path = write({"y.npz": stream.getvalue()})
    assert loss_of(path.with_name("p.csv"), path, target_col="2") == LOSS


def test_an_array_of_objects_is_refused_as_before(write: Write, tmp_path: Path) -> None:
    content = npy(np.array(WORDS, object))
    path = write({"p.csv": P.to_csv(index=False), "y.npy": content})
    with pytest.raises(lossctl.DataError, match="would have to be unpickled"):
        lossctl.evaluate(path.with_name("p.csv"), path, loss="ce")
