"""`lossctl check --init` follows more hints, and adds to a file that is there already."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, Write

POINTS = "id,y\n1,10.5\n2,11.25\n3,9.75\n"
COMMAS = POINTS.replace(",", ";").replace(".", ",")
TWO = {"preds.csv": "y\n2\n0\n", "targets.csv": "y\n1\n1\n"}
STAYS = "lossctl: note: lossctl.toml: is there already, and stays as it is: 1 check to add to it "
STAYS += "on stdout\nlossctl: hint: to add what is printed, end the same command with "
STAYS += ">> lossctl.toml\n"


def checks(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((folder / "lossctl.toml").read_text())["check"]
    return found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ((COMMAS, COMMAS.replace("9,75", "9")), {"id": "id", "decimal": ","}),
        ((POINTS, COMMAS.replace("9,75", "9")), {"id": "id", "targets-decimal": ","}),
        (("a\n1,5\n2,25\n", "b\n1,5\n2\n"), {"decimal": ","}),
        (
            (COMMAS, POINTS.replace("9.75", "9")),
            {"id": "id", "decimal": ",", "targets-decimal": "."},
        ),
    ],
)
def test_a_decimal_comma_is_found_for_the_file_that_has_it(
    run: Run, write: Write, tmp_path: Path, files: tuple[str, str], found: object
) -> None:
    predictions, targets = files
    write({"preds.csv": predictions, "targets.csv": targets})
    assert run("check", "--init").code == 0
    (check,) = checks(tmp_path)
    own = {"name", "predictions", "targets", "loss", "max-loss", "min-rows"}
    assert {key: value for key, value in check.items() if key not in own} == found
    assert check["loss"] == "mse"
    assert run("check").code == 0


def test_a_decimal_comma_that_is_asked_for_is_written_once(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": COMMAS, "targets.csv": COMMAS.replace("9,75", "9")})
    assert run("check", "--init", "preds.csv", "targets.csv", "--decimal=,").code == 0
    assert checks(tmp_path)[0]["decimal"] == ","


def test_two_columns_or_a_decimal_comma_is_for_the_user_to_say(run: Run, write: Write) -> None:
    write({"preds.csv": "10,05\n11,25\n", "targets.csv": "10,25\n11,05\n"})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "each line is one number with a decimal comma, or two whole numbers" in outcome.err


def test_no_loss_is_proposed_that_is_refused_for_what_it_is(run: Run, write: Write) -> None:
    """A cell that is no number for any loss says nothing of which loss is meant."""
    write({"preds.csv": "y\n1.234,5\n3\n", "targets.csv": "y\n1\n3\n"})
    assert run("check", "--init").err.splitlines()[-1].endswith("--init preds.csv targets.csv")


def test_files_of_one_format_are_paired(run: Run, write: Write, tmp_path: Path) -> None:
    jsonl = {"preds.jsonl": '{"y": 2}\n{"y": 0}\n', "y_test.jsonl": '{"y": 1}\n{"y": 1}\n'}
    write(TWO | jsonl)
    assert run("check", "--init").code == 0
    assert [(one["predictions"], one["targets"]) for one in checks(tmp_path)] == [
        ("preds.csv", "targets.csv"),
        ("preds.jsonl", "y_test.jsonl"),
    ]


@pytest.mark.parametrize("files", [TWO, {"preds.csv": "a,b\n1,1e-12\n", "targets.csv": "l\na\n"}])
def test_no_comment_is_wider_than_100_characters(
    run: Run, write: Write, tmp_path: Path, files: dict[str, str]
) -> None:
    write(dict(files))
    assert run("check", "--init").code == 0
    lines = (tmp_path / "lossctl.toml").read_text().splitlines()
    assert max(map(len, lines)) <= 100


# A file that is there already.


@pytest.mark.parametrize("name", ["lossctl.toml", "pyproject.toml"])
def test_what_is_printed_makes_a_second_check(
    run: Run, write: Write, tmp_path: Path, name: str
) -> None:
    write(dict(TWO))
    assert run("check", "--init").code == 0
    text = (tmp_path / "lossctl.toml").read_text()
    if name != "lossctl.toml":
        (tmp_path / "lossctl.toml").unlink()
        text = text.replace("[defaults]", "[tool.lossctl.defaults]")
        write({name: text.replace("[[check]]", "[[tool.lossctl.check]]")})
    write({"new_preds.csv": "y\n3\n0\n"})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.err) == (0, STAYS.replace("lossctl.toml", name))
    command = f"lossctl check --init >> {name} && lossctl check --list -q"
    assert run("-c", command, program=("bash",)).out == "preds\nnew_preds\n"
    assert run("check").code == 0
    again = run("check", "--init")
    assert (again.code, again.out) == (2, "")


def test_a_check_that_is_asked_for_has_a_name_of_its_own(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write(dict(TWO))
    asked = ("check", "--init", "preds.csv", "targets.csv")
    assert run(*asked).code == 0
    for loss in ("mae", "mse", "mae,mse"):
        outcome = run(*asked, f"--loss={loss}")
        assert outcome.code == 0
        with (tmp_path / "lossctl.toml").open("a") as file:
            file.write(outcome.out)
    names = [check["name"] for check in checks(tmp_path)]
    assert names == ["preds", "preds.csv", "preds.csv-2", "preds.csv-3"]
    assert run("check").code == 0
    taken = run(*asked, "--name=preds")
    assert (taken.code, taken.out) == (2, "")
    assert "lossctl.toml has a check called 'preds'" in taken.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("min-rows = \n", "lossctl.toml:1: this is no value of TOML"),
        ("\nmin-rows = [\n", "lossctl.toml:2: "),
        ('check = [{name = "x"}]\n', "hint: begin each of its own checks with [[check]], too"),
        ("\n[check]\n", "lossctl.toml:2: check is a list of tables: [[check]]"),
    ],
)
def test_nothing_is_printed_that_would_not_load_behind_the_end(
    run: Run, write: Write, text: str, said: str
) -> None:
    write(TWO | {"lossctl.toml": text})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_what_an_empty_file_may_have_loads(run: Run, write: Write) -> None:
    """The shell makes one before the command begins."""
    write(dict(TWO))
    assert run("-c", "lossctl check --init >> lossctl.toml", program=("bash",)).code == 0
    assert run("check").code == 0


def test_files_that_have_checks_count_for_nothing(run: Run, write: Write, tmp_path: Path) -> None:
    """No more than 20 checks are written at once; the rest is found next."""
    few = {f"preds-{one}.csv": TWO["preds.csv"] for one in "abcdefghijklmnopqrstuv"}
    write(few | {"targets.csv": TWO["targets.csv"]})
    assert run("check", "--init").code == 0
    assert len(checks(tmp_path)) == 20
    assert run("-c", "lossctl check --init >> lossctl.toml", program=("bash",)).code == 0
    assert [check["name"] for check in checks(tmp_path)[20:]] == ["preds-u", "preds-v"]


def test_what_is_for_all_checks_is_to_be_written_by_hand(run: Run, write: Write) -> None:
    write(dict(TWO))
    asked = ("check", "--init", "preds.csv", "targets.csv")
    assert run(*asked).code == 0
    outcome = run(*asked, "--junit=x.xml")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "lossctl: error: --junit is for all checks, and lossctl.toml stays as it is\n"
        'lossctl: hint: write junit = "x.xml" into its defaults\n'
    )


def test_the_point_of_targets_is_found_beside_a_decimal_comma_that_was_asked_for(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": COMMAS, "targets.csv": POINTS.replace(",", ";").replace("9.75", "9")})
    asked = ("preds.csv", "targets.csv", "--loss=mse", "--decimal=,", "--id=id")
    assert run("check", "--init", *asked).code == 0
    (check,) = checks(tmp_path)
    assert (check["decimal"], check["targets-decimal"]) == (",", ".")
    assert run("check").code == 0
