"""`lossctl grad`: dLoss(W)/dy in the shape of the predictions."""

import io
import json
import os

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import Run, Write
from samples import probabilities, write_csv

import lossctl
from lossctl.base.arrays import Array

NUMBERS = "a,b\n1,2\n3,5\n"
TARGETS = "a,b\n0,2\n3,1\n"


def gradient(run: Run, *arguments: str) -> Array:
    """Return what is written as CSV, below a header if there is one."""
    outcome = run("grad", *arguments)
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    head = (
        not lines[0].replace(",", "").replace("-", "").replace(".", "").replace("e", "").isdigit()
    )
    return np.loadtxt(io.StringIO("\n".join(lines[head:])), delimiter=",", ndmin=2)


def test_it_is_in_the_shape_of_the_predictions_below_their_names(run: Run, write: Write) -> None:
    write({"p.csv": NUMBERS, "t.csv": TARGETS})
    outcome = run("grad", "p.csv", "t.csv", "--loss=mse")
    assert (outcome.code, outcome.out, outcome.err) == (0, "a,b\n0.5,0.0\n0.0,2.0\n", "")
    outcome = run("grad", "p.csv", "t.csv", "--loss=mse", "--per-sample")
    assert outcome.out == "a,b\n1.0,0.0\n0.0,4.0\n"


def test_each_format_has_the_same_bits(run: Run, write: Write) -> None:
    y, labels = 3 * np.random.default_rng(1).normal(size=(1001, 4)), np.arange(1001) % 4
    folder = write({"p.npy": y, "t.npy": labels, "p.csv": ""}).parent
    write_csv(folder / "p.csv", y)
    write_csv(folder / "t.csv", labels)
    found = []
    for name in ("p.npy t.npy", "p.csv t.csv"):
        for extension in ("npy", "csv", "parquet"):
            for more in ("--jobs=1", "--jobs=3", "--nan=skip"):
                of = (*name.split(), "-l", "ce", "--from=logits", more, "-o", f"g.{extension}")
                assert run("grad", *of).code == 0
                if extension == "npy":
                    found.append(np.load(folder / "g.npy"))
                elif extension == "csv":
                    found.append(np.loadtxt(folder / "g.csv", delimiter=","))
                else:
                    table = pq.read_table(folder / "g.parquet")
                    found.append(np.column_stack([column.to_numpy() for column in table.columns]))
    assert {one.tobytes() for one in found} == {found[0].tobytes()}
    expected = np.exp(y) / np.exp(y).sum(axis=1, keepdims=True)
    expected[np.arange(1001), labels] = 0.0
    expected[np.arange(1001), labels] = -expected.sum(axis=1)  # softmax - 1, to its last digits
    np.testing.assert_allclose(found[0], expected / 1001, rtol=1e-12)


def test_csv_has_the_shortest_numbers_that_are_read_as_the_same(run: Run, write: Write) -> None:
    bits = np.random.default_rng(5).integers(0, 2**62, 300_000).view(np.float64)
    y = np.concatenate((bits, -bits, [5e-324, 0.1, 1e16, 1e-5, 123456789.0, 0.0])).reshape(-1, 3)
    write({"p.npy": y, "t.npy": np.zeros(y.shape)})
    outcome = run("grad", "p.npy", "t.npy", "-l", "log-cosh", "--per-sample")
    assert outcome.code == 0
    expected = (np.tanh(y) + 0.0).tolist()
    assert outcome.out == "".join(",".join(map(repr, row)) + "\n" for row in expected)
    read = np.loadtxt(io.StringIO(outcome.out), delimiter=",")
    assert read.tobytes() == np.array(expected).tobytes()


def test_csv_quotes_names_that_need_it(run: Run, write: Write) -> None:
    write({"p.csv": '"a,b","say ""c"""\n1,2\n', "t.csv": '"a,b","say ""c"""\n0,0\n'})
    outcome = run("grad", "p.csv", "t.csv", "-l", "mse")
    assert outcome.out == '"a,b","say ""c"""\n1.0,2.0\n'


