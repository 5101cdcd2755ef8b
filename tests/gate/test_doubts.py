"""No check passes, and no baseline is written, with numbers that can hardly be those meant."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

pytestmark = pytest.mark.usefixtures("folder")
FILE = "lossctl-baseline.json"
SAID = "the numbers can hardly be those that were meant: "
HINT = "look at the files first; if the numbers are right all the same, "
ALLOW = "--allow-doubts"
COPY = {"p.csv": "y\n1.5\n2.5\n", "t.csv": "y\n1.5\n2.5\n"}
GOOD = {"p.csv": "y\n1.5\n2.5\n", "t.csv": "y\n1\n3\n"}
CHECK = ("check", "p.csv", "t.csv", "--loss=mae")


def test_a_copy_of_the_targets_is_no_baseline(run: Run, write: Write, tmp_path: Path) -> None:
    write(dict(COPY))
    update = (*CHECK, "--update-baseline")
    for more in ((), ("--allow-increase", "--allow-fewer-rows")):
        outcome = run(*update, *more)
        assert outcome.code == 1
        first, second, *rest = outcome.err.splitlines()
        assert first == f"lossctl: error: {SAID}identical"
        assert second == f"lossctl: hint: {HINT}pass {ALLOW}"
        assert "lossctl: note: no baseline was written: all checks have to pass" in rest
        assert not (tmp_path / FILE).exists()
    assert run(*update, ALLOW).code == 0
    assert (tmp_path / FILE).exists()


def test_a_copy_of_the_targets_passes_no_check(run: Run, write: Write) -> None:
    write(dict(GOOD))
    assert run(*CHECK, "--update-baseline").code == 0
    write(dict(COPY))
    for limit in ("--max-loss=0", f"--baseline={FILE}", "--min-rows=2"):
        for more in ((), ("-q",), ("--format=json",)):
            outcome = run(*CHECK, limit, *more)
            assert (outcome.code, f"lossctl: error: {SAID}identical" in outcome.err) == (1, True)
    document = json.loads(run(*CHECK, "--max-loss=0", "--format=json").out)
    (check,) = document["checks"]
    assert (document["verdict"], document["exit_code"]) == ("fail", 1)
    assert [(v["rule"], v["verdict"]) for v in check["verdicts"]] == [
        ("doubts", "fail"),
        ("max-loss", "pass"),
    ]


def test_it_may_be_allowed_on_the_command_line_and_in_the_file(run: Run, write: Write) -> None:
    write(dict(COPY))
    outcome = run(*CHECK, "--max-loss=0", ALLOW)
    assert outcome.code == 0
    assert f"lossctl: note: {SAID}identical, which allow-doubts lets pass\n" in outcome.err
    assert "1 check: 1 passed with a warning" in outcome.out
    assert run(*CHECK, "--max-loss=0", ALLOW, "--fail-on-warnings").code == 1
    write({"lossctl.toml": f"{CHECK_OF_A}max-loss = 0\n"})
    outcome = run("check")
    assert outcome.code == 1
    assert f"{HINT}write allow-doubts = true (in lossctl.toml:2)\n" in outcome.err
    assert run("check", ALLOW).code == 0
    write({"lossctl.toml": f"{CHECK_OF_A}max-loss = 0\nallow-doubts = true\n"})
    assert run("check").code == 0
    assert "allow-doubts" in run("check", "--list").out


def test_what_there_is_stays_as_it_is(run: Run, write: Write, tmp_path: Path) -> None:
    write(GOOD | {"lossctl.toml": CHECK_OF_A})
    assert run("check", "--update-baseline").code == 0
    before = (tmp_path / FILE).read_bytes()
    write(dict(COPY))
    outcome = run("check", "--update-baseline")
    assert outcome.code == 1
    assert f"{HINT}write allow-doubts = true (in lossctl.toml:2)" in outcome.err
    assert "--allow-increase" not in outcome.err
    assert (tmp_path / FILE).read_bytes() == before


@pytest.mark.parametrize("loss", ["ce", "mse"])
@pytest.mark.parametrize("labels", ["b\na\nb\n", "1\n0\n1\n"])
def test_labels_as_0_and_1_for_each_class_are_a_copy(
    run: Run, write: Write, tmp_path: Path, loss: str, labels: str
) -> None:
    """A model that makes no mistake says how sure it is; one-hot labels are no predictions."""
    write({"t.csv": f"y\n{labels}", "p.csv": "a,b\n0,1\n1,0\n0,1\n"})
    check = ("check", "p.csv", "t.csv", f"--loss={loss}")
    for asked in ("--update-baseline", "--max-loss=3"):
        outcome = run(*check, asked)
        assert (outcome.code, f"error: {SAID}identical" in outcome.err) == (1, True)
        assert "as 0 and 1 for each class: is one made of the other?" in outcome.err
        assert not (tmp_path / FILE).exists()
    assert run(*check, "--max-loss=3", ALLOW).code == 0
    for others in ("0.01,0.99\n1,0\n0,1\n", "1,0\n1,0\n0,1\n"):
        write({"p.csv": f"a,b\n{others}"})
        assert run(*check, "--max-loss=9").code == 0


UNLIKELY = {
    "swapped": ("bce", ["1", "0"], ["0.9", "0.2"]),
    "above-entropy": ("bce", ["0.9", "0.2"], ["0", "1"]),
    "columns-swapped": ("mae", ["target", "1", "2"], ["pred", "2", "4"]),
}


@pytest.mark.parametrize(("code", "files"), UNLIKELY.items(), ids=UNLIKELY)
def test_other_warnings_that_say_so(
    run: Run, write: Write, code: str, files: tuple[str, list[str], list[str]]
) -> None:
    loss, *sides = files
    texts = []
    for side in sides:
        header = side[0] if side[0].isalpha() else "y"
        rows = [text for text in side if text != header] * 20
        texts.append("".join(f"{row}\n" for row in (header, *rows)))
    write(dict(zip(("p.csv", "t.csv"), texts, strict=True)))
    for asked in ("--update-baseline", "--max-loss=900"):
        outcome = run("check", "p.csv", "t.csv", f"--loss={loss}", asked)
        assert (outcome.code, f"{SAID}{code}" in outcome.err) == (1, True), outcome.err


def test_a_warning_that_the_number_may_well_have_passes(run: Run, write: Write) -> None:
    rows = "1\n0\n" * 20
    write({"p.csv": f"y\n{rows}1\n", "t.csv": f"y\n{rows}0\n"})
    for asked in ("--update-baseline", "--max-loss=900"):
        outcome = run("check", "p.csv", "t.csv", "--loss=bce", asked)
        assert (outcome.code, "lossctl: warning: " in outcome.err) == (0, True)
