"""The gate from outside: the table of tests/gates.py by the installed command, on files."""

import json
from pathlib import Path

import pytest
from conftest import LOSSCTL, Outcome, Run, Write
from gates import table

from lossctl.gate.rules import RULES

ZERO, ONE = "y,z\n0,0\n0,0\n", "y,z\n1,0\n1,0\n"
MAE = ("check", "p.csv", "t.csv", "--loss=mae", "--format=json")
SIGNATURE = "lossctl|0|{}|eps={}|reduction=sum-components,mean-samples|k=2|paired=position"
SIGNATURES = {
    "mae": SIGNATURE.format("mae", "none"),
    "mse": SIGNATURE.format("mse", "none"),
    "ce": SIGNATURE.format("ce|from=probs", "1e-07"),
    "bce": SIGNATURE.format("bce|from=probs", "1e-07"),
}
LIMITS = {
    "max-loss": ("mae", ["--max-loss=0.5"]),
    "warn-loss": ("mae", ["--warn-loss=0.5"]),
    "absolute": ("mae", ["--baseline=base.json", "--max-increase=0.125"]),
    "relative": ("mae", ["--baseline=base.json", "--max-increase=25%"]),
    "zero": ("ce", ["--baseline=base.json", "--allow-doubts"]),
    "absent": ("ce", ["--baseline=none.json", "--max-increase=900%"]),
}
BASELINES = {"absolute": "0.375", "relative": "0.4", "zero": "0"}
CELLS = {  # mae against 0, ce against the first of two classes; the bad ones in the second row
    ("mae", "below"): "0.25,0",
    ("mae", "equal"): "0.5,0",
    ("mae", "above"): "0.75,0",
    ("ce", "below"): "1,0",
    ("ce", "equal"): "0.9999999,0.0000001",
    ("ce", "above"): "0.999999,0.000001",
    ("mae", "NaN"): "nan,0",
    ("mae", "inf"): "inf,0",
    ("mae", "missing"): ",0",
}


def baseline(**means: str) -> str:
    """Return a report with these means, as `eval` writes it but without what is of no account."""
    losses = [
        f'{{"loss": "{loss}", "mean": {mean}, "n": 2, "signature": "{SIGNATURES[loss]}"}}'
        for loss, mean in means.items()
    ]
    return f'{{"schema": 1, "losses": [{", ".join(losses)}]}}'


def verdict(outcome: Outcome) -> str:
    content = json.loads(outcome.out)
    assert content["exit_code"] == outcome.code
    return str(content["verdict"])


@pytest.mark.parametrize(
    ("limit", "value", "expected"),
    [(*case, it) for case, it in table(absent=3).items()],
)
def test_every_value_against_every_limit(
    run: Run, write: Write, limit: str, value: str, expected: tuple[str, int]
) -> None:
    loss, options = LIMITS[limit]
    good = CELLS.get((loss, value), CELLS[loss, "below"])
    row = CELLS.get((loss, value), CELLS.get(("mae", value), ""))
    write({"p.csv": f"y,z\n{good}\n{row}\n", "t.csv": ZERO if loss == "mae" else ONE})
    if limit in BASELINES:
        write({"base.json": baseline(**{loss: BASELINES[limit]})})
    outcome = run("check", "p.csv", "t.csv", f"--loss={loss}", *options, "--format=json")
    assert (verdict(outcome), outcome.code) == expected


def test_a_single_ulp_decides(run: Run, write: Write) -> None:
    write({"p.csv": "y\n0.30000000000000004\n", "t.csv": "y\n0\n"})
    assert run(*MAE, "--max-loss=0.30000000000000004").code == 0
    assert run(*MAE, "--max-loss=0.3").code == 1
    assert run(*MAE, "--warn-loss=0.3").code == 0


@pytest.mark.parametrize(
    ("increase", "expected"),
    [("0", 1), ("9%", 1), ("10%", 0), ("1.9e-8", 1), ("2e-8", 0), ("1000%", 0)],
)
def test_a_percentage_of_a_negative_baseline(
    run: Run, write: Write, increase: str, expected: int
) -> None:
    """A perfect prediction has a bce of 2 * (-1e-7 + 5e-15): here 10% above its baseline."""
    write({"p.csv": "y,z\n1,0\n1,0\n", "t.csv": ONE})
    write({"base.json": baseline(bce="-2.1999999e-7")})
    bce = ("check", "p.csv", "t.csv", "--loss=bce", "--baseline=base.json", "--allow-doubts")
    outcome = run(*bce, f"--max-increase={increase}")
    assert outcome.code == expected


