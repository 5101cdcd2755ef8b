"""What is shown of a report: some samples, the worst ones, Loss(W)."""

from typing import TYPE_CHECKING, Any, NamedTuple

from lossctl.base.wording import counted, visible
from lossctl.renderers.excerpt import Excerpt
from lossctl.renderers.sections import MAIN, WORST, Page, Section, number
from lossctl.results.report import LossResult, Report
from lossctl.results.samples import Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ReportShown(NamedTuple):
    """A report, with an excerpt of its samples where rows are wanted."""

    report: Report
    excerpt: Excerpt | None = None
    worst: bool = True
    """The worst samples are shown, if they were kept."""

    def page(self, digits: int | None) -> Page:
        """Return its tables; on a terminal Loss(W) comes last."""
        sections = [] if self.excerpt is None else [_excerpt(self.excerpt, digits)]
        sections += worst_samples(self.report, digits) if self.worst else []
        return Page([*sections, _means(self.report, digits)])

    def document(self) -> dict[str, Any]:
        """Return it in the published schema."""
        return self.report.to_dict()


def worst_samples(report: Report, digits: int | None, of: str = "") -> list[Section]:
    """Return the table of the worst samples, if they were asked for."""
    if report.kept_worst is None:
        return []
    title = f"Highest {next(iter(report.losses))}{of}"
    return [_section(title, report.kept_worst, digits)._replace(importance=WORST)]


def _excerpt(excerpt: Excerpt, digits: int | None) -> Section:
    section = _section("Per-sample loss", excerpt.first, digits)
    rows, gap = section.rows, None
    if excerpt.last is not None:
        rows = rows + _rows(excerpt.last, digits)
    if excerpt.between:
        gap = len(section.rows)
        title = f"{section.title}, {len(rows)} of {counted(len(rows) + excerpt.between, 'row')}"
        section = section._replace(title=title)
    return section._replace(rows=rows, gap=gap)


def _section(title: str, samples: Samples, digits: int | None) -> Section:
    beside = {**samples.beside, **samples.details}
    words = [name for name, cells in beside.items() if cells.dtype.kind == "S"]
    together = [tuple(samples.details)]
    rows = _rows(samples, digits)
    return Section(title, samples.names, rows, text_columns=words, together=together)


def _rows(samples: Samples, digits: int | None) -> list[list[str]]:
    cells = {**samples.beside, **samples.losses, **samples.details}
    texts = [_texts(cells[name], digits) for name in cells]
    return list(map(list, zip(map(str, samples.rows.tolist()), *texts, strict=True)))


def _texts(cells: "NDArray[Any]", digits: int | None) -> list[str]:
    """Return words, or numbers, as people are to see them."""
    if cells.dtype.kind == "S":
        return [visible(text.decode()) for text in cells.tolist()]
    return [number(value, digits) for value in cells.tolist()]


def _means(report: Report, digits: int | None) -> Section:
    header = ["loss", "Loss(W)", "standard error", "min", "max", "n", "k"]
    if report.skipped:
        header.insert(6, "skipped")
    rows = [_mean(loss, report, digits) for loss in report.losses.values()]
    below = [
        f"{loss.loss}: {'; '.join((loss.explanation, *loss.notes))}"
        for loss in report.losses.values()
    ]
    section = Section("Loss(W)", header, rows, text_columns=["loss"], importance=MAIN, below=below)
    return section._replace(together=[("Loss(W)", "standard error"), ("min", "max")])


def _mean(loss: LossResult, report: Report, digits: int | None) -> list[str]:
    numbers = (loss.mean, loss.stderr, loss.min, loss.max)
    counts = [loss.n, *([report.skipped] if report.skipped else []), report.k]
    return [loss.loss, *(number(value, digits) for value in numbers), *map(str, counts)]
