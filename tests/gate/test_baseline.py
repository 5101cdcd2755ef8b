"""The baseline of a check: the number that is taken of it, or what is told where there is none."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from baselines import CHECK, GOOD, SIGNATURE, entry, judged, ratchet, report, written
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")
EVALUATE = (
    "lossctl: hint: to write today's numbers there add --update-baseline to this command; a report "
)
EVALUATE += "of lossctl eval --format json will do, too"
NONE = "nothing"
ADD = "lossctl: hint: it has: {}; to add today's number: the same command with --update-baseline"


def test_no_file(run: Run, folder: Path) -> None:
    (folder / "link.json").symlink_to("base.json")
    for name in ("base.json", "none/base.json", "link.json"):
        outcome = run(*CHECK, f"--baseline={name}")
        assert outcome.code == 4
        message = f"lossctl: error: {name}: No such file or directory"
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
        assert outcome.err.splitlines()[0] == f"lossctl: error: {name}: {reason}"
        assert "hint" not in outcome.err


@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero", "/dev/full"])
def test_a_device(run: Run, device: str) -> None:
    outcome = run(*CHECK, f"--baseline={device}")
    assert outcome.code == 3
    reason = "Expecting value" if device == os.devnull else "it is longer than 67108864 bytes"
    assert outcome.err.startswith(f"lossctl: error: {device}: is no JSON: {reason}")


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
    "number": (ratchet({}), "base.json has no mae of check 'p.csv'", ADD.format(NONE)),
    "loss": (
        ratchet({"mse": entry(signature=SIGNATURE.replace("mae", "mse"))}),
        "base.json has no mae of check 'p.csv'",
        ADD.format("mse of 'p.csv'"),
    ),
    "of a report": (report(), "base.json has no mae", "lossctl: hint: evaluate it there, too"),
}


@pytest.mark.parametrize(("text", "message", "hint"), MISSING.values(), ids=MISSING)
def test_no_such_entry(run: Run, write: Write, text: str, message: str, hint: str) -> None:
    write({"base.json": text})
    outcome = judged(run)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [f"lossctl: error: {message}", hint]


def test_a_check_of_another_name_is_offered_where_it_has_the_loss(run: Run, write: Write) -> None:
    of_mse = {"losses": {"mse": entry(signature=SIGNATURE.replace("mae", "mse"))}}
    of_mae = {"losses": {"mae": entry()}}
    write({"base.json": ratchet({}, checks={"classes": of_mse, "re gression": of_mae})})
    instead = "mse of 'classes', mae of 're gression'; to compare with that, pass --name "
    assert judged(run).err.splitlines()[1] == ADD.format(f"{instead}'re gression'")
    assert judged(run, "--name=re gression").code == 0
    write({"base.json": ratchet({}, checks={"a": of_mae, "b": of_mae})})
    instead = "mae of 'a', mae of 'b'; to compare with that, pass --name a or --name b"
    assert judged(run).err.splitlines()[1] == ADD.format(instead)


def test_a_check_of_a_file_is_not_told_to_take_another_name(run: Run, write: Write) -> None:
    toml = "[[check]]\nname='n'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\n"
    write({"lossctl.toml": f"{toml}baseline='base.json'\n", "base.json": GOOD})
    assert run("check").err.splitlines()[1] == (
        "lossctl: hint: it has: mae of 'p.csv'; to add today's number: lossctl check "
        "--update-baseline --only n"
    )


def test_an_entry_of_one_loss_is_not_that_of_another(run: Run, write: Write) -> None:
    write({"base.json": GOOD})
    outcome = judged(run, "--loss=mse", "--format=json")
    verdicts = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert [line["verdict"] for line in verdicts] == ["pass", "error", "pass"]
    assert outcome.code == 3


def test_a_name_is_shown_never_obeyed(run: Run, write: Write) -> None:
    text = ratchet({"mae": entry(signature=SIGNATURE.replace("k=1", "k=\x1b[31m"))})
    write({"base.json": text, "b\x1b.json": "?"})
    assert "k is 1 here, \\x1b[31m there" in judged(run).err
    assert "lossctl: error: b\\x1b.json: is no baseline" in run(*CHECK, "--baseline=b\x1b.json").err
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
    "-2": 3,  # no mae is below 0
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


def test_a_baseline_of_fewer_samples_is_remarked_upon(run: Run, write: Write) -> None:
    assert run(*CHECK, "--update-baseline").code == 0
    write({"p.csv": "y\n1\n2\n1.5\n", "t.csv": "y\n0\n0\n0\n"})
    arguments = (*CHECK, "--baseline=lossctl-baseline.json")
    remark = "3 samples, more than the 2 of the baseline"
    way = "hint: to be held to the numbers of these: the same command with --update-baseline"
    outcome = run(*arguments, "--junit=out.xml", env={"GITHUB_ACTIONS": "true"})
    assert outcome.code == 0
    where = "::warning file=p.csv,title=lossctl%3A p.csv::check 'p.csv'"
    assert outcome.err == f"{where}: {remark}%0A{way}\n"
    assert run(*arguments).err == f"lossctl: warning: {remark}\nlossctl: {way}\n"
    assert (
        f"- **p.csv**: warning: {remark.split(':', maxsplit=1)[0]}" in run(*arguments, "-fmd").out
    )
    assert remark in (write({}) / "out.xml").read_text()
    assert "3 samples, more than the 2 of the baseline" in run(*CHECK, "--update-baseline").err


def test_a_report_of_eval_is_written_anew_by_eval(run: Run, write: Write) -> None:
    """`--update-baseline` does not write it."""
    anew = "write r.json anew: lossctl eval p.csv t.csv --loss mae --format json -o r.json"
    write({"r.json": report(entry(loss="mae", n=3))})
    outcome = run(*CHECK, "--baseline=r.json")
    assert (outcome.code, outcome.err.splitlines()[:2]) == (
        1,
        [
            "lossctl: error: 2 samples, fewer than the 3 of the baseline",
            "lossctl: hint: to take fewer this once: of the predictions that it was made of, not "
            f"of those that are checked, {anew.replace('p.csv', 'PREDS')}",
        ],
    )
    write({"r.json": report(entry(loss="mae"))})
    outcome = run(*CHECK, "--baseline=r.json")
    assert (outcome.code, outcome.err) == (
        0,
        f"lossctl: note: mae fell by 83.3% from its baseline: to hold it there: {anew}\n",
    )


def test_the_command_that_writes_a_report_anew_can_be_copied(run: Run, write: Write) -> None:
    text = "it's;y\n1;{},5\n2;1,5\n"
    write({"my p.csv": text.format(3), "t.csv": text.format(1)})
    options = ("--id=it's", "--decimal=,", "--loss=mae", "--loss=mse", "--header")
    assert run("eval", "my p.csv", "t.csv", *options, "--format=json", "--output=r.json").code == 0
    write({"my p.csv": text.format(2)})
    check = ("check", "my p.csv", "t.csv", *options, "--baseline=r.json")
    command = run(*check).err.splitlines()[0].partition("anew: ")[2]
    assert run("-c", command, program=("bash",)).code == 0
    assert run(*check).err == ""


def test_the_command_that_writes_a_report_anew_is_that_of_a_check_of_a_file(
    run: Run, write: Write, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    write({"sub/p.csv": "3\n1\n", "sub/t.csv": "1\n1\n"})
    settings = 'loss = "mae"\nheader = false\nbaseline = "r.json"\n'
    files = 'name = "a"\npredictions = "p.csv"\ntargets = "t.csv"\n'
    write({"sub/lossctl.toml": f"[[check]]\n{files}{settings}"})
    args = "sub/p.csv sub/t.csv --loss mae --no-header --format json -o sub/r.json"
    assert run("eval", *args.split()).code == 0
    write({"sub/p.csv": "2\n1\n"})
    assert f"anew: lossctl eval {args}\n" in run("check", "--config=sub/lossctl.toml").err
