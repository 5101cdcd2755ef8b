"""Any kind of result in any format: a page of neutral tables, and a document."""

import json
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from lossctl.base.errors import DataError, ResourceError
from lossctl.base.registry import EXTRAS
from lossctl.commands.flags.report import ReportFlags
from lossctl.commands.output import choice_of
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict
from lossctl.renderers import (
    DRAWN,
    FORMATS,
    RESULT_FORMATS,
    ROW_FORMATS,
    Format,
    View,
)
from lossctl.renderers.complaints import complaints
from lossctl.renderers.excerpt import Excerpt
from lossctl.renderers.github import commands
from lossctl.renderers.html import draw as draw_html
from lossctl.renderers.report import ReportShown
from lossctl.renderers.sections import Note, Page, Section, number
from lossctl.results.losses import Losses
from lossctl.results.report import LossResult, Report
from lossctl.results.samples import Samples

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()
DRAWN_FORMATS = [name for name, entry in FORMATS.items() if entry.kind == DRAWN]


class Ranking:
    """A kind of result that the formats have never heard of."""

    def page(self, digits: int | None) -> Page:
        rows = [["1", "a.csv", number(1 / 3, digits)], ["2", "b_b.csv", number(0.5, digits)]]
        header = ["rank", "file", "Loss(W)"]
        details = Section("Details", header, rows, 1, text_columns=["file"])
        best = Section("Best", header, rows[:1], text_columns=["file"], importance=1)
        return Page([details, best], [Note("b_b.csv", "is *not* better")])

    def document(self) -> dict[str, Any]:
        return {"schema": 1, "ranking": ["a.csv", "b_b.csv"]}


def test_any_result_as_a_table() -> None:
    assert FORMATS["table"].render(Ranking(), View(3)).splitlines() == [
        "Details",
        "rank   file      Loss(W)",
        "────────────────────────",
        "   1   a.csv       0.333",
        "   …   …               …",
        "   2   b_b.csv     0.5",
        "",
        "Best",
        "rank   file    Loss(W)",
        "──────────────────────",
        "   1   a.csv     0.333",
    ]


def test_any_result_as_markdown_begins_with_what_is_most_important() -> None:
    assert FORMATS["md"].render(Ranking(), View(3)).splitlines() == [
        "### Best",
        "",
        "| rank | file | Loss(W) |",
        "| ---: | :--- | ---: |",
        "| 1 | a.csv | 0.333 |",
        "",
        "### Details",
        "",
        "| rank | file | Loss(W) |",
        "| ---: | :--- | ---: |",
        "| 1 | a.csv | 0.333 |",
        "| ... | ... | ... |",
        "| 2 | b\\_b.csv | 0.5 |",
        "",
        "- **b\\_b.csv**: is \\*not\\* better",
    ]


def test_any_result_as_json() -> None:
    assert json.loads(FORMATS["json"].render(Ranking(), View(3))) == Ranking().document()


@pytest.mark.parametrize("name", DRAWN_FORMATS)
@pytest.mark.parametrize("width", [None, 10, 40])
@pytest.mark.parametrize("words", [True, False])
def test_every_cell_is_in_every_drawn_format(name: str, width: int | None, words: bool) -> None:
    cells = [[f"cell{row}{column}" for column in range(4)] for row in range(3)]
    header = ["one", "two", "three", "four"]
    section = Section("Title", header, cells, text_columns=header if words else ())
    draw = FORMATS[name].load()
    for row in (0, 1, 3):
        text = draw(Page([section._replace(gap=row)]), View(width=width))
        for word in ["Title", *section.header, *chain(*cells)]:
            assert word in text
        assert ("..." in text) or ("…" in text)
    assert draw(Page([]), View()) == ""
    assert "one" in draw(Page([section._replace(rows=[])]), View(width=width))


def draw_words(page: Page, view: View) -> str:
    """Draw as a format that somebody adds would: a file, and a line in the registry."""
    return "".join(" ".join(row) + "\n" for section in page.sections for row in section.rows)


WORDS = Format("test_pages:draw_words", ".words", DRAWN, "words")


def test_a_format_that_is_added_has_all_options_and_results() -> None:
    assert WORDS.render(Ranking(), View(3)).splitlines()[-1] == "1 a.csv 0.333"
    written: list[str] = []
    with patch.dict(FORMATS, words=WORDS):
        choice = choice_of(ReportFlags(output="x.words", digits="2", rows="4"))
        sink = choice.sink(("row", "ce"), (), written.append)
        sink.add(Samples(np.arange(1, 9), {"ce": np.full(8, 1 / 3)}))
        sink.finish(report())
    assert written == ["1 0.33\n2 0.33\n7 0.33\n8 0.33\nce 0.5 0.1 0.25 1 8 1\n"]


def test_numbers_for_people_have_six_digits_unless_they_ask_for_others() -> None:
    for output in ("x.txt", "x.md", None):
        assert choice_of(ReportFlags(output=output)).view.digits == 6
        assert choice_of(ReportFlags(output=output, digits="full")).view.digits is None
    assert choice_of(ReportFlags(quiet=True)).view.digits is None


def report(**changes: Any) -> Report:
    loss = LossResult("ce", 0.5, 4.0, 8, 0.2, 0.1, 0.25, 1.0, "signature")
    fixed: dict[str, Any] = {"n": 8, "k": 1, "predictions": "p", "targets": "t", "at_guard": {}}
    return Report(losses=Losses({"ce": loss}), **fixed, **changes)


