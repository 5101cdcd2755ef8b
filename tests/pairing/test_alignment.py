"""Alignment by id against an oracle of dictionaries: bits, row numbers, ids and refusals."""

import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import READERS, examples, reading_by

import lossctl
from lossctl.base.wording import quoted
from lossctl.evaluation.options import Options
from lossctl.evaluation.pipeline import Evaluation

Rows = Sequence[tuple[str, float]]


class Found(NamedTuple):
    """What an evaluation came to: samples and the exact mean, or the message of its refusal."""

    samples: tuple[tuple[int, str, str], ...] = ()
    mean: float = 0.0
    unpaired: tuple[int, int] = (0, 0)
    refusal: str = ""


def cell(text: str) -> str:
    quote = any(char in text for char in '",\n\r') or not text.isalnum()
    return '"' + text.replace('"', '""') + '"' if quote else text


def write(path: Path, rows: Rows) -> str:
    if path.suffix == ".parquet":
        columns = {"id": [name for name, _ in rows], "y": [value for _, value in rows]}
        pq.write_table(pa.table(columns), path, row_group_size=3)
    elif path.suffix == ".jsonl":
        lines = [json.dumps({"id": name, "y": value}) for name, value in rows]
        path.write_text("".join(f"{line}\n" for line in lines), newline="")
    else:
        lines = ["id,y", *(f"{cell(name)},{value!r}" for name, value in rows)]
        path.write_text("".join(f"{line}\n" for line in lines), newline="")
    return str(path)


def place(path: str, rows: Rows, index: int) -> str:
    """Return how messages name a row."""
    if path.endswith(".parquet"):
        return f"{path}: row {index + 1}"
    if path.endswith(".jsonl"):
        return f"{path}:{index + 1}"
    return f"{path}:{2 + index + sum(name.count(chr(10)) for name, _ in rows[:index])}"


def repeated(path: str, rows: Rows) -> str:
    first: dict[str, int] = {}
    for index, (name, _) in enumerate(rows):
        if name in first:
            both = place(path, rows, first[name]), place(path, rows, index)
            return f"{both[0]} and {both[1]} have the same id"
        first[name] = index
    return ""


def alone(path: str, names: list[str]) -> str:
    shown = ", ".join(map(quoted, names[:5])) + (", ..." if len(names) > 5 else "")
    return f"{len(names)} id{'s' * (len(names) != 1)} only in {path}: {shown}" if names else ""


def oracle(files: tuple[str, str], ours: Rows, theirs: Rows, missing: str) -> Found:
    for path, rows in zip(files, (ours, theirs), strict=True):
        if message := repeated(path, rows):
            return Found(refusal=message)
    mine, target = dict(ours), dict(theirs)
    lonely = [name for name in mine if name not in target], [n for n in target if n not in mine]
    messages = [alone(path, names) for path, names in zip(files, lonely, strict=True)]
    if missing == "strict" and any(messages):
        return Found(refusal="; ".join(filter(None, messages)))
    losses = [
        (row, name, abs(value - target[name]))
        for row, (name, value) in enumerate(ours, 1)
        if name in target
    ]
    if not losses:
        return Found(refusal="no sample is left: the two tables have no id in common")
    mean = float(sum(Fraction(loss) for _, _, loss in losses) / len(losses))
    counts = len(lonely[0]), len(lonely[1])
    return Found(tuple((row, name, loss.hex()) for row, name, loss in losses), mean, counts)


def found(files: tuple[str, str], **options: Any) -> Found:
    evaluation = Evaluation(*files, Options(loss="mae", id="id", **options))
    samples: list[tuple[int, str, str]] = []
    try:
        for part in evaluation.samples():
            columns = part.columns()
            losses = [loss.hex() for loss in columns["mae"]]
            samples += list(zip(columns["row"], columns["id"], losses, strict=True))
    except lossctl.DataError as error:
        return Found(refusal=error.message)
    report = evaluation.report()
    return Found(tuple(samples), report.losses["mae"].mean, report.unpaired)


