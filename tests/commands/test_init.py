"""`lossctl check --init`: a configuration for the files that are there."""

import shutil
import tomllib
from pathlib import Path

import pytest
from conftest import Run, Write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sample_data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data"))


@pytest.mark.usefixtures("sample_data")
def test_it_finds_what_can_be_evaluated_and_passes(run: Run, tmp_path: Path) -> None:
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.splitlines()[0] == "lossctl: note: lossctl.toml: written, with 2 checks"
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    found = [(check["predictions"], check["targets"], check["loss"]) for check in checks]
    diabetes, digits = "sample_data/diabetes", "sample_data/digits"
    assert found == [
        (f"{diabetes}/preds.csv", f"{diabetes}/targets.csv", "mse"),
        (f"{digits}/preds.csv", f"{digits}/labels.csv", "ce"),
    ]
    assert [check["max-loss"] for check in checks] == [1700, 0.19]
    assert [check["min-rows"] for check in checks] == [147, 899]
    assert run("check").code == 0


def test_what_it_comments_out_is_true(run: Run, tmp_path: Path, sample_data: Path) -> None:
    run("check", "--init")
    file = tmp_path / "lossctl.toml"
    lines = file.read_text().splitlines()
    begin = lines.index("[defaults]") + 2
    lines[begin : begin + 5] = [line.removeprefix("# ") for line in lines[begin : begin + 5]]
    file.write_text("\n".join(lines))
    named = {"baseline", "max-increase", "same-targets", "fail-on-warnings", "junit"}
    assert set(tomllib.loads(file.read_text())["defaults"]) == named
    assert run("check").code == 4
    assert run("check", "--update-baseline").code == 0
    assert run("check").code == 0
    assert (tmp_path / "lossctl.xml").exists()


@pytest.mark.parametrize(
    ("name", "text"), [("lossctl.toml", "[defaults]\n"), ("pyproject.toml", "[tool.lossctl]\n")]
)
def test_what_is_there_stays(run: Run, write: Write, name: str, text: str) -> None:
    path = write({name: text})
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    said = "is there already, and no check was found to add to it"
    assert outcome.err == f"lossctl: error: {name}: {said}\n"
    assert path.read_text() == text


def checks(run: Run, folder: Path) -> list[dict[str, object]]:
    """Return the checks that are found, all of which pass, without their limits."""
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (0, "")
    found: list[dict[str, object]] = tomllib.loads((folder / "lossctl.toml").read_text())["check"]
    assert run("check").code == 0
    return [
        {key: value for key, value in check.items() if key not in ("max-loss", "min-rows", "name")}
        for check in found
    ]


def test_rows_are_paired_by_the_id_that_both_files_have(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": "customer_id,y\n7,2.5\n8,3\n", "y_true.csv": "customer_id,y\n8,3\n7,2\n"})
    files = {"predictions": "preds.csv", "targets": "y_true.csv"}
    assert checks(run, tmp_path) == [files | {"id": "customer_id", "loss": "mse"}]


def test_missing_values_are_left_out_and_it_is_said_how_many(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"preds.csv": "id,y\n7,2.5\n8,NA\n9,3\n", "y_true.csv": "id,y\n9,3\n8,3\n7,2\n"})
    files = {"predictions": "preds.csv", "targets": "y_true.csv"}
    assert checks(run, tmp_path) == [files | {"id": "id", "nan": "skip", "loss": "mse"}]
    line = 'nan = "skip"  # leaves out 1 row with a missing value\n'
    assert line in (tmp_path / "lossctl.toml").read_text()


def test_one_file_may_hold_predictions_and_targets(run: Run, write: Write, tmp_path: Path) -> None:
    write({"results.csv": "p_cat,p_dog,label\n0.9,0.1,cat\n0.4,0.6,cat\n"})
    write({"preds.csv": "prob,target\n0.9,1\n0.2,0\n", "other.csv": "a,b\n1,2\n"})
    assert checks(run, tmp_path) == [
        {"predictions": "preds.csv", "target-col": "target", "loss": "bce"},
        {"predictions": "results.csv", "target-col": "label", "loss": "ce"},
    ]


