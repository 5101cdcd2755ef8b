"""A file of checks, `lossctl.toml` or `pyproject.toml`: what it may say, and what is made of it."""

import json
from pathlib import Path

import pytest
from checks import CHECK, judge, verdicts
from conftest import Run, Write
from gates import look

pytestmark = pytest.mark.usefixtures("folder")
MAE = ("p.csv", "t.csv", "--loss=mae")  # of 1 and 2: Loss(W) is 1.5
BOTH = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\nloss=['mae', 'mse']\n{}\n"
SECOND = CHECK.replace('"a"', '"b"').replace("max-loss = 2", "max-loss = 1.25")
BAD = CHECK.replace('"a"', '"c"').replace("p.csv", "bad.csv")


def test_a_file_may_begin_with_a_mark_of_its_encoding(run: Run, write: Write) -> None:
    write({"lossctl.toml": f"\ufeff{CHECK}"})
    assert run("check", "-q").code == 0


def test_checks_of_a_file(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK + SECOND + BAD})
    outcome = run("check", "--format=json")
    assert verdicts(outcome) == [
        ("a", "max-loss", 1.5, 2.0, "pass"),
        ("b", "max-loss", 1.5, 1.25, "fail"),
        ("c", "max-loss", None, 2.0, "error"),
    ]
    assert outcome.code == 3
    assert outcome.err.splitlines() == [
        "lossctl: error: check 'b': Loss(W) of mae is 1.5, above max-loss 1.25",
        f"lossctl: {look()}",
        "lossctl: error: check 'c': bad.csv:3: column \"y\": 'n/a' is not a number",
        "lossctl: hint: to leave out samples with a missing value, and count them, write "
        'nan = "skip" (in lossctl.toml:16)',
        "lossctl: error: 3 checks: 1 passed, 1 failed, 1 could not be judged",
    ]
    assert run("check", "--only=a").code == 0
    assert run("check", "--only=a", "--only=b").code == 1
    assert run("check", "--only=d").err.startswith("lossctl: error: no check is called 'd'")


def test_a_flag_beats_the_file_and_a_check_the_defaults(run: Run, write: Write) -> None:
    defaults = "[defaults]\nmax-loss = 1\nmin-rows = 2\nformat = 'md'\n"
    plain = CHECK.replace("max-loss = 2", "")
    write({"lossctl.toml": defaults + CHECK + plain.replace('"a"', '"b"')})
    assert [(line[0], line[3]) for line in judge(run) if line[1] == "max-loss"] == [
        ("a", 2.0),
        ("b", 1.0),
    ]
    assert [line[3] for line in judge(run, "--max-loss=1.75") if line[1] == "max-loss"] == [
        1.75
    ] * 2
    assert run("check").out.startswith("### 2 checks")
    nothing = {"LOSSCTL_MAX_LOSS": "9", "MAX_LOSS": "9", "LOSSCTL_CHECK_MAX_LOSS": "9"}
    assert run("check", "--only=b", env=nothing).code == 1


def test_numbers_are_taken_as_written(run: Run, write: Write) -> None:
    write({"p.csv": "y\n0.8\n", "t.csv": "y\n0\n"})
    base = '{"schema": 1, "losses": [{"loss": "mae", "mean": 0.7, "n": 1, "signature": "%s"}]}'
    report = json.loads(run("eval", *MAE, "--format=json").out)
    write({"base.json": base % report["losses"][0]["signature"]})
    write({"lossctl.toml": CHECK.replace("max-loss = 2", "baseline='base.json'\nmax-increase=0.1")})
    assert run("check").code == 0
    assert run("check", "--max-increase=0.0999").code == 1


def test_a_table_of_limits_and_a_list_of_losses(run: Run, write: Write) -> None:
    both = CHECK.replace('"mae"', '["mae", "mse"]').replace("= 2", "= {mae = 1_0.5, mse = 0x10}")
    write({"lossctl.toml": both})
    assert [line[1:4] for line in judge(run)] == [
        ("max-loss", 1.5, 10.5),
        ("max-loss", 1.25, 16.0),
    ]


def test_paths_are_relative_to_the_file(run: Run, folder: Path) -> None:
    (folder / "deep").mkdir()
    for name in ("p.csv", "t.csv"):
        (folder / name).rename(folder / "deep" / name)
    text = CHECK + "per-sample = 'rows.tsv'\n"
    (folder / "deep" / "pyproject.toml").write_text(text.replace("[[check", "[[tool.lossctl.check"))
    assert run("check", "--config=deep/pyproject.toml").code == 0
    assert (folder / "deep" / "rows.tsv").exists()
    assert run("check").code == 2
    (folder / "deep" / "p.csv").unlink()
    gone = run("check", "--config=deep/pyproject.toml")
    assert (gone.code, gone.err.splitlines()[0]) == (
        4,
        "lossctl: error: deep/p.csv: No such file or directory (named in deep/pyproject.toml:4)",
    )


