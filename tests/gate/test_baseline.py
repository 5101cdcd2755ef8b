"""Baselines: whatever is wrong with one, the check does not pass, and says what it is."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Outcome, Run, Write

pytestmark = pytest.mark.usefixtures("folder")
CHECK = ("check", "p.csv", "t.csv", "--loss=mae")  # of 1 and 2: Loss(W) is 1.5
SIGNATURE = "lossctl|0|mae|eps=none|reduction=sum-components,mean-samples|k=1|paired=position"
RESTORE = "hint: restore it from version control"
EVALUATE = "hint: lossctl eval --format json -o FILE writes a report to compare with"
NONE = "nothing"
ADD = "hint: it has: {}; to add today's number: lossctl check --update-baseline"
RENEW = "hint: to take today's numbers: lossctl check --update-baseline --allow-increase"
KIND = "is neither a JSON report of eval nor a baseline of check, of schema 1"


def entry(**changed: object) -> dict[str, object]:
    return {"mean": 9.0, "signature": SIGNATURE} | changed


def ratchet(losses: object, **more: object) -> str:
    return json.dumps({"schema": 1, "checks": {"p.csv": {"losses": losses}}} | more)


def report(*losses: object) -> str:
    return json.dumps({"schema": 1, "losses": losses})


def written(mean: str) -> str:
    return ratchet({"mae": entry(mean="?")}).replace('"?"', mean)


def signed(signature: object) -> str:
    return ratchet({"mae": entry(signature=signature)})


def judged(run: Run, *more: str) -> Outcome:
    return run(*CHECK, "--baseline=base.json", *more)


@pytest.mark.parametrize("text", [written("9"), report(entry(loss="mae"))], ids=["ratchet", "eval"])
def test_what_the_bad_ones_are_made_of_is_good(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    assert judged(run).code == 0
    write({"base.json": text.replace("9", "1")})
    assert judged(run).code == 1


GOOD = written("9")
BOTH = GOOD.replace('"mae"', '"mse"')
NO_JSON = {
    "empty": ("", "Expecting value: line 1 column 1 (char 0)"),
    "spaces": (" \n", "Expecting value: line 2 column 1 (char 2)"),
    "text": ("0.7\n0.8\n", "Extra data: line 2 column 1 (char 4)"),
    "cut off": (GOOD[:-1], "Expecting ',' delimiter"),
    "twice": (GOOD + GOOD, "Extra data"),
    "merge conflict": (
        f"<<<<<<< HEAD\n{GOOD}\n=======\n{GOOD}\n>>>>>>> main\n",
        "Expecting value: line 1 column 1 (char 0)",
    ),
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
    "deep": ("[" * 100_000, ""),
    "many digits": (written("9" * 5000), "Exceeds the limit (4300 digits)"),
}
NO_BASELINE = {
    "list": "[]",
    "number": "1.5",
    "null": "null",
    "no schema": '{"checks": {}}',
    "schema 2": ratchet({}, schema=2),
    "schema text": ratchet({}, schema="1"),
}
DAMAGED = {
    "checks list": (ratchet({}, checks=[]), "'list' object has no attribute 'items'"),
    "checks null": (ratchet({}, checks=None), "'NoneType' object"),
    "check list": (ratchet({}, checks={"p.csv": []}), "list indices must be integers"),
    "check empty": (ratchet({}, checks={"p.csv": {}}), "KeyError: 'losses'"),
    "other check": (ratchet({}, checks={"p.csv": {"losses": {}}, "b": 1}), "'int' object is not"),
    "losses null": (ratchet(None), "'NoneType' object"),
    "losses number": (ratchet(1), "'int' object"),
    "loss number": (ratchet({"mae": 9.0}), "not subscriptable"),
    "loss null": (ratchet({"mae": None}), "not subscriptable"),
    "loss text": (ratchet({"mae": "9"}), "string indices must be integers"),
    "other loss": (ratchet({"mae": entry(), "mse": {}}), "KeyError: 'mean'"),
    "no mean": (ratchet({"mae": {"signature": SIGNATURE}}), "KeyError: 'mean'"),
    "mean null": (written("null"), "the mean of mae is no number"),
    "mean true": (written("true"), "the mean of mae is no number"),
    "mean false": (written("false"), "the mean of mae is no number"),
    "mean text": (written('"9"'), "the mean of mae is no number"),
    "mean list": (written("[9]"), "the mean of mae is no number"),
    "mean 1e400": (written("1e400"), "the mean of mae is not finite"),
    "mean -1e400": (written("-1e400"), "the mean of mae is not finite"),
    "mean huge": (written("9" * 400), "the mean of mae is not finite"),
    "mean tiny": (written("1e-99999"), "the mean of mae is not finite"),
    "no signature": (ratchet({"mae": {"mean": 9.0}}), "KeyError: 'signature'"),
    "signature null": (signed(None), "'NoneType' object has no attribute 'split'"),
    "signature number": (signed(1), "'int' object has no attribute 'split'"),
    "signature list": (signed([SIGNATURE]), "'list' object has no attribute 'split'"),
    "signature empty": (signed(""), "not enough values to unpack"),
    "signature short": (signed("lossctl|0"), "not enough values to unpack"),
    "signature words": (signed("lossctl|0|mae|eps"), "ValueError: eps"),
    "signature twice": (signed(SIGNATURE + "|k=1"), "ValueError: k=1"),
    "signature of mse": (
        signed(SIGNATURE.replace("|mae|", "|mse|")),
        "the signature of mae is of another loss",
    ),
    "signature of two": (signed(SIGNATURE + "|loss=mse"), "ValueError: loss=mse"),
    "report null": ('{"schema": 1, "losses": null}', "'NoneType' object"),
    "report number": ('{"schema": 1, "losses": [1]}', "'int' object is not subscriptable"),
    "report nothing": ('{"schema": 1}', "KeyError: 'losses'"),
    "report twice": (report(entry(loss="mae"), entry(loss="mae", mean=1)), "'mae' comes twice"),
    "report no name": (report(entry()), "KeyError: 'loss'"),
    "report null name": (report(entry(loss=None)), "the signature of None is of another loss"),
    "report list name": (report(entry(loss=["mae"])), "unhashable type"),
}


@pytest.mark.parametrize(("text", "reason"), NO_JSON.values(), ids=NO_JSON)
def test_no_json(run: Run, write: Write, text: str, reason: str) -> None:
    write({"base.json": text.encode("utf-8", "surrogateescape")})
    outcome = judged(run)
    message, hint, end = outcome.err.splitlines()
    assert (outcome.code, hint) == (3, RESTORE)
    assert message.startswith("lossctl: base.json: is no JSON: ")
    assert reason in message
    assert end == "lossctl: 1 check: 1 could not be judged"


@pytest.mark.parametrize("text", NO_BASELINE.values(), ids=NO_BASELINE)
def test_no_baseline(run: Run, write: Write, text: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [f"lossctl: base.json: {KIND}", RESTORE]


@pytest.mark.parametrize(("text", "reason"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_baseline(run: Run, write: Write, text: str, reason: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    message, hint = outcome.err.splitlines()[:2]
    assert (outcome.code, hint) == (3, RESTORE)
    assert message.startswith("lossctl: base.json: is damaged (")
    assert reason in message


def test_no_file(run: Run, folder: Path) -> None:
    (folder / "link.json").symlink_to("base.json")
    for name in ("base.json", "none/base.json", "link.json"):
        outcome = run(*CHECK, f"--baseline={name}")
        assert outcome.code == 4
        message = f"lossctl: {name}: No such file or directory"
        assert outcome.err.splitlines()[:2] == [message, EVALUATE]


def test_what_is_no_file(run: Run, folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    reasons = {
        ".": "Is a directory",
        "p.csv/b.json": "Not a directory",
        "loop": "Too many levels of symbolic links",
        "b" * 300: "File name too long",
    }
    for name, reason in reasons.items():
        outcome = run(*CHECK, f"--baseline={name}")
        assert outcome.code == 4
        assert outcome.err.splitlines()[0] == f"lossctl: {name}: {reason}"
        assert "hint" not in outcome.err


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_a_device(run: Run, device: str) -> None:
    outcome = run(*CHECK, f"--baseline={device}")
    assert outcome.code == 3
    reason = "Expecting value" if device == os.devnull else "it is longer than 67108864 bytes"
    assert outcome.err.startswith(f"lossctl: {device}: is no JSON: {reason}")


def test_a_pipe(run: Run, write: Write) -> None:
    write({"base.json": GOOD})
    command = f"lossctl {' '.join(CHECK)} --baseline <(cat base.json)"
    assert run("-c", command, program=("bash",)).code == 0


MISSING = {
    "check": (
        ratchet({}, checks={}),
        "base.json has no mae of check 'p.csv'",
        ADD.format(NONE),
    ),
    "loss": (ratchet({}), "base.json has no mae of check 'p.csv'", ADD.format("'p.csv'")),
    "of a report": (report(), "base.json has no mae", "hint: evaluate it there, too"),
}


@pytest.mark.parametrize(("text", "message", "hint"), MISSING.values(), ids=MISSING)
def test_no_such_entry(run: Run, write: Write, text: str, message: str, hint: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [f"lossctl: {message}", hint]


def test_an_entry_of_one_loss_is_not_that_of_another(run: Run, write: Write) -> None:
    write({"base.json": GOOD})
    outcome = judged(run, "--loss=mse", "--format=json")
    verdicts = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert [line["verdict"] for line in verdicts] == ["pass", "error"]
    assert outcome.code == 3


def test_a_name_is_shown_never_obeyed(run: Run, write: Write) -> None:
    text = ratchet({"mae": entry(signature=SIGNATURE.replace("k=1", "k=\x1b[31m"))})
    write({"base.json": text, "b\x1b.json": "?"})
    assert "k is 1 here, \\x1b[31m there" in judged(run).err
    assert "lossctl: b\\x1b.json: is no JSON" in run(*CHECK, "--baseline=b\x1b.json").err
    assert "of check '\\x1b'" in judged(run, "--name=\x1b").err


NUMBERS = {  # Loss(W) is 1.5
    "1.5": 0,
    "1.500000000000000000000000000000000000000000": 0,
    "15e-1": 0,
    "0.15E+1": 0,
    "1.4999999999985": 0,  # within the slack of 1.5e-12
    "1.499999999998499": 1,
    "1.49999999999": 1,
    "1.4999999999999999999999999999999": 0,
    "2": 0,
    "1": 1,
    "-2": 1,
    "0": 1,
    "-0.0": 1,
}


@pytest.mark.parametrize(("mean", "code"), NUMBERS.items(), ids=NUMBERS)
def test_a_mean_is_taken_as_written(run: Run, write: Write, mean: str, code: int) -> None:
    write({"base.json": written(mean)})
    assert judged(run).code == code


@pytest.mark.parametrize(("mean", "code"), [("1.50000000000000011", 0), ("1.5", 1)])
def test_digits_beyond_float64_count(run: Run, write: Write, mean: str, code: int) -> None:
    write({"p.csv": "y\n1.5000000000015001\n1.5000000000015001\n", "base.json": written(mean)})
    assert judged(run).code == code


@pytest.mark.parametrize("mean", ["0.7", "7e-1", "0.70000", "70E-2"])
def test_and_so_is_what_is_added(run: Run, write: Write, mean: str) -> None:
    write({"p.csv": "y\n0.8\n0.8\n", "base.json": written(mean)})
    assert judged(run, "--max-increase=0.1").code == 0
    assert judged(run, "--max-increase=0.0999").code == 1


def test_a_report_of_eval(run: Run, write: Write) -> None:
    evaluated = run("eval", "p.csv", "t.csv", "--loss=mae,mse", "--format=json").out
    write({"base.json": evaluated})
    assert judged(run).code == 0
    assert judged(run, "--name=any", "--loss=mse").code == 0
    write({"p.csv": "y\n1\n2.25\n"})
    found: dict[str, Any] = json.loads(judged(run, "--format=json").out)["checks"][0]["verdicts"][0]
    assert (found["value"], found["baseline"], found["delta"]) == (1.625, 1.5, 0.125)
    assert (found["rule"], found["verdict"]) == ("max-increase", "fail")
    assert judged(run, "--max-increase=8.4%").code == 0
    assert judged(run, "--max-increase=8.3%").code == 1
    write({"base.json": b"\xef\xbb\xbf" + evaluated.encode()})
    assert judged(run, "--max-increase=1").code == 0
