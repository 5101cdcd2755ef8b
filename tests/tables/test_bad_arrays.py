"""NPY files that must not be evaluated, with what is said of them."""

from typing import Any

import numpy as np
import pytest
from conftest import Content, Run, Write, npy
from numpy.typing import NDArray
from samples import NOT_EXACT, refuse

VALUES = np.array([0.25, 0.75])
HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}"
HUGE = b"\x93NUMPY\x02\x00" + (2**32 - 1).to_bytes(4, "little") + bytes(100)
PICKLED = "the array holds Python objects, which would have to be unpickled"
DAMAGED = "the NPY header is damaged"
SKIP = "\nlossctl: hint: to leave out samples with a missing value, and count them, pass --nan skip"
DIMENSIONS = "\nlossctl: hint: a table has one or two: samples, components"
TRUNCATED = "the array is truncated: {} bytes where its header says {}"
FOLLOWED = "the array is followed by something else: {} bytes where its header says {}"
FLOAT = "\nlossctl: hint: make the array one of numbers: array.astype(float)"
UNNAMED = (
    "elements of type {}, which NPY does not name: bfloat16, or smaller ones of ml_dtypes\n"
    "lossctl: hint: save them as float32, which holds them all: np.save(path, "
    "array.astype(np.float32))"
)
NO_REALS = "elements of type {} are not real numbers up to 64 bits"