WRONG = {
    "key": (CHECK + "max_los = 3", "8: check 'a': no setting is called 'max_los'"),
    "of a run": (CHECK + "junit = 'a.xml'", "8: check 'a': no setting is called 'junit'"),
    "table": (CHECK + "[default]", "8: no table is called 'default'"),
    "no name": (CHECK.replace('name = "a"', ""), "2: [[check]]: it has no name"),
    "no loss": (CHECK.replace('loss = "mae"', ""), "2: check 'a': it has no loss"),
    "twice": (CHECK + CHECK, "10: check 'a': line 2 has a check of this name, too"),
    "none": ("[defaults]", "1: there is no [[check]] in it"),
    "one": (CHECK.replace("[[check]]", "[check]"), "2: check is a list of tables: [[check]]"),
    "defaults": ("defaults = 3\n" + CHECK, "1: defaults is a table: [defaults]"),
    "in defaults": ("\n[defaults]\nid = ''\nx = 1\n" + CHECK, "4: [defaults]: no setting is"),
    "flag": (CHECK + "unlimited = 'no'", "8: check 'a': unlimited is true or false, not 'no'"),
    "text": (CHECK + "id = true", "8: check 'a': id is a text or a number, not true"),
    "range": (CHECK + "jobs = 0", "8: check 'a': jobs is 0, but must be at least 1"),
    "loss": (CHECK.replace('"mae"', '"mea"'), "6: check 'a': no loss is called 'mea'"),
    "NaN": (CHECK.replace("= 2", "= nan"), "7: check 'a': max-loss = nan is not a finite number"),
    "policy": (CHECK + "nan = 'ignore'", "8: check 'a': nan = \"ignore\": one of error, skip"),
    "default": ("[defaults]\nnan = 1\n" + CHECK, "2: check 'a': nan = \"1\": one of error, skip"),
    "limit": (CHECK.replace("max-loss = 2", ""), "2: check 'a' has no limit, so it could not fail"),
    "warning": (
        CHECK + "warn-loss = 3",
        "8: check 'a': warn-loss = 3 is above max-loss = 2: it would never warn",
    ),
    "set twice": (CHECK + "max-loss = 3\n", "8: max-loss is set twice"),
    "percent": (CHECK.replace("= 2", "= 36%"), "7: 36% is no number of TOML"),
    "checks": (CHECK + CHECK.replace("[[check]]", "[[checks]]"), "9: no table is called 'checks'"),
    "at least": (CHECK + "min-rows = -5", "8: check 'a': min-rows is -5, but must be at least 1"),
    "increase": (
        "[defaults]\nmax-increase = 'x'\nbaseline = 'b'\n" + CHECK,
        "2: check 'a': max-increase = \"x\" is not a finite number",
    ),
    "TOML": (CHECK + "x = ?\n", "8: this is no value of TOML (column 5)"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_file(run: Run, write: Write, text: str, message: str) -> None:
    write({"lossctl.toml": text})
    outcome = run("check")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0].startswith(f"lossctl: error: lossctl.toml:{message}")


def test_a_file_that_ends_too_soon_is_wrong_in_its_last_line(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK + "id = [\n  'a',\n"})
    first = run("check").err.splitlines()[0]
    assert first.startswith("lossctl: error: lossctl.toml:9: ")
    assert first.endswith(" at its end")


def test_a_check_in_single_brackets_twice_has_a_way_out(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK.replace("[[check]]", "[check]") * 2})
    assert run("check").err.splitlines()[:2] == [
        "lossctl: error: lossctl.toml:9: Cannot declare [check] twice (column 7)",
        "lossctl: hint: each check begins with [[check]], in two pairs of brackets",
    ]


def test_the_nearest_key_is_named(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK + "max_loss = 3"})
    assert run("check").err.splitlines()[1] == "lossctl: hint: did you mean max-loss?"


def test_two_files_are_one_too_many(run: Run, write: Write) -> None:
    write({"lossctl.toml": CHECK, "pyproject.toml": "[tool.other]\n"})
    assert run("check").code == 0
    write({"pyproject.toml": "[tool.lossctl.defaults]\n"})
    outcome = run("check")
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        2,
        "lossctl: error: there is lossctl.toml, and pyproject.toml has a [tool.lossctl]: which is "
        "meant?",
    )
    assert run("check", "--config=lossctl.toml").code == 0
    assert run("check", "--config=none.toml").code == 4


def test_a_baseline_is_the_same_from_any_folder(run: Run, folder: Path) -> None:
    (folder / "deep").mkdir()
    for name in ("p.csv", "t.csv"):
        (folder / name).rename(folder / "deep" / name)
    (folder / "deep" / "lossctl.toml").write_text(CHECK)
    assert run("check", "--config=deep/lossctl.toml", "--update-baseline").code == 0
    written = (folder / "deep" / "lossctl-baseline.json").read_text()
    assert set(json.loads(written)["checks"]["a"]["inputs"]) == {"p.csv", "t.csv"}
    assert run("check", f"--config={folder}/deep/lossctl.toml", "--update-baseline").code == 0
    assert (folder / "deep" / "lossctl-baseline.json").read_text() == written


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "1" * 5000,
        "x = " + "[" * 100_000,
        BOTH.format("a", "p\\u0000.csv", "min-rows=1").replace("'", '"'),
        BOTH.format("a", "p.csv", "min-rows=0x" + "1" * 5000),
        "# a comment \rmin-rows = 1\n",
    ],
    ids=["digits", "depth", "NUL", "hex", "CR"],
)
def test_a_file_that_no_parser_takes_is_refused(run: Run, write: Write, text: str) -> None:
    write({"lossctl.toml": text})
    outcome = run("check")
    assert (outcome.code, outcome.out) == (2, "")


def test_a_configuration_that_never_ends_is_refused(run: Run) -> None:
    assert run("check", "--config=/dev/zero").code == 2


@pytest.mark.parametrize(
    ("written", "way"),
    [("max-loss = 36%", "max-loss = 0.36"), ("max-increase = 2%", 'max-increase = "2%"')],
)
def test_a_percentage_has_a_way_out(run: Run, write: Write, written: str, way: str) -> None:
    write({"lossctl.toml": CHECK.replace("max-loss = 2", f"baseline = 'b'\n{written}")})
    outcome = run("check")
    assert outcome.err.splitlines()[1] == f"lossctl: hint: write {way}"
    write({"lossctl.toml": CHECK.replace("max-loss = 2", f"baseline = 'b'\n{way}")})
    assert run("check").code == 4  # there is no baseline yet
