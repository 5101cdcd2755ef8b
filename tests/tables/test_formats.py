"""Every format gives the bits that NPY gives, whatever the block size and however it arrives."""

import json
import os
import threading
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest
from conftest import Outcome, Run, Write, npy
from formats import NAMED, NUMBERS, Content, arrays, csv, in_feather, in_parquet, objects, values
from samples import GIVE_ONCE, READERS, probabilities, reading_by

import lossctl
from lossctl.results.report import LossResult
from lossctl.tables.formats import FORMATS

ROWS, CLASSES = 11, ["cat", "dog", "cow"]
ALL = ("--loss", "ce,mae,mse,bce")
P = pd.DataFrame(probabilities(ROWS, 3), columns=CLASSES)
T = pd.DataFrame(probabilities(ROWS, 3, seed=1), columns=CLASSES)
INDICES = np.arange(ROWS) * 2 % 3
LABELS = {
    "indices": pd.DataFrame({"label": INDICES}),
    "float-indices": pd.DataFrame({"label": INDICES.astype(float)}),
    "names": pd.DataFrame({"label": [CLASSES[i] for i in INDICES]}),
}
EVERY = NAMED | NUMBERS


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_sample(name: str) -> None:
    extensions = FORMATS[name].extensions
    assert any(sample.endswith(extensions) for sample in EVERY), "add one to tests/formats.py"


@pytest.fixture(autouse=True)
def plain(write: Write) -> None:
    """The same data in the plainest format."""
    files = {"p.npy": values(P), "t.npy": values(T), "indices.npy": INDICES}
    write(dict(files))


def numbers(run: Run, *arguments: str, **options: Any) -> tuple[Any, str]:
    """Return the losses as in JSON, without what says how they came about, and the rows in TSV."""
    report = run("eval", *arguments, "-f", "json", **options)
    assert (report.code, report.without_notes().err) == (0, "")
    losses = json.loads(report.out)["losses"]
    return [loss | {"signature": "", "explanation": ""} for loss in losses], rows(run, *arguments)


def rows(run: Run, *arguments: str) -> str:
    outcome = run("eval", *arguments, "-f", "tsv")
    assert (outcome.code, outcome.without_notes().err) == (0, "")
    return outcome.out


def bits(losses: dict[str, LossResult]) -> list[tuple[float | None, ...]]:
    return [(loss.mean, loss.total, loss.std, loss.min, loss.max) for loss in losses.values()]


@pytest.mark.parametrize(("name", "content"), EVERY.items(), ids=EVERY)
def test_command_gives_the_bits_of_npy(run: Run, write: Write, name: str, content: Content) -> None:
    write({f"p-{name}": content(P), f"t-{name}": content(T)})
    expected = numbers(run, "p.npy", "t.npy", *ALL)
    assert numbers(run, f"p-{name}", "t.npy", *ALL) == expected
    assert rows(run, f"p-{name}", f"t-{name}", *ALL) == expected[1]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("name", "content"), EVERY.items(), ids=EVERY)
def test_every_block_size_and_number_of_threads(
    write: Write, name: str, content: Content, reader: str
) -> None:
    folder = write({f"p-{name}": content(P), f"t-{name}": content(T)}).parent
    losses = ALL[1]
    expected = bits(lossctl.evaluate(values(P), values(T), loss=losses).losses)
    files = folder / f"p-{name}", folder / f"t-{name}"
    for block_rows, jobs in product((None, 1, 2, 3, 5, 10, 11, 12), (1, 3)):
        with reading_by(reader):
            report = lossctl.evaluate(*files, loss=losses, block_rows=block_rows, jobs=jobs)
        assert (report.n, bits(report.losses)) == (ROWS, expected)


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize(("name", "content"), NAMED.items(), ids=NAMED)
def test_labels(write: Write, name: str, content: Content, labels: str) -> None:
    folder = write({f"p-{name}": content(P), f"t-{name}": content(LABELS[labels])}).parent
    expected = bits(lossctl.evaluate(values(P), INDICES, loss="ce,mae").losses)
    for block_rows in (None, 1, 4):
        report = lossctl.evaluate(
            folder / f"p-{name}", folder / f"t-{name}", loss="ce,mae", block_rows=block_rows
        )
        assert bits(report.losses) == expected
        how = "names" if labels == "names" else "indices"
        assert f"|targets={how}|" in report.losses["ce"].signature


