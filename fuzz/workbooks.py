"""Workbooks to fuzz lossctl with, made by hand, with all digits of their numbers."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

import oracles as oracle
from oracles import Refuse, Rows
from text import Case, damaged, judged, table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MEMBERS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
    f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" '
    'sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
    f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
SHEET = "xl/worksheets/sheet1.xml"
BAD = ["", 't="e"><v>#N/A</v>', 't="e"><v>#DIV/0!</v>', 't="b"><v>1</v>', "><f>A1</f>"]
BAD += ['t="inlineStr"><is><t>x</t></is>', 't="d"><v>2024-01-05</v>', "><v>1e999</v>", "><v>x</v>"]


def cell_of(rng: random.Random, number: float, place: str) -> str:
    """Return a cell that holds a number, in one of the ways that there are."""
    reference = f'r="{place}"'
    text = repr(number)
    ways = [
        f"<c {reference}><v>{text}</v></c>",
        f"<c s='0' {reference} t='n'><v>{text}</v></c>",
        f'<c {reference} t="str"><v>{text}</v></c>',
        f'<c {reference} t="inlineStr"><is><t>{text}</t></is></c>',
        f"<c {reference}><f>1+1</f><v>{text}</v></c>",
    ]
    return rng.choice(ways) if rng.random() < 0.2 else ways[0]


def sheet_of(rng: random.Random, rows: Rows) -> tuple[str, bool]:
    """Return a sheet of some rows, and whether a cell of it is none of a number."""
    bad = rng.random() < 0.2
    where = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
    lines, top, left = [], rng.choice([1, 1, 1, 4]), rng.choice([0, 0, 2])
    for i, row in enumerate(rows):
        cells = []
        for j, number in enumerate(row):
            place = f"{chr(ord('A') + left + j)}{top + i}"
            if bad and (i, j) == where:
                content = rng.choice(BAD)
                cells.append(f'<c r="{place}" {content}</c>' if content else "")
            else:
                cells.append(cell_of(rng, number, place))
        lines.append(f'<row r="{top + i}">{"".join(cells)}</row>')
    lines += [f'<row r="{top + len(rows) + i}"/>' for i in range(rng.choice([0, 0, 3]))]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>', bad


def xlsx_case(rng: random.Random) -> Case:
    """Workbooks: damaged as archives, they give the number or none; in their XML, one outcome."""
    rows, targets = table(rng)
    text, bad = sheet_of(rng, rows)
    members = {**MEMBERS, SHEET: text}
    kind = rng.random()
    if kind < 0.4:
        name = rng.choice([SHEET, SHEET, SHEET, *MEMBERS])
        members[name] = damaged(rng, members[name].encode()).decode("latin-1")
    stream = io.BytesIO()
    with zipfile.ZipFile(
        stream, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    ) as file:
        for name, content in members.items():
            file.writestr(name, content.encode("latin-1"))
    content = stream.getvalue()
    if kind > 0.7:
        content = damaged(rng, content)

    def judge() -> float:
        if bad:
            raise Refuse("a cell is no number")
        return oracle.loss_of(rows, targets)

    allowed, refusal = judged(judge) if kind >= 0.4 else (None, True)
    ways: list[dict[str, Any]] = [
        {"t": targets, "header": False},
        {"t": targets, "header": False, "block_rows": rng.randint(1, 8)},
        {"t": targets, "header": False, "reader": "fast"},
    ]
    return Case({"p.xlsx": content}, ways, allowed, refusal or kind > 0.7)
