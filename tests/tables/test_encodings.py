"""Text in other encodings, comments above it, and what is not installed."""

import pandas as pd
import pytest
from conftest import Outcome, Run, Write
from formats import NAMED

TEXT = "chat,böse\n0.25,0.75\n0.5,0.5\n"
TARGETS = "böse\nchat\n"
CE = ("--loss", "mae", "-q")
LATIN = (
    "\nlossctl: hint: if the text is in another encoding, name it: --encoding latin-1; where there "
    "is another file, in UTF-8, rewrite this one instead: iconv -f LATIN1 -t UTF-8 FILE > NEW\n"
)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252"])
def test_encoding(run: Run, write: Write, encoding: str) -> None:
    write({"p.csv": TEXT.encode(encoding), "t.csv": TARGETS.encode(encoding)})
    outcome = run("eval", "p.csv", "t.csv", *CE, "--encoding", encoding)
    assert outcome == Outcome(0, "0.75\n", "")


@pytest.mark.parametrize("encoding", ["ascii", "shift_jis", "utf-8"])
def test_wrong_encoding_names_the_byte(run: Run, write: Write, encoding: str) -> None:
    content = "a,b\n" + "1,0\n" * 100 + "\xff,0\n"
    write({"p.csv": content.encode("latin-1"), "t.csv": "0,1\n"})
    outcome = run("eval", "p.csv", "t.csv", *CE, "--encoding", encoding)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("lossctl: error: p.csv: not ")
    assert " at byte 404\n" in outcome.err


def test_unknown_encoding(run: Run, write: Write) -> None:
    write({"p.csv": TEXT, "t.csv": TARGETS})
    outcome = run("eval", "p.csv", "t.csv", *CE, "--encoding", "klingon")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(
        "lossctl: error: --encoding: no encoding is called 'klingon'\nlossctl: hint: such as utf-16"
    )


NOT_UTF8 = {
    "cell": (
        b"a,b\n1,0\n1,\xff\n",
        "3: column \"b\": '\\xff' is not UTF-8: byte 0xff at offset 10",
    ),
    "BOM": (
        b"\xef\xbb\xbfa,b\n\xe9,0\n",
        "2: column \"a\": '\\xe9' is not UTF-8: byte 0xe9 at offset 7",
    ),
    "quoted": (
        b'a,b\n1,"x""\xff"\n',
        '2: column "b": \'x"\\xff\' is not UTF-8: byte 0xff at offset 10',
    ),
    "CRLF-in-quotes": (
        b'a,b\r\n1,"x\r\n\xff"\r\n',
        "2: column \"b\": 'x\\x0a\\xff' is not UTF-8: byte 0xff at offset 11",
    ),
}


@pytest.mark.parametrize(("content", "message"), NOT_UTF8.values(), ids=NOT_UTF8)
def test_offset_of_a_byte(run: Run, write: Write, content: bytes, message: str) -> None:
    write({"p.csv": content, "t.csv": "0,1\n0,1\n"})
    outcome = run("eval", "p.csv", "t.csv", *CE, "--no-targets-header")
    assert outcome == Outcome(3, "", f"lossctl: error: p.csv:{message}{LATIN}")


COMMENTS = {
    "above": ("# made by x\n# in 2026\na,b\n1,0\n", 0),
    "above-numbers": ("# made by x\n1,0\n", 0),
    "below": ("a,b\n1,0\n# end\n", 3),
    "between": ("# x\na,b\n# y\n1,0\n", 3),
    "nothing-else": ("# x\n# y\n", 3),
}


@pytest.mark.parametrize(("content", "code"), COMMENTS.values(), ids=COMMENTS)
def test_comments(run: Run, write: Write, content: str, code: int) -> None:
    write({"p.csv": content, "t.csv": "a,b\n0,1\n"})
    outcome = run("eval", "p.csv", "t.csv", *CE, "--comment", "#")
    assert (outcome.code, outcome.out) == (code, "" if code else "2.0\n")
    assert run("eval", "p.csv", "t.csv", *CE).code == 3


BLOCKER = """
import sys
for name in {names}:
    sys.modules[name] = None
"""
EXTRAS = {
    "x.parquet": (["pyarrow"], "arrow"),
    "x.feather": (["pyarrow"], "arrow"),
    "x.csv.zst": (["backports.zstd", "compression.zstd"], "zstd"),
}


@pytest.mark.parametrize("name", EXTRAS)
def test_missing_extra(run: Run, write: Write, name: str) -> None:
    modules, extra = EXTRAS[name]
    content = NAMED[name](pd.DataFrame({"a": [1.0, 0.0]}))
    blocker = BLOCKER.format(names=modules)
    folder = write({"sitecustomize.py": blocker, name: content, "t.csv": "0\n0\n"}).parent
    environment = {"PYTHONPATH": str(folder)}
    outcome = run("eval", name, "t.csv", *CE, env=environment)
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.startswith(f"lossctl: error: {name}: ")
    assert outcome.err.endswith(f"\nlossctl: hint: pip install 'lossctl[{extra}]'\n")
    assert run("eval", name, "t.csv", *CE) == Outcome(0, "0.5\n", "")