ALPHABET = "01ab \"',;\t|=\n\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}"
ODD = ["1", "01", "1.0", "+1", "-1", "1e0", "NA", "null", "nan", "true", " 1", "1 ", "=1+1"]
ODD += ["e\u0301", "x" * 256, "x" * 255 + "y", "x" * 255, "\N{GRINNING FACE}" * 64, "a\rb"]
ids = st.one_of(
    st.sampled_from(ODD), st.text(ALPHABET, min_size=1, max_size=3), st.integers(0, 20).map(str)
)
values = st.integers(-(10**6), 10**6).map(lambda number: number / 997)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Two tables of much the same ids: in one order, in another, some missing, some twice."""
    names = draw(st.lists(ids, min_size=1, max_size=14, unique=True))
    ours, theirs = list(names), list(names)
    kept = draw(st.integers(0, len(names)))
    if draw(st.booleans()):
        theirs[kept:] = draw(st.permutations(theirs[kept:]))
    for table in (ours, theirs):
        if draw(st.integers(0, 3)) == 0:
            del table[draw(st.integers(0, len(table) - 1)) :][: draw(st.integers(0, 3))]
        if draw(st.integers(0, 3)) == 0:
            table.insert(draw(st.integers(0, len(table))), draw(ids))
    if draw(st.integers(0, 7)) == 0:  # the same id twice in both, in one order
        ours, theirs = [*names, names[0]], [*names, names[0]]
    ours, theirs = ours or names, theirs or names
    return [(name, draw(values)) for name in ours], [(name, draw(values)) for name in theirs]


def check(folder: Path, ours: Rows, theirs: Rows, suffixes: tuple[str, str], **how: Any) -> None:
    files = write(folder / f"p{suffixes[0]}", ours), write(folder / f"t{suffixes[1]}", theirs)
    for missing in ("strict", "present"):
        expected = oracle(files, ours, theirs, missing)
        got = found(files, missing=missing, **how)
        assert got == expected


SUFFIXES = [".csv", ".jsonl", ".parquet"]


@pytest.mark.parametrize("reader", READERS)
@given(pair=pairs(), block_rows=st.integers(1, 15), jobs=st.integers(1, 4))
@examples
def test_csv_is_aligned_as_the_oracle_does(
    tmp_path_factory: pytest.TempPathFactory,
    reader: str,
    pair: tuple[Rows, Rows],
    block_rows: int,
    jobs: int,
) -> None:
    folder = tmp_path_factory.getbasetemp()
    with reading_by(reader):
        check(folder, *pair, (".csv", ".csv"), block_rows=block_rows, jobs=jobs)


@given(
    pair=pairs(),
    suffixes=st.tuples(st.sampled_from(SUFFIXES), st.sampled_from(SUFFIXES)),
    block_rows=st.integers(1, 15),
)
@examples
def test_formats_are_aligned_as_the_oracle_does(
    tmp_path_factory: pytest.TempPathFactory,
    pair: tuple[Rows, Rows],
    suffixes: tuple[str, str],
    block_rows: int,
) -> None:
    check(tmp_path_factory.getbasetemp(), *pair, suffixes, block_rows=block_rows)


def numbered(names: Sequence[str], seed: int) -> Rows:
    return list(zip(names, np.random.default_rng(seed).random(len(names)).tolist(), strict=True))


ASCENDING = [str(number) for number in range(1, 601)]
TEXT = [f"img_{number:05}" for number in range(600)]
RANDOM = [f"{number:x}" for number in np.random.default_rng(0).permutation(600) + 10**6]
REVERSED = ASCENDING[::-1]
LONG: dict[str, tuple[list[str], list[str]]] = {
    "ascending-numbers": (ASCENDING, ASCENDING),
    "ascending-text": (TEXT, TEXT),
    "random": (RANDOM, RANDOM),
    "twice-at-the-ends": ([*RANDOM, RANDOM[0]], [*RANDOM, RANDOM[0]]),
    "twice-in-ascending": ([*ASCENDING, "600"], [*ASCENDING, "600"]),
    "twice-across-blocks": ([*TEXT[:300], TEXT[299], *TEXT[300:]],) * 2,
    "twice-in-targets": (TEXT, [*TEXT, TEXT[7]]),
    "twice-in-predictions": ([*TEXT, TEXT[7]], TEXT),
    "twice-after-another-order": ([*TEXT, "z"], [*TEXT[:500], *REVERSED[:9], "9", TEXT[3]]),
    "swapped-late": ([*RANDOM], [*RANDOM[:500], *RANDOM[:499:-1]]),
    "first-is-last": (RANDOM, [*RANDOM[1:], RANDOM[0]]),
    "reversed": (ASCENDING, REVERSED),
    "targets-end-early": (TEXT, TEXT[:400]),
    "predictions-end-early": (TEXT[:400], TEXT),
    "shifted-by-one": (TEXT[1:], TEXT[:-1]),
    "nothing-in-common": (TEXT, RANDOM),
    "leading-zeros": (ASCENDING, [f"0{name}" for name in ASCENDING]),
    "widths-differ": (ASCENDING, [*ASCENDING[:-1], "x" * 256]),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("names", LONG.values(), ids=LONG)
def test_long_stretches(tmp_path: Path, names: tuple[list[str], list[str]], reader: str) -> None:
    ours, theirs = numbered(names[0], 1), numbered(names[1], 2)
    with reading_by(reader):
        for block_rows, jobs in ((1, 2), (7, 1), (64, 4), (300, 2), (None, 1)):
            check(tmp_path, ours, theirs, (".csv", ".csv"), block_rows=block_rows, jobs=jobs)


@pytest.mark.parametrize("block_rows", [1, 2, 3, 50])
@pytest.mark.parametrize("jobs", [1, 3])
def test_the_first_bad_row_is_to_blame_whatever_the_block(
    tmp_path: Path, block_rows: int, jobs: int
) -> None:
    good = [(f"r{number:02}", 0.5) for number in range(9)]
    files = write(tmp_path / "p.csv", good), write(tmp_path / "t.csv", good)
    for path, bad in zip(files, ("r03,0.5", "r07,0.5"), strict=True):
        content = Path(path).read_text()
        Path(path).write_text(content.replace(bad, bad.replace("0.5", "x")))
    refusal = found(files, block_rows=block_rows, jobs=jobs).refusal
    assert refusal == f"{files[0]}:5: column \"y\": 'x' is not a number"


@pytest.mark.parametrize("reader", READERS)
def test_one_table_that_holds_both_may_have_ids(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "both.csv"
    path.write_text("id,y,d\n07,1,3\n7,5,6\n")
    with reading_by(reader):
        options = Options(loss="mae", id="id", target_col="d")
        (part,) = Evaluation(str(path), None, options).samples()
        assert part.columns() == {"row": [1, 2], "id": ["07", "7"], "mae": [2.0, 1.0]}
        path.write_text("id,y,d\n7,1,3\n8,1,3\n7,5,6\n")
        with pytest.raises(lossctl.DataError, match=r"both.csv:2 and \S+both.csv:4 have the same"):
            lossctl.evaluate(str(path), loss="mae", id="id", target_col="d")
