"""Results to text: per-sample rows, pages for people, documents for programs.

A kind of result says what is shown of it, as a page of neutral tables and as a document
(`Showable`: `report.py`, `verdicts.py`); a format draws any page, or writes any document. Formats
are imported when they are used.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from lossctl.base.registry import load

if TYPE_CHECKING:
    from lossctl.renderers.sections import Page
    from lossctl.results.samples import Samples


class View(NamedTuple):
    """How a person is to see it."""

    digits: int | None = None
    """A number has so many significant digits; None: all that tell it from every other float64."""
    width: int | None = None
    """The terminal has so many columns; None: it is no terminal, and nothing is cut or folded."""
    color: bool = False
    ascii: bool = False


class Showable(Protocol):
    """What is shown of a kind of result."""

    def page(self, digits: int | None) -> "Page":
        """Return what people are shown, numbers with so many significant digits."""

    def document(self) -> dict[str, Any]:
        """Return what programs are given, numbers in full."""


class PageRenderer(Protocol):
    """Draws any page; a format of the kind DRAWN names one."""

    def __call__(self, page: "Page", view: View) -> str:
        """Return the text."""


class DocumentRenderer(Protocol):
    """Writes any document; a format of the kind DOCUMENT names one."""

    def __call__(self, document: dict[str, Any]) -> str:
        """Return the text."""


class RowRenderer(Protocol):
    """Writes per-sample losses as they come; a format of the kind ROWS names one."""

    def head(self, columns: tuple[str, ...]) -> str:
        """Return what comes before the first row: row, columns beside the losses, and losses."""

    def rows(self, samples: "Samples") -> str:
        """Return the lines of some rows."""


ROWS, DRAWN, DOCUMENT = "rows", "drawn", "document"
"""A format is of one of these kinds: it streams per-sample rows, or it draws pages for people (only
these take --digits), or it writes documents for programs."""


class Format(NamedTuple):
    """One entry of the table of output formats."""

    place: str
    extension: str
    kind: str
    """It is ROWS, DRAWN or DOCUMENT, which says what stands at the place."""
    summary: str
    """The documentation says this of it."""
    extra: str | None = None
    """This extra of lossctl installs what it takes."""

    def load(self) -> Any:
        """Import the renderer; raise ResourceError where what it takes is not installed."""
        return load(self.place, self.extra, f"writing {self.extension}")

    def render(self, result: Showable, view: View) -> str:
        """Return a whole result as text."""
        if self.kind == DOCUMENT:
            document: DocumentRenderer = self.load()
            return document(result.document())
        draw: PageRenderer = self.load()
        return draw(result.page(view.digits), view)


_PER_SAMPLE = (
    "the per-sample rows, streamed: `row` from 1, the id if there is one, then a column per loss; "
    "in tsv and csv an id that a spreadsheet would take for a formula has a `'` before it"
)
FORMATS: dict[str, Format] = {
    "table": Format(
        "lossctl.renderers.table:draw",
        ".txt",
        DRAWN,
        "tables for people: some samples, then Loss(W) with its standard error",
    ),
    "tsv": Format("lossctl.renderers.rows.delimited:TSV", ".tsv", ROWS, _PER_SAMPLE),
    "csv": Format("lossctl.renderers.rows.delimited:CSV", ".csv", ROWS, _PER_SAMPLE),
    "json": Format(
        "lossctl.renderers.json:render",
        ".json",
        DOCUMENT,
        "one report object with a versioned schema",
    ),
    "jsonl": Format("lossctl.renderers.rows.jsonl:JSONL", ".jsonl", ROWS, _PER_SAMPLE),
    "md": Format(
        "lossctl.renderers.markdown:draw",
        ".md",
        DRAWN,
        "Markdown for pull requests",
    ),
}
"""These are all output formats, and so those of `lossctl eval`."""

ROW_FORMATS = {name: entry for name, entry in FORMATS.items() if entry.kind == ROWS}
"""A file of per-sample rows may be in these formats."""

RESULT_FORMATS = {name: entry for name, entry in FORMATS.items() if entry.kind != ROWS}
"""Any kind of result may be in these formats, and so what `lossctl check` shows."""
