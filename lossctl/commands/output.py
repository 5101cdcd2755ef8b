"""From the options of a command to the sinks its results go to."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, either, quoted
from lossctl.commands.flags.display import WHEN
from lossctl.commands.flags.report import ReportFlags
from lossctl.commands.sinks import NumberSink, ReportSink, RowSink, SelectedRowSink, Sink
from lossctl.outputs import terminal
from lossctl.outputs.files import STDOUT, Write, shown_at_once
from lossctl.outputs.terminal import AUTO, NEVER
from lossctl.renderers import DRAWN, FORMATS, ROW_FORMATS, ROWS, Format, View

if TYPE_CHECKING:
    from lossctl.commands.flags.verdicts import VerdictFlags

MOST_ROWS = 1000
"""No more rows are kept to be shown at the end, whatever the format."""
MOST_DIGITS = 17
"""So many significant digits tell a float64 from every other."""
DEFAULT_ROWS = 10
DEFAULT_WORST = 3
DEFAULT_DIGITS = 6


class Choice(NamedTuple):
    """What was chosen: a format, a view of it, and where it goes."""

    format: str
    view: View
    rows: int | None
    """So many rows are shown; None: all."""
    worst: int
    """So many of the worst samples are shown"""
    worst_asked: bool
    """as was asked for; else only where others are left out, too."""
    quiet: bool
    output: str | None
    per_sample: str | None

    def sink(self, columns: tuple[str, ...], details: tuple[str, ...], write: Write) -> Sink:
        """Return the sink of the main output; `details` are columns of the worst samples alone."""
        if self.quiet:
            return NumberSink(self.view.digits, write)
        entry = FORMATS[self.format]
        if entry.kind != ROWS:
            shown = MOST_ROWS if self.rows is None else self.rows
            shown = shown if entry.kind == DRAWN else 0
            return ReportSink(entry, shown, self.worst_asked, self.view, write)
        if self.worst:
            return SelectedRowSink(entry.load(), (*columns, *details), 0, write)
        if self.rows is not None:
            return SelectedRowSink(entry.load(), columns, self.rows, write)
        return RowSink(entry.load(), columns, write)

    @property
    def explains(self) -> bool:
        """Whether each loss is said to be what it is where people look; -q asks for no word."""
        return self.quiet or FORMATS[self.format].kind == DRAWN

    def shows_rows(self) -> bool:
        """Return whether rows may go to a terminal while they are evaluated."""
        main = [self.output] if self.format in ROW_FORMATS else []
        also = [] if self.per_sample is None else [self.per_sample]
        return any(map(shown_at_once, [*main, *also]))


def choice_of(flags: ReportFlags) -> Choice:
    """Return what these options mean together; raise UsageError where they contradict."""
    choose_color(flags)
    if flags.quiet:
        flags = _without_report(flags)
    output, quiet, asked = file_of(flags.output), flags.quiet, flags.worst is not None
    format_ = choose_format(flags.format, None if quiet else output)
    kind = FORMATS[format_].kind
    require_per_sample(flags.per_sample)
    if flags.rows is not None and kind not in (DRAWN, ROWS):
        raise UsageError(f"--rows: {format_} has no per-sample rows")
    default_rows = None if kind == ROWS else DEFAULT_ROWS
    worst = (flags.worst or 0) if asked or kind != DRAWN or quiet else DEFAULT_WORST
    rows = _count("--rows", flags.rows, "all", range(MOST_ROWS + 1), default_rows)
    if worst and kind == ROWS and flags.rows is not None:
        if rows != 0:
            raise UsageError(
                f"--worst and --rows: each selects the rows of {format_}, so choose one"
            )
        rows = None  # the worst ones alone, as in a table
    return Choice(
        format=format_,
        view=choose_view(format_, output, flags.digits, quiet),
        rows=rows,
        worst=worst,
        worst_asked=asked,
        quiet=quiet,
        output=output,
        per_sample=flags.per_sample,
    )


def _without_report(flags: ReportFlags) -> ReportFlags:
    """Return the options of bare numbers: what is said of the report that -q leaves out is void.

    UsageError is raised where a file is to hold both.
    """
    if flags.format is not None and flags.output is not None:
        raise UsageError(
            f"-q asks for bare numbers in {quoted(flags.output)}, and --format for a report",
            "leave out one of the two",
        )
    choose_format(flags.format, None)
    return flags._replace(format=None, rows=None, worst=None)


def choose_color(flags: "ReportFlags | VerdictFlags") -> None:
    """Have all output be coloured as these options say; raise UsageError where they contradict."""
    when = NEVER if flags.no_color else AUTO if flags.color is None else flags.color
    if when not in WHEN:
        raise UsageError(f"--color {quoted(when)}: one of {', '.join(WHEN)}")
    if flags.no_color and flags.color not in (None, NEVER):
        raise UsageError("--color and --no-color: choose one")
    terminal.use_color(when)


def file_of(output: str | None) -> str | None:
    """Return the file that --output names; None for stdout, which - names, too.

    Raises UsageError for the name of a format.
    """
    if output in FORMATS:
        raise UsageError(
            f"--output {quoted(output)} would be a file of this name",
            f"did you mean --format {output}? For a file called so pass --output ./{output}",
        )
    return None if output == STDOUT else output


def choose_format(
    format_: str | None, output: str | None, formats: Mapping[str, Format] = FORMATS
) -> str:
    """Return the format that is named, or that the output's extension names, or table."""
    if format_ is not None and format_ not in formats:
        raise UsageError(*choose("format", format_, formats))
    if format_ is None:
        return _format_of(output, "--output", formats) or "table"
    extension = os.path.splitext(output or "")[1].lower()
    named = next((name for name, entry in FORMATS.items() if entry.extension == extension), None)
    if named and FORMATS[format_].kind == DRAWN and FORMATS[named].kind != DRAWN:
        raise UsageError(
            f"--format {format_} is for people, and {quoted(output or '')} is called as {named} is",
            f"leave --format out for {named}, or name a file that ends in "
            f"{FORMATS[format_].extension}",
        )
    return format_


