"""The input formats: what they are called, known by and read by; listed without an import."""

from typing import NamedTuple

from lossctl.tables import magics


class Format(NamedTuple):
    """One entry of the table of input formats."""

    title: str
    """What messages call a file of it."""
    names: tuple[str, ...]
    """What people call it."""
    place: str
    extensions: tuple[str, ...]
    magic: bytes | tuple[bytes, ...] = b""
    """What every file of it starts with, or one of several; b"" for text."""
    extra: str | None = None
    """The extra of lossctl that installs what reads it."""
    notes: str = ""
    """What the documentation says of it, beside its extra; formats of which it says the same share
    a row of its table."""
    heading: str = ""
    """What that row is called; "" for the names of its formats."""
    unlisted: tuple[str, ...] = ()
    """Extensions that the row leaves out."""
    keyed: bool = False
    """It may hold several tables, one of which is named behind a colon or by --key."""
    options: tuple[str, ...] = ()
    """The options that say how a file of it is read, beside those of all formats."""


OF_ALL_FORMATS = ("format_in", "unlimited")
_SEVERAL_ARRAYS = "`file.npz:name` or `--key name` where there are several arrays"

FORMATS: dict[str, Format] = {
    "csv": Format(
        "CSV",
        ("CSV", "TSV"),
        "lossctl.tables.text.text_table:TextTable",
        (".csv", ".tsv", ".txt"),
        notes="comma, tab, semicolon, pipe or spaces, with or without a header: all recognised; "
        "also `--decimal ,`, `--comment '#'`, `--encoding utf-16`",
        heading="CSV, TSV and their kin",
        options=("delimiter", "decimal", "header", "comment", "encoding"),
    ),
    "jsonl": Format(
        "JSON Lines",
        ("JSON Lines",),
        "lossctl.tables.json.lines:JsonLinesTable",
        (".jsonl", ".ndjson"),
        notes="one object, array or value per line",
        options=("decimal", "encoding"),
    ),
    "json": Format(
        "JSON",
        ("JSON",),
        "lossctl.tables.json.opening:open_json",
        (".json",),
        notes="a document of up to 256 MiB: an array of numbers, arrays or objects, or what pandas "
        "makes of a data frame",
        options=("decimal", "encoding"),
    ),
    "npy": Format(
        "NPY",
        ("NPY",),
        "lossctl.tables.npy:open_npy",
        (".npy",),
        magics.NPY,
        notes=_SEVERAL_ARRAYS,
    ),
    "npz": Format(
        "a zip archive",
        ("NPZ",),
        "lossctl.tables.npz:open_npz",
        (".npz",),
        magics.ZIP,
        notes=_SEVERAL_ARRAYS,
        keyed=True,
        options=("key",),
    ),
    "xlsx": Format(
        "an Excel workbook",
        ("Excel",),
        "lossctl.tables.excel.workbook:open_workbook",
        (".xlsx", ".xlsm"),
        magics.ZIP,
        "excel",
        notes="`book.xlsx:sheet` or `--key sheet` where there are several sheets",
        keyed=True,
        options=("key", "decimal", "header", "comment"),
    ),
    "parquet": Format(
        "Parquet",
        ("Parquet",),
        "lossctl.tables.arrow.parquet:ParquetTable",
        (".parquet", ".pq"),
        magics.PARQUET,
        "arrow",
        unlisted=(".pq",),
        options=("decimal",),
    ),
    "feather": Format(
        "Arrow IPC",
        ("Feather",),
        "lossctl.tables.arrow.ipc:open_arrow",
        (".feather", ".arrow", ".arrows", ".ipc"),
        (magics.ARROW, magics.ARROW_STREAM),
        "arrow",
        unlisted=(".arrows", ".ipc"),
        options=("decimal",),
    ),
}

KEYED = tuple(end for entry in FORMATS.values() if entry.keyed for end in entry.extensions)
"""The extensions of files that may hold several tables."""
RECOGNISED = FORMATS | {
    "json or jsonl": Format(
        "JSON",
        (),
        "lossctl.tables.json.opening:open_either",
        (),
        options=FORMATS["json"].options,
    )
}
"""The formats, and what is one of two of them by its first bytes."""
