"""Registries: entries are imported when they are used, and say which extra installs them."""

import tomllib
from pathlib import Path
from unittest.mock import patch

import pytest
from conftest import Write

from lossctl.base.errors import ResourceError
from lossctl.base.registry import EXTRAS, load
from lossctl.base.wording import either
from lossctl.engines import ENGINES
from lossctl.renderers import FORMATS as OUTPUTS
from lossctl.tables.formats import FORMATS as INPUTS
from lossctl.tables.streams.compression import COMPRESSIONS

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_an_entry_is_what_its_place_names() -> None:
    assert load("json:dumps") is __import__("json").dumps
    assert load("json:dumps", "arrow", "reading it") is load("json:dumps")


@pytest.fixture
def written(write: Write, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write modules that can be imported."""
    monkeypatch.syspath_prepend(write({"empty.py": ""}).parent)
    return write


def test_a_module_may_import_the_package_of_its_extra_at_its_top(written: Write) -> None:
    written({"reader_of_x.py": "import lossctl_has_no_such_package\n"})
    with (
        patch.dict(EXTRAS, arrow="lossctl_has_no_such_package"),
        pytest.raises(ResourceError) as refused,
    ):
        load("reader_of_x:x", "arrow", "a.x: reading it")
    assert refused.value.message == "a.x: reading it takes lossctl_has_no_such_package"
    assert refused.value.hint == "pip install 'lossctl[arrow]'"


@pytest.mark.parametrize("package", ["lossctl_absent.deep", "json.lossctl_absent"])
def test_a_package_inside_another_may_be_missing_with_it(package: str) -> None:
    with patch.dict(EXTRAS, arrow=package), pytest.raises(ResourceError, match="takes") as refused:
        load(f"{package}:x", "arrow", "reading it")
    assert refused.value.hint == "pip install 'lossctl[arrow]'"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("raise ImportError('libx.so.7: cannot open\\n')", r"libx.so.7: cannot open\x0a"),
        ("from json import lossctl_absent", "cannot import name 'lossctl_absent' from 'json'"),
        ("import broken_x.part", "No module named 'broken_x.part'"),
        ("import lossctl_absent", "No module named 'lossctl_absent'"),
    ],
)
def test_a_package_that_is_broken_is_not_to_be_installed(
    written: Write, monkeypatch: pytest.MonkeyPatch, content: str, why: str
) -> None:
    folder = written({"reader_of_x.py": "import broken_x\n"}).parent / "broken_x"
    folder.mkdir()
    (folder / "__init__.py").write_text(content)
    monkeypatch.setitem(EXTRAS, "arrow", "broken_x")
    with pytest.raises(ResourceError) as refused:
        load("reader_of_x:x", "arrow", "a.x: reading it")
    said = "a.x: reading it takes broken_x: broken_x is installed, but cannot be imported"
    assert refused.value.message.startswith(f"{said} ({why}")
    assert refused.value.hint is None


@pytest.mark.parametrize("place", ["lossctl.tables.no_such_module:x", "imports_no_such_module:x"])
def test_a_fault_of_our_own_is_not_told_as_a_missing_package(written: Write, place: str) -> None:
    written({"imports_no_such_module.py": "import lossctl.tables.no_such_module\n"})
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        load(place, "arrow", "a.x: reading it")


def test_what_no_extra_installs_is_a_fault_of_our_own() -> None:
    with pytest.raises(ModuleNotFoundError):
        load("lossctl_has_no_such_package:x")


def test_every_extra_of_a_registry_can_be_installed() -> None:
    named = {entry.extra for entry in OUTPUTS.values()} | {entry.extra for entry in INPUTS.values()}
    named |= {entry.extra for entry in ENGINES.values()}
    named |= {entry.extra for entry in COMPRESSIONS.values()}
    named -= {None}
    assert named == set(EXTRAS) == {"arrow", "excel", "zstd"}
    extras = tomllib.loads(PYPROJECT.read_text())["project"]["optional-dependencies"]
    for extra, package in EXTRAS.items():
        (requirement,) = extras[extra]
        assert requirement.startswith(f"{package.replace('_', '-')}>=")


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), ("abc", "a, b or c")]
)
def test_words_of_which_one_is_chosen(words: list[str], text: str) -> None:
    assert either(words) == text
    assert either(iter(words)) == text
