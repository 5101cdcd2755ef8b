"""A module of the user's own that is called as one of ours: no exit code 1, and no traceback."""

import sys
from pathlib import Path

import pytest
from conftest import Run, Write

CALL = ("check", "p.csv", "t.csv", "--loss", "ce", "--max-loss")
MODULES = ["typer", "numpy", "pandas", "rich", "json", "random", "re", "enum", "typing", "signal"]
MODULES += ["inspect", "argparse", "datetime", "string", "queue", "test", "utils", "data", "models"]
WRITTEN = {
    "empty": "",
    "script": "import sys\nprint('training')\nsys.exit(1)\n",
    "broken": "1 +\n",
    "raises": "raise ValueError('no')\n",
}


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.usefixtures("pair")
def test_in_the_folder_of_a_call_it_hides_nothing(
    run: Run, tmp_path: Path, module: str, content: str
) -> None:
    (tmp_path / f"{module}.py").write_text(content)
    python = (sys.executable,)
    passed = run("-m", "lossctl", *CALL, "9", program=python)
    assert (passed.code, passed.err, "training" in passed.out) == (0, "", False)
    assert run("-m", "lossctl", *CALL, "0.1", program=python).code == 1


@pytest.mark.parametrize("module", ["typer", "numpy", "rich", "re", "typing", "signal"])
@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.usefixtures("pair")
def test_where_it_hides_one_the_file_is_named(
    run: Run, tmp_path: Path, module: str, content: str
) -> None:
    (tmp_path / f"{module}.py").write_text(content)
    outcome = run(*CALL, "9", env={"PYTHONPATH": str(tmp_path)})
    assert outcome.code in (2, 5)
    assert f"{module}.py" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.usefixtures("pair")
def test_a_package_is_named_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("")
    outcome = run(*CALL, "9", env={"PYTHONPATH": str(tmp_path)})
    assert outcome.code == 2
    assert "numpy/__init__.py hides the module numpy, which lossctl needs" in outcome.err


def test_inspecting_does_not_change_the_exit_code(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    for limit, code in (("2", 0), ("0.5", 1)):
        outcome = run(
            *("check", "p.csv", "t.csv", "--loss", "mae", "--max-loss", limit),
            env={"PYTHONINSPECT": "1"},
        )
        assert outcome.code == code
        assert "Traceback" not in outcome.err
        assert outcome.out