LOSSES = ["mse", "rmse", "ce", "perplexity", "bce", "huber:delta=0.1", "focal", "poisson", "cosine"]


@pytest.mark.parametrize("loss", LOSSES)
def test_it_is_how_much_loss_w_changes(run: Run, write: Write, loss: str) -> None:
    y, d = probabilities(5, 3, 1), probabilities(5, 3, 2)
    write({"p.npy": y, "t.npy": d})
    found = gradient(run, "p.npy", "t.npy", "--loss", loss)
    assert found.shape == y.shape
    for row, column in ((0, 0), (2, 1), (4, 2)):
        means = []
        for step in (1e-6, -1e-6):
            moved = y.copy()
            moved[row, column] += step
            report = lossctl.evaluate(moved, d, loss=loss, sum_tolerance=0.1)
            (mean,) = report.means.values()
            means.append(mean)
        assert found[row, column] == pytest.approx((means[0] - means[1]) / 2e-6, rel=1e-4, abs=1e-9)


def test_an_array_of_one_dimension_stays_one(run: Run, write: Write) -> None:
    folder = write({"p.npy": np.array([0.25, 0.5]), "t.npy": np.array([1, 0])}).parent
    assert run("grad", "p.npy", "t.npy", "-l", "brier", "-o", "g.npy").code == 0
    assert np.load(folder / "g.npy").tolist() == [-0.75, 0.5]
    np.save(folder / "p.npy", [[0.25], [0.5]])
    assert run("grad", "p.npy", "t.npy", "-l", "brier", "-o", "g.npy").code == 0
    assert np.load(folder / "g.npy").tolist() == [[-0.75], [0.5]]


def test_what_is_no_npy_but_one_dimensional_stays_so(run: Run, write: Write) -> None:
    flat, column = np.array([0.25, 0.5]), np.array([[0.25], [0.5]])
    folder = write({"t.csv": "1\n0\n", "t4.csv": "1\n0\n1\n0\n"}).parent
    for name in ("flat", "both", "columns"):
        (folder / name).mkdir()
    np.save(folder / "flat/p-1.npy", flat)
    np.save(folder / "flat/p-2.npy", flat)
    np.save(folder / "both/p-1.npy", flat)
    np.save(folder / "both/p-2.npy", column)
    np.save(folder / "columns/p-1.npy", column)
    np.save(folder / "columns/p-2.npy", flat)
    np.savez(folder / "p.npz", p=flat)
    write({"p.json": "[0.25, 0.5]", "rows.json": "[[0.25], [0.5]]", "p.jsonl": "0.25\n0.5\n"})
    write({"rows.jsonl": "[0.25]\n[0.5]\n", "o.json": '[{"a": 0.25}, {"a": 0.5}]'})
    for path, shape in (
        *(("flat", (4,)), ("both", (4, 1)), ("columns", (4, 1))),
        *(("flat/p-1.npy,flat/p-2.npy", (4,)), ("p.npz", (2,))),
        *(("p.json", (2,)), ("rows.json", (2, 1)), ("p.jsonl", (2,)), ("rows.jsonl", (2, 1))),
        ("o.json", (2, 1)),
    ):
        targets = "t4.csv" if shape[0] == 4 else "t.csv"
        outcome = run("grad", path, targets, "-l", "brier", "-o", "g.npy")
        assert outcome.code == 0, outcome.err
        assert np.load(folder / "g.npy").shape == shape, path