def headed(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(16)


ARRAYS: dict[str, tuple[Content, str]] = {
    "truncated": (npy(VALUES)[:-1], TRUNCATED.format(15, 16)),
    "trailing-byte": (npy(VALUES) + b"\0", FOLLOWED.format(17, 16)),
    "two-arrays": (npy(VALUES) * 2, FOLLOWED.format(160, 16)),
    "objects": (
        np.array([1.0, None]),
        f"{PICKLED}\nlossctl: hint: save numbers: np.save(path, np.asarray(array, dtype="
        "float)); if they are labels, save them with dtype=str",
    ),
    "booleans": (
        np.array([True, False]),
        "row 1: column 1: 'True' is not a number\nlossctl: hint: write 1 for true and 0 for false",
    ),
    "complex": (VALUES + 0j, NO_REALS.format("complex128")),
    "structured": (np.array([(1.0,)], [("a", "f8")]), NO_REALS.format("[('a', '<f8')]")),
    "dates": (np.array(["2024-01-31"], "M8[D]"), NO_REALS.format("datetime64[D]")),
    "text": (np.array(["1", "2"]), f"row 1: column 1: '1' is text, not a number{FLOAT}"),
    "bytes": (np.array([b"a", b"2"]), f"row 1: column 1: 'a' is text, not a number{FLOAT}"),
    "text-of-no-bytes": (headed(HEADER.replace("<f8", "<U0")), NO_REALS.format("<U0")),
    "text-beyond-Unicode": (
        headed(HEADER.replace("<f8", "<U1"))[:-16] + b"\xff\xff\xff\x00" + bytes(4),
        "an element is no text in Unicode: the array is damaged",
    ),
    "bfloat16": (headed(HEADER.replace("<f8", "<V2"))[:-12], UNNAMED.format("|V2")),
    "float8": (headed(HEADER.replace("<f8", "<V1"))[:-14], UNNAMED.format("|V1")),
    "void": (headed(HEADER.replace("<f8", "|V8")), NO_REALS.format("|V8")),
    "longdouble": (headed(HEADER.replace("<f8", "<f16")), NO_REALS.format("float128")),
    "0-d": (np.array(1.0), f"an array of 0 dimensions, shape (){DIMENSIONS}"),
    "3-d": (np.zeros((2, 1, 1)), f"an array of 3 dimensions, shape (2, 1, 1){DIMENSIONS}"),
    "no-rows": (np.zeros((0, 2)), "an empty array, shape (0, 2)"),
    "no-columns": (np.zeros((2, 0)), "an empty array, shape (2, 0)"),
    "shape-10^13": (headed(HEADER.replace("2", f"{10**13}")), TRUNCATED.format(16, 8 * 10**13)),
    "shape-negative": (
        headed(HEADER.replace("2", "-2")),
        f"{DAMAGED}: its shape is not one of an array",
    ),
    "shape-boolean": (
        headed(HEADER.replace("2", "True")),
        f"{DAMAGED}: its shape is not one of an array",
    ),
    "header-huge": (HUGE, "an NPY header of 4294967295 bytes is too long"),
    "header-cut": (npy(VALUES)[:50], "the file ends inside its NPY header"),
    "header-damaged": (headed("{'descr': "), DAMAGED),
    "header-no-dict": (headed("[1, 2]"), DAMAGED),
    "header-number": (headed("1"), DAMAGED),
    "header-unknown-type": (headed(HEADER.replace("<f8", "<q9")), DAMAGED),
    "header-nested": (headed("[" * 3000), DAMAGED),
    "header-no-order": (
        headed(HEADER.replace("False", "1")),
        f"{DAMAGED}: its order is neither true nor false",
    ),
    "version-9": (b"\x93NUMPY\x09\x00" + bytes(80), "NPY version 9 is not known"),
    "not-NPY": (
        "0.25\n0.75\n",
        "the file is text, not NPY\nlossctl: hint: its content contradicts its name",
    ),
    "empty": (
        "",
        "the file is empty\n"
        "lossctl: hint: it has 0 bytes: look at what should have written or downloaded it",
    ),
    "header-of-no-bytes": (b"\x93NUMPY\x01\x00", "the file ends inside its NPY header"),
}
LOGARITHMS = (
    "\nlossctl: hint: -inf is a value of log-probabilities and of logits alone: if "
    "predictions are that, "
    "pass --from log-probs or --from logits"
)
ELEMENTS: dict[str, tuple[NDArray[Any], str]] = {
    "nan": (np.array([[1, 0], [1, np.nan]]), f"nan is a missing value, not a number{SKIP}"),
    "-inf": (np.array([[1, 0], [1, -np.inf]]), f"-inf is not finite{LOGARITHMS}"),
    "inf-float16": (np.array([[1, 0], [1, np.inf]], "f2"), "inf is not finite"),
    "2^53+1": (np.array([[1, 0], [1, 2**53 + 1]]), f"9007199254740993 {NOT_EXACT}"),
    "uint64": (np.array([[1, 0], [1, 2**64 - 1]], "u8"), f"18446744073709551615 {NOT_EXACT}"),
}


@pytest.mark.parametrize(("content", "message"), ARRAYS.values(), ids=ARRAYS)
def test_bad_array(run: Run, write: Write, content: Content, message: str) -> None:
    folder = write({"p.npy": content, "t.npy": VALUES}).parent
    refuse(run, folder, f"p.npy: {message}", "p.npy", "t.npy", "--loss", "mae")


@pytest.mark.parametrize(("values", "message"), ELEMENTS.values(), ids=ELEMENTS)
def test_bad_element(run: Run, write: Write, values: NDArray[Any], message: str) -> None:
    folder = write({"p.npy": values, "t.npy": np.zeros((2, 2))}).parent
    refuse(run, folder, f"p.npy: row 2: column 2: {message}", "p.npy", "t.npy", "--loss", "mae")


SHAPES = {
    "escape": "('\x1b[31m',)",
    "escape-beside-a-number": "(2, '\x1b]0;x\x07')",
    "escaped-escape": "('\\x1b[31m',)",
    "text": "'\x1b[31m'",
    "9000-hex-digits": f"(0x{'f' * 9000},)",
}


COLOURED = "lossctl: \x1b[1;31merror:\x1b[0m "


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_shape_is_shown_never_obeyed(run: Run, write: Write, shape: str) -> None:
    write({"p.npy": headed(HEADER.replace("(2,)", shape)), "t.npy": VALUES})
    outcome = run("eval", "p.npy", "t.npy", "--loss", "mae", env={"FORCE_COLOR": "1"})
    assert (outcome.code, outcome.out) == (3, ""), outcome.err
    ours, theirs = outcome.err[: len(COLOURED)], outcome.err[len(COLOURED) :]
    assert (ours, theirs[:7]) == (COLOURED, "p.npy: ")
    assert "\x1b" not in theirs
