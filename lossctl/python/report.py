"""The report as Python shows it: tables in print and in a notebook, and only what was asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, NoReturn

from lossctl.base.wording import folded, visible
from lossctl.outputs import terminal
from lossctl.renderers import View
from lossctl.renderers.report import ReportShown
from lossctl.renderers.sections import Note, Page, Section
from lossctl.results import report as results
from lossctl.results.samples import SHOWN, Samples

DIGITS = 6
WIDTH = 80
"""So wide is what is printed where nobody says how wide the screen is."""


_NOT_KEPT = {
    "samples": "the losses of the samples were not kept: pass samples=True",
    "worst": "the worst samples were not kept: pass worst=3 for three of them",
}
"""What is said of samples that nobody asked for."""
_OF_A_REPORT, _OF_A_LOSS = (
    {field.name for field in fields(kind)} for kind in (results.Report, results.LossResult)
)


def in_python(report: results.Report) -> Report:
    """Return a report that shows itself."""
    return Report(**{field.name: getattr(report, field.name) for field in fields(report)})


class Report(results.Report):
    """The outcome of one evaluation. Printed, it is the table of the command line."""

    __module__ = "lossctl"
    __slots__ = ()
    __iter__ = None
    """`losses` and `samples` are what there are several of."""

    def __getitem__(self, loss: str) -> results.LossResult:
        """Return the result of a loss; KeyError says which there are."""
        return self.losses[loss]

    if not TYPE_CHECKING:  # to which no other attribute is known

        def __getattr__(self, name: str) -> NoReturn:
            """Say what was not kept, or where else it is; asked for all that raises there, too."""
            raise AttributeError(self._said_of(name))

    def _said_of(self, name: str) -> str:
        if name in _NOT_KEPT:
            return _NOT_KEPT[name]
        said = f"'Report' object has no attribute {name!r}"
        if name in _OF_A_REPORT:  # one that is not filled yet
            return said
        if name in self.losses:
            return f'{said}: a loss is taken by its name, report["{name}"]'
        if name in _OF_A_LOSS:
            return f'{said}, but each loss has: report["{next(iter(self.losses))}"].{name}'
        return said

    def __dir__(self) -> list[str]:
        """Name what is there: `samples` and `worst`, not where they are kept."""
        return [name for name in super().__dir__() if not name.startswith("kept_")]

    @property
    def samples(self) -> Samples:
        """The losses of all samples; AttributeError unless `samples=True` asked for them."""
        if self.kept_samples is None:
            raise AttributeError(_NOT_KEPT["samples"])
        return self.kept_samples

    @property
    def worst(self) -> Samples:
        """The samples with the highest first loss; AttributeError unless `worst=3` asked for 3."""
        if self.kept_worst is None:
            raise AttributeError(_NOT_KEPT["worst"])
        return self.kept_worst

    def __str__(self) -> str:
        from lossctl.renderers.table import draw  # which imports rich

        width = terminal.width(sys.stdout) or WIDTH
        view = View(DIGITS, width, ascii=terminal.is_ascii(sys.stdout))
        page = self._page()
        told = [line for note in page.notes for line in folded(": ".join(note), width)]
        return "\n".join([draw(page, view).rstrip("\n"), *told])

    def _repr_html_(self) -> str:
        """Return what a notebook shows: the same tables, notes and warnings."""
        from lossctl.renderers.html import draw

        return draw(self._page(), View(DIGITS))

    def _page(self) -> Page:
        """Return what is shown: the worst samples, if they were kept, Loss(W), and the warnings."""
        *worst, means = ReportShown(self).page(DIGITS).sections
        warnings = [Note("warning", visible(one.message)) for one in self.warnings]
        return Page([*self._indexed(worst), means], warnings)

    def _indexed(self, sections: list[Section]) -> Iterator[Section]:
        """Yield the table of the worst samples, these called as they are in `to_frame()`."""
        for section in sections:
            labels, id_column = self.worst.labels[:SHOWN], self.worst.as_given.id_column
            name = visible(str(getattr(labels, "name", None) or "index"))
            rows = [
                [visible(str(label)), *cells[1:]]
                for label, cells in zip(labels.tolist(), section.rows[:SHOWN], strict=True)
            ]
            title, gap = section.title, None
            if len(self.worst) > SHOWN:
                title, gap = f"{title}, {SHOWN} of {len(self.worst)} rows", SHOWN
            called = {"id": visible(id_column or "")} if "id" in self.worst.beside else {}
            header = [name, *(called.get(one, one) for one in section.header[1:])]
            words = [called.get(one, one) for one in section.text_columns]
            shown = Section(title, header, rows, gap, words, importance=section.importance)
            yield shown.columns([i for i, one in enumerate(header) if one])