def test_rows_that_are_left_out_have_a_gradient_of_0(run: Run, write: Write) -> None:
    write({"p.csv": "id,a\nx,1\ny,2\nz,3\nw,4\n", "t.csv": "id,a\nw,1\ny,5\nz,7\n"})
    found = gradient(run, "p.csv", "t.csv", "--id=id", "-l", "mse", "--missing=present")
    assert found.tolist() == [[0.0], [-1.0], [-4 / 3], [1.0]]
    write({"p.csv": "a\n1\nnan\n3\nnan\n", "t.csv": "a\n1\n2\n5\n0\n"})
    assert gradient(run, "p.csv", "t.csv", "-l", "mse", "--nan=skip").tolist() == [
        *([0.0], [0.0], [-1.0], [0.0])
    ]


def test_rows_are_paired_by_id_in_any_order(run: Run, write: Write) -> None:
    n = 5000
    ids = np.random.default_rng(3).permutation(n)
    y = np.random.default_rng(4).normal(size=n)
    p = "id,a\n" + "".join(f"u{i},{v!r}\n" for i, v in enumerate(y.tolist()))
    t = "id,a\n" + "".join(f"u{i},{i}\n" for i in ids.tolist())
    write({"p.csv": p, "t.csv": t})
    found = gradient(run, "p.csv", "t.csv", "--id=id", "-l", "mse")
    np.testing.assert_array_equal(found[:, 0], (y - np.arange(n)) / n)


def test_predictions_beside_their_targets(run: Run, write: Write) -> None:
    write({"all.csv": "q,p\n1,3\n0,4\n"})
    assert run("grad", "all.csv", "--pred-cols=p", "--target-col=q", "-l", "mse").out == (
        "p\n1.0\n2.0\n"
    )


def test_kinks_are_counted_in_a_warning(run: Run, write: Write) -> None:
    write({"p.csv": NUMBERS, "t.csv": TARGETS})
    outcome = run("grad", "p.csv", "t.csv", "--loss=mae")
    assert outcome.out == "a,b\n0.5,0.0\n0.0,0.5\n"
    assert outcome.err == (
        "lossctl: warning: 2 samples with a prediction where mae has a kink: the gradient there is "
        "a subgradient\n"
    )
    assert run("eval", "p.csv", "t.csv", "--loss=mae", "-q").err == ""


def test_the_root_of_a_mean_square_of_0_is_a_kink(run: Run, write: Write) -> None:
    write({"p.csv": NUMBERS, "same.csv": NUMBERS, "t.csv": TARGETS})
    warning = (
        "lossctl: warning: 2 samples with a prediction where rmse has a kink: the gradient there "
        "is a subgradient\n"
    )
    outcome = run("grad", "p.csv", "same.csv", "--loss=rmse")
    assert (outcome.code, outcome.out) == (0, "a,b\n0.0,0.0\n0.0,0.0\n")
    assert warning in outcome.err
    for other in (("same.csv", "--per-sample"), ("t.csv",)):
        assert "kink" not in run("grad", "p.csv", *other, "--loss=rmse").err
    assert "kink" not in run("eval", "p.csv", "same.csv", "--loss=rmse").err
    assert run("losses", "rmse").out.count("0, the middle of its subgradients") == 1


def test_per_sample_is_a_flag_and_says_so_to_who_names_a_file(run: Run, write: Write) -> None:
    write({"p.csv": NUMBERS, "t.csv": TARGETS})
    for order in (("p.csv", "t.csv", "--per-sample", "g.csv"), ("--per-sample", "g.csv", "p", "t")):
        outcome = run("grad", *order, "-l", "mse")
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.splitlines()[1] == (
            "lossctl: hint: --per-sample takes no value in lossctl grad: the file is named by "
            "-o FILE"
        )
    outcome = run("eval", "p.csv", "t.csv", "more", "-l", "mse", "--per-sample=g.csv")
    assert "PREDS and TARGETS are two paths" in outcome.err