@pytest.mark.parametrize("kind", ["text", "numbers"])
@pytest.mark.parametrize(("name", "content"), NAMED.items(), ids=NAMED)
def test_ids(write: Write, name: str, content: Content, kind: str) -> None:
    ids: list[Any] = [f"é{i * 7 % ROWS}" if kind == "text" else i * 7 % ROWS for i in range(ROWS)]
    ours, theirs = P.assign(id=ids), T.assign(id=ids)
    files = {f"p-{name}": content(ours), f"t-{name}": content(theirs)}
    folder = write({**files, f"turned-{name}": content(theirs[::-1])}).parent
    expected = bits(lossctl.evaluate(values(P), values(T), loss="ce").losses)
    for targets, block_rows in product(("t", "turned"), (None, 1, 4)):
        report = lossctl.evaluate(
            folder / f"p-{name}",
            folder / f"{targets}-{name}",
            id="id",
            block_rows=block_rows,
            loss="ce",
        )
        assert bits(report.losses) == expected


@pytest.mark.parametrize("content", [in_parquet(), in_feather()], ids=["parquet", "feather"])
@pytest.mark.parametrize("kind", ["f2", "f4", "i1", "u2", "i8", "bool"])
def test_types_of_arrow_columns(write: Write, content: Content, kind: str) -> None:
    numbers = (values(P) * 100 if kind[0] in "iu" else values(P)).astype(kind)
    folder = write({"t.x": content(pd.DataFrame(numbers, columns=CLASSES))}).parent
    expected = lossctl.evaluate(values(P), numbers.astype(float), loss="mse")
    found = lossctl.evaluate(folder / "p.npy", folder / "t.x", loss="mse")
    assert bits(found.losses) == bits(expected.losses)


def test_data_frames() -> None:
    expected = bits(lossctl.evaluate(values(P), values(T), loss="ce").losses)
    turned = T[CLASSES[::-1]]
    frames: list[Any] = [P, polars.DataFrame(P.to_dict("list"))]
    for ours, theirs in product(frames, (T, turned)):
        report = lossctl.evaluate(ours, theirs, loss="ce")
        assert bits(report.losses) == expected
        codes = [warning.code for warning in report.warnings]
        assert codes == (["columns-reordered"] if theirs is turned else [])
    for labels in LABELS.values():
        for frame in (labels, labels.astype("category"), labels["label"]):
            assert bits(lossctl.evaluate(P, frame, loss="ce").losses) == bits(
                lossctl.evaluate(values(P), INDICES, loss="ce").losses
            )


def test_a_data_frame_holds_both() -> None:
    for labels in (*LABELS.values(), LABELS["names"].astype("category")):
        report = lossctl.evaluate(P.assign(label=labels["label"]), target_col="label", loss="ce")
        assert bits(report.losses) == bits(lossctl.evaluate(values(P), INDICES, loss="ce").losses)


STREAMS: dict[str, bytes] = {
    "csv": csv(P),
    "objects": objects(P),
    "arrays": arrays(P),
    "npy": npy(values(P)),
    "npy-fortran": npy(values(P, "F")),
    "csv.gz": NAMED["x.csv.gz"](P),
    "csv.zst": NAMED["x.csv.zst"](P),
    "jsonl.xz": NAMED["x.jsonl.gz"](P),
    "npy.gz": NUMBERS["x.npy.gz"](P),
}


@pytest.mark.parametrize("content", STREAMS.values(), ids=STREAMS)
def test_stdin(run: Run, write: Write, content: bytes) -> None:
    write({"stream": content})
    expected = rows(run, "p.npy", "t.npy", *ALL)
    command = f"cat stream | lossctl eval - t.npy -f tsv {' '.join(ALL)}"
    assert run(command, program=("bash", "-c")).without_notes() == Outcome(0, expected, "")


