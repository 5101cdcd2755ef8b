"""Workbooks of Excel: a sheet gives what saving it as CSV gives, or an error."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from conftest import Run, Write
from workbooks import MAIN, Raw, Rows, error, formula, packed, sheet, workbook

import lossctl

Y = np.array([1.0, 0.0, 0.5])
HEADED: Rows = [["p", "y"], [0.25, 1.0], [0.5, 0.0], [1e-3, 0.5]]
MAE = 0.75 + 0.5 + 0.499


def loss_of(path: Path, *targets: Any, **options: Any) -> float:
    return lossctl.evaluate(path, *targets, loss="mae", **options).losses["mae"].total


def refusal(path: Path, *targets: Any, **options: Any) -> lossctl.LossctlError:
    with pytest.raises(lossctl.LossctlError) as refused:
        lossctl.evaluate(path, *targets, loss="mae", **options)
    return refused.value


@pytest.fixture
def both() -> dict[str, Any]:
    """Both are in one table."""
    return {"pred_cols": "p", "target_col": "y"}


def test_a_header_is_told_from_a_sample_as_in_csv(write: Write, both: dict[str, Any]) -> None:
    assert loss_of(write({"b.xlsx": workbook({"S": HEADED})}), **both) == MAE
    bare = write({"b.xlsx": workbook({"S": HEADED[1:]})})
    assert loss_of(bare, pred_cols="1", target_col="2") == MAE
    path = write({"b.xlsx": workbook({"S": [[1.0], [0.0], [0.5]]})})
    assert loss_of(path, Y) == 0
    assert loss_of(path, Y[1:], header=True) == 0
    assert (
        "first line are" in refusal(write({"b.xlsx": workbook({"S": [["p", 1], [1, 1]]})})).reason
    )


def test_numbers_keep_all_their_bits(write: Write) -> None:
    values = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 2**53, 1e16, 123456789.0, 1e22]
    path = write({"b.xlsx": workbook({"S": [[value] for value in values]})})
    assert loss_of(path, np.array(values, float)) == 0
    assert loss_of(path, np.array(values, float), decimal=",") == 0


def test_which_sheet(write: Write, both: dict[str, Any]) -> None:
    content = workbook({"preds": [["p"], [0.25]], "a & b": HEADED, "empty": []})
    path = write({"b.xlsx": content})
    assert loss_of(path.with_name("b.xlsx:a & b"), **both) == MAE
    assert loss_of(path, key="a & b", **both) == MAE
    asked = refusal(path, **both)
    assert asked.reason == "a workbook of 3 sheets: preds, a & b, empty"
    assert asked.hint == f"say which: {path}:NAME, or key=NAME"
    unknown = refusal(path, key="a &b", **both)
    assert (unknown.reason, unknown.hint) == (
        "no sheet is called 'a &b'",
        "did you mean a & b?",
    )
    assert "is empty" in refusal(path, key="empty", **both).reason


def test_two_sheets_are_predictions_and_targets(run: Run, write: Write) -> None:
    write({"b.xlsx": workbook({"preds": [["p"], [0.25]], "truth": [["p"], [1]]})})
    assert run("eval", "b.xlsx:preds", "b.xlsx:truth", "--loss", "mae", "-q").out == "0.75\n"
    assert "is given twice" in run("eval", "b.xlsx:preds", "b.xlsx:preds", "--loss", "mae").err


def test_text_labels_booleans_and_numbers_as_text(write: Write) -> None:
    p = np.array([[0.25, 0.75], [0.5, 0.5]])
    frame = pd.DataFrame(p, columns=["cat", "dog & co"])
    for labels in (["dog & co", "cat"], ["1", "0"]):
        path = write({"b.xlsx": workbook({"S": [["label"], *([text] for text in labels)]})})
        expected = lossctl.evaluate(frame, np.array([1, 0]), loss="ce").losses["ce"].mean
        assert lossctl.evaluate(frame, path, loss="ce").losses["ce"].mean == expected
    path = write({"b.xlsx": workbook({"S": [["y"], [True], [False]]})})
    assert loss_of(write({"p.csv": "y\n0.25\n0.5\n"}), path) == 1.25
    path = write({"b.xlsx": workbook({"S": [["p"], ["0.25"], ["0.5"]]})})
    assert loss_of(path, np.array([1.0, 0.0])) == 1.25


IDS: Mapping[str, tuple[list[Any], list[str]]] = {
    "numbers": ([3.0, 1, 2], ["3", "1", "2"]),
    "text": (["c", "a b", 'x"y\tz'], ["c", "a b", 'x"y\tz']),
    "zeros": (["01", "1", "001"], ["01", "1", "001"]),
}


@pytest.mark.parametrize(("cells", "ids"), IDS.values(), ids=IDS)
def test_ids(write: Write, cells: list[Any], ids: list[str]) -> None:
    rows = [["id", "y"], *([cell, i] for i, cell in enumerate(cells))]
    lines = [{"id": text, "y": 10 * i} for i, text in enumerate(ids)]
    targets = pd.DataFrame(lines[::-1]).to_json(orient="records", lines=True)
    folder = write({"b.xlsx": workbook({"S": rows}), "t.jsonl": targets}).parent
    assert loss_of(folder / "b.xlsx", folder / "t.jsonl", id="id") == 9 + 18


def test_dates_are_ids_as_their_iso_text(write: Write) -> None:
    days = [dt.datetime(2024, 1, day) for day in (5, 6, 7)]
    times = [*days[:2], dt.datetime(2024, 1, 7, 12, 30)]
    for stamps, texts in (
        (days, ["2024-01-05", "2024-01-06", "2024-01-07"]),
        (times, ["2024-01-05T00:00:00", "2024-01-06T00:00:00", "2024-01-07T12:30:00"]),
    ):
        path = write({"t.csv": "day,y\n" + "".join(f"{text},1\n" for text in texts)})
        for engine in ("openpyxl", "xlsxwriter"):
            frame = pd.DataFrame({"day": stamps, "y": [0.5, 0.25, 1]})
            frame.to_excel(path.with_name("b.xlsx"), index=False, engine=engine)
            assert loss_of(path.with_name("b.xlsx"), path, id="day") == 1.25
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (["day", "y"], [days[0], 0.5]):
        book.worksheets[0].append(row)
    book.save(path.with_name("mac.xlsx"))
    path = write({"t.csv": "day,y\n2024-01-05,1\n"})
    assert loss_of(path.with_name("mac.xlsx"), path, id="day") == 0.5


def test_a_date_is_no_number(write: Write) -> None:
    path = write({}) / "b.xlsx"
    pd.DataFrame({"p": [dt.datetime(2024, 1, 5)]}).to_excel(path, index=False)
    assert "'2024-01-05' is not a number" in refusal(path, np.array([1.0])).reason


def test_empty_rows_at_the_end_are_none(write: Write, both: dict[str, Any]) -> None:
    empty = Raw("", 's="0"')
    ends: list[Rows] = [[[]], [[None, None]] * 3, [["", ""]], [[empty, empty], [], ["", empty]]]
    for end in ends:
        path = write({"b.xlsx": workbook({"S": [*HEADED, *end]})})
        assert loss_of(path, **both) == MAE
    path = write({"b.xlsx": workbook({"S": [*HEADED[:3], [], HEADED[3]]})})
    missing = refusal(path, **both)
    assert missing.message.endswith('b.xlsx:S:4: column "p": an empty cell is not a number')


def test_empty_rows_and_columns_before_the_table_are_none(
    write: Write, both: dict[str, Any]
) -> None:
    rows = [[None, *row] for row in HEADED]
    assert loss_of(write({"b.xlsx": workbook({"S": rows}, top=3)}), **both) == MAE
    path = write({"b.xlsx": workbook({"S": [*rows, [None, "x", 1]]}, top=3)})
    assert "b.xlsx:S:7: column \"p\": 'x'" in refusal(path, **both).message  # as Excel counts


def test_comments_above_the_table_are_passed_over(write: Write, both: dict[str, Any]) -> None:
    rows = [["# made by hand"], [], ["#", "2024"], *HEADED, ["x", 1.0]]
    path = write({"b.xlsx": workbook({"S": rows[:-1]})})
    assert loss_of(path, comment="#", **both) == MAE
    assert refusal(path, **both).exit_code in (2, 3)
    path = write({"b.xlsx": workbook({"S": rows})})
    assert "b.xlsx:S:8: column" in refusal(path, comment="#", **both).message


def test_an_empty_cell_is_a_missing_value(write: Write, both: dict[str, Any]) -> None:
    for hole in (None, ""):
        path = write({"b.xlsx": workbook({"S": [*HEADED[:3], [hole, 1.0], [0.0, 1.0]]})})
        assert 'nan="skip"' in str(refusal(path, **both).hint)
        assert loss_of(path, nan="skip", **both) == 0.75 + 0.5 + 1


@pytest.mark.parametrize("text", ["#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_an_error_is_never_a_missing_value(
    write: Write, both: dict[str, Any], text: str, prefix: str
) -> None:
    for cell in (
        error(text),
        Raw(f"<f>1/0</f><v>{text}</v>", "t='e'"),
        Raw(f"<v>{text}</v>", 't = "e"'),
    ):
        content = workbook({"S": [*HEADED, [cell, 1.0]]})
        path = write({"b.xlsx": prefixed(content) if prefix else content})
        for options in ({}, {"nan": "skip"}):
            refused = refusal(path, **both, **options)
            assert f"b.xlsx:S:5: column \"p\": '{text}'" in refused.message
    rows = [[*row, note] for row, note in zip(HEADED, ["note", error(text), 1, 2], strict=True)]
    assert loss_of(write({"b.xlsx": workbook({"S": rows})}), **both) == MAE  # nobody reads it


def prefixed(content: bytes) -> bytes:
    """Return a workbook whose sheet has prefixed elements, as the Open XML SDK writes them."""
    members = unpacked(content)
    text = members["xl/worksheets/sheet1.xml"]
    text = text.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    members["xl/worksheets/sheet1.xml"] = text.replace("xmlns=", "xmlns:x=")
    return packed(members)


def unpacked(content: bytes) -> dict[str, str]:
    from io import BytesIO

    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_a_formula_without_a_value_is_refused(write: Write, both: dict[str, Any]) -> None:
    for value, stale in (("", False), ("0", True)):
        rows = [*HEADED, [formula("A2*2", value), 1.0]]
        refused = refusal(write({"b.xlsx": workbook({"S": rows}, calculate=stale)}), **both)
        assert refused.message.endswith(
            "b.xlsx:S:5: the formula '=A2*2' has no value in the file: it was never calculated"
        )
        assert "save it" in str(refused.hint)
    rows = [*HEADED[:3], [formula("0.1*1%", "1E-3"), formula("1/2", 0.5)]]
    assert loss_of(write({"b.xlsx": workbook({"S": rows})}), **both) == MAE
    assert loss_of(write({"b.xlsx": workbook({"S": HEADED}, calculate=True)}), **both) == MAE


def test_formulas_of_real_tools_are_not_calculated(write: Write) -> None:
    path = write({}) / "b.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_column(0, 0, ["p", 0.5])
    page.write_formula(2, 0, "=A2*2")  # XlsxWriter writes 0 for its value
    book.close()
    assert "never calculated" in refusal(path, np.array([0.5, 1.0])).reason
    other = openpyxl.Workbook()
    for cell in ("p", 0.5, "=A2*2"):
        other.worksheets[0].append([cell])
    other.save(path)
    assert "never calculated" in refusal(path, np.array([0.5, 1.0])).reason


def test_cells_far_apart_do_not_fill_the_memory(write: Write, both: dict[str, Any]) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members = unpacked(workbook({"S": HEADED}))
    text = members["xl/worksheets/sheet1.xml"]
    lies = text.replace('r="B4"', 'r="XFD1048576"')  # in the row 4
    bare = text.replace(
        "</sheetData>", '<row r="1048576">' + "<c><v>1</v></c>" * 9999 + "</row></sheetData>"
    )
    for changed in (text.replace("</sheetData>", far), lies, bare):
        members["xl/worksheets/sheet1.xml"] = changed
        assert "lie too far apart" in refusal(write({"b.xlsx": packed(members)}), **both).reason
    styled = far.replace("<v>1</v>", "")
    members["xl/worksheets/sheet1.xml"] = text.replace("</sheetData>", styled)
    assert loss_of(write({"b.xlsx": packed(members)}), **both) == MAE  # no cell, but its looks


def test_cells_without_references(write: Write, both: dict[str, Any]) -> None:
    import re

    members = unpacked(workbook({"S": [*HEADED, [error("#REF!"), 1.0]]}))
    text = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = re.sub(r' r="[A-Z]*\d+"', "", text)
    assert "'#REF!'" in refusal(write({"b.xlsx": packed(members)}), nan="skip", **both).reason


def test_a_workbook_that_is_damaged_is_refused(write: Write, both: dict[str, Any]) -> None:
    content = workbook({"S": HEADED})
    path = write({"b.xlsx": content})
    for size in range(0, len(content), 31):
        path.write_bytes(content[:size])
        assert refusal(path, **both).exit_code == 3
    for at in range(0, len(content), 17):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        try:
            assert loss_of(path, **both) == MAE
        except (lossctl.DataError, lossctl.UsageError):
            continue


@pytest.mark.parametrize(
    "name",
    ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "_rels/.rels"],
)
def test_a_member_that_is_missing_or_no_xml(write: Write, both: dict[str, Any], name: str) -> None:
    members = unpacked(workbook({"S": HEADED}))
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for changed in ("", "<x", "<x/>", f"{entities}{members[name]}"):
        path = write({"b.xlsx": packed({**members, name: changed})})
        if changed.startswith("<!") or "worksheet" not in name:
            assert refusal(path, **both).exit_code == 3
    del members[name]
    assert refusal(write({"b.xlsx": packed(members)}), **both).exit_code == 3


def test_a_bomb_is_refused_before_it_is_read(write: Write, both: dict[str, Any]) -> None:
    path = write({"b.xlsx": b""})
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=9) as file:
        for name, text in unpacked(workbook({"S": HEADED})).items():
            file.writestr(name, text)
        with file.open("xl/sharedStrings.xml", "w") as member:
            for _ in range(140):
                member.write(b" " * (1 << 20))
    refused = refusal(path, **both)
    assert (refused.exit_code, refused.hint) == (4, "pass unlimited=True if that is right")


def test_a_workbook_elsewhere_in_its_package(write: Write, both: dict[str, Any]) -> None:
    members = unpacked(workbook({"S": HEADED}))
    members["_rels/.rels"] = members["_rels/.rels"].replace("xl/workbook.xml", "/xl/workbook2.xml")
    members["xl/workbook2.xml"] = members.pop("xl/workbook.xml")
    members["xl/_rels/workbook2.xml.rels"] = members.pop("xl/_rels/workbook.xml.rels").replace(
        'Target="', 'Target="/xl/'
    )
    assert refusal(write({"b.xlsx": packed(members)}), **both).exit_code == 3  # calamine cannot


def test_what_a_workbook_is_not(run: Run, write: Write) -> None:
    content = workbook({"S": HEADED})
    write({"b.csv": content, "b.npz": content, "b.zip": content, "b": content, "t.csv": "1\n"})
    more = ("--pred-cols", "p", "--target-col", "y", "--loss", "mae", "-q")
    assert float(run("eval", "b", *more).out) == pytest.approx(MAE / 3)
    for name in ("b.csv", "b.npz", "b.zip"):
        outcome = run("eval", name, *more)
        assert outcome.code == 3
        assert f"{name}: the file is an Excel workbook, not " in outcome.err
        assert "--key" not in outcome.err
    outcome = run("cat b | lossctl eval - t.csv --loss mae", program=("bash", "-c"))
    assert outcome.err.endswith(
        "a workbook is read from regular files, not from a stream\n"
        "lossctl: hint: save it to a file first\n"
    )


def test_what_is_hidden_is_read(write: Write, both: dict[str, Any]) -> None:
    members = unpacked(workbook({"S": HEADED}))
    text = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = text.replace('<row r="2"', '<row r="2" hidden="1"')
    assert loss_of(write({"b.xlsx": packed(members)}), **both) == MAE


def test_a_sheet_is_found_by_its_relation(write: Write, both: dict[str, Any]) -> None:
    """Errors are looked for in the sheet that is read, be it not the first file."""
    members = unpacked(workbook({"A": [[error("#REF!")]], "B": HEADED}))
    path = write({"b.xlsx": packed(members)})
    assert loss_of(path, key="B", **both) == MAE
    one, two = (members[f"xl/worksheets/sheet{i}.xml"] for i in (1, 2))
    swapped = {**members, "xl/worksheets/sheet1.xml": two, "xl/worksheets/sheet2.xml": one}
    path = write({"b.xlsx": packed(swapped)})
    assert loss_of(path, key="A", **both) == MAE
    assert "#REF!" in refusal(path, np.ones(1), key="B", header=False).reason


def test_a_first_cell_is_no_comment_and_no_json(write: Write) -> None:
    for name in ("# p", "[p]", "{p}", '"p"', "p\tq"):
        path = write({"b.xlsx": workbook({"S": [[name], [0.25]]})})
        assert loss_of(path, np.ones(1)) == 0.75
    assert MAIN in sheet([])
