"""`lossctl check --init`: a configuration for the files that are there."""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from decimal import ROUND_CEILING, Decimal
from itertools import islice
from typing import NamedTuple

from lossctl.base.errors import LossctlError, UsageError
from lossctl.base.wording import counted, listed, quoted
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation
from lossctl.gate.configuration import FILE, present
from lossctl.outputs.files import open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.results.report import LossResult, Report
from lossctl.tables.series import without_extensions
from lossctl.tables.warnings import NoFinalNewline

_PREDICTIONS = re.compile("pred|prob|y_?hat|forecast", re.IGNORECASE)
"""The name of a file that has predictions matches this."""
_TARGETS = re.compile("target|label|truth|true|actual|gold", re.IGNORECASE)
"""The name of a file that has targets matches this."""
_NO_TEXT = re.compile("[\ud800-\udfff]")
"""These stand for bytes of a name that are not UTF-8, which TOML cannot hold."""
_OF_PROGRAMS = {"node_modules", "site-packages", "venv"}
"""These folders hold programs, and are not searched."""
_DEEPEST = 3
"""Folders are searched no deeper than this."""
_MOST = 20
"""No more checks than this are written, as each is evaluated once."""

_HEAD = """\
# What `lossctl check` asks of the predictions in this project. A check takes inputs and limits
# under the names of their options (`lossctl check --help`). Paths are relative to this file. An
# option on the command line beats what is said here.

[defaults]
# Of all checks that do not say otherwise:
# baseline = "lossctl-baseline.json"  # `lossctl check --update-baseline` writes it: commit it
# max-increase = "1%"                 # how far above the baseline is still well
# junit = "lossctl.xml"               # for CI servers
"""
_CHECK = """
[[check]]
name = {name}
predictions = {predictions}
targets = {targets}
loss = "{loss}"
max-loss = {limit}  # Loss(W) is {mean!r} today: choose what you can live with
min-rows = {n}
"""
_EXAMPLE = """
# [[check]]
# name = "digits"
# predictions = "preds.csv"
# targets = "targets.csv"
# loss = "ce"
# max-loss = 0.35
"""


class _Pair(NamedTuple):
    """Predictions, targets that fit, and today's result of them."""

    predictions: str
    targets: str
    result: LossResult


def write_configuration() -> None:
    """Write lossctl.toml; raise UsageError if this folder has checks already."""
    for path in present():
        raise UsageError(f"{path}: is there already, and stays as it is")
    candidates = dict(islice(_candidates(), _MOST))
    pairs = [pair for pair in candidates.values() if pair is not None]
    with open_output(FILE) as write:
        write(_HEAD + ("".join(_checks(pairs)) or _EXAMPLE))
    tell(NOTE, f"{FILE}: written, with {counted(len(pairs), 'check')}")
    if passed_over := [quoted(path) for path, pair in candidates.items() if pair is None]:
        tell(NOTE, f"no targets beside them fit: {listed(passed_over, 5)}")
    hint = "now choose the limits, then: lossctl check"
    tell(HINT, hint if pairs else "no predictions were found: fill in the example")


def _candidates() -> Iterator[tuple[str, _Pair | None]]:
    """Yield the predictions below this folder, and the first targets beside them that fit."""
    for folder, folders, files in os.walk("."):
        deep = os.path.normpath(folder).count(os.sep) + 1 >= _DEEPEST
        folders[:] = [] if deep else sorted(n for n in folders if _may_hold_tables(n))
        tables = sorted(name for name in files if _may_be_table(name))
        predictions = [name for name in tables if _PREDICTIONS.search(name)]
        targets = [n for n in tables if _TARGETS.search(n) and n not in predictions]
        for name in predictions:
            path = os.path.normpath(os.path.join(folder, name))
            yield path, next(_evaluated(path, targets), None)


def _may_hold_tables(folder: str) -> bool:
    hidden = folder.startswith((".", "_"))
    return not hidden and folder not in _OF_PROGRAMS and not _NO_TEXT.search(folder)


def _may_be_table(file: str) -> bool:
    return without_extensions(file) != file and not _NO_TEXT.search(file)


def _evaluated(predictions: str, others: list[str]) -> Iterator[_Pair]:
    """Yield what can be evaluated: cross-entropy where the numbers are probabilities."""
    for other in others:
        targets = os.path.join(os.path.dirname(predictions), other)
        for loss in ("ce", "bce", "mse"):
            with suppress(LossctlError):
                report = _report(predictions, targets, loss)
                codes = {warning.code for warning in report.warnings}
                if (loss != "bce" or report.k == 1) and NoFinalNewline.code not in codes:
                    yield _Pair(predictions, targets, report.losses[loss])


def _report(predictions: str, targets: str, loss: str) -> Report:
    evaluation = Evaluation(predictions, targets, Options(loss))
    deque(evaluation.samples(), maxlen=0)
    return evaluation.report()


def _checks(pairs: list[_Pair]) -> Iterator[str]:
    names: set[str] = set()
    for predictions, targets, result in pairs:
        bare = without_extensions(predictions)
        name = predictions if bare in names else bare
        names.add(name)
        yield _CHECK.format(
            name=_string(name),
            predictions=_string(predictions),
            targets=_string(targets),
            loss=result.loss,
            limit=f"{_somewhat_above(result.mean):f}",
            mean=result.mean,
            n=result.n,
        )


def _somewhat_above(mean: float) -> Decimal:
    """Return a limit of two digits that is a tenth above, and not below 0."""
    limit = max(Decimal(repr(mean)) * Decimal("1.1"), Decimal(0))
    return limit.quantize(Decimal(1).scaleb(limit.adjusted() - 1), ROUND_CEILING).normalize()


def _string(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
