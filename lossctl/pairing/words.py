"""Words in the names of columns, and what they say of these."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W_A-Za-z]+"
OF_PREDICTIONS = frozenset(
    ["p", "pr", "prob", "probs", "proba", "probability", "pred", "prediction", "score", "logit"]
)
"""Words that say of a column that it has predictions."""
OF_LABELS = frozenset(["y", "is", "has", "label", "target", "true", "class"])
"""Words that say of a column that it has labels."""
OF_TARGETS = frozenset(["true", "truth", "actual", "actuals", "target", "targets", "observed"])
PREDICTED = frozenset(["pred", "preds", "predicted", "prediction", "predictions", "yhat"])
"""Words that say of a column that it has targets alone, and that it has predictions alone."""
_BESIDE = (
    "pred preds predict predicted prediction predictions label labels target targets "
    "truth true actual actuals y yhat gold ground observed expected outcome response "
    "class category argmax weight weights sample fold folds split cv timestamp time date "
    "datetime row rownum rowid idx epoch iter iteration batch kfold seed rank loss "
    "logloss entropy"
)
NO_CLASS = frozenset(_BESIDE.split())
"""A name all of whose words are among these is beside probabilities, and the name of none."""
_OF_SAMPLES = (
    "id idx index key uuid uid guid hash sample record utterance utt doc document file filename "
    "filepath fname path url uri subject participant patient image img picture photo audio wav "
    "video clip"
)
OF_SAMPLES = frozenset(_OF_SAMPLES.split())
"""What names end with that say which sample a row is of; behind it may stand name."""
_OF_RANKS = (
    "rank ranks ranking ranked rnk rk ordinal argsort order position pos place standing "
    "priority percentile pct quantile decile nth"
)
OF_RANKS = frozenset(_OF_RANKS.split())
"""Words that say of a column that it has the places of the rows in some order of their own."""
PREDICTED_LABELS = {"label", "class", "pred", "predicted", "prediction"}
"""Words of the names of columns that hold labels that were predicted."""
OPPOSITES = {"yes": "no", "y": "n", "true": "false", "positive": "negative", "pos": "neg"}
"""What an event is called that came about, and what it is called that did not."""
NEGATIVE = {*OPPOSITES.values()} - {"n"}
"""What a label of two is called that means that an event did not come about."""
FEW = 3
"""Fewer values may be anything."""
SHOWN = 5
"""So many names a message shows."""


def called_by(names: Iterable[str], own: Collection[str], others: Collection[str]) -> list[str]:
    """Return the names with a word of the one kind, and none of the other."""
    said = ((name, {*words_of(name)}) for name in names)
    return [name for name, words in said if words & {*own} and not words & {*others}]


def words_of(text: str) -> list[str]:
    """Return the words of a name, parted where letters and digits or cases meet; in lower case."""
    return [word.lower() for word in re.findall(_WORD, text)]
