"""Write the sample data sets next to this file.

This script is a development tool. scikit-learn is a development dependency,
needed only here. Run `python sample_data/make.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import (  # type: ignore[import-untyped]
    load_diabetes,
    load_digits,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HERE = Path(__file__).parent
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SPLIT_SEED = 1
INIT_SEED = 2
EPOCHS = 20
BATCH = 8
RATE = 0.2


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a header and its rows with LF line ends on every platform."""
    lines = [",".join(header), *(",".join(row) for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def float_rows(values: Floats) -> list[list[str]]:
    """Return each number as the shortest text that reads back to the same bits."""
    # tolist() gives Python floats: the repr of a numpy scalar is not a plain number.
    return [[repr(value) for value in row] for row in values.tolist()]


def int_rows(values: Ints) -> list[list[str]]:
    """Return each whole number as text without a decimal point."""
    return [[str(value) for value in row] for row in values.tolist()]


def split(count: int, train_count: int) -> tuple[Ints, Ints]:
    """Return the shuffled row numbers to train on and of the rows held out."""
    order = np.random.default_rng(SPLIT_SEED).permutation(count)
    return order[:train_count], order[train_count:]


def sigmoid(values: Floats) -> Floats:
    """Return the logistic function of each value."""
    return np.asarray(1.0 / (1.0 + np.exp(-values)), dtype=np.float64)


def softmax(logits: Floats) -> Floats:
    """Return class probabilities, one row a sample."""
    # Without the shift a large logit overflows exp.
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


class Network:
    """One hidden layer, trained on the cross-entropy of its output."""

    def __init__(self, sizes: tuple[int, int, int], rng: np.random.Generator) -> None:
        """Draw weights for the numbers of inputs, hidden units and outputs."""
        inputs, hidden, outputs = sizes
        self.w1 = rng.normal(0.0, inputs**-0.5, (inputs, hidden))
        self.b1 = np.zeros(hidden)
        self.w2 = rng.normal(0.0, hidden**-0.5, (hidden, outputs))
        self.b2 = np.zeros(outputs)

    def forward(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Return the hidden activations and the outputs."""
        hidden = sigmoid(inputs @ self.w1 + self.b1)
        logits = hidden @ self.w2 + self.b2
        return hidden, sigmoid(logits) if logits.shape[1] == 1 else softmax(logits)

    def step(self, inputs: Floats, targets: Floats, rate: float) -> None:
        """Go one gradient step down the mean cross-entropy of a batch."""
        hidden, outputs = self.forward(inputs)
        # Cross-entropy cancels the slope of a sigmoid and of a softmax alike.
        delta2 = (outputs - targets) / len(inputs)
        delta1 = (delta2 @ self.w2.T) * hidden * (1.0 - hidden)
        self.w2 -= rate * hidden.T @ delta2
        self.b2 -= rate * delta2.sum(axis=0)
        self.w1 -= rate * inputs.T @ delta1
        self.b1 -= rate * delta1.sum(axis=0)


def train_digits(inputs: Floats, targets: Floats, held_out: Floats) -> Iterator[Floats]:
    """Yield the held-out class probabilities after each epoch."""
    rng = np.random.default_rng(INIT_SEED)
    network = Network((inputs.shape[1], 32, len(NAMES)), rng)
    for _ in range(EPOCHS):
        order = rng.permutation(len(inputs))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            network.step(inputs[batch], targets[batch], RATE)
        yield network.forward(held_out)[1]


def make_digits(folder: Path) -> None:
    """Write held-out predictions of a digit classifier after every epoch."""
    pixels, labels = load_digits(return_X_y=True)
    inputs, targets = pixels / 16.0, np.eye(len(NAMES))[labels]
    train, test = split(len(inputs), len(inputs) // 2)
    epochs = list(train_digits(inputs[train], targets[train], inputs[test]))

    (folder / "epochs").mkdir(parents=True, exist_ok=True)
    for number, preds in enumerate(epochs, start=1):
        np.save(folder / "epochs" / f"epoch_{number:02d}.npy", np.ascontiguousarray(preds))
    write_csv(folder / "preds.csv", NAMES, float_rows(epochs[-1]))
    write_csv(folder / "targets.csv", NAMES, int_rows(targets[test].astype(np.int64)))
    write_csv(folder / "labels.csv", ["label"], ([NAMES[label]] for label in labels[test]))


def make_diabetes(folder: Path) -> None:
    """Write held-out predictions of a linear least-squares fit."""
    inputs, targets = load_diabetes(return_X_y=True, scaled=True)
    inputs = np.column_stack([np.ones(len(inputs)), inputs])
    train, test = split(len(inputs), len(inputs) * 2 // 3 + 1)
    weights = np.linalg.lstsq(inputs[train], targets[train], rcond=None)[0]
    preds = inputs[test] @ weights
    write_csv(folder / "preds.csv", ["progression"], float_rows(preds[:, np.newaxis]))
    write_csv(folder / "targets.csv", ["progression"], float_rows(targets[test, np.newaxis]))


def train_xor_network(inputs: Floats, targets: Floats) -> Floats:
    """Return the outputs of a trained 2-3-1 network."""
    network = Network((2, 3, 1), np.random.default_rng(INIT_SEED))
    for _ in range(5000):
        network.step(inputs, targets, 1.0)
    return network.forward(inputs)[1]


def train_perceptron(inputs: Floats, targets: Floats) -> Floats:
    """Return the outputs of a trained single sigmoid unit."""
    weights = np.random.default_rng(INIT_SEED).normal(0.0, 1.0, (2, 1))
    bias = np.zeros(1)
    for _ in range(200):
        delta = (sigmoid(inputs @ weights + bias) - targets) / len(inputs)
        weights -= inputs.T @ delta
        bias -= delta.sum(axis=0)
    return sigmoid(inputs @ weights + bias)


def make_xor(folder: Path) -> None:
    """Write the predictions of a model that can represent XOR and one that cannot."""
    samples = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.int64)
    truth = samples[:, :1] ^ samples[:, 1:]
    inputs, targets = samples.astype(np.float64), truth.astype(np.float64)
    write_csv(folder / "inputs.csv", ["a", "b"], int_rows(samples))
    write_csv(folder / "targets.csv", ["true"], int_rows(truth))
    write_csv(folder / "network.csv", ["true"], float_rows(train_xor_network(inputs, targets)))
    write_csv(folder / "perceptron.csv", ["true"], float_rows(train_perceptron(inputs, targets)))


if __name__ == "__main__":
    make_digits(HERE / "digits")
    make_diabetes(HERE / "diabetes")
    make_xor(HERE / "xor")