def test_a_terminal_ends_with_the_mean_and_markdown_begins_with_it() -> None:
    samples = Samples(np.arange(1, 3), {"ce": np.ones(2)}, {"id": np.array([b"a", b"\x1b"])})
    shown = ReportShown(report(kept_worst=samples), Excerpt(samples, 6, None))
    titles = ["Per-sample loss, 2 of 8 rows", "Highest ce", "Loss(W)"]
    assert [section.title for section in shown.page(None).sections] == titles
    text = FORMATS["md"].render(shown, View())
    assert re.findall("^### (.*)", text, re.MULTILINE) == titles[::-1]
    assert shown.page(None).sections[0].rows == [["1", "a", "1.0"], ["2", "\\x1b", "1.0"]]
    assert shown.page(None).sections[0].gap == 2


def test_a_column_beside_the_losses_is_in_every_format() -> None:
    beside = {"id": np.array([b"a", b"b,"]), "group": np.array([b"x", b"y"])}
    samples = Samples(np.array([1, 2]), {"ce": np.array([0.5, 1.5])}, beside)
    rows = {name: entry.load().rows(samples) for name, entry in ROW_FORMATS.items()}
    section = ReportShown(report(), Excerpt(samples[:1], 0, samples[1:])).page(None).sections[0]
    assert {name: rows[name] for name in ("tsv", "csv", "jsonl")} == {
        "tsv": "1\ta\tx\t0.5\n2\tb,\ty\t1.5\n",
        "csv": '1,a,x,0.5\n2,"b,",y,1.5\n',
        "jsonl": '{"row": 1, "id": "a", "group": "x", "ce": 0.5}\n'
        '{"row": 2, "id": "b,", "group": "y", "ce": 1.5}\n',
    }
    assert section.header == ["row", "id", "group", "ce"]
    assert section.rows == [["1", "a", "x", "0.5"], ["2", "b,", "y", "1.5"]]
    assert list(section.text_columns) == ["id", "group"]


# The registry.


def test_formats_are_listed_without_numpy() -> None:
    code = "import sys, lossctl.renderers; print({'numpy', 'rich'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def test_the_formats_of_rows_and_of_results_are_all() -> None:
    assert {"tsv", "csv", "jsonl"} <= ROW_FORMATS.keys()
    assert {"table", "json", "md"} <= RESULT_FORMATS.keys()
    assert {**ROW_FORMATS, **RESULT_FORMATS} == FORMATS
    assert len({entry.extension for entry in FORMATS.values()}) == len(FORMATS)


def test_the_table_in_the_readme_is_that_of_the_registry() -> None:
    by_summary: dict[str, list[str]] = {}
    for name, entry in FORMATS.items():
        by_summary.setdefault(entry.summary, []).append(f"`{name}`")
    lines = [f"| {', '.join(names)} | {summary} |\n" for summary, names in by_summary.items()]
    assert "| format | what it is |\n|---|---|\n" + "".join(lines) in README


def test_a_format_that_is_not_installed_says_so_before_anything_is_evaluated() -> None:
    missing = WORDS._replace(place="lossctl_has_no_such_package:draw", extra="report")
    with (
        patch.dict(EXTRAS, report="lossctl_has_no_such_package"),
        patch.dict(FORMATS, words=missing),
        pytest.raises(ResourceError, match=r"^writing \.words takes lossctl_has") as refused,
    ):
        choice_of(ReportFlags(format="words")).sink(("row", "ce"), (), lambda _: None)
    assert refused.value.hint == "pip install 'lossctl[report]'"


# Complaints.


def verdict(error: DataError | None) -> Verdict:
    return Verdict("max-loss", "ce", 1.0, 0.5, Outcome.ERROR, error=error)


def test_a_complaint_lies_where_its_error_says(tmp_path: Path) -> None:
    bad = tmp_path / "bad,1.csv"
    bad.touch()
    errors = {
        "in a line": DataError("wrong", file=str(bad), line=7),
        "in a file": DataError("wrong", file=str(bad)),
        "in a file that is not there": DataError("wrong", file=str(tmp_path / "gone"), line=7),
        "in no file": DataError(f"{bad}:7: wrong"),
    }
    for error in errors.values():
        result = CheckResult("a", error=error, file="lossctl.toml", line=2)
        ((written,), _) = commands([result], str(tmp_path.parent), None)
        there = error is errors["in a line"]
        name = f"{tmp_path.name}/bad%2C1.csv,line=7" if there else "lossctl.toml,line=2"
        assert written.split(",title")[0].endswith(name), error.message
    found = complaints(CheckResult("a", error=errors["in a line"]))
    assert [(one.file, one.line) for one in found] == [(str(bad), 7)]


def test_the_same_complaint_of_several_verdicts_is_told_once() -> None:
    verdicts = [verdict(DataError("wrong", "a hint", file="a.csv", line=7)) for _ in range(2)]
    verdicts.append(verdict(DataError("wrong", "a hint", file="a.csv", line=8)))
    lines = [one.line for one in complaints(CheckResult("a", tuple(verdicts)))]
    assert lines == [7, 8]


def test_html_shows_words_as_text_and_where_rows_are_left_out() -> None:
    section = Section("A & B", ["id", "x"], [["<b>", "1"], ["c", "2"]], 1, ["id"], below=["a < b"])
    html = draw_html(Page([section], [Note("warning", "<i>")]), View())
    assert "<caption>A &amp; B</caption>" in html
    cells = re.findall("<td style=.text-align: (.*?).>(.*?)</td>", html)
    dots = "\N{HORIZONTAL ELLIPSIS}"
    rows = (("&lt;b&gt;", "1"), (dots, dots), ("c", "2"))
    assert cells == [cell for a, b in rows for cell in (("left", a), ("right", b))]
    assert html.endswith("<p>a &lt; b</p><ul><li>warning: &lt;i&gt;</li></ul>")
