"""What `lossctl.evaluate` says is Python: options are its keywords, and arrays are no files."""

from __future__ import annotations

import ast
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars
import pytest
from conftest import Write

import lossctl
from lossctl.engines import ENGINES
from lossctl.evaluation.options import Options
from lossctl.losses import LOSSES, SCALES
from lossctl.python.keywords import PYTHON
from lossctl.tables.formats import FORMATS
from lossctl.tables.text.dialect import DELIMITERS

PACKAGE = Path(lossctl.__file__).parent
ROOMS = ("base", "engines", "evaluation", "losses", "pairing", "results", "tables")
"""What `evaluate` runs through."""
OPTION = re.compile(r"--[a-z]")
KEYWORD = re.compile(r"(?<![\w-])([a-z_]+)=(\"[^\"]*\"|True|False|[A-Z]+|[0-9.]+)?")
VALUES = {
    "0,1",
    "1,0",
    *LOSSES,
    *SCALES,
    *FORMATS,
    *DELIMITERS,
    *ENGINES,
    *("align", "ignore", "keep", "first", "present", "strict", "skip", "error", "name", "position"),
    *(
        "a,b,c",
        "A,B",
        "latin-1",
        "utf-16",
        "utf-16-be",
        "utf-16-le",
        "utf-32",
        "utf-32-be",
        "utf-32-le",
        "#",
        "",
        ",",
        ".",
        "json|jsonl",
        "mse",
        "-100",
        "-1,1",
        "0,1",
        "1,0",
        "False,True",
        "True,False",
    ),
    "PLACEHOLDER",
}
"""What a message may say that an option is to be; another word is a slip, or belongs in here."""

RENDERED = {
    "leave it out: --pred-cols p --target-col y": 'leave it out: pred_cols="p", target_col="y"',
    "pass --nan skip": 'pass nan="skip"',
    "which columns are meant with --pred-cols and --target-col": (
        "which columns are meant with pred_cols= and target_col="
    ),
    "leave --from logits out?": 'leave from_="logits" out?',
    "pass --from log-probs": 'pass from_="log-probs"',
    "pass --from logits with ce, or": 'pass from_="logits" with ce, or',
    "pass --header or --no-header, or, for targets in a file of their own, --targets-header or": (
        "pass header=True or header=False, or, for targets in a file of their own, "
        "targets_header=True or"
    ),
    "pass --decimal , (targets in a file of their own: with --targets-decimal . if they have": (
        'pass decimal="," (targets in a file of their own: with targets_decimal="." if they have'
    ),
    "points, or --targets-decimal , alone if": 'points, or targets_decimal="," alone if',
    "pass --unlimited if that is right": "pass unlimited=True if that is right",
    "pair by it with --id?": "pair by it with id=?",
    "with --id NAME, or": "with id=NAME, or",
    "with --id 'user id', or": 'with id="user id", or',
    "with --id id, or": 'with id="id", or',
    "pass --decimal ,": 'pass decimal=","',
    "pass --comment '#' where": 'pass comment="#" where',
    "pass --comment '#' (and --classes A,B to name": 'pass comment="#" (and classes="A,B" to name',
    "--classes names a class twice": "classes names a class twice",
    "--pred-cols: the column 'x' is named twice": "pred_cols: the column 'x' is named twice",
    "--missing present needs --id: rows": 'missing="present" needs id: rows',
    "or pass --sum-tolerance X": "or pass sum_tolerance=X",
    "pass --repeated-ids first; to": 'pass repeated_ids="first"; to',
    "--loss 'huber:x=1': no": 'loss="huber:x=1": no',
    "--loss is one of: ce, mae": "loss is one of: ce, mae",
    "give TARGETS, or --target-col NAME": "give targets, or target_col=NAME",
    "it has 'PREDS', 'TARGETS'": "it has 'PREDS', 'TARGETS'",
    "lossctl check --update-baseline": "lossctl check --update-baseline",
    "no option at all, a - b and a--b": "no option at all, a - b and a--b",
}


