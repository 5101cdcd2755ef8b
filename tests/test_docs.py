"""The documentation is true: its commands print what it says, and it leaves nothing out."""

from __future__ import annotations

import math
import re
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

import lossctl
from lossctl.commands import COMMANDS
from lossctl.losses import LOSSES
from lossctl.renderers import FORMATS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
RENDER = runpy.run_path(str(ROOT / "docs/render.py"))
rendered: Callable[[str], str] = RENDER["rendered"]


def same(word: str, other: str) -> bool:
    """Return whether two words are equal, or numbers equal but for a last bit of a log."""
    try:
        return math.isclose(float(word), float(other), rel_tol=1e-9)
    except ValueError:
        return word == other


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


def test_the_python_of_the_readme_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, {})
    assert capsys.readouterr().out.startswith("0.167485482236199")


def test_the_readme_opens_with_the_two_commands_and_they_exist() -> None:
    opening = README.split("```")[1]
    named = re.findall(r"^make (\w+)", opening, re.MULTILINE)
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named == ["demo", "test"]
    assert set(named) | {"lint", "bench", "clean", "help"} <= set(targets)


@pytest.mark.parametrize("name", [*LOSSES, *FORMATS, *COMMANDS])
def test_every_loss_format_and_command_is_documented(name: str) -> None:
    assert re.search(rf"`{name}`|^\s*\$? ?lossctl {name}\b|^{name}  ", README, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_in_the_docs(name: str) -> None:
    assert f"$ lossctl {name} --help" in (ROOT / "docs/cli.md").read_text()


def test_the_version_is_in_the_changelog() -> None:
    assert f"## {lossctl.__version__}" in (ROOT / "CHANGELOG.md").read_text()