UNFIT = {
    "words": (
        {"preds.csv": "p\n0.9\n0.2\n", "labels.csv": "l\nyes\nno\n"},
        [
            "note: no check of 'preds.csv' and 'labels.csv': labels.csv:2: column \"l\": 'yes' is "
            "not 0 or 1",
            "hint: if it is a label, ",
            "error: lossctl.toml was not written: no check could be made",
            "hint: name what is missing: lossctl check --init preds.csv labels.csv --loss bce "
            "--pos-label LABEL",
        ],
    ),
    "numbers": (
        {"preds.csv": "y\n1.5\n2\n", "labels.csv": "y\n1\n"},
        ["note: no check of 'preds.csv' and 'labels.csv': preds.csv has 2 rows and labels.csv 1"],
    ),
    "no targets": (
        {"preds.csv": "y\n1.5\n2\n", "other.csv": "y\n1\n1\n"},
        ["note: no check of 'preds.csv': no file beside it is called as targets are: target, "],
    ),
    "nothing": (
        {"notes.csv": "a\n1\n"},
        [
            "note: no check of 'notes.csv': neither its name nor one of its columns says",
            "error: lossctl.toml was not written: no file here has a name such as preds.csv beside",
        ],
    ),
}


@pytest.mark.parametrize(("files", "said"), UNFIT.values(), ids=UNFIT)
def test_without_a_check_nothing_is_written_and_it_is_said_why(
    run: Run, write: Write, tmp_path: Path, files: dict[str, str], said: list[str]
) -> None:
    write(dict(files))
    outcome = run("check", "--init")
    assert (outcome.code, outcome.out) == (2, "")
    lines = [line.removeprefix("lossctl: ") for line in outcome.err.splitlines()]
    assert all(line.startswith(start) for line, start in zip(lines, said, strict=False))
    known = [loss for loss in ("ce", "bce", "mse") if f"--loss {loss}" in outcome.err]
    assert len(known) == ("labels.csv" in files)
    assert not (tmp_path / "lossctl.toml").exists()


def test_what_is_left_out_is_told_beside_what_is_written(run: Run, write: Write) -> None:
    write({"a_preds.csv": "y\n0.5\n3\n", "b_preds.csv": "y\n1\n", "y_true.csv": "y\n1\n2\n"})
    outcome = run("check", "--init")
    assert outcome.code == 0
    assert "lossctl: note: lossctl.toml: written, with 1 check\n" in outcome.err
    assert outcome.err.startswith("lossctl: note: no check of 'b_preds.csv' and 'y_true.csv': ")


def test_names_that_need_care(run: Run, write: Write, tmp_path: Path) -> None:
    for folder in ('a "b" \\c', "é\x7f", ".hidden", "node_modules"):
        (tmp_path / folder).mkdir()
        write({f"{folder}/preds.csv": "y\n0.5\n0\n", f"{folder}/y_true.csv": "y\n1\n0\n"})
    write({'a "b" \\c/preds.tsv': "y\n0.5\n0\n", "\udcff_preds.csv": "y\n0.5\n0\n"})
    write({"y_true.csv": "y\n1\n0\n"})
    assert run("check", "--init").code == 0
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    names = ['a "b" \\c/preds', 'a "b" \\c/preds.tsv', "é\x7f"]
    assert [(check["name"], check["loss"]) for check in checks] == [(n, "bce") for n in names]
    assert run("check").code == 0


def test_a_perfect_prediction_has_a_limit_too(run: Run, write: Write, tmp_path: Path) -> None:
    write({"preds.csv": "a,b\n1,1e-12\n", "targets.csv": "l\na\n"})
    assert run("check", "--init").code == 0
    check = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"][0]
    assert (check["loss"], check["max-loss"]) == ("ce", 0)
    assert run("check", "--allow-doubts").code == 0


