"""`--update-baseline` writes no number that can hardly be the one that was meant."""

import json
from pathlib import Path

import pytest
from conftest import Run, Write
from gates import CHECK_OF_A

pytestmark = pytest.mark.usefixtures("folder")
FILE = "lossctl-baseline.json"
NO_BASELINE = "no baseline takes numbers that can hardly be those that were meant: "
HINT = "if they are right all the same, hold them with a limit of their own: "
COPY = {"p.csv": "y\n1.5\n2.5\n", "t.csv": "y\n1.5\n2.5\n"}


def test_a_copy_of_the_targets_is_no_baseline(run: Run, write: Write, tmp_path: Path) -> None:
    write(dict(COPY))
    update = ("check", "p.csv", "t.csv", "--loss=mae", "--update-baseline")
    for more in ((), ("--allow-increase", "--allow-fewer-rows")):
        outcome = run(*update, *more)
        assert outcome.code == 1
        first, second, *rest = outcome.err.splitlines()
        assert first == f"lossctl: error: {NO_BASELINE}identical"
        assert second == f"lossctl: hint: {HINT}--max-loss"
        assert "lossctl: note: no baseline was written: all checks have to pass" in rest
        assert not (tmp_path / FILE).exists()
    assert run("check", "p.csv", "t.csv", "--loss=mae", "--max-loss=0").code == 0
    (check,) = json.loads(run(*update, "--format=json").out)["checks"]
    assert next((v["rule"], v["verdict"]) for v in check["verdicts"]) == ("doubts", "fail")


def test_what_there_is_stays_as_it_is(run: Run, write: Write, tmp_path: Path) -> None:
    write({"lossctl.toml": CHECK_OF_A})
    assert run("check", "--update-baseline").code == 0
    before = (tmp_path / FILE).read_bytes()
    write(dict(COPY))
    outcome = run("check", "--update-baseline")
    assert outcome.code == 1
    assert f"{HINT}max-loss (in lossctl.toml:2)" in outcome.err
    assert "--allow-increase" not in outcome.err
    assert (tmp_path / FILE).read_bytes() == before


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
    outcome = run("check", "p.csv", "t.csv", f"--loss={loss}", "--update-baseline")
    assert (outcome.code, f"{NO_BASELINE}{code}" in outcome.err) == (1, True), outcome.err


def test_a_warning_that_the_number_may_well_have_is_written(run: Run, write: Write) -> None:
    rows = "1\n0\n" * 20
    write({"p.csv": f"y\n{rows}1\n", "t.csv": f"y\n{rows}0\n"})
    outcome = run("check", "p.csv", "t.csv", "--loss=bce", "--update-baseline")
    assert (outcome.code, "lossctl: warning: " in outcome.err) == (0, True)
