"""Workbooks made by hand, with all digits of their numbers: what writes them keeps 15 or 16."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Rows = Sequence[Sequence[Any]]


class Raw(NamedTuple):
    """The content of a cell as it stands in the file, and the attributes of it."""

    content: str
    attributes: str = ""


def workbook(sheets: Mapping[str, Rows], calculate: bool = False, top: int = 1) -> bytes:
    """Return a workbook of these sheets, each from the row `top` on."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"/>'
        for i, name in enumerate(sheets, 1)
    )
    calculated = '<calcPr fullCalcOnLoad="1"/>' if calculate else ""
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in enumerate(sheets, 1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}'
        f"</sheets>{calculated}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        "</Relationships>",
        **{
            f"xl/worksheets/sheet{i}.xml": sheet(rows, top)
            for i, rows in enumerate(sheets.values(), 1)
        },
    }
    return packed(members)


def packed(members: Mapping[str, str]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def sheet(rows: Rows, top: int = 1) -> str:
    lines = [
        f'<row r="{number}">{"".join(cell(x, number, i) for i, x in enumerate(row))}</row>'
        for number, row in enumerate(rows, top)
    ]
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def cell(value: Any, row: int, column: int) -> str:
    place = f'r="{chr(ord("A") + column)}{row}"'
    if value is None:
        return ""
    if isinstance(value, Raw):
        return f"<c {place} {value.attributes}>{value.content}</c>"
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    return f"<c {place}><v>{value!r}</v></c>"


def error(text: str) -> Raw:
    return Raw(f"<v>{text}</v>", 't="e"')


def formula(text: str, value: object = "") -> Raw:
    return Raw(f"<f>{text}</f><v>{value}</v>")