def test_one_sample_has_no_standard_error(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    outcome = run(*MAE, "--max-stderr=9")
    assert (verdict(outcome), outcome.code) == ("error", 3)
    message = "max-stderr of mae cannot be judged: a missing value against 9.0"
    assert outcome.err.splitlines()[0] == f"lossctl: error: {message}"


@pytest.mark.parametrize("cell", ["nan", "inf", ""])
def test_samples_left_out_on_request_are_counted(run: Run, write: Write, cell: str) -> None:
    write({"p.csv": f"y,z\n1,0\n{cell},0\n", "t.csv": ZERO})
    skip = run(*MAE, "--max-loss=1", "--nan=skip")
    few = run(*MAE, "--max-loss=1", "--min-rows=2", "--nan=skip")
    assert (skip.code, few.code) == ((3, 3) if cell == "inf" else (0, 1))


@pytest.mark.parametrize("rows", ["", "nan,0\n"], ids=["none", "all left out"])
def test_no_sample_at_all_is_bad_data(run: Run, write: Write, rows: str) -> None:
    write({"p.csv": f"y,z\n{rows}", "t.csv": f"y,z\n{rows.replace('nan', '0')}"})
    assert run(*MAE, "--max-loss=9", "--nan=skip").code == 3


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (["--max-loss=mae=1,mse=0.5"], 0),
        (["--max-loss=mae=1", "--max-loss=mse=0.49"], 1),
        (["--warn-loss=mae=0.5", "--max-loss=mse=0.5"], 0),
        (["--max-loss=mae=0.5", "--max-stderr=mae=1,mse=1", "--max-sample=mse=0"], 1),
    ],
)
def test_several_losses(run: Run, write: Write, limits: list[str], code: int) -> None:
    write({"p.csv": ONE, "t.csv": ZERO})
    assert run(*MAE, "--loss=mse", *limits).code == code


CHECK = '[[check]]\nname = "{}"\npredictions = "{}"\ntargets = "t.csv"\nloss = "mae"\n{}\n'
CHECKS = {
    "passes": (CHECK.format("passes", "p.csv", "max-loss = 1"), 0),
    "warns": (CHECK.format("warns", "p.csv", "warn-loss = 0"), 0),
    "fails": (CHECK.format("fails", "p.csv", "max-loss = 0"), 1),
    "usage": (CHECK.format("usage", "p.csv", "max-loss = 1\nid = 'none'"), 2),
    "data": (CHECK.format("data", "bad.csv", "max-loss = 1"), 3),
    "file": (CHECK.format("file", "none.csv", "max-loss = 1"), 4),
    "baseline": (CHECK.format("baseline", "p.csv", "baseline = 'none.json'"), 4),
}


@pytest.mark.parametrize(
    "names",
    [[name] for name in CHECKS]
    + [["passes", "warns"], ["fails", "passes"], ["data", "fails"], ["fails", "usage", "data"]]
    + [["usage", "fails"], ["data", "file", "passes"], ["baseline", "data"], list(CHECKS)],
    ids="-".join,
)
def test_the_worst_check_is_the_exit_code(run: Run, write: Write, names: list[str]) -> None:
    write({"p.csv": ONE, "t.csv": ZERO, "bad.csv": ONE.replace("1", "x")})
    write({"lossctl.toml": "".join(CHECKS[name][0] for name in names)})
    outcome = run("check", "--format=json")
    codes = [CHECKS[name][1] for name in names]
    assert outcome.code == max(codes)
    checks = json.loads(outcome.out)["checks"]
    assert [check["name"] for check in checks] == names
    found = [max((e["exit_code"] for e in check["errors"]), default=0) for check in checks]
    assert found == [code if code > 1 else 0 for code in codes]


FAULT = """
import sys
import lossctl.evaluation.pipeline, lossctl.__main__
def fail(*args): raise {}
lossctl.evaluation.pipeline.Evaluation.report = fail
lossctl.__main__.main()
"""
FAULTS = {
    "MemoryError": ("MemoryError()", 4),
    "OSError": ("OSError(28, 'No space left on device', 'x')", 4),
    "BrokenPipeError": ("lossctl.base.errors.ClosedPipe('x')", 141),
    "RuntimeError": ("RuntimeError('boom')", 5),
    "interrupt": ("KeyboardInterrupt", 130),
}


@pytest.mark.parametrize(("fault", "code"), FAULTS.values(), ids=FAULTS)
def test_what_happens_to_a_check_is_its_code(run: Run, write: Write, fault: str, code: int) -> None:
    python = str(Path(LOSSCTL).parent / "python")
    write({"p.csv": ONE, "t.csv": ZERO})
    outcome = run("-c", FAULT.format(fault), *MAE, "--max-loss=9", program=(python,))
    assert outcome.code == code
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("limit", ["nan", "inf", "-inf", "1e999", "", "x"])
@pytest.mark.parametrize("rule", [*RULES, "max-increase"])
def test_such_a_limit_is_refused(run: Run, write: Write, rule: str, limit: str) -> None:
    write({"p.csv": ONE, "t.csv": ZERO, "base.json": baseline(mae="1")})
    outcome = run(*MAE, f"--{rule}={limit}", "--baseline=base.json")
    assert (outcome.code, json.loads(outcome.out)["verdict"]) == (2, "error")
    first, *hint = outcome.err.splitlines()
    assert first == f"lossctl: error: --{rule} '{limit}' is not a finite number"
    assert bool(hint) is (rule == "max-increase")


def test_no_limit_is_no_check(run: Run, write: Write) -> None:
    write({"p.csv": ONE, "t.csv": ZERO})
    outcome = run(*MAE)
    assert (outcome.code, json.loads(outcome.out)["verdict"]) == (2, "error")
    assert outcome.err.startswith(
        "lossctl: error: check 'p.csv' has no limit, so it could not fail\n"
    )
