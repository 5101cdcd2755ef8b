"""What is shown of a report: some samples, the worst ones, Loss(W)."""

from __future__ import annotations

from typing import Any, NamedTuple

from lossctl.base.wording import visible
from lossctl.renderers.excerpt import Excerpt
from lossctl.renderers.sections import MAIN, WORST, Page, Section, number
from lossctl.results.report import LossResult, Report
from lossctl.results.samples import Samples


class ReportShown(NamedTuple):
    """A report, with an excerpt of its samples where rows are wanted."""

    report: Report
    excerpt: Excerpt | None = None

    def page(self, digits: int | None) -> Page:
        """Return its tables; on a terminal Loss(W) comes last."""
        sections = [] if self.excerpt is None else [_excerpt(self.excerpt, digits)]
        sections += worst_samples(self.report, digits)
        return Page([*sections, _means(self.report, digits)])

    def document(self) -> dict[str, Any]:
        """Return it in the published schema."""
        return self.report.to_dict()


def worst_samples(report: Report, digits: int | None, of: str = "") -> list[Section]:
    """Return the table of the worst samples, if they were asked for."""
    if report.worst is None:
        return []
    title = f"Highest {next(iter(report.losses))}{of}"
    return [_section(title, report.worst, digits)._replace(importance=WORST)]


def _excerpt(excerpt: Excerpt, digits: int | None) -> Section:
    section = _section("Per-sample loss", excerpt.first, digits)
    rows, gap = section.rows, None
    if excerpt.between:
        count = "1 row" if excerpt.between == 1 else f"{excerpt.between:,} rows"
        gap = len(rows), f"{count} {'more' if excerpt.last is None else 'between'}"
    if excerpt.last is not None:
        rows = rows + _rows(excerpt.last, digits)
    return section._replace(rows=rows, gap=gap)


def _section(title: str, samples: Samples, digits: int | None) -> Section:
    rows = _rows(samples, digits)
    return Section(title, samples.names, rows, text_columns=list(samples.beside))


def _rows(samples: Samples, digits: int | None) -> list[list[str]]:
    texts = samples.beside.values()
    numbers = samples.losses.values()
    cells = [
        map(str, samples.rows.tolist()),
        *((visible(text.decode()) for text in column.tolist()) for column in texts),
        *((number(value, digits) for value in column.tolist()) for column in numbers),
    ]
    return [list(row) for row in zip(*cells, strict=True)]


def _means(report: Report, digits: int | None) -> Section:
    header = ["loss", "n", "Loss(W)", "standard error", "min", "max"]
    if report.skipped:
        header.insert(2, "skipped")
    rows = [_mean(loss, report.skipped, digits) for loss in report.losses.values()]
    return Section("Loss(W)", header, rows, text_columns=["loss"], turnable=True, importance=MAIN)


def _mean(loss: LossResult, skipped: int, digits: int | None) -> list[str]:
    counts = [str(loss.n), *([str(skipped)] if skipped else [])]
    numbers = (loss.mean, loss.stderr, loss.min, loss.max)
    return [loss.loss, *counts, *(number(value, digits) for value in numbers)]
