"""A baseline that is damaged, or none at all, is told and never passes."""

import json
from pathlib import Path

import pytest
from baselines import CHECK, GOOD, SIGNATURE, entry, judged, ratchet, report, written
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
RESTORE = "lossctl: hint: restore it from version control, or delete it and write it anew with "
RESTORE += "--update-baseline"
KIND = "is neither a JSON report of eval nor a baseline of check, of schema 1"


def signed(signature: object) -> str:
    return ratchet({"mae": entry(signature=signature)})


@pytest.mark.parametrize("text", [written("9"), report(entry(loss="mae"))], ids=["ratchet", "eval"])
def test_what_the_bad_ones_are_made_of_is_good(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    assert judged(run).code == 0
    write({"base.json": text.replace("9", "1")})
    assert judged(run).code == 1


NO_JSON = {
    "empty": ("", "Expecting value: line 1 column 1 (char 0)"),
    "spaces": (" \n", "Expecting value: line 2 column 1 (char 2)"),
    "cut off": (GOOD[:-1], "Expecting ',' delimiter"),
    "twice": (GOOD + GOOD, "Extra data"),
    "NaN": (written("NaN"), "NaN is no number of JSON"),
    "Infinity": (written("Infinity"), "Infinity is no number of JSON"),
    "-Infinity": (written("-Infinity"), "-Infinity is no number of JSON"),
    "NaN elsewhere": (GOOD[:-1] + ', "n": NaN}', "NaN is no number of JSON"),
    "two means": (written('1, "mean": 9'), "'mean' comes twice"),
    "two losses": (ratchet({"mae": entry()}).replace(": {", ': {"losses": {}, ', 2), "twice"),
    "two checks": ('{"schema": 1, "checks": {"p.csv": {}, "p.csv": {}}}', "'p.csv' comes twice"),
    "two schemas": ('{"schema": 2, "schema": 1, "checks": {}}', "'schema' comes twice"),
    "thousands": (written("1_0"), "Expecting ',' delimiter"),
    "decimal comma": (written("9,5"), "Expecting property name"),
    "no UTF-8": ('{"schema": 1, "a": "\udcff"}', "codec can't decode byte 0xff"),
    "control": (GOOD.replace("mae", "m\x1be", 1), "Invalid control character"),
    "deep": ('{"a":' * 100_000, ""),
    "many digits": (written("9" * 5000), "Exceeds the limit (4300 digits)"),
}
SOMETHING_ELSE = {
    "list": "[]",
    "number": "1.5",
    "null": "null",
    "table": "y\n0.7\n0.8\n",
    "numbers": "0.7\n0.8\n",
    "deep list": "[" * 100_000,
    "other object": '{"name": "a"}',
}
NO_BASELINE = {
    "no schema": '{"checks": {}}',
    "schema 2": ratchet({}, schema=2),
    "schema text": ratchet({}, schema="1"),
}
DAMAGED = {
    "checks list": (ratchet({}, checks=[]), "'list' object has no attribute 'items'"),
    "checks null": (ratchet({}, checks=None), "'NoneType' object"),
    "check list": (ratchet({}, checks={"p.csv": []}), "list indices must be integers"),
    "check empty": (ratchet({}, checks={"p.csv": {}}), "'losses' is missing"),
    "other check": (ratchet({}, checks={"p.csv": {"losses": {}}, "b": 1}), "'int' object is not"),
    "losses null": (ratchet(None), "'NoneType' object"),
    "losses number": (ratchet(1), "'int' object"),
    "loss number": (ratchet({"mae": 9.0}), "not subscriptable"),
    "loss null": (ratchet({"mae": None}), "not subscriptable"),
    "loss text": (ratchet({"mae": "9"}), "string indices must be integers"),
    "other loss": (ratchet({"mae": entry(), "mse": {}}), "'mean' is missing"),
    "no mean": (ratchet({"mae": {"signature": SIGNATURE}}), "'mean' is missing"),
    "mean null": (written("null"), "the mean of mae is no number"),
    "mean true": (written("true"), "the mean of mae is no number"),
    "mean false": (written("false"), "the mean of mae is no number"),
    "mean text": (written('"9"'), "the mean of mae is no number"),
    "mean list": (written("[9]"), "the mean of mae is no number"),
    "mean 1e400": (written("1e400"), "the mean of mae is not finite"),
    "mean -1e400": (written("-1e400"), "the mean of mae is not finite"),
    "mean huge": (written("9" * 400), "the mean of mae is not finite"),
    "mean tiny": (written("1e-99999"), "the mean of mae is not finite"),
    "no signature": (ratchet({"mae": {"mean": 9.0}}), "'signature' is missing"),
    "signature null": (signed(None), "'NoneType' object has no attribute 'split'"),
    "signature number": (signed(1), "'int' object has no attribute 'split'"),
    "signature list": (signed([SIGNATURE]), "'list' object has no attribute 'split'"),
    "signature empty": (signed(""), "not enough values to unpack"),
    "signature short": (signed("lossctl|0"), "not enough values to unpack"),
    "signature words": (signed("lossctl|0|mae|eps"), ": eps"),
    "signature twice": (signed(SIGNATURE + "|k=1"), ": k=1"),
    "signature of mse": (
        signed(SIGNATURE.replace("|mae|", "|mse|")),
        "the signature of mae is of another loss",
    ),
    "signature of two": (signed(SIGNATURE + "|loss=mse"), ": loss=mse"),
    "mean below 0": (written("-3"), "the mean of mae is -3, below 0: nothing is lower"),
    "no n": (ratchet({"mae": {"mean": 9.0, "signature": SIGNATURE}}), "'n' is missing"),
    "n null": (ratchet({"mae": entry(n=None)}), "the n of mae is no number of samples"),
    "n text": (ratchet({"mae": entry(n="3")}), "the n of mae is no number of samples"),
    "n 3.0": (ratchet({"mae": entry(n=3.0)}), "the n of mae is no number of samples"),
    "n true": (ratchet({"mae": entry(n=True)}), "the n of mae is no number of samples"),
    "n 0": (ratchet({"mae": entry(n=0)}), "the n of mae is no number of samples"),
    "n lowered": (
        ratchet({"mae": entry(n=1, signature=SIGNATURE + "|n=2")}),
        "the n of mae is 1, but 2 in its signature",
    ),
    "report no n": (report({"loss": "mae", "mean": 9.0, "signature": SIGNATURE}), "'n' is missing"),
    "report null": ('{"schema": 1, "losses": null}', "'NoneType' object"),
    "report number": ('{"schema": 1, "losses": [1]}', "'int' object is not subscriptable"),
    "report nothing": ('{"schema": 1}', "'losses' is missing"),
    "report twice": (report(entry(loss="mae"), entry(loss="mae", mean=1)), "'mae' comes twice"),
    "report no name": (report(entry()), "'loss' is missing"),
    "report null name": (report(entry(loss=None)), "the signature of None is of another loss"),
    "report list name": (report(entry(loss=["mae"])), "unhashable type"),
}


@pytest.mark.parametrize(("text", "reason"), NO_JSON.values(), ids=NO_JSON)
def test_no_json(run: Run, write: Write, text: str, reason: str) -> None:
    write({"base.json": text.encode("utf-8", "surrogateescape")})
    outcome = judged(run)
    message, hint, end = outcome.err.splitlines()
    assert (outcome.code, hint) == (3, RESTORE)
    assert message.startswith("lossctl: error: base.json: is no JSON: ")
    assert reason in message
    assert end == "lossctl: error: 1 check: 1 could not be judged"


@pytest.mark.parametrize("start", ["", "{\n"])
def test_marks_of_a_merge_conflict_are_told_as_such(run: Run, write: Write, start: str) -> None:
    write({"base.json": f"{start}<<<<<<< HEAD\n{GOOD}\n=======\n{GOOD}\n>>>>>>> main\n"})
    outcome = judged(run)
    assert (outcome.code, outcome.err.splitlines()[:2]) == (
        3,
        [
            "lossctl: error: base.json: has marks of a merge conflict",
            "lossctl: hint: keep the lines of one side, then run lossctl check",
        ],
    )


@pytest.mark.parametrize("text", SOMETHING_ELSE.values(), ids=SOMETHING_ELSE)
def test_nobody_is_told_to_delete_what_is_something_else(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [
        "lossctl: error: base.json: is no baseline",
        "lossctl: hint: is it the right file? --update-baseline writes one, and so does eval "
        "--format json",
    ]


@pytest.mark.parametrize("text", NO_BASELINE.values(), ids=NO_BASELINE)
def test_no_baseline(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [f"lossctl: error: base.json: {KIND}", RESTORE]


@pytest.mark.parametrize(("text", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_baseline(run: Run, write: Write, text: str, reason: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    message, hint = outcome.err.splitlines()[:2]
    assert (outcome.code, hint) == (3, RESTORE)
    assert message.startswith("lossctl: error: base.json: is damaged: ")
    assert reason in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("k=1", "k=1(00)"),
        ("eps=none", "eps=none(1e-7)"),
        ('"schema": 1', '"schema": true'),
        ('"schema": 1', '"schema": 1.0'),
    ],
)
def test_a_signature_or_a_schema_that_was_changed_is_refused(
    run: Run, write: Write, folder: Path, old: str, new: str
) -> None:
    assert run(*CHECK, "--update-baseline").code == 0
    text = (folder / "lossctl-baseline.json").read_text()
    write({"base.json": text})
    assert run(*CHECK, "--baseline=base.json").code == 0
    write({"base.json": text.replace(old, new)})
    assert run(*CHECK, "--baseline=base.json").code == 3


def test_losses_that_are_a_list_of_pairs_are_refused(run: Run, write: Write, folder: Path) -> None:
    assert run(*CHECK, "--update-baseline").code == 0
    content = json.loads((folder / "lossctl-baseline.json").read_text())
    entry = content["checks"]["p.csv"]["losses"]["mae"]
    content["checks"]["p.csv"]["losses"] = [["mae", entry], ["mae", entry | {"mean": 9}]]
    write({"base.json": json.dumps(content)})
    assert run(*CHECK, "--baseline=base.json").code == 3
