"""A report, or per-sample losses, to text; one module a format, imported when it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from lossctl.base.registry import load

if TYPE_CHECKING:
    from lossctl.gate.verdicts import CheckResult
    from lossctl.renderers.excerpt import Excerpt
    from lossctl.results.report import Report
    from lossctl.results.samples import Samples


class View(NamedTuple):
    """How a person is to see it."""

    digits: int | None = None
    """Significant digits of a number; None: as many as tell it from every other float64."""
    width: int | None = None
    """Columns of the terminal; None: not a terminal, nothing is ever cut or folded."""
    color: bool = False
    ascii: bool = False


class ReportRenderer(Protocol):
    """Renders a whole report at its end."""

    def __call__(self, report: Report, excerpt: Excerpt | None, view: View) -> str:
        """Return the text."""


class VerdictRenderer(Protocol):
    """Renders what became of checks."""

    def __call__(self, results: Sequence[CheckResult], view: View) -> str:
        """Return the text."""


class RowRenderer(Protocol):
    """Renders per-sample losses as they come."""

    def head(self, columns: tuple[str, ...]) -> str:
        """Return what comes before the first row; the columns are row, perhaps id, and losses."""

    def rows(self, samples: Samples) -> str:
        """Return the lines of some rows."""


class Format(NamedTuple):
    """One entry of the table of output formats."""

    place: str
    extension: str
    per_sample: bool = False
    """The format is made of per-sample rows, streamed (a RowRenderer)."""
    rounds: bool = False
    """For people: numbers may be rounded with --digits."""
    summary: str = ""
    """What it is, for the documentation."""

    def load(self) -> Any:
        """Import the renderer: a RowRenderer where `per_sample` holds, else one of a whole."""
        return load(self.place)


_PER_SAMPLE = (
    "the per-sample rows, streamed: `row` from 1, the id if there is one, then a column a loss; in "
    "tsv and csv an id that a spreadsheet would take for a formula has a `'` before it"
)
FORMATS: dict[str, Format] = {
    "table": Format(
        "lossctl.renderers.table:render",
        ".txt",
        rounds=True,
        summary="tables for people: some samples, then Loss(W) with its standard error",
    ),
    "tsv": Format(
        "lossctl.renderers.rows.delimited:TSV", ".tsv", per_sample=True, summary=_PER_SAMPLE
    ),
    "csv": Format(
        "lossctl.renderers.rows.delimited:CSV", ".csv", per_sample=True, summary=_PER_SAMPLE
    ),
    "json": Format(
        "lossctl.renderers.json:render",
        ".json",
        summary="one report object with a versioned schema",
    ),
    "jsonl": Format(
        "lossctl.renderers.rows.jsonl:JSONL", ".jsonl", per_sample=True, summary=_PER_SAMPLE
    ),
    "md": Format(
        "lossctl.renderers.markdown:render",
        ".md",
        rounds=True,
        summary="Markdown for pull requests",
    ),
}
"""Those of `lossctl eval`."""

VERDICT_FORMATS: dict[str, Format] = {
    name: FORMATS[name]._replace(place=f"lossctl.renderers.verdicts:{function}")
    for name, function in (("table", "table"), ("json", "as_json"), ("md", "markdown"))
}
"""Those of `lossctl check`, a VerdictRenderer each."""
