"""What is compared with and not kept is not written, and never made of what is checked."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

pytestmark = pytest.mark.usefixtures("folder")
CHECK = ("check", "p.csv", "t.csv", "--loss=mae", "--id=id")
THREE = {"p.csv": "id,y\na,1\nb,2\nc,3\n", "t.csv": "id,y\na,0\nb,0\nc,0\n"}
TWO = {"p.csv": "id,y\na,1\nb,2\n", "t.csv": "id,y\na,0\nb,0\n"}
TOML = f'{CHECK_OF_A}id = "id"\nbaseline = "lossctl-baseline.json"\n'
FELL = "lossctl: note: mae fell by 50% from its baseline: to hold it there: "


def of_base(run: Run, write: Write, files: dict[str, str]) -> None:
    """Write a report of other predictions, as of the base branch."""
    write({"base.csv": files["p.csv"], "t.csv": files["t.csv"]})
    made = ("eval", "base.csv", "t.csv", "--loss=mae", "--id=id", "--output=base.json")
    assert run(*made).code == 0


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [(THREE, TWO, "to take fewer this once"), (TWO, THREE, "to be held to the numbers of these")],
    ids=["fewer", "more"],
)
def test_a_report_is_made_anew_of_its_own_predictions(
    run: Run, write: Write, before: dict[str, str], now: dict[str, str], what: str
) -> None:
    of_base(run, write, before)
    write(now)
    outcome = run(*CHECK, "--baseline=base.json", "--max-increase=99%")
    way = "lossctl eval base.csv t.csv --loss mae --id id --format json -o base.json"
    assert f"lossctl: hint: {what}: write base.json anew: {way}\n" in outcome.err
    assert " p.csv" not in outcome.err


def test_nothing_is_held_in_a_report_of_others(run: Run, write: Write) -> None:
    of_base(run, write, TWO)
    write({"p.csv": "id,y\na,1\nb,0.5\n"})
    outcome = run(*CHECK, "--baseline=base.json")
    assert (outcome.code, outcome.err) == (0, "")


@pytest.fixture
def main(folder: Path, run: Run, write: Write, tmp_path: Path) -> None:
    """A project with a baseline, the same one as that of main, and a loss that fell."""
    write(TWO | {"lossctl.toml": TOML})
    assert run("check", "--update-baseline").code == 0
    (tmp_path / "main.json").write_bytes((tmp_path / "lossctl-baseline.json").read_bytes())
    write({"p.csv": "id,y\na,1\nb,0.5\n"})


@pytest.mark.usefixtures("main")
def test_a_baseline_beside_that_of_the_file_is_not_written(run: Run) -> None:
    way = "lossctl check --update-baseline --only a\n"
    assert run("check", "--baseline=main.json").err == FELL + way
    piped = run("-c", "lossctl check --baseline <(cat main.json)", program=("bash",))
    assert (piped.code, piped.err) == (0, FELL + way)


@pytest.mark.usefixtures("main")
def test_where_the_file_names_none_the_one_that_is_given_is_written(run: Run, write: Write) -> None:
    write({"lossctl.toml": f'{CHECK_OF_A}id = "id"\n'})
    way = "lossctl check --baseline main.json --update-baseline --only a\n"
    assert run("check", "--baseline=main.json").err == FELL + way


@pytest.mark.usefixtures("main")
def test_no_way_leads_into_a_pipe(run: Run, write: Write) -> None:
    held = f"lossctl {' '.join(CHECK)} --name a --baseline <(cat main.json)"
    outcome = run("-c", held, program=("bash",))
    assert (outcome.code, outcome.err) == (0, "")
    write({"p.csv": "id,y\na,1\n", "t.csv": "id,y\na,0\n"})
    outcome = run("-c", held, program=("bash",))
    assert (outcome.code, "hint: to take fewer" in outcome.err) == (1, False)


@pytest.mark.usefixtures("main")
def test_a_number_that_was_changed_by_hand_is_seen(run: Run, write: Write, tmp_path: Path) -> None:
    write(TWO)
    path = tmp_path / "lossctl-baseline.json"
    content = json.loads(path.read_text())
    for mean, more in ((2.5, ""), (0.5, "--allow-increase ")):
        content["checks"]["a"]["losses"]["mae"]["mean"] = mean
        path.write_text(json.dumps(content))
        outcome = run("check")
        assert outcome.code == 3
        said, hint, *_ = outcome.err.splitlines()
        assert said == (
            f"lossctl: error: lossctl-baseline.json: its mae of check 'a' is {mean}, but the files "
            "that it is of give 1.5: was it changed by hand?"
        )
        way = f"lossctl check --update-baseline {more}--only a"
        assert hint.endswith(f"; to take today's number: {way}")
        assert run(*way.split()[1:]).code == run("check").code == 0


@pytest.mark.usefixtures("main")
@pytest.mark.parametrize("n", [1, 3])
def test_a_number_of_samples_that_was_changed_by_hand_is_seen(
    run: Run, write: Write, tmp_path: Path, n: int
) -> None:
    write(TWO)
    path = tmp_path / "lossctl-baseline.json"
    path.write_text(path.read_text().replace('"n": 2', f'"n": {n}').replace("n=2|", f"n={n}|"))
    outcome = run("check")
    assert outcome.code == 3
    assert outcome.err.splitlines()[0] == (
        f"lossctl: error: lossctl-baseline.json: its mae of check 'a' is of {n} samples, but the "
        "files that it is of have 2: was it changed by hand?"
    )
    fewer = "--allow-fewer-rows " if n > 2 else ""
    way = f"lossctl check --update-baseline {fewer}--only a"
    assert f"; to take today's number: {way}\n" in outcome.err
    assert run(*way.split()[1:]).code == run("check").code == 0


@pytest.mark.usefixtures("main")
def test_a_number_that_is_the_same_in_another_way_is_taken_as_it_is(
    run: Run, write: Write, tmp_path: Path
) -> None:
    columns = TOML.replace('id = "id"\n', 'pred-cols = "y"\ntarget-col = "y"\n')
    write(TWO | {"lossctl.toml": columns})
    outcome = run("check")
    assert outcome.code == 3
    said, hint, *_ = outcome.err.splitlines()
    assert said.endswith("paired is position here, id there; the number is the same")
    way = "lossctl check --update-baseline --only a"
    assert hint == f"lossctl: hint: to take it as it is now: {way}"
    assert run(*way.split()[1:]).code == run("check").code == 0
    assert "paired=position" in (tmp_path / "lossctl-baseline.json").read_text()


@pytest.mark.usefixtures("main")
def test_a_number_of_other_predictions_is_none_that_was_changed(run: Run) -> None:
    assert run("check").code == 0


@pytest.mark.usefixtures("main")
def test_swapped_files_are_called_so(run: Run, write: Write) -> None:
    files = 'predictions = "p.csv"\ntargets = "t.csv"'
    swapped = files.replace("p.csv", "x").replace("t.csv", "p.csv").replace("x", "t.csv")
    write(TWO | {"lossctl.toml": TOML.replace(files, swapped)})
    said = "p.csv is the predictions of the baseline (swapped, or a copy?)"
    assert run("check").err == f"lossctl: note: {said}\n"
    outcome = run("check", "--same-targets")
    assert outcome.code == 1
    assert outcome.err.splitlines()[:2] == [
        f"lossctl: error: {said}, which same-targets does not let pass",
        "lossctl: hint: name the predictions first, and then the targets",
    ]
    assert "--no-same-targets" not in outcome.err


@pytest.mark.usefixtures("main")
def test_what_is_stale_counts_as_a_warning(run: Run, write: Write) -> None:
    other = TOML.replace('"a"', '"b"')
    write({"lossctl.toml": other})
    assert run("check", "--update-baseline").code == 0
    assert run("check").code == 0
    outcome = run("check", "--fail-on-warnings", "--format=json")
    said = "1 warning, where fail-on-warnings allows none: stale in lossctl-baseline.json"
    assert (outcome.code, f"lossctl: error: {said}\n" in outcome.err) == (1, True)
    assert json.loads(outcome.out)["exit_code"] == 1
    write({"lossctl.toml": f"{other}fail-on-warnings = true\n"})
    assert run("check").code == 1
    write({"lossctl.toml": f"{TOML}fail-on-warnings = true\n{other}"})
    assert run("check", "--only=a", "--max-increase=99%").code == 0


@pytest.mark.usefixtures("main")
def test_a_number_that_an_update_kept_is_none_that_was_changed(run: Run, write: Write) -> None:
    both = TOML.replace('"mae"', '["mae", "mse"]') + 'max-increase = "90%"\n'
    write(TWO | {"lossctl.toml": both})
    assert run("check", "--update-baseline").code == 0
    write({"p.csv": "id,y\na,0.2\nb,2.3\n"})  # mae falls, and mse rises
    assert run("check", "--update-baseline", "--lower-only").code == 0
    assert run("check").code == 0


@pytest.mark.usefixtures("main")
def test_a_check_that_was_renamed_keeps_its_number(run: Run, write: Write, tmp_path: Path) -> None:
    write(TWO | {"lossctl.toml": TOML.replace('"a"', '"b"')})
    outcome = run("check")
    assert outcome.code == 3
    rename = "if it was called 'a' before, rename that to 'b' in lossctl-baseline.json"
    add = "to add today's number: lossctl check --update-baseline --only b"
    assert f"lossctl: hint: {rename}; it has: mae of 'a'; {add}\n" in outcome.err
    path = tmp_path / "lossctl-baseline.json"
    path.write_text(path.read_text().replace('"a": {', '"b": {'))
    assert (run("check").code, run("check").err) == (0, "")
    path.write_text(path.read_text().replace('"b": {', '"a": {'))
    write({"q.csv": TWO["p.csv"]})
    write({"lossctl.toml": TOML.replace('"a"', '"b"').replace("p.csv", "q.csv")})
    assert "before" not in run("check").err
    write({"lossctl.toml": TOML + TOML.replace('"a"', '"b"')})
    assert "before" not in run("check", "--only=b").err
