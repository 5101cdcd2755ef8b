"""The one table of what a file's first bytes say: a format, a compression, or why it is no table.

It is asked before anything is parsed, for every name and every --format-in. The first entry that
holds is what the file is. Where the head is text throughout, only those that are text are asked, so
that a header such as PAR1,PAR2 is no Parquet.
"""

from typing import NamedTuple

from lossctl.tables import magics
from lossctl.tables.formats import FORMATS
from lossctl.tables.heads import (
    Head,
    Test,
    has_conflict,
    holds,
    holds_under,
    is_dvc_pointer,
    is_matlab_4,
    is_page,
    is_pdf,
    is_pytorch,
    is_reply,
    is_safetensors,
    is_storage_error,
    is_tensorflow_record,
    is_text,
    is_workbook,
    is_zlib,
    marked,
    opens,
    starts,
    wide,
)
from lossctl.tables.streams.compression import COMPRESSIONS
from lossctl.tables.streams.transcoding import as_utf_8


class Kind(NamedTuple):
    """What a file may be."""

    title: str
    """What is said of it behind "the file is"."""
    test: Test
    hint: str | None = None
    """The way out, where nothing reads it."""
    format: str | None = None
    """The name of the format that reads it."""
    compression: str | None = None
    """The extension of the compression that it is in."""
    text: bool = False
    """Such a file may be text throughout."""


def _way_of_encoding(encoding: str) -> str:
    return (
        f"pass --encoding {encoding}; where there is another file, in UTF-8, rewrite this one "
        f"instead: {as_utf_8(encoding)}"
    )


_AGAIN = "look at it with a text editor, and fetch the file again, logged in where that is needed"
_TO_CSV = "save the sheet that is meant as CSV, or as .xlsx"
_PICKLE = "a pickle can run any code; where you trust it, load it and save the numbers: "
_EXTRACT = "extract the file that is meant first: "
_PREDICTIONS = "evaluate the model, and pass the file of its predictions"