REFUSED = {
    "several losses": (("-l", "mse,mae"), 2, "a gradient is of one loss"),
    "a flat loss": (("-l", "zero-one"), 2, "zero-one has no gradient"),
    "another format": (("-l", "mse", "-o", "g.txt"), 2, ".npy, .csv, .parquet, or - as CSV"),
    "an input": (("-l", "mse", "-o", "p.csv"), 2, "would be overwritten"),
    "no folder": (("-l", "mse", "-o", "no/g.npy"), 4, "that folder does not exist"),
    "no regular file": (("-l", "mse", "-o", "fifo.npy"), 4, "is no regular file"),
    "bad data": (("-l", "ce", "-o", "g.npy"), 3, "is not a probability"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_no_file(run: Run, write: Write, name: str) -> None:
    folder = write({"p.csv": NUMBERS, "t.csv": TARGETS}).parent
    os.mkfifo(folder / "fifo.npy")
    arguments, code, message = REFUSED[name]
    before = sorted(path.name for path in folder.iterdir())
    outcome = run("grad", "p.csv", "t.csv", *arguments)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.err
    assert sorted(path.name for path in folder.iterdir()) == before
    assert (folder / "p.csv").read_text() == NUMBERS


def test_a_block_may_have_no_sample_that_is_kept(run: Run, write: Write) -> None:
    y, d = np.full((70_000, 1), np.nan), np.zeros((70_000, 1))  # more than one block has
    y[-1] = 3.0
    folder = write({"p.npy": y, "t.npy": d}).parent
    assert run("grad", "p.npy", "t.npy", "-l", "mse", "--nan=skip", "-o", "g.npy").code == 0
    assert np.array_equal(np.load(folder / "g.npy"), np.where(np.isnan(y), 0.0, y))
    np.save(folder / "p.npy", np.full((2, 1), np.nan))
    np.save(folder / "t.npy", np.zeros((2, 1)))
    outcome = run("grad", "p.npy", "t.npy", "-l", "mse", "--nan=skip")
    assert (outcome.code, outcome.out) == (3, "")
    assert "no sample is left" in outcome.err


def test_an_infinite_derivative_names_its_place(run: Run, write: Write) -> None:
    write({"p.csv": "a\n0.5\n1e-300\n", "t.csv": "a\n1\n1\n"})
    outcome = run("grad", "p.csv", "t.csv", "-l", "gamma")
    assert outcome.code == 3
    assert 'p.csv:3: column "a": the derivative of gamma is -inf here' in outcome.err


def test_rows_beyond_the_first_few_keep_their_numbers(run: Run, write: Write) -> None:
    y, d = np.full(100_000, 2.0), np.ones(100_000)
    y[[5, 40_000, 99_999]] = 1.0
    folder = write({"p.npy": y, "t.npy": d}).parent
    outcome = run("grad", "p.npy", "t.npy", "-l", "mae", "-o", "g.npy")
    assert outcome.err.startswith("lossctl: warning: 3 samples with a prediction where mae has")
    np.testing.assert_array_equal(np.load(folder / "g.npy"), (y - d) / 100_000)
    y[70_000] = 1e-300
    np.save(folder / "p.npy", y)
    outcome = run("grad", "p.npy", "t.npy", "-l", "gamma", "-o", "g.npy")
    assert outcome.code == 3
    assert "row 70001: column 1: the derivative of gamma is -inf here" in outcome.err


def test_a_step_against_it_makes_loss_w_smaller(run: Run, write: Write) -> None:
    y, labels = np.random.default_rng(1).normal(size=(50, 3)), np.arange(50) % 3
    folder = write({"p.npy": y, "t.npy": labels}).parent
    of = ("t.npy", "-l", "ce", "--from=logits")
    before = float(run("eval", "p.npy", *of, "-q").out)
    assert run("grad", "p.npy", *of, "-o", "g.npy").code == 0
    np.save(folder / "p.npy", y - 5 * np.load(folder / "g.npy"))
    assert float(run("eval", "p.npy", *of, "-q").out) < before
    assert json.loads(run("eval", "p.npy", *of, "-f", "json").out)["n"] == 50