@pytest.mark.parametrize("content", STREAMS.values(), ids=STREAMS)
def test_fifo(run: Run, write: Write, content: bytes) -> None:
    fifo = write({}) / "fifo"
    os.mkfifo(fifo)
    expected = rows(run, "p.npy", "t.npy", *ALL)
    writer = threading.Thread(target=fifo.write_bytes, args=[content])
    writer.start()
    piped = run("eval", "fifo", "t.npy", "-f", "tsv", *ALL)
    assert piped.without_notes() == Outcome(0, expected, "")
    writer.join()


@pytest.mark.parametrize("name", ["npz", "parquet", "feather"])
def test_what_needs_a_regular_file_says_so(run: Run, write: Write, name: str) -> None:
    content = {"npz": NUMBERS["stored.npz"], "parquet": in_parquet(), "feather": in_feather()}
    write({"stream": content[name](P)})
    outcome = run("cat stream | lossctl eval - t.npy -q --loss ce", program=("bash", "-c"))
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.startswith("lossctl: error: stdin: ")
    assert outcome.err.endswith("\nlossctl: hint: save it to a file first\n")


@pytest.mark.parametrize("name", ["csv", "objects", "npy", "parquet"])
def test_format_in_goes_before_the_name(run: Run, write: Write, name: str) -> None:
    content = {**STREAMS, "parquet": in_parquet()(P)}[name]
    write({"p.dat": content, "t.dat": values(T).tobytes(), "odd.npz": content})
    kind = "jsonl" if name == "objects" else name
    expected = rows(run, "p.npy", "t.npy", *ALL)
    assert rows(run, "odd.npz", "t.npy", *ALL, "--format-in", f"{kind},npy") == expected
    assert rows(run, "p.dat", "t.npy", *ALL) == expected  # no extension: the content says it


ARRAYS = {"p": values(P), "t": values(T), "odd": np.zeros((2, 2))}
save: Any = np.savez


def test_arrays_of_one_npz(run: Run, write: Write) -> None:
    folder = write({})
    save(folder / "both.npz", **ARRAYS)
    expected = rows(run, "p.npy", "t.npy", *ALL)
    assert rows(run, "both.npz:p", "both.npz:t", *ALL) == expected
    assert rows(run, "both.npz:p", "both.npz", *ALL, "--key", "t") == expected
    assert rows(run, "both.npz", "t.npy", *ALL, "--key", "p") == expected


KEYS = {
    "none": (
        3,
        "both.npz",
        (),
        "both.npz: 3 arrays: p, t, odd\nlossctl: hint: say which: both.npz:NAME, or --key NAME",
    ),
    "unknown": (2, "both.npz:q", (), "no array is called 'q'\nlossctl: hint: one of: p, t, odd"),
    "unknown-option": (
        2,
        "both.npz",
        ("--key", "od"),
        "no array is called 'od'\nlossctl: hint: did you mean odd?",
    ),
    "no-file": (4, "none.npz:p", (), "none.npz: No such file or directory"),
}


@pytest.mark.parametrize("case", KEYS.values(), ids=KEYS)
def test_which_array(run: Run, write: Write, case: tuple[int, str, tuple[str, ...], str]) -> None:
    code, path, options, message = case
    save(write({}) / "both.npz", **ARRAYS)
    outcome = run("eval", path, "t.npy", *ALL, *options)
    assert outcome == Outcome(code, "", f"lossctl: error: {message}\n")


@pytest.mark.parametrize("pair", [("x.npz:y", "x.npz:y"), ("x.npz", "x.npz:y"), ("x.npz", "x.npz")])
def test_one_array_twice(run: Run, write: Write, pair: tuple[str, str]) -> None:
    write({"x.npz": NUMBERS["stored.npz"](P)})
    outcome = run("eval", *pair, *ALL)
    assert (outcome.code, outcome.out) == (3, "")
    assert f"' is given twice, as predictions and as targets{GIVE_ONCE}\n" in outcome.err
