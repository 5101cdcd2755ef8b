"""The documentation is true: its commands print what it says, and it leaves nothing out."""

from __future__ import annotations

import math
import re
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import lossctl
from lossctl.commands import COMMANDS
from lossctl.engines import ENGINES
from lossctl.evaluation.warnings import WARNINGS
from lossctl.losses import LOSSES, SCALES, entry
from lossctl.losses.loss import Loss, Parameter
from lossctl.renderers import FORMATS
from lossctl.tables.formats import FORMATS as INPUT_FORMATS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
RENDER = runpy.run_path(str(ROOT / "docs/render.py"))
rendered: Callable[[str], str] = RENDER["rendered"]
section: Callable[[Loss], str] = RENDER["section"]
DOCUMENTATION = README + "".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))


def same(word: str, other: str) -> bool:
    """Return whether two words are equal, or numbers equal but for a last bit of a log."""
    if word == other:  # NaN, too
        return True
    try:
        return math.isclose(float(word), float(other), rel_tol=1e-9)
    except ValueError:
        return False


@pytest.mark.parametrize("name", RENDER["FILES"])
def test_commands_print_what_the_documentation_says(name: str) -> None:
    text = (ROOT / name).read_text()
    written = [line.split() for line in text.splitlines()]
    printed = [line.split() for line in rendered(text).splitlines()]
    differing = [
        (said, is_)
        for said, is_ in zip(written, printed, strict=False)
        if len(said) != len(is_) or not all(map(same, said, is_))
    ]
    assert differing == []
    assert len(written) == len(printed)


@pytest.mark.parametrize("name", RENDER["TABLES"])
def test_every_table_that_is_generated_stands_somewhere(name: str) -> None:
    found = [(ROOT / file).read_text().count(f"<!-- {name} -->\n") for file in RENDER["FILES"]]
    assert sum(found) == 1


@pytest.mark.parametrize("name", RENDER["PAGES"])
def test_pages_that_are_generated_are_up_to_date(name: str) -> None:
    assert (ROOT / name).read_text() == RENDER["PAGES"][name]()


def test_parameters_of_a_loss_are_in_its_section() -> None:
    delta = Parameter(1.5, 1e-6, 1e6, "where it becomes linear")
    text = section(entry("mae")._replace(name="bent", parameters={"delta": delta}))
    assert "`--loss bent:delta=1.5`" in text
    assert "| `delta` | 1.5 | from 1e-06 to 1e+06 | where it becomes linear |\n" in text


def scripts_in(name: str) -> list[str]:
    text = (ROOT / name).read_text()
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


WITH_PYTHON = {"README.md": "0.167485482236199", "docs/python.md": "Loss(W)\nloss "}
"""Pages with scripts in Python, and how their output begins."""


@pytest.mark.parametrize("name", WITH_PYTHON)
def test_the_python_of_the_documentation_runs(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    scripts = scripts_in(name)
    assert scripts
    for script in scripts:
        exec(script, {})
    assert capsys.readouterr().out.startswith(WITH_PYTHON[name])


def test_a_type_checker_has_nothing_to_say_of_the_python_of_the_documentation(
    tmp_path: Path,
) -> None:
    for name in WITH_PYTHON:
        for number, script in enumerate(scripts_in(name)):
            (tmp_path / f"{Path(name).stem.lower()}_{number}.py").write_text(script)
    options = ("--strict", "--disable-error-code=import-untyped", "--cache-dir", "cache")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *sorted(map(str, tmp_path.glob("*.py")))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_readme_opens_with_the_two_commands_and_they_exist() -> None:
    opening = README.split("```")[1]
    named = re.findall(r"^make (\w+)", opening, re.MULTILINE)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named == ["demo", "test"]
    assert set(named) | {"lint", "bench", "clean", "help"} <= set(targets)


@pytest.mark.parametrize("name", [*LOSSES, *FORMATS, *COMMANDS])
def test_every_loss_format_and_command_is_documented(name: str) -> None:
    assert re.search(
        rf"`(?:lossctl )?{name}`|^\s*\$? ?lossctl {name}\b|^{name}  ", README, re.MULTILINE
    )


@pytest.mark.parametrize("name", INPUT_FORMATS)
def test_every_input_format_is_documented(name: str) -> None:
    format_ = INPUT_FORMATS[name]
    assert format_.notes or format_.extra
    assert all(word in README for word in format_.names)
    listed = [end for end in format_.extensions if end not in format_.unlisted]
    assert listed
    assert all(f"`{extension}`" in README for extension in listed)


@pytest.mark.parametrize("name", SCALES)
def test_every_scale_is_documented(name: str) -> None:
    assert f"| `{name}` | " in DOCUMENTATION


@pytest.mark.parametrize("code", [kind.code for kind in WARNINGS])
def test_every_warning_is_documented(code: str) -> None:
    assert f"| `{code}` | " in DOCUMENTATION


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCUMENTATION


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_a_section_with_all_that_it_says(name: str) -> None:
    text, loss = section(entry(name)), entry(name)
    assert loss.formula.text in text
    assert {
        loss.title,
        loss.family,
        loss.units,
        loss.source,
        loss.formula.predictions.title,
    } <= set(re.split(r"^## `.*`: |^- \w+: |\n", text, flags=re.MULTILINE))
    for scale, other in loss.scales.items() if len(loss.scales) > 1 else ():
        assert f"| `{scale}` | `{other.text}` |" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_in_the_docs(name: str) -> None:
    assert f"$ lossctl {name} --help" in (ROOT / "docs/cli.md").read_text()


def test_the_files_that_make_mutate_names_exist() -> None:
    named = tomllib.loads((ROOT / "tests/mutation.toml").read_text())["cosmic-ray"]
    tests = re.findall(r"\S+\.py", named["test-command"])
    assert tests
    assert all((ROOT / name).is_file() for name in [*tests, *named["module-path"]])


def test_the_version_is_in_the_changelog() -> None:
    assert f"## {lossctl.__version__}" in (ROOT / "CHANGELOG.md").read_text()
