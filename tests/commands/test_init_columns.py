"""`lossctl check --init` finds columns of predictions, and refuses numbers that are unlikely."""

import tomllib
from pathlib import Path
from random import Random

import pytest
from conftest import Run, Write

ROWS = [(0.8, 0.1, 0.1, "a", "a"), (0.2, 0.7, 0.1, "b", "b"), (0.3, 0.4, 0.3, "c", "b")] * 4
HEADER = "p_a,p_b,p_c,label,pred"
HEAD_OF_TARGETS = "label\n"


def table(*, ids: bool = False, first: float = 0.8) -> str:
    """Return the probabilities of three classes, what is true, and what is predicted."""
    rows = [",".join(map(str, row)) for row in [(first, *ROWS[0][1:]), *ROWS[1:]]]
    lines = [HEADER, *rows]
    if ids:
        lines = [f"{'id' if not at else f's{at}'},{line}" for at, line in enumerate(lines)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("ids", [False, True])
def test_labels_that_are_words_make_it_a_check_of_classes(
    run: Run, write: Write, tmp_path: Path, ids: bool
) -> None:
    write({"a_preds.csv": table(ids=ids), "b_preds.csv": table(ids=ids)})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (0, "")
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    assert [(one["loss"], one["target-col"], one["pred-cols"]) for one in checks] == [
        ("ce", "label", "p_a,p_b,p_c")
    ] * 2
    assert run("check").code == 0


def test_probabilities_that_are_none_make_it_no_check_of_numbers(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": table(ids=True, first=0.9)})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "preds.csv:2: the probabilities of the row sum to 1.1, not to 1\n" in outcome.err
    command = "lossctl check --init preds.csv --loss ce --target-col label --pred-cols p_a,p_b,p_c"
    assert outcome.err.splitlines()[-1] == f"lossctl: hint: name what is missing: {command}"
    assert not (tmp_path / "lossctl.toml").exists()
    assert "sum to 1.1" in run(*command.split()[1:]).err
    write({"preds.csv": table(ids=True)})
    assert run(*command.split()[1:]).code == 0
    assert run("check").code == 0


def test_beside_a_file_of_targets_the_order_of_rows_is_for_the_user_to_say(
    run: Run, write: Write, tmp_path: Path
) -> None:
    labels = "".join(f"{row[3]}\n" for row in ROWS)
    predictions = table(ids=True).replace(",label,pred", "").splitlines()
    predictions[1:] = [line.rsplit(",", 2)[0] for line in predictions[1:]]
    write({"preds.csv": "\n".join(predictions) + "\n", "labels.csv": HEAD_OF_TARGETS + labels})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "hint: if the rows of both tables stand in the same order, leave it out: " in outcome.err
    command = "lossctl check --init preds.csv labels.csv --pred-cols p_a,p_b,p_c"
    assert outcome.err.endswith(f"name what is missing: {command}\n")
    assert not (tmp_path / "lossctl.toml").exists()
    assert run(*command.split()[1:]).code == 0
    assert 'loss = "ce"' in (tmp_path / "lossctl.toml").read_text()


def test_of_a_file_of_another_name_it_is_told_in_the_same_way(run: Run, write: Write) -> None:
    write({"scored.csv": table(ids=True, first=0.9)})
    outcome = run("check", "--init")
    assert outcome.code == 2
    assert "note: no check of 'scored.csv': scored.csv:2: the probabilities" in outcome.err
    command = "lossctl check --init scored.csv --loss ce --target-col label --pred-cols p_a,p_b,p_c"
    assert outcome.err.endswith(f"hint: name what is missing: {command}\n")


PATIENTS = "patient,p_malignant,p_benign,diagnosis\n" + "".join(
    f"{patient},{at / 200},{1 - at / 200:.3f},{'malignant' if at > 100 else 'benign'}\n"
    for at, patient in enumerate(Random(0).sample(range(569), 199), 1)
)


def test_of_two_values_that_are_hinted_at_the_likely_one_is_taken(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"all.csv": PATIENTS})
    assert run("check", "--init", "all.csv", "--target-col=diagnosis").code == 0
    (check,) = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    assert (check["loss"], check["pred-cols"]) == ("ce", "p_malignant,p_benign")
    assert run("check").code == 0


@pytest.mark.parametrize("asked", ["--loss=bce --pos-label=malignant", "--loss=ce --classes=a,b,c"])
def test_what_goes_with_no_columns_is_told_as_eval_tells_it(
    run: Run, write: Write, tmp_path: Path, asked: str
) -> None:
    write({"all.csv": PATIENTS})
    options = ["all.csv", "--target-col=diagnosis", *asked.split()]
    told, expected = run("check", "--init", *options), run("eval", *options)
    assert (told.code, told.err) == (expected.code, expected.err)
    assert "leave it out: --pred-cols p_malignant,p_benign;" in told.err
    assert not (tmp_path / "lossctl.toml").exists()


# Numbers that can hardly be those that were meant.

INVERTED = "p\n" + "0.001\n0.999\n" * 50
LABELS = "y\n" + "1\n0\n" * 50
DOUBTED = "the numbers can hardly be those that were meant: "


@pytest.mark.parametrize(
    "files",
    [
        {"preds.csv": INVERTED, "labels.csv": LABELS},
        {"preds.csv": "p,label\n" + "0.001,1\n0.999,0\n" * 50},
        {"scored.csv": "p,label\n" + "0.001,1\n0.999,0\n" * 50},
        {"preds.csv": "y\n1\n2\n4\n", "labels.csv": "y\n1\n2\n4\n"},
    ],
)
def test_numbers_that_no_baseline_takes_are_no_check(
    run: Run, write: Write, tmp_path: Path, files: dict[str, str]
) -> None:
    write(dict(files))
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    *note, hint, error = outcome.err.splitlines()
    assert len(note) == 1
    assert f": {DOUBTED}" in note[0]
    assert hint.startswith("lossctl: hint: if they are right all the same, write the check into ")
    assert error == "lossctl: error: lossctl.toml was not written: no check could be made"
    assert not (tmp_path / "lossctl.toml").exists()


def test_beside_checks_that_are_written_it_is_told_too(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": "y\n1\n3\n", "targets.csv": "y\n2\n1\n"})
    write({"scored.csv": "p,label\n" + "0.001,1\n0.999,0\n" * 50})
    outcome = run("check", "--init")
    assert outcome.code == 0
    assert f"lossctl: note: no check of 'scored.csv': {DOUBTED}" in outcome.err
    (check,) = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    assert check["predictions"] == "preds.csv"


@pytest.mark.parametrize("options", [(), ("--loss=bce",), ("--loss=mae,bce",)])
def test_of_files_that_were_named_they_are_an_error(
    run: Run, write: Write, tmp_path: Path, options: tuple[str, ...]
) -> None:
    write({"preds.csv": INVERTED, "labels.csv": LABELS})
    outcome = run("check", "--init", "preds.csv", "labels.csv", *options)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(f"lossctl: error: {DOUBTED}bce is 6.90")
    assert not (tmp_path / "lossctl.toml").exists()
