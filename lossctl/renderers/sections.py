"""What people are shown of a report, as tables of text; how they look is the format's affair."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from lossctl.base.wording import visible
from lossctl.renderers.excerpt import Excerpt
from lossctl.results.report import Report
from lossctl.results.samples import Samples


class Section(NamedTuple):
    """A titled table; `gap` is the row before which others were left out, and how many."""

    title: str
    header: list[str]
    rows: list[list[str]]
    gap: tuple[int, str] | None = None
    text_columns: Collection[str] = ()
    """The columns that hold words, not numbers."""
    turnable: bool = False
    styles: Mapping[str, str] = {}
    """How words of the last column look where there is colour."""

    def turned(self) -> Section:
        """Return the table with its columns as rows, for where it is too wide."""
        names, *lines = map(list, zip(self.header, *self.rows, strict=True))
        return self._replace(header=names, rows=lines, text_columns=names[:1])


def number(value: float | None, digits: int | None) -> str:
    """Return a number with so many significant digits, or all that it has, as a count has."""
    if value is None:
        return "-"
    return repr(value) if digits is None or isinstance(value, int) else f"{value:.{digits}g}"


def sections(report: Report, excerpt: Excerpt | None, digits: int | None) -> list[Section]:
    """Return the tables of a report: some samples, the worst ones, Loss(W)."""
    found = []
    if excerpt is not None:
        found.append(_excerpt(excerpt, digits))
    found += worst_samples(report, digits)
    found.append(_means(report, digits))
    return found


def worst_samples(report: Report, digits: int | None, of: str = "") -> list[Section]:
    """Return the table of the worst samples, if they were asked for."""
    if report.worst is None:
        return []
    title = f"Highest {next(iter(report.losses))}{of}"
    return [Section(title, *_samples(report.worst, digits), text_columns=["id"])]


def _samples(samples: Samples, digits: int | None) -> tuple[list[str], list[list[str]]]:
    columns = samples.columns()
    shown = [
        [_cell(value, digits) for value in values] if name != "row" else list(map(str, values))
        for name, values in columns.items()
    ]
    return list(columns), [list(cells) for cells in zip(*shown, strict=True)]


def _cell(value: float | str, digits: int | None) -> str:
    return visible(value) if isinstance(value, str) else number(value, digits)


def _excerpt(excerpt: Excerpt, digits: int | None) -> Section:
    header, rows = _samples(excerpt.first, digits)
    gap = None
    if excerpt.between:
        count = "1 row" if excerpt.between == 1 else f"{excerpt.between:,} rows"
        gap = len(rows), f"{count} {'more' if excerpt.last is None else 'between'}"
    if excerpt.last is not None:
        rows += _samples(excerpt.last, digits)[1]
    return Section("Per-sample loss", header, rows, gap, text_columns=["id"])


def _means(report: Report, digits: int | None) -> Section:
    header = ["loss", "n", "Loss(W)", "standard error", "min", "max"]
    if report.skipped:
        header.insert(2, "skipped")
    rows = [
        [
            loss.loss,
            str(loss.n),
            *([str(report.skipped)] if report.skipped else []),
            number(loss.mean, digits),
            number(loss.stderr, digits),
            number(loss.min, digits),
            number(loss.max, digits),
        ]
        for loss in report.losses.values()
    ]
    return Section("Loss(W)", header, rows, text_columns=["loss"], turnable=True)