_OF_PANDAS = {".parquet": "to_parquet", ".feather": "to_feather", ".arrow": "to_feather"}
"""Files with these extensions are written by these methods of a data frame."""


def _format_of(
    path: str | None, option: str = "", formats: Mapping[str, Format] = FORMATS
) -> str | None:
    """Return the format that a file's extension names, if it has one; raise for an unknown one."""
    extension = os.path.splitext(path or "")[1].lower()
    for name, entry in formats.items():
        if entry.extension == extension:
            return name
    if extension:
        known = either(entry.extension for entry in formats.values())
        raise UsageError(
            f"{option} {quoted(path or '')}: none of its formats has this extension",
            f"name a file that ends in {known}{_conversion(path or '', extension, formats)}",
        )
    return None


def _conversion(path: str, extension: str, formats: Mapping[str, Format]) -> str:
    """Return how pandas makes a file of columns of one that can be written, behind that name."""
    method = _OF_PANDAS.get(extension)
    if method is None or ".csv" not in [entry.extension for entry in formats.values()]:
        return ""
    written = f"{os.path.splitext(path)[0]}.csv"
    return f"; then pandas.read_csv({written!r}).{method}({path!r}) converts it"


def require_per_sample(path: str | None) -> None:
    """Raise UsageError for a file that cannot take per-sample rows."""
    if path is not None:
        _per_sample_format(path)


def per_sample_sink(path: str, columns: tuple[str, ...], write: Write) -> Sink:
    """Return the sink of a file that takes all per-sample rows; raise UsageError for its name."""
    return RowSink(_per_sample_format(path).load(), columns, write)


def _per_sample_format(path: str) -> Format:
    """Return the format of a file of per-sample rows; raise UsageError for one without rows."""
    return ROW_FORMATS[_format_of(path, "--per-sample", ROW_FORMATS) or "tsv"]


def choose_view(format_: str, output: str | None, digits: str | None, quiet: bool = False) -> View:
    """Return how a person is to see a format; raise UsageError for digits that it cannot have."""
    if digits is not None and not quiet and FORMATS[format_].kind != DRAWN:
        raise UsageError(f"--digits: {format_} is for programs; its numbers are never rounded")
    default = None if quiet else DEFAULT_DIGITS
    return View(
        digits=_count("--digits", digits, "full", range(1, MOST_DIGITS + 1), default),
        width=terminal.width(sys.stdout) if output is None else None,
        color=output is None and terminal.wants_color(sys.stdout),
        ascii=output is None and terminal.is_ascii(sys.stdout),
    )


def _count(
    option: str, text: str | None, word: str, allowed: range, default: int | None
) -> int | None:
    """Return the number an option gives, None for the word it takes instead of one."""
    if text is None or text == word:
        return default if text is None else None
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) in allowed:
        return int(text)
    raise UsageError(
        f"{option} {quoted(text)}: a number from {allowed[0]} to {allowed[-1]}, or {word}"
    )
