"""What other programs call losses, and what is said of a name that is none of ours.

A hint may name a loss only where its number is the one that was asked for, or says how to get it:
`mse` is close to `rmse` as a word, not as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lossctl.base.wording import either, nearest_ones, quoted

SHORT = 4
"""Another letter makes another loss of a name that is no longer: rmse of mse, ece of ce; in front
it does so of any name: smape of mape."""

_CE = "cross-entropy is called ce; of logits it takes --from logits, of log-probabilities --from "
_CE += "log-probs"
_BCE = "binary cross-entropy is called bce, and adds up the k components; of logits it takes "
_BCE += "--from logits"
_MAE = "mae adds up the k components: it is k times the mean absolute error"
_MSE = "mse is half the sum over the k components: it is k/2 times the mean squared error"

SAID: dict[str, tuple[tuple[str, ...], str]] = {
    "crossentropy": (("ce",), _CE),
    "categoricalcrossentropy": (("ce",), _CE),
    "sparsecategoricalcrossentropy": (("ce",), _CE),
    "softmaxcrossentropy": (("ce",), _CE),
    "nll": (("ce",), _CE),
    "negativeloglikelihood": (("ce",), _CE),
    "mlogloss": (("ce",), _CE),
    "multilogloss": (("ce",), _CE),
    "binarycrossentropy": (("bce",), _BCE),
    "sigmoidcrossentropy": (("bce",), _BCE),
    "sigmoidbinarycrossentropy": (("bce",), _BCE),
    "bcewithlogits": (("bce",), _BCE),
    "binarylogloss": (("bce",), _BCE),
    "logloss": (
        ("ce", "bce"),
        "with a column for each class it is called ce, with one column bce",
    ),
    "l1": (("mae",), _MAE),
    "absoluteerror": (("mae",), _MAE),
    "meanabsoluteerror": (("mae",), _MAE),
    "l2": (("mse",), _MSE),
    "squarederror": (("mse",), _MSE),
    "meansquarederror": (("mse",), _MSE),
    "pinball": (
        ("quantile",),
        "it is called quantile, as in quantile:alpha=0.9",
    ),
    "rootmeansquarederror": (("rmse",), "it is called rmse"),
    "brierscore": (("brier",), "it is called brier; of two columns it is twice that of one"),
    "kullbackleibler": (("kl",), "it is called kl"),
    "kldivergence": (("kl",), "it is called kl"),
}
"""The names elsewhere, in lower case and without what parts their words: those of our losses that
are spoken of, and what is said."""


def _is_slip(word: str, name: str) -> bool:
    """Return whether a word has the letters of a name in another order, or its last one twice."""
    return sorted(word) == sorted(name) or word == name + name[-1]


def unknown(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return the message and the hint for a `word` that is the name of none of the known losses."""
    names = list(known)
    message = f"no {kind} is called {quoted(word)}"
    bare = re.sub("[^a-z0-9]", "", word.lower())
    for spelt in (bare, bare.removesuffix("loss")):
        losses, said = SAID.get(spelt, ((), ""))
        if losses and all(loss in names for loss in losses):
            return message, said
    slips = [name for name in names if _is_slip(word.lower(), name)]
    long = (name for name in names if len(name) > SHORT and name[0] == word[:1].lower())
    near = nearest_ones(word, names if slips else list(long)) or slips
    if near:
        return message, f"did you mean {either(name for name in names if name in near)}?"
    return message, f"one of: {', '.join(names)}"
