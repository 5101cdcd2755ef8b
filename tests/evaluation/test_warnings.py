"""Every warning: what its class keeps to, when it is told, in which order, and when it is not."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from inspect import isabstract
from itertools import pairwise
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import numpy as np
import pytest
from conftest import Run, Write
from samples import probabilities, write_csv
from test_kernel import kernel
from told import TOLD

import lossctl
from lossctl.base.warnings import BlockCaution, Caution
from lossctl.evaluation.cautions import Values
from lossctl.evaluation.warnings import WARNINGS
from lossctl.results.summary import EMPTY, Summary

SEEN_IN_BLOCKS = tuple(kind for kind in WARNINGS if issubclass(kind, BlockCaution))
every_warning = pytest.mark.parametrize("kind", WARNINGS, ids=lambda kind: kind.code)
every_block_caution = pytest.mark.parametrize("kind", SEEN_IN_BLOCKS, ids=lambda kind: kind.code)


# What every class keeps to.


def classes_below(kind: type[Any]) -> Iterator[type[Any]]:
    for below in kind.__subclasses__():
        yield below
        yield from classes_below(below)


def test_every_class_has_a_line_in_the_registry_and_one_code() -> None:
    for module in walk_packages(lossctl.__path__, "lossctl."):
        import_module(module.name)  # so that no class is overlooked
    concrete = {kind for kind in classes_below(Caution) if not isabstract(kind)}
    assert set(WARNINGS) == concrete == set(TOLD)
    assert len(WARNINGS) == len({kind.code for kind in WARNINGS})


@every_block_caution
def test_what_merges_is_an_attribute(kind: type[BlockCaution]) -> None:
    assert set(kind.merging) <= set(kind.__annotations__)
    assert all(set(kind.__annotations__) == set(vars(one)) for one, _, _ in TOLD[kind])


@every_warning
def test_every_class_has_a_code_and_says_when_it_is_told(kind: type[Caution]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.code)
    assert "code" in vars(kind)
    assert kind.__doc__
    assert kind.__doc__.splitlines()[0].endswith(".")


@every_warning
def test_what_is_told(kind: type[Caution]) -> None:
    for warning, count, message in TOLD[kind]:
        for one in (warning, pickle.loads(pickle.dumps(warning))):
            assert type(one) is kind
            assert (one, hash(one)) == (warning, hash(warning))
            assert (one.count, one.message if one.count else "") == (count, message)


# What is seen in values merges as if all had been seen at once.


def one_hot(rows: int) -> Any:
    return np.eye(4)[np.arange(rows) % 4]


VALUES: dict[str, tuple[Any, Any]] = {
    "probabilities": (probabilities(30, 4), probabilities(30, 4, 1)),
    "equal": (probabilities(30, 4), probabilities(30, 4)),
    "equal-at-first": (np.ones((30, 4)), np.vstack([np.ones((20, 4)), np.zeros((10, 4))])),
    "hard": (one_hot(30), probabilities(30, 4)),
    "hard-at-first": (np.vstack([one_hot(20), probabilities(10, 4)]), probabilities(30, 4)),
    "soft-at-last": (one_hot(30), np.vstack([one_hot(29), probabilities(1, 4)])),
    "logits": (np.random.default_rng(0).normal(size=(30, 4)), one_hot(30)),
    "labels": (probabilities(30, 4), np.arange(30).reshape(-1, 1) % 4.0),
    "labels-from-1": (probabilities(30, 4), np.arange(30).reshape(-1, 1) % 3 + 1.0),
    "one-outside": (np.vstack([one_hot(29), [[2, 0, 0, 0]]]), np.ones((30, 1))),
}
TASKS = [
    kernel(names, scale, labels).task
    for names, scale in ((("ce", "bce"), "logits"), (("bce",), "logits"), (("mse",), "probs"))
    for labels in (True, False)
]


def seen(
    kind: type[BlockCaution], y: Any, d: Any, cuts: tuple[int, ...], task: Any
) -> list[BlockCaution]:
    edges = [0, *cuts, len(y)]
    return [
        kind.of(
            Values(y[start:end], d[start:end], end - start, np.arange(start + 1, end + 1)), task
        )
        for start, end in pairwise(edges)
    ]


def merged(first: BlockCaution, second: BlockCaution) -> BlockCaution:
    before = vars(first).copy(), vars(second).copy()
    result = first.merge(second)
    assert (vars(first), vars(second)) == before
    return result


@every_block_caution
@pytest.mark.parametrize(("y", "d"), VALUES.values(), ids=VALUES)
def test_merging_is_associative_and_no_partition_changes_what_is_told(
    kind: type[BlockCaution], y: Any, d: Any
) -> None:
    for task in TASKS:
        (whole,) = seen(kind, y, d, (), task)
        for cuts in ((1,), (29,), (10, 20), (3, 4, 25)):
            parts = seen(kind, y, d, cuts, task)
            from_the_left = reduce(merged, parts)
            from_the_right = reduce(lambda behind, part: merged(part, behind), reversed(parts))
            assert from_the_left == from_the_right
            told = [
                (caution.count, caution.count and caution.message)
                for caution in (whole, from_the_left)
            ]
            assert told[0] == told[1]
            assert pickle.loads(pickle.dumps(whole)) == whole


@every_block_caution
def test_the_empty_summary_changes_nothing(kind: type[BlockCaution]) -> None:
    y, d = VALUES["labels-from-1"]
    (caution,) = seen(kind, y, d, (), TASKS[0])
    loss = lossctl.evaluate(y, d[:, 0], loss="ce")
    summary = Summary(loss.n, {"ce": None}, (caution,))  # type: ignore[dict-item]
    assert EMPTY.merge(summary) == summary == summary.merge(EMPTY)


# When they are told.


def codes(*inputs: Any, **options: Any) -> list[str]:
    return [warning.code for warning in lossctl.evaluate(*inputs, **options).warnings]


def test_the_order_is_that_of_the_registry(tmp_path: Path) -> None:
    (tmp_path / "y.csv").write_text("id,a,b\n1,1,0\n2,0,1\n3,,1\n9,1,0")
    (tmp_path / "d.csv").write_text("b,a,id\n0.4,0.6,1\n0.001,0.996,2\n0.5,0.5,3\n1,0,8")
    chosen = {"loss": "ce", "pred_cols": "a,b", "target_col": "b,a"}
    alike = ["no-final-newline", "no-final-newline", "columns-reordered", "swapped"]
    by_position = codes(tmp_path / "y.csv", tmp_path / "d.csv", nan="skip", **chosen)
    assert by_position == [*alike, "unused-id", "rough-sums", "skipped"]
    how = {"loss": "ce", "id": "id", "missing": "present", "nan": "skip"}
    by_id = codes(tmp_path / "y.csv", tmp_path / "d.csv", **how)
    assert by_id == [*alike, "rough-sums", "skipped", "unpaired", "unpaired"]
    order = [kind.code for kind in WARNINGS]
    assert sorted(by_position, key=order.index) == by_position
    assert sorted(by_id, key=order.index) == by_id


def test_warnings_of_tables_are_told_table_by_table(tmp_path: Path) -> None:
    for name in ("y1", "y2", "d1", "d2"):
        (tmp_path / f"{name}.csv").write_text(f"y\n{len(name)}.5\n{ord(name[0])}")
    lists = [[tmp_path / f"{name}{number}.csv" for number in (2, 1)] for name in "yd"]
    texts = [",".join(map(str, paths)) for paths in lists]
    ends = ["no-final-newline"] * 2
    assert codes(*texts, loss="mae") == ["shards-out-of-order", *ends] * 2


def test_a_total_beyond_float64_is_told_of_each_loss() -> None:
    report = lossctl.evaluate([1.5e308, 1.5e308], [0.0, 0.0], loss="mae")
    assert [warning.message for warning in report.warnings] == [
        "the total of mae is beyond float64"
    ]


DISTRIBUTIONS, NONE = [[0.9, 0.1], [0.1, 0.9]], [[0.9, 0.9], [0.1, 0.0]]
VALUE, ROW = "every value is a probability", "every row is a probability distribution"
CALLED_LOGITS: dict[str, tuple[Any, Any, str, str | None]] = {
    "every-value": ([0.1, 0.9, 0.6], [0.0, 1.0, 1.0], "bce", VALUE),
    "ends-of-the-interval": ([0.0, 1.0], [1.0, 0.0], "bce", VALUE),
    "one-below": ([0.1, 0.9, -1e-9], [0.0, 1.0, 1.0], "bce", None),
    "one-above": ([0.1, 0.9, 1.001], [0.0, 1.0, 1.0], "bce", None),
    "first-above": ([1.001, 0.9, 0.5], [0.0, 1.0, 1.0], "bce", None),
    "bce-no-distributions": (NONE, [0, 1], "bce", VALUE),
    "bce-distributions": (DISTRIBUTIONS, [0, 1], "bce", VALUE),
    "ce": (DISTRIBUTIONS, [0, 1], "ce", ROW),
    "ce-no-distributions": (NONE, [0, 1], "ce", None),
    "both": (DISTRIBUTIONS, [0, 1], "bce,ce", ROW),
    "both-no-distributions": (NONE, [0, 1], "bce,ce", None),
}


@pytest.mark.parametrize("block_rows", [1, 2, None])
@pytest.mark.parametrize(("y", "d", "losses", "what"), CALLED_LOGITS.values(), ids=CALLED_LOGITS)
def test_probabilities_that_are_called_logits(
    y: Any, d: Any, losses: str, what: str | None, block_rows: int | None
) -> None:
    report = lossctl.evaluate(y, d, loss=losses, from_="logits", block_rows=block_rows)
    found = [(warning.code, warning.message, warning.count) for warning in report.warnings]
    message = f'predictions: {what}, but was read as logits: if it is one, leave from_="logits" out'
    assert found == ([("probabilities-as-logits", message, 1)] if what else [])


def test_probabilities_of_bce_called_logits_are_told_of_a_file(run: Run, write: Write) -> None:
    write({"p.csv": "y\n0.25\n0.5\n", "t.csv": "y\n0\n1\n", "q.csv": "y\n0.25\n-0.5\n"})
    options = ("--loss", "bce", "--from", "logits")
    outcome = run("eval", "p.csv", "t.csv", *options, "-q")
    assert outcome.code == 0
    assert outcome.err == (
        "lossctl: warning: p.csv: every value is a probability, but was read as logits: if it "
        "is one, leave --from logits out\n"
    )
    assert run("eval", "q.csv", "t.csv", *options).err == ""


def test_shards_and_samples_left_out_do_not_hide_a_warning(tmp_path: Path) -> None:
    y = probabilities(40, 3)
    y[:10] = np.nan
    files = [write_csv(tmp_path / f"{n}.csv", part) for n, part in enumerate(np.split(y, 4))]
    labels = np.arange(40) % 2 + 1
    options = {"loss": "ce", "from_": "logits", "nan": "skip", "block_rows": 5}
    found = codes(",".join(files), labels, **options)
    assert found == ["probabilities-as-logits", "no-label-0", "skipped"]
