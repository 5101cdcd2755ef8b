"""Where an evaluation's samples and its report go: each sink feeds one renderer to one output."""

from __future__ import annotations

from typing import Protocol

from lossctl.outputs.files import Write
from lossctl.renderers import Format, RowRenderer, View
from lossctl.renderers.excerpt import Excerpter
from lossctl.renderers.report import ReportShown
from lossctl.renderers.sections import number
from lossctl.results.report import Report
from lossctl.results.samples import Samples


class Sink(Protocol):
    """Takes what an evaluation yields, in its order."""

    def add(self, samples: Samples) -> None:
        """Take the next samples."""

    def finish(self, report: Report) -> None:
        """Take the report."""


class ReportSink:
    """A report with an excerpt of `rows` samples, written at the end."""

    def __init__(self, format_: Format, rows: int, worst: bool, view: View, write: Write) -> None:
        """Without `worst` the worst samples are shown where the excerpt leaves samples out."""
        format_.load()  # what is not installed is told before anything is evaluated
        self._worst = worst
        self._format, self._view, self._write = format_, view, write
        self._excerpter = Excerpter(rows)

    def add(self, samples: Samples) -> None:
        """Keep what the excerpt shows."""
        self._excerpter.add(samples)

    def finish(self, report: Report) -> None:
        """Write the report."""
        excerpt = self._excerpter.excerpt()
        worst = self._worst or (excerpt is not None and excerpt.between > 0)
        shown = ReportShown(report, excerpt, worst)
        self._write(self._format.render(shown, self._view))


class NumberSink:
    """The bare Loss(W), a line a loss, written at the end."""

    def __init__(self, digits: int | None, write: Write) -> None:
        self._digits, self._write = digits, write

    def add(self, samples: Samples) -> None:
        """No sample is shown."""

    def finish(self, report: Report) -> None:
        """Write the numbers."""
        means = [number(loss.mean, self._digits) + "\n" for loss in report.losses.values()]
        self._write("".join(means))


class RowSink:
    """Per-sample rows below a header, written as they come."""

    def __init__(self, renderer: RowRenderer, columns: tuple[str, ...], write: Write) -> None:
        self._renderer, self._write = renderer, write
        write(renderer.head(columns))

    def add(self, samples: Samples) -> None:
        """Write some rows."""
        self._write(self._renderer.rows(samples))

    def finish(self, report: Report) -> None:
        """All rows are written."""


class SelectedRowSink(RowSink):
    """Some per-sample rows, written at the end: the worst ones, or the first and the last."""

    def __init__(
        self, renderer: RowRenderer, columns: tuple[str, ...], rows: int, write: Write
    ) -> None:
        super().__init__(renderer, columns, write)
        self._excerpter = Excerpter(rows)

    def add(self, samples: Samples) -> None:
        """Keep what will be shown."""
        self._excerpter.add(samples)

    def finish(self, report: Report) -> None:
        """Write the rows."""
        excerpt = self._excerpter.excerpt()
        parts = [report.kept_worst] if excerpt is None else [excerpt.first, excerpt.last]
        for samples in parts:
            if samples is not None:
                super().add(samples)
