"""Write tests/oracles.json: what other libraries compute of small inputs; `make oracles` runs it.

Each record says what was called, of which inputs and by which version; tests/losses/test_oracles.py
holds lossctl to the numbers. What is called takes predictions y and targets d, of shape (n, k) in
float64, and returns the loss of each sample; the gradient is that of automatic differentiation.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# They are no test packages, so that a type checker does not find them.
jax, optax, torch = map(import_module, ("jax", "optax", "torch"))
jax.config.update("jax_enable_x64", True)

PLACE = Path(__file__).with_name("oracles.json")
Array = NDArray[np.float64]
ROWS, COLUMNS = 6, 3


def inputs() -> dict[str, tuple[Array, Array]]:
    """Return predictions and targets by what they are."""
    rng = np.random.default_rng(20261128)
    shape = ROWS, COLUMNS
    numbers, targets = rng.normal(size=(2, *shape)).round(6)
    numbers[0], targets[1, 1] = targets[0], 0.0
    large = (rng.normal(size=shape) * 40).round(6)
    distributions = rng.dirichlet(np.ones(COLUMNS), ROWS)
    labels = np.eye(COLUMNS)[rng.integers(COLUMNS, size=ROWS)]
    events = rng.integers(0, 2, shape).astype(np.float64)
    logs = np.log(rng.dirichlet(np.ones(COLUMNS), ROWS))
    return {
        "numbers": (numbers, targets),
        "large numbers": (1e3 * numbers, -1e3 * targets),
        "logits of events": (numbers * 5, events),
        "large logits of events": (large, events),
        "logits of soft events": (numbers, rng.uniform(size=shape).round(6)),
        "logits of classes": (numbers * 5, labels),
        "large logits of classes": (large, labels),
        "logits of distributions": (numbers, distributions),
        "log-probabilities": (logs, distributions),
        "log-probabilities of classes": (logs, labels),
        "one score": (numbers[:, :1] * 2, events[:, :1]),
    }


CALLS: tuple[tuple[str, str, str, str], ...] = (
    # loss, scale, kind of input (all whose names begin so), and what is called
    ("mae", "probs", "numbers", "F.l1_loss(y, d, reduction='none').sum(1)"),
    ("mse", "probs", "numbers", "F.mse_loss(y, d, reduction='none').sum(1) / 2"),
    ("mse", "probs", "large numbers", "optax.l2_loss(y, d).sum(1)"),
    ("huber", "probs", "numbers", "F.huber_loss(y, d, reduction='none').sum(1)"),
    (
        "huber:delta=0.7",
        "probs",
        "numbers",
        "F.huber_loss(y, d, reduction='none', delta=0.7).sum(1)",
    ),
    ("huber:delta=0.7", "probs", "large numbers", "optax.huber_loss(y, d, delta=0.7).sum(1)"),
    ("smooth-l1", "probs", "numbers", "F.smooth_l1_loss(y, d, reduction='none').sum(1)"),
    (
        *("smooth-l1:beta=0.7", "probs", "large numbers"),
        "F.smooth_l1_loss(y, d, reduction='none', beta=0.7).sum(1)",
    ),
    ("log-cosh", "probs", "large numbers", "optax.log_cosh(y, d).sum(1)"),
    ("cosine", "probs", "large numbers", "1 - F.cosine_similarity(y, d, dim=1)"),
    ("cosine", "probs", "large numbers", "optax.cosine_distance(y, d)"),
    ("ce", "logits", "logits of classes", "F.cross_entropy(y, d, reduction='none')"),
    ("ce", "logits", "large logits of classes", "optax.softmax_cross_entropy(y, d)"),
    ("ce", "logits", "logits of distributions", "F.cross_entropy(y, d, reduction='none')"),
    (
        *("ce", "log-probs", "log-probabilities of classes"),
        "F.nll_loss(y, d.argmax(1), reduction='none')",
    ),
    ("kl", "log-probs", "log-probabilities", "F.kl_div(y, d, reduction='none').sum(1)"),
    ("kl", "log-probs", "log-probabilities", "optax.kl_divergence(y, d)"),
    (
        *("bce", "logits", "logits of events"),
        "F.binary_cross_entropy_with_logits(y, d, reduction='none').sum(1)",
    ),
    ("bce", "logits", "large logits of events", "optax.sigmoid_binary_cross_entropy(y, d).sum(1)"),
    (
        *("bce", "logits", "logits of soft events"),
        "F.binary_cross_entropy_with_logits(y, d, reduction='none').sum(1)",
    ),
    ("focal", "logits", "logits of events", "optax.sigmoid_focal_loss(y, d).sum(1)"),
    (
        *("focal:gamma=0.5", "logits", "logits of events"),
        "optax.sigmoid_focal_loss(y, d, gamma=0.5).sum(1)",
    ),
    ("hinge", "scores", "one score", "optax.hinge_loss(y, 2 * d - 1).sum(1)"),
    ("hinge", "scores", "logits of classes", "optax.losses.multiclass_hinge_loss(y, d.argmax(1))"),
)


def called(call: str, y: Array, d: Array) -> tuple[Any, Any]:
    """Return what a call makes of predictions and targets, sample by sample, and its gradient."""
    if "optax" in call:

        def total(predictions: Any) -> Any:
            return eval(call, {"optax": optax, "y": predictions, "d": jax.numpy.asarray(d)})

        gradient = jax.grad(lambda predictions: total(predictions).sum())(jax.numpy.asarray(y))
        return np.asarray(total(y)).tolist(), np.asarray(gradient).tolist()
    predictions = torch.tensor(y, requires_grad=True)
    losses = eval(call, {"F": torch.nn.functional, "y": predictions, "d": torch.tensor(d)})
    losses.sum().backward()
    return losses.tolist(), predictions.grad.tolist()


def main() -> None:
    """Write the records."""
    known = inputs()
    versions = {"torch": torch.__version__.partition("+")[0], "optax": optax.__version__}
    records = [
        {
            "loss": loss,
            "from": scale,
            "inputs": kind,
            "library": library,
            "version": versions[library],
            "call": call,
            **dict(zip(("losses", "gradient"), called(call, *known[kind]), strict=True)),
        }
        for loss, scale, kind, call in CALLS
        for library in ["optax" if "optax" in call else "torch"]
    ]
    values = {kind: {"y": y.tolist(), "d": d.tolist()} for kind, (y, d) in known.items()}
    PLACE.write_text(json.dumps({"inputs": values, "records": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()
