"""The input formats: what they are called, known by and read by; listed without an import."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """One entry of the table of input formats."""

    title: str
    """What messages call a file of it."""
    names: tuple[str, ...]
    """What people call it."""
    place: str
    extensions: tuple[str, ...]
    magic: bytes = b""
    """What every file of it starts with; b"" for text."""
    extra: str | None = None
    """The extra of lossctl that installs what reads it."""


FORMATS: dict[str, Format] = {
    "csv": Format(
        "CSV", ("CSV", "TSV"), "lossctl.tables.text.text_table:TextTable", (".csv", ".tsv", ".txt")
    ),
    "jsonl": Format(
        "JSON Lines", ("JSON Lines",), "lossctl.tables.jsonl:JsonLinesTable", (".jsonl", ".ndjson")
    ),
    "npy": Format("NPY", ("NPY",), "lossctl.tables.npy:open_npy", (".npy",), b"\x93NUMPY"),
    "npz": Format(
        "a zip archive", ("NPZ",), "lossctl.tables.npz:open_npz", (".npz",), b"PK\x03\x04"
    ),
    "parquet": Format(
        "Parquet",
        ("Parquet",),
        "lossctl.tables.arrow:open_parquet",
        (".parquet", ".pq"),
        b"PAR1",
        "arrow",
    ),
    "feather": Format(
        "Arrow IPC",
        ("Feather",),
        "lossctl.tables.arrow:open_feather",
        (".feather", ".arrow", ".ipc"),
        b"ARROW1",
        "arrow",
    ),
}
