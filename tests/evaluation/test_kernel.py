"""The kernel is a value: it and what it returns survive being pickled, to the last bit."""

import pickle

import numpy as np
import pytest
from samples import probabilities

import lossctl
from lossctl.base.arrays import Array
from lossctl.evaluation.kernel import Kernel
from lossctl.evaluation.task import Task
from lossctl.evaluation.validation import Rules
from lossctl.losses import loss_of
from lossctl.pairing.columns import Columns
from lossctl.results.samples import Samples
from lossctl.results.summary import EMPTY, Summary
from lossctl.tables.block import Block
from lossctl.tables.place import ByNumber, Place
from lossctl.tables.table import Selection

WIDTH = 4
SCALES: dict[str, tuple[tuple[str, ...], str]] = {
    "every-loss": (("ce", "bce", "mse", "mae"), "probs"),
    "numbers": (("mae",), "probs"),
    "logits": (("ce", "bce"), "logits"),
    "log-probs": (("ce",), "log-probs"),
}
TARGETS = ("labels", "one-hot", "soft")


def kernel(names: tuple[str, ...], scale: str, labels: bool, skip: bool = False) -> Kernel:
    losses = {name: loss_of(name, scale) for name in names}
    columns = Columns(
        Selection(range(WIDTH), skip=skip),
        Selection(range(1 if labels else WIDTH), skip=skip),
        "indices" if labels else None,
    )
    rules = Rules.of(losses.values(), None, WIDTH)
    return Kernel.of(Task("p", "t", losses, rules, columns, worst=3))


def block(name: str, values: Array) -> Block:
    return Block(values, Place(ByNumber(name, 0), range(1, 1 + values.shape[1])))


def values(scale: str, targets: str) -> tuple[Array, Array]:
    y = probabilities(50, WIDTH)
    y = {"probs": y, "logits": np.log(y) + 3, "log-probs": np.log(y)}[scale]
    labels = np.arange(50) % WIDTH
    d = {
        "labels": labels.reshape(-1, 1).astype(np.float64),
        "one-hot": np.eye(WIDTH)[labels],
        "soft": probabilities(50, WIDTH, 1),
    }[targets]
    return y, d


def content(result: tuple[Samples, Summary]) -> object:
    """Return all that a kernel returned as what can be compared."""
    samples, summary = result
    worst = summary.worst
    return (
        [part.rows.tobytes() for part in (samples, worst) if part],
        [loss.tobytes() for part in (samples, worst) if part for loss in part.losses.values()],
        (summary.n, summary.skipped, summary.losses),
        summary.cautions,
    )


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize(("names", "scale"), SCALES.values(), ids=SCALES)
def test_a_pickled_kernel_gives_the_same_bits(
    names: tuple[str, ...], scale: str, targets: str
) -> None:
    here = kernel(names, scale, targets == "labels")
    there = pickle.loads(pickle.dumps(here))
    assert there == here
    y, d = values(scale, targets)
    numbers = np.arange(1, 51)
    results = [one.evaluate(block("p", y), block("t", d), numbers) for one in (here, there)]
    assert content(results[1]) == content(results[0])
    assert content(pickle.loads(pickle.dumps(results[0]))) == content(results[0])


@pytest.mark.parametrize("left_out", [slice(3, 7), slice(None)], ids=["some", "all"])
def test_what_is_left_out_is_pickled_with_the_result(left_out: slice) -> None:
    y, d = values("probs", "labels")
    y[left_out, 2] = np.nan
    here = kernel(("ce",), "probs", labels=True, skip=True)
    there = pickle.loads(pickle.dumps(here))
    results = [
        one.evaluate(block("p", y), block("t", d), np.arange(1, 51)) for one in (here, there)
    ]
    assert content(pickle.loads(pickle.dumps(results[1]))) == content(results[0])
    summary = results[0][1]
    assert summary.n + summary.skipped == 50
    assert EMPTY.merge(summary, 3).skipped == summary.skipped


def test_a_pickled_kernel_raises_the_same_error() -> None:
    y, d = values("probs", "labels")
    y[7, 1] = 2.0
    here = kernel(("ce",), "probs", labels=True)
    messages = []
    for one in (here, pickle.loads(pickle.dumps(here))):
        with pytest.raises(lossctl.DataError) as caught:
            one.evaluate(block("p", y), block("t", d), np.arange(1, 51))
        messages.append((caught.value.message, caught.value.hint, caught.value.block_row))
    assert messages[0] == messages[1]