_TEXTS = (
    Kind(
        "empty",
        lambda head: not head.content,
        "it has 0 bytes: look at what should have written or downloaded it",
    ),
    Kind(
        "a Git LFS pointer: its content was not fetched",
        opens(b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/"),
        "fetch it: git lfs pull, or lfs: true for actions/checkout",
    ),
    Kind(
        "a git-annex pointer: its content was not fetched",
        opens(b"/annex/objects/"),
        "fetch it: git annex get FILE, or datalad get FILE",
    ),
    Kind(
        "a DVC pointer, not the content that it stands for",
        is_dvc_pointer,
        "fetch that: dvc pull; then pass the file itself, without .dvc",
    ),
    Kind("an error message of a storage service (XML)", is_storage_error, _AGAIN),
    Kind("a web page (HTML), such as a login or an error page", is_page, _AGAIN),
    Kind("XML", opens(b"<?xml "), "save the table as CSV"),
    Kind("the answer of a server that did not send the file", is_reply, _AGAIN),
    Kind(
        "the error message of a program",
        opens(b"Traceback (most recent call last):", b"bash: ", b"/bin/sh: ", b"sh: 1: ", b"zsh: "),
        "look at what should have written it",
    ),
    Kind(
        "in conflict: Git left both versions of some lines in it",
        has_conflict,
        "resolve the conflict: keep one version, and remove the lines <<<<<<<, ======= and >>>>>>>",
    ),
    Kind("PDF", is_pdf, "take the numbers from where the document was made, as CSV"),
    Kind(
        "a pickle, which is never loaded",
        opens(
            *(b"(lp0\n", b"(dp0\n", b"(tp0\n", b"ccopy_reg\n_reconstructor\n"),
            *(b"cnumpy.core.multiarray\n", b"cnumpy._core.multiarray\n"),
        ),
        f'{_PICKLE}np.save("preds.npy", array)',
    ),
    Kind("UTF-32, not UTF-8", marked(b"\xff\xfe\0\0", b"\0\0\xfe\xff"), _way_of_encoding("utf-32")),
    Kind("UTF-32, not UTF-8", wide(4, 0), _way_of_encoding("utf-32-le")),
    Kind("UTF-32, not UTF-8", wide(4, 3), _way_of_encoding("utf-32-be")),
    Kind("UTF-16, not UTF-8", marked(b"\xff\xfe", b"\xfe\xff"), _way_of_encoding("utf-16")),
    Kind("UTF-16, not UTF-8", wide(2, 0), _way_of_encoding("utf-16-le")),
    Kind("UTF-16, not UTF-8", wide(2, 1), _way_of_encoding("utf-16-be")),
)

_ZIPS = (
    Kind(
        "a PyTorch file",
        is_pytorch,
        'save the tensor as an array: np.save("preds.npy", t.detach().cpu().numpy())',
    ),
    Kind("an Excel workbook in binary (.xlsb)", holds("xl/workbook.bin"), _TO_CSV),
    Kind("a document of Word or PowerPoint", holds_under("word/", "ppt/"), _TO_CSV),
    Kind(FORMATS["xlsx"].title, is_workbook, format="xlsx"),
    Kind(
        "an OpenDocument spreadsheet (.ods)", holds("content.xml", "META-INF/manifest.xml"), _TO_CSV
    ),
    Kind("an Apple Numbers document", holds("Index/Document.iwa"), "export it as CSV"),
    Kind("a Keras model", holds("config.json", "metadata.json"), _PREDICTIONS),
    Kind(
        "a sparse matrix of SciPy",
        holds("format.npy", "shape.npy", "data.npy"),
        'save it whole: np.save("preds.npy", scipy.sparse.load_npz(FILE).toarray())',
    ),
)

_REFUSED = (
    Kind(
        "a PyTorch file",
        starts(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."),
        'save the tensor as an array: np.save("preds.npy", t.detach().cpu().numpy())',
    ),
    Kind(
        "a pickle (as pandas, scikit-learn and joblib write it), which is never loaded",
        starts(
            *(b"\x80" + bytes([version]) for version in range(2, 6)), b"]q\0", b"}q\0", b"cnumpy"
        ),
        f'{_PICKLE}np.save("preds.npy", array)',
    ),
    Kind(
        "compressed with zlib, as joblib writes a pickle, which is never loaded",
        is_zlib,
        f'{_PICKLE}np.save("preds.npy", joblib.load(FILE))',
    ),
    Kind(
        "HDF5 (as h5py, pandas and Keras write it)",
        starts(b"\x89HDF\r\n\x1a\n"),
        'save the array that is meant: np.save("preds.npy", h5py.File(FILE)["NAME"][:])',
    ),
    Kind(
        "a MATLAB file of version 7.3",
        starts(b"MATLAB 7.3 MAT-file"),
        'save the array that is meant: np.save("preds.npy", h5py.File(FILE)["NAME"][:].T)',
    ),
    Kind(
        "a MATLAB file",
        lambda head: head.content.startswith(b"MATLAB 5.0 MAT-file") or is_matlab_4(head),
        'save the array that is meant: np.save("preds.npy", scipy.io.loadmat(FILE)["NAME"])',
    ),
    Kind(
        "an R data file (.rds or .RData)",
        starts(b"X\n\0\0\0\2", b"X\n\0\0\0\3", b"RDX2\n", b"RDX3\n"),
        'write it in R as CSV: write.csv(x, "preds.csv", row.names = FALSE)',
    ),
    Kind(
        "an SQLite database",
        starts(b"SQLite format 3\0"),
        "export the table as CSV: sqlite3 -header -csv FILE 'select * from NAME' > preds.csv",
    ),
    Kind(
        "a DuckDB database",
        starts(b"DUCK", at=8),
        "export the table: duckdb FILE \"copy NAME to 'preds.parquet'\"",
    ),
    Kind(
        "an old Excel workbook (.xls), or one with a password",
        starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "save it as .xlsx without a password, or as CSV",
    ),
    Kind(
        "a Stata file",
        starts(
            b"<stata_dta>",
            *(bytes([version, order, 1, 0]) for version in (113, 114, 115) for order in (1, 2)),
        ),
        'write it as CSV: pandas.read_stata(FILE).to_csv("preds.csv", index=False)',
    ),
    Kind(
        "an SPSS file",
        starts(b"$FL2@(#)", b"$FL3@(#)"),
        'write it as CSV: pandas.read_spss(FILE).to_csv("preds.csv", index=False)',
    ),
    Kind(
        "a SAS file",
        starts(b"\xc2\xea\x81\x60\xb3\x14\x11\xcf", at=12),
        'write it as CSV: pandas.read_sas(FILE).to_csv("preds.csv", index=False)',
    ),
    Kind(
        "a safetensors file",
        is_safetensors,
        'save the array: np.save("preds.npy", safetensors.numpy.load_file(FILE)["NAME"])',
    ),
    Kind(
        "an ONNX model",
        starts(*(bytes([8, version, mark]) for version in range(3, 16) for mark in (0x12, 0x3A))),
        _PREDICTIONS,
    ),
    Kind("a TFRecord file", is_tensorflow_record, "write the predictions as NPY, CSV or Parquet"),
    Kind(
        "NetCDF",
        starts(b"CDF\1", b"CDF\2", b"CDF\5"),
        'save the array that is meant: np.save("preds.npy", xarray.open_dataset(FILE)["NAME"])',
    ),
    Kind("Avro", starts(b"Obj\1"), "write it as Parquet, JSON Lines or CSV"),
    Kind(
        "ORC",
        starts(b"ORC"),
        'write it as Parquet: pandas.read_orc(FILE).to_parquet("preds.parquet")',
    ),
    Kind(
        "Feather V1",
        starts(magics.FEATHER_V1),
        'write it anew: pandas.read_feather(FILE).to_feather("preds.feather")',
    ),
    Kind("encrypted Parquet", starts(magics.PARQUET_ENCRYPTED), "write it without encryption"),
    Kind("a 7z archive", starts(b"7z\xbc\xaf'\x1c"), f"{_EXTRACT}7z x FILE"),
    Kind("a RAR archive", starts(b"Rar!\x1a\7"), f"{_EXTRACT}unrar x FILE"),
    Kind("a tar archive", starts(b"ustar", at=257), f"{_EXTRACT}tar xf FILE"),
    Kind("compressed with LZ4", starts(b"\x04\x22M\x18", b"\x02!L\x18"), f"{_EXTRACT}lz4 -d FILE"),
    Kind("compressed with Snappy", starts(b"\xff\6\0\0sNaPpY"), "write it with gzip or zstd"),
    Kind("compressed with LZMA (.lzma)", starts(b"]\0\0"), f"{_EXTRACT}unlzma FILE"),
    Kind("compressed with lzip", starts(b"LZIP\1"), f"{_EXTRACT}lzip -d FILE"),
    Kind("compressed with compress (.Z)", starts(b"\x1f\x9d"), f"{_EXTRACT}uncompress FILE"),
    Kind(
        "an image",
        starts(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*"),
        "pass the file of the numbers",
    ),
)


def _several(magic: bytes | tuple[bytes, ...]) -> tuple[bytes, ...]:
    return magic if isinstance(magic, tuple) else (magic,)


_READ = (
    *(
        Kind(entry.title, starts(*_several(entry.magic)), format=name)
        for name, entry in FORMATS.items()
        if entry.magic
    ),
    *(
        Kind(f"compressed ({entry.title})", starts(*entry.magics), compression=extension)
        for extension, entry in COMPRESSIONS.items()
    ),
)

KINDS = (*(kind._replace(text=True) for kind in _TEXTS), *_ZIPS, *_READ, *_REFUSED)


def kind_of(head: Head) -> Kind | None:
    """Return what a file with this head is; None for text, and for what nobody knows."""
    text = is_text(head.content)
    return next((kind for kind in KINDS if (kind.text or not text) and kind.test(head)), None)