# A check that is asked for.

WORDS = {
    "preds.csv": "id,p\n1,0.9\n2,0.2\n",
    "labels.csv": "id,l\n2,benign\n1,malignant\n",
}


def only_check(folder: Path) -> dict[str, object]:
    (check,) = tomllib.loads((folder / "lossctl.toml").read_text())["check"]
    return dict(check)


def test_the_hint_that_is_followed_leads_to_a_file(run: Run, write: Write, tmp_path: Path) -> None:
    write(dict(WORDS))
    outcome = run("check", "--init")
    assert "column \"l\": 'benign' is not 0 or 1" in outcome.err
    command = "lossctl check --init preds.csv labels.csv --loss bce --id id --pos-label LABEL"
    assert outcome.err.splitlines()[-1] == f"lossctl: hint: name what is missing: {command}"
    followed = command.replace("LABEL", "malignant").split()
    assert run(*followed[1:]).code == 0
    check = only_check(tmp_path)
    assert {key: check[key] for key in ("id", "loss", "pos-label", "min-rows")} == {
        "id": "id",
        "loss": "bce",
        "pos-label": "malignant",
        "min-rows": 2,
    }
    assert "  # Loss(W) is 0.16" in (tmp_path / "lossctl.toml").read_text()
    assert run("check").code == 0


def test_what_is_asked_for_is_written_as_it_is(run: Run, write: Write, tmp_path: Path) -> None:
    write({"a.csv": "1,2\n0,1\n", "b.csv": "1,1\n1,0\n"})
    asked = ("a.csv", "b.csv", "-lmae", "-lmse", "--name=it's", "--no-header", "--worst=2")
    assert run("check", "--init", *asked, "--max-loss=mae=3,mse=5").code == 0
    assert only_check(tmp_path) == {
        **{"name": "it's", "predictions": "a.csv", "targets": "b.csv", "loss": ["mae", "mse"]},
        **{"header": False, "max-loss": "mae=3,mse=5", "min-rows": 2, "worst": 2},
    }
    assert run("check").code == 0


@pytest.mark.parametrize("limit", ["--max-loss=2", "--max-loss=mae=-1", "--max-increase=1%"])
def test_a_check_that_check_would_refuse_is_not_written(
    run: Run, write: Write, tmp_path: Path, limit: str
) -> None:
    write({"a.csv": "y\n2\n0\n", "b.csv": "y\n1\n1\n"})
    options = ("a.csv", "b.csv", "--loss=mae,mse", limit)
    refused = run("check", "--init", *options)
    assert (refused.code, refused.err) == (2, run("check", *options).err)
    assert not (tmp_path / "lossctl.toml").exists()


def test_how_checks_are_shown_is_written_for_all_of_them(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"a.csv": "y\n2\n0\n", "b.csv": "y\n1\n1\n"})
    assert run("check", "--init", "a.csv", "b.csv", "--loss=mae", "--junit=x.xml").code == 0
    content = tomllib.loads((tmp_path / "lossctl.toml").read_text())
    assert content["defaults"] == {"junit": "x.xml"}
    assert run("check").code == 0
    assert (tmp_path / "x.xml").exists()


def test_the_formula_stands_above_the_loss(run: Run, write: Write, tmp_path: Path) -> None:
    write({"a.csv": "y\n2\n0\n", "b.csv": "y\n1\n1\n"})
    assert run("check", "--init", "a.csv", "b.csv", "--loss=mse").code == 0
    lines = (tmp_path / "lossctl.toml").read_text().splitlines()
    assert lines[lines.index('loss = "mse"') - 1].startswith("# mse: 1/2 sum of squares")


