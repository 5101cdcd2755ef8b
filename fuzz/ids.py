"""Pairs of tables with ids to fuzz lossctl with, in any order and any two formats."""

from __future__ import annotations

import csv
import io
import json
import random

import oracles as oracle
from oracles import Refuse
from text import READERS, Case, judged, plain

Sided = list[tuple[str, list[float]]]
"""Rows with their ids."""

IDS = ["a", "b", "aa", "ab", "a ", " a", "1", "01", "1.0", "10", "2", "-1", "\xe9", "e\u0301", "A"]
IDS += [
    "x" * 7,
    "x" * 8,
    "x" * 9,
    "x" * 255,
    "x" * 256,
    "x" * 255 + "y",
    "\U0001f600",
    "a,b",
    'q"',
    "\t",
]
IDS += ["a\x01", "nan", "NA", "null", "True", "0", "00", "1e5", "id", "#", "'"]


def align_case(rng: random.Random) -> Case:
    """Rows paired by id, in any order and any two formats, by a dictionary."""
    width = rng.choice([1, 2, 3])
    predictions, targets = tables = [
        [(text, [plain(rng) for _ in range(width)]) for text in side] for side in sides(rng)
    ]
    missing = rng.choice(["strict", "present"])
    allowed, refusal = judged(lambda: aligned(predictions, targets, missing == "strict"))
    files, inputs = {}, []
    for name, rows in zip("pt", tables, strict=True):
        kind = rng.choice(["csv", "tsv", "jsonl", "parquet", "feather"])
        files[f"{name}.{kind}"] = written_with_ids(kind, rows, width, rng.random() < 0.3)
        inputs.append(f"{name}.{kind}")
    options = {"id": "key", "missing": missing, "p": inputs[0], "t": inputs[1]}
    block = rng.randint(1, 30)
    ways = [{**options, "reader": reader} for reader in READERS]
    ways += [{**options, "block_rows": block, "reader": reader} for reader in READERS]
    ways += [{**options, "block_rows": block, "jobs": rng.randint(1, 3)}]
    return Case(files, ways, allowed, refusal)


def sides(rng: random.Random) -> tuple[list[str], list[str]]:
    """Return the ids of predictions and of targets, some missing or there twice."""
    count = rng.choice([1, 2, 5, 20, 60])
    pool = rng.choice([IDS, [str(i) for i in range(90)], [f"s{i:04}" for i in range(90)]])
    ids = rng.sample(pool, min(count, len(pool)))
    order = rng.random()
    if order < 0.5:
        ids.sort(key=lambda text: (len(text) * (order < 0.2), text))
    predictions, targets = list(ids), list(ids)
    order = rng.random()
    if order < 0.5:
        rng.shuffle(targets)
    elif order < 0.7:
        at = rng.randrange(len(ids))
        targets = targets[:at] + targets[at:][::-1]
    for side in (predictions, targets):
        damage = rng.random()
        if damage < 0.1 and len(side) > 1:
            del side[rng.randrange(len(side))]
        elif damage < 0.2:
            side.insert(rng.randrange(len(side) + 1), rng.choice(pool))
    return predictions, targets


def aligned(predictions: Sided, targets: Sided, strict: bool) -> float:
    """Return the loss of the rows with the same ids."""
    for side in (predictions, targets):
        ids = [text for text, _ in side]
        if len(set(ids)) < len(ids) or any(len(text.encode()) > 256 for text in ids):
            raise Refuse("an id twice, or too long")
    other = dict(targets)
    if strict and set(dict(predictions)) != set(other):
        raise Refuse("an id without a partner")
    both = [(row, other[text]) for text, row in predictions if text in other]
    if not both:
        raise Refuse("no id in common")
    return oracle.loss_of([row for row, _ in both], [row for _, row in both])


def written_with_ids(kind: str, rows: Sided, width: int, last: bool) -> bytes:
    """Return rows with ids in a format, the ids first or last."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [f"c{j}" for j in range(width)]
    names = [*names, "key"] if last else ["key", *names]
    records = [[*row, text] if last else [text, *row] for text, row in rows]
    if kind == "jsonl":
        text = "".join(json.dumps(dict(zip(names, r, strict=True))) + "\n" for r in records)
        return text.encode()
    if kind in ("csv", "tsv"):
        stream = io.StringIO()
        mark = "," if kind == "csv" else "\t"
        writer = csv.writer(stream, delimiter=mark, lineterminator="\n")
        writer.writerows([names, *records])
        return stream.getvalue().encode()
    types = {name: pa.string() if name == "key" else pa.float64() for name in names}
    built = pa.table({n: pa.array([r[i] for r in records], types[n]) for i, n in enumerate(names)})
    binary = io.BytesIO()
    if kind == "parquet":
        pq.write_table(built, binary, row_group_size=7)
    else:
        with pa.ipc.new_file(binary, built.schema) as file:
            file.write_table(built, max_chunksize=5)
    return binary.getvalue()
