"""From the options of a command to the sinks its results go to."""

from __future__ import annotations

import os
from typing import NamedTuple

from lossctl import terminal
from lossctl.errors import UsageError
from lossctl.outputs import Write
from lossctl.renderers import FORMATS, ReportRenderer, View
from lossctl.renderers.excerpt import Excerpt
from lossctl.renderers.sections import number
from lossctl.renderers.sinks import ReportSink, RowSink, SelectedRowSink, Sink
from lossctl.report import Report
from lossctl.wording import choose, quoted

MOST_ROWS = 1000
"""Most rows a table for people shows, whatever was asked for."""
DEFAULT_ROWS = 20
DEFAULT_DIGITS = 6


class Choice(NamedTuple):
    """What was chosen: a format, a view of it, and where it goes."""

    format: str
    view: View
    rows: int | None
    """Rows to show; None: all."""
    worst: int
    quiet: bool
    output: str | None
    per_sample: str | None

    def sink(self, write: Write) -> Sink:
        """Return the sink of the main output."""
        if self.quiet:
            return ReportSink(_bare, 0, self.view, write)
        entry = FORMATS[self.format]
        if not entry.per_sample:
            render: ReportRenderer = entry.load()
            shown = MOST_ROWS if self.rows is None else min(self.rows, MOST_ROWS)
            return ReportSink(render, shown if entry.rounds else 0, self.view, write)
        if self.worst or self.rows is not None:
            return SelectedRowSink(entry.load(), self.rows or 0, write)
        return RowSink(entry.load(), write)

    def per_sample_sink(self, write: Write) -> Sink:
        """Return the sink of the file that takes all per-sample rows."""
        format_ = _format_of(self.per_sample or "") or "tsv"
        return RowSink(FORMATS[format_].load(), write)


def choose_renderer(
    *,
    format_: str | None,
    output: str | None,
    per_sample: str | None,
    quiet: bool,
    digits: str | None,
    rows: str | None,
    worst: int,
    no_color: bool,
) -> Choice:
    """Return what these options mean together; raise UsageError where they contradict."""
    if format_ is not None and format_ not in FORMATS:
        raise UsageError(*choose("format", format_, FORMATS))
    if quiet and format_ is not None:
        raise UsageError("-q prints bare numbers: it goes with no --format")
    chosen = format_ or (_format_of(output) if output else None) or "table"
    if per_sample is not None:
        kind = _format_of(per_sample)
        if kind is not None and not FORMATS[kind].per_sample:
            raise UsageError(
                f"--per-sample {quoted(per_sample)}: {kind} has no rows for each sample",
                "name a file that ends in .tsv, .csv or .jsonl",
            )
    if digits is not None and not quiet and not FORMATS[chosen].rounds:
        raise UsageError(f"--digits: {chosen} is for programs; its numbers are never rounded")
    if worst and rows is not None and FORMATS[chosen].per_sample:
        raise UsageError(f"--worst and --rows: each selects the rows of {chosen}, so choose one")
    return Choice(
        format=chosen,
        view=_view(chosen, output, quiet, digits, no_color),
        rows=_parse_rows(rows, None if FORMATS[chosen].per_sample else DEFAULT_ROWS),
        worst=worst,
        quiet=quiet,
        output=output,
        per_sample=per_sample,
    )


def _format_of(path: str) -> str | None:
    extension = os.path.splitext(path)[1].lower()
    return next((name for name, entry in FORMATS.items() if entry.extension == extension), None)


def _view(
    format_: str, output: str | None, quiet: bool, digits: str | None, no_color: bool
) -> View:
    on_terminal = output is None and terminal.is_terminal()
    default = DEFAULT_DIGITS if format_ == "md" or (on_terminal and not quiet) else None
    return View(
        digits=_parse_digits(digits, default),
        width=terminal.width() if on_terminal else None,
        color=output is None and terminal.wants_color(no_color),
        ascii=output is None and terminal.is_ascii(),
    )


def _parse_digits(text: str | None, default: int | None) -> int | None:
    if text is None or text == "full":
        return default if text is None else None
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 17:
        return int(text)
    raise UsageError(f"--digits {quoted(text)}: from 1 to 17, or full")


def _parse_rows(text: str | None, default: int | None) -> int | None:
    if text is None or text == "all":
        return default if text is None else None
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise UsageError(f"--rows {quoted(text)}: a number of rows, or all")


def _bare(report: Report, excerpt: Excerpt, view: View) -> str:
    return "".join(number(loss.mean, view.digits) + "\n" for loss in report.losses.values())
