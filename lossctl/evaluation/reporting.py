"""From what was evaluated to the report: results, their signatures, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import isfinite

from lossctl.base.errors import DataError
from lossctl.base.warnings import Caution
from lossctl.base.wording import visible
from lossctl.evaluation.final import Evaluated
from lossctl.evaluation.options import Options
from lossctl.evaluation.task import Task
from lossctl.evaluation.warnings import warnings_of
from lossctl.losses.loss import NUMBERS, BoundLoss
from lossctl.results.losses import Losses
from lossctl.results.report import LossResult, Report, ReportWarning
from lossctl.results.signature import signature
from lossctl.tables.table import PRESENT


def report_of(
    evaluated: Evaluated,
    options: Options,
    paths: tuple[str | None, str | None],
    warnings: Iterable[Caution],
) -> Report:
    """Return the report; `warnings` are those of the tables, which are told before all others."""
    task, summary, unpaired, repeated, hashes = evaluated
    negative, positive = task.columns.of_event or (None, None)
    told = list(chain(warnings, warnings_of(evaluated)))
    return Report(
        n=summary.n,
        k=task.width,
        predictions=paths[0],
        targets=paths[1],
        losses=Losses({name: _result(name, evaluated, options, told) for name in summary.losses}),
        at_guard={
            name: summary.losses[name].at_guard
            for name, loss in task.losses.items()
            if loss.formula.guard is not None
        },
        warnings=tuple(_warning(warning) for warning in told if warning.about is None),
        kept_worst=summary.worst,
        skipped=summary.skipped,
        unpaired=unpaired,
        repeated=repeated,
        hashes=hashes,
        id_column=options.id,
        components=task.columns.names or (),
        pos_label=positive,
        neg_label=negative or None,
    )


def _warning(warning: Caution) -> ReportWarning:
    return ReportWarning(
        warning.code,
        warning.message,
        warning.count,
        asked_for=warning.asked_for,
        unlikely=warning.unlikely,
    )


def _result(
    name: str, evaluated: Evaluated, options: Options, told: Iterable[Caution]
) -> LossResult:
    """Return what is known of a loss; `told` are all cautions, of which some are about it."""
    loss, width = evaluated.task.losses[name], evaluated.task.width
    formula = loss.formula
    summary = evaluated.summary.losses[name]
    moments = summary.moments
    mean, error = loss.of_all(moments.mean(), moments.standard_error(), width)
    if not isfinite(mean):
        raise DataError(f"{name}, a function of the mean, is beyond float64: {mean}")
    return LossResult(
        loss=name,
        mean=mean,
        total=moments.sum(),
        n=evaluated.summary.n,
        std=moments.standard_deviation(),
        stderr=error,
        min=summary.minimum,
        max=summary.maximum,
        signature=signature(name, _facts(loss, evaluated, options)),
        formula=formula.text,
        explanation=formula.explained(
            width,
            mean,
            summary.at_guard if formula.guard else 0,
            _names_said(evaluated.task),
        ),
        is_other=formula.is_other(width),
        peer=formula.number_of_peer(width, mean),
        notes=tuple(one.message for one in told if one.about == name),
    )


def _names_said(task: Task) -> Sequence[str]:
    """Return what components are called: several, or one that is the probability of a label."""
    if task.width > 1:
        return task.columns.names or ()
    return (task.columns.of_event or ())[1:]


def _facts(loss: BoundLoss, evaluated: Evaluated, options: Options) -> dict[str, object]:
    """Return what the signature says of a loss, in its order."""
    task, summary, unpaired, repeated, _ = evaluated
    facts: dict[str, object] = {}
    guard = loss.formula.guard
    if loss.scale != NUMBERS:
        facts["from"] = loss.scale
    facts |= {
        "eps": guard.eps if guard else "none",
        "reduction": "sum-components,mean-samples",
        "n": summary.n,
        "k": task.width,
        "targets": task.targets_are,
        "paired": options.paired_by,
    }
    facts |= loss.values
    if options.pos_label is not None:
        facts["positive"] = _inside(options.pos_label)
    if options.columns == "position":
        facts["columns"] = "position"
    if options.missing == PRESENT:
        facts["missing"] = f"present({unpaired[0]},{unpaired[1]})"
    if options.missing_shards == PRESENT:
        facts["missing-shards"] = PRESENT
    if options.repeated_ids is not None:
        facts["repeated-ids"] = f"{options.repeated_ids}({repeated[0]},{repeated[1]})"
    if options.nan == "skip":
        facts["nan"] = f"skip({summary.skipped})"
    if options.ignore_label is not None:
        facts["ignored"] = f"{_inside(options.ignore_label)}({summary.skipped})"
    return facts


def _inside(label: object) -> str:
    """Return a label as it stands in a signature, where | and ( have a meaning."""
    return visible(str(label)).replace("|", "\\x7c").replace("(", "\\x28")
