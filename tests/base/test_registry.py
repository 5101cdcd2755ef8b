"""Registries: entries are imported when they are used, and say which extra installs them."""

import tomllib
from pathlib import Path

import pytest

from lossctl.base.errors import ResourceError
from lossctl.base.registry import load, missing
from lossctl.base.wording import either
from lossctl.engines import ENGINES
from lossctl.renderers import FORMATS as OUTPUTS
from lossctl.tables.formats import FORMATS as INPUTS
from lossctl.tables.streams.compression import COMPRESSIONS

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_an_entry_is_what_its_place_names() -> None:
    assert load("json:dumps") is __import__("json").dumps
    assert load("json:dumps", "arrow", "json is missing") is load("json:dumps")


def test_a_package_that_is_missing_is_told_with_its_extra() -> None:
    with pytest.raises(ResourceError, match=r"^a\.x: reading it takes x$") as refused:
        load("lossctl_has_no_such_package:x", "arrow", "a.x: reading it takes x")
    assert refused.value.hint == "pip install 'lossctl[arrow]'"


def test_what_no_extra_installs_is_a_fault_or_has_no_hint() -> None:
    with pytest.raises(ModuleNotFoundError):
        load("lossctl_has_no_such_package:x")
    assert missing(None, "this Python cannot decompress xz").hint is None


def test_every_extra_of_a_registry_can_be_installed() -> None:
    named = {entry.extra for entry in OUTPUTS.values()} | {entry.extra for entry in INPUTS.values()}
    named |= {entry.extra for entry in ENGINES.values()}
    named |= {entry.extra for entry in COMPRESSIONS.values()}
    named -= {None}
    assert named == {"arrow", "zstd"}
    assert named <= set(tomllib.loads(PYPROJECT.read_text())["project"]["optional-dependencies"])


@pytest.mark.parametrize(
    ("words", "text"), [(["a"], "a"), (["a", "b"], "a or b"), ("abc", "a, b or c")]
)
def test_words_of_which_one_is_chosen(words: list[str], text: str) -> None:
    assert either(words) == text
    assert either(iter(words)) == text