def test_paths_are_from_this_folder_and_names_are_no_way_out(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"a.csv": "y\n2\n0\n", "b.csv": "y\n1\n1\n"})
    paths = [str(tmp_path / name) for name in ("a.csv", "b.csv")]
    assert run("check", "--init", *paths, "--loss=mse").code == 0
    check = only_check(tmp_path)
    assert [check[key] for key in ("predictions", "targets")] == ["a.csv", "b.csv"]
    (tmp_path / "lossctl.toml").unlink()
    (tmp_path / "sub").mkdir()
    command = "cd sub && lossctl check --init ../a.csv ../b.csv --loss=mse"
    assert run("-c", command, program=("bash",)).code == 0
    assert only_check(tmp_path / "sub")["name"] == "a"


def test_losses_that_are_asked_for_have_a_limit_each(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write({"a.csv": "y\n2\n0\n", "b.csv": "y\n1\n1\n"})
    assert run("check", "--init", "a.csv", "b.csv", "--loss=mae,mse").code == 0
    assert only_check(tmp_path)["max-loss"] == {"mae": 1.1, "mse": 0.55}
    assert run("check").code == 0


def test_a_check_that_cannot_be_is_an_error_of_its_own(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write(dict(WORDS))
    outcome = run("check", "--init", "preds.csv", "labels.csv", "--loss=bce")
    assert (outcome.code, outcome.out) == (3, "")
    assert "labels.csv:2: column \"l\": 'benign' is not 0 or 1" in outcome.err
    assert run("check", "--init", "preds.csv", "labels.csv", "--only=x").code == 2
    assert run("check", "--init", "--loss=mse").code == 2
    assert not (tmp_path / "lossctl.toml").exists()


# Names.


@pytest.mark.parametrize("targets", ["y_test", "y", "y_true", "test", "Y_test"])
@pytest.mark.parametrize("predictions", ["proba", "p", "y_proba", "preds"])
def test_names_that_people_give(
    run: Run, write: Write, tmp_path: Path, predictions: str, targets: str
) -> None:
    write({f"{predictions}.csv": "v\n2\n0\n", f"{targets}.csv": "v\n1\n1\n"})
    assert run("check", "--init").code == 0
    check = only_check(tmp_path)
    assert (check["predictions"], check["targets"]) == (f"{predictions}.csv", f"{targets}.csv")


def test_a_check_is_called_as_its_folder_is(run: Run, write: Write, tmp_path: Path) -> None:
    for folder in ("models/churn", "models/price", "old/churn"):
        (tmp_path / folder).mkdir(parents=True)
        write({f"{folder}/preds.csv": "v\n2\n0\n", f"{folder}/y_test.csv": "v\n1\n1\n"})
    assert run("check", "--init").code == 0
    checks = tomllib.loads((tmp_path / "lossctl.toml").read_text())["check"]
    assert [check["name"] for check in checks] == ["churn", "price", "old/churn/preds"]


def test_no_more_than_some_files_are_looked_into(run: Run, write: Write, tmp_path: Path) -> None:
    write({f"{number:03}.csv": "a,b\n1,2\n" for number in range(120)})
    write({"099.csv": "x,label\n1,2\n"})
    assert run("check", "--init").code == 0
    (tmp_path / "lossctl.toml").unlink()
    write({"099.csv": "a,b\n1,2\n", "100.csv": "x,label\n1,2\n"})
    assert run("check", "--init").code == 2


def test_files_of_one_name_give_the_check_theirs(run: Run, write: Write, tmp_path: Path) -> None:
    for folder in ("out", "data"):
        (tmp_path / folder).mkdir()
    write({"out/wine.csv": "y\n1\n2\n", "data/wine.csv": "y\n0\n0\n"})
    assert run("check", "--init", "out/wine.csv", "data/wine.csv", "--junit=lossctl.xml").code == 0
    text = (tmp_path / "lossctl.toml").read_text()
    assert '\nname = "wine"\n' in text
    assert [line for line in text.splitlines() if "junit" in line] == ['junit = "lossctl.xml"']