@pytest.mark.parametrize("text", RENDERED)
def test_an_option_is_a_keyword(text: str) -> None:
    assert PYTHON.write(text) == RENDERED[text]


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings, with a word where a value stands."""
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    docstrings = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else "PLACEHOLDER"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and id(node) not in inner | docstrings:
            yield node.value if isinstance(node.value, str) else ""


def messages() -> Iterator[str]:
    for room in ROOMS:
        for path in (PACKAGE / room).rglob("*.py"):
            for text in texts_in(ast.parse(path.read_text())):
                said_elsewhere = (
                    "(?P<" in text or "`" in text
                )  # a pattern; notes for the documentation
                if OPTION.search(text) and not said_elsewhere:
                    yield text


@pytest.mark.parametrize("text", sorted(set(messages())))
def test_every_message_of_ours_becomes_valid_keywords(text: str) -> None:
    rendered = PYTHON.write(text)
    assert not OPTION.search(rendered), "an option that evaluate does not have"
    for name, value in KEYWORD.findall(rendered):
        if name in Options.__annotations__ and value:
            ast.parse(f"evaluate({name}={value})")
            given = value.strip('"')
            known = given in {"True", "False"} or given in VALUES
            plain = known or given.isupper() or given.isdigit()
            assert plain, f"{given} was taken for the value of {name}"


def complaint(*arguments: Any, **options: Any) -> str:
    """Return the message and the hint of an error."""
    with pytest.raises(lossctl.LossctlError) as refused:
        lossctl.evaluate(*arguments, **options)
    return f"{refused.value} / {refused.value.hint}"


P = np.array([[0.7, 0.3], [0.2, 0.8], [0.6, 0.4]])
D = np.eye(2)[[0, 1, 0]]
NAMED = pd.DataFrame(P, columns=["cat", "dog"])
WITH_HOLE = np.array([[0.7, np.nan], [0.2, 0.8], [0.6, 0.4]])
ONE = P[:, 0]

WRONG: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "a-row-more": ((P, D[:2]), {"loss": "ce"}),
    "rows-missing": ((P, D[:1]), {"loss": "ce"}),
    "one-column": ((ONE, [0, 1, 0]), {"loss": "ce"}),
    "more-targets": ((ONE, D), {"loss": "mse"}),
    "more-predictions": ((P, np.ones((3, 3))), {"loss": "mse"}),
    "nan": ((WITH_HOLE, D), {"loss": "ce"}),
    "nan-in-a-frame": ((pd.DataFrame(WITH_HOLE), D), {"loss": "ce"}),
    "logits": ((P * 9 - 3, D), {"loss": "ce"}),
    "log-probs": ((np.log(P), D), {"loss": "ce"}),
    "not-log-probs": ((P, D), {"loss": "ce", "from_": "log-probs"}),
    "percentages": ((P * 100, D), {"loss": "ce"}),
    "counts": ((P * 0 + 3, D), {"loss": "bce"}),
    "sums": ((P * 0.8, D), {"loss": "ce"}),
    "label-too-high": ((P, [0, 1, 2]), {"loss": "ce"}),
    "labels-from-1": ((P, [1, 2, 2]), {"loss": "ce"}),
    "label-that-is-no-name": ((NAMED, ["cat", "dog", "cow"]), {"loss": "ce"}),
    "labels-without-names": ((P, ["cat", "dog", "cat"]), {"loss": "ce"}),
    "words-for-one-column": ((ONE, ["yes", "no", "yes"]), {"loss": "bce"}),
    "columns-without-name": ((NAMED.set_axis(["", "dog"], axis=1), D), {"loss": "ce"}),
    "an-id": ((NAMED.assign(id=[7, 8, 9]), D), {"loss": "ce"}),
    "an-id-with-a-space": ((NAMED.assign(**{"the id": [7, 8, 9]}), D), {"loss": "ce"}),
    "a-label-beside": ((NAMED.assign(prediction=[0, 1, 0]), [0, 1, 0]), {"loss": "ce"}),
    "no-such-column": ((NAMED, D), {"loss": "ce", "pred_cols": "x"}),
    "no-such-number": ((P, D), {"loss": "ce", "pred_cols": "x"}),
    "no-such-id": ((NAMED, NAMED), {"loss": "ce", "id": "x"}),
    "no-targets": ((NAMED,), {"loss": "ce"}),
    "other-names": ((NAMED, pd.DataFrame(D, columns=["cat", "cow"])), {"loss": "ce"}),
    "a-class-twice": ((P, D), {"loss": "ce", "classes": ["a", "a"]}),
    "too-few-classes": ((P, D), {"loss": "ce", "classes": ["a"]}),
    "no-loss": ((P, D), {"loss": ""}),
    "unknown-loss": ((P, D), {"loss": "root"}),
    "unknown-scale": ((P, D), {"loss": "ce", "from_": "odds"}),
    "scale-of-another-loss": ((P, D), {"loss": "mse", "from_": "logits"}),
    "unknown-policy": ((P, D), {"loss": "ce", "nan": "drop"}),
    "present-without-id": ((P, D), {"loss": "ce", "missing": "present"}),
    "index-of-an-array": ((P, D), {"loss": "ce", "index": "align"}),
    "unknown-index": ((P, D), {"loss": "ce", "index": "join"}),
    "labels-differ": ((pd.Series(ONE, [3, 4, 5]), pd.Series(ONE, [5, 4, 3])), {"loss": "mse"}),
    "align-and-id": ((NAMED, NAMED), {"loss": "ce", "index": "align", "id": "cat"}),
    "repeated-without-ids": ((P, D), {"loss": "ce", "repeated_ids": "first"}),
    "a-sample-twice": (
        (pd.DataFrame({"id": [1, 2, 1], "p": [1.0, 2.0, 1.0]}),),
        {"loss": "mse", "pred_cols": "p", "target_col": "p2"},
    ),
    "polars": ((polars.DataFrame({"a": [0.5, None]}), [0, 1]), {"loss": "mse"}),
    "three-dimensions": ((np.ones((2, 2, 2)), D), {"loss": "ce"}),
    "ragged": (([[1.0], [1.0, 2.0]], D), {"loss": "ce"}),
    "no-rows": ((np.ones((0, 2)), D), {"loss": "ce"}),
    "complex": ((P + 0j, D), {"loss": "ce"}),
    "masked": ((np.ma.masked_array(P, P > 0.5), D), {"loss": "ce"}),
    "infinite": ((np.where(P > 0.5, np.inf, P), D), {"loss": "mse"}),
    "overflow": ((P * 1e200, D), {"loss": "mse"}),
    "an-inexact-integer": ((np.array([2**53 + 1, 0, 0]), ONE), {"loss": "mse"}),
    "no-label": ((P, [0.5, 1, 0]), {"loss": "ce"}),
    "targets-below-0": ((P, -D), {"loss": "ce"}),
    "targets-that-do-not-sum": ((P, D * 0), {"loss": "ce"}),
}


@pytest.mark.parametrize(("arrays", "options"), WRONG.values(), ids=WRONG)
def test_of_an_array_nothing_is_said_that_only_a_file_has(
    arrays: tuple[Any, ...], options: dict[str, Any]
) -> None:
    said = complaint(*arrays, **options)
    assert not OPTION.search(said)
    assert not re.search(r"\b(headers?|delimiters?|files?|lines?|PREDS|TARGETS|--)\b", said)


def test_of_a_file_the_same_is_said_with_keywords(write: Write) -> None:
    path = write({"p.csv": "a,b\n0.5,0.5\n0.1,0.9\n", "t.csv": "a,b\n1,0\n"})
    said = complaint(path.parent / "p.csv", path, loss="ce")
    assert said.endswith("If so, say which it is with targets_header=False")


@pytest.mark.parametrize("names", [["p.csv"], ("p.csv", "q.parquet"), ["part-1.jsonl.gz"]])
def test_names_of_files_in_a_list_are_no_labels(names: Any) -> None:
    for arguments in ((names, D), (P, names)):
        said = complaint(*arguments, loss="mae")
        assert said.startswith(f"a list of text is a list of labels, but '{names[0]}' looks like")
        assert "pathlib.Path" in said
    words = ["cat.1", "dog.v2", "cat.1"]
    assert lossctl.evaluate(P, words, loss="ce", classes="cat.1,dog.v2").n == 3


def test_one_column_of_numbers_for_several_is_told_as_such() -> None:
    several = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    said = complaint(several, pd.Series([1.5, 2.5], name="revenue"), loss="mae")
    assert said.startswith("predictions has 3 columns and targets 1 column / ")
    assert said.endswith("Name one with pred_cols=")
    said = complaint(several, pd.Series([3.0, 1.0], name="revenue"), loss="mae")
    assert said.endswith(
        "if the targets are numbers, and no labels of 3 classes, say which column is the "
        "prediction with pred_cols="
    )
    assert "pred_cols" not in complaint(P, [0, 2, 1], loss="ce")


def test_a_hint_can_be_followed_as_it_stands() -> None:
    said = complaint(WITH_HOLE, D, loss="ce")
    (keyword,) = [found for found in KEYWORD.findall(said) if found[1]]
    report = lossctl.evaluate(WITH_HOLE, D, loss="ce", **{keyword[0]: ast.literal_eval(keyword[1])})
    assert (report.n, report.skipped) == (2, 1)


def test_a_traceback_shows_the_hint() -> None:
    with pytest.raises(lossctl.DataError) as refused:
        lossctl.evaluate(WITH_HOLE, D, loss="ce")
    shown = "".join(traceback.format_exception(refused.value))
    assert shown.splitlines()[-1].endswith('pass nan="skip"')
    assert refused.value.args == (refused.value.reason,)


def test_warnings_of_a_report_name_keywords() -> None:
    frame = NAMED.assign(id=[1, 2, 3])
    report = lossctl.evaluate(
        frame, frame, loss="bce", pred_cols="cat", target_col="cat", from_="logits"
    )
    said = " ".join(warning.message for warning in report.warnings)
    assert 'from_="logits"' in said
    assert "id=" in said
    assert not OPTION.search(said)
