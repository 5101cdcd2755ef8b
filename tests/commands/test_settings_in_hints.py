"""A hint for a file of checks has settings that mean there what they should."""

import ast
import tomllib

import pytest
from conftest import Run, Write

from lossctl.base.wording import argument
from lossctl.commands.check.language import in_settings
from lossctl.evaluation.rewording import options_in
from lossctl.python.keywords import PYTHON

pytestmark = pytest.mark.usefixtures("folder")
NAMES = ['sp"am', "a\\d", "it's", "it's 'so'", "007", "true", "nan", "1e5", "-1", "two words", "ü"]


@pytest.mark.parametrize("name", NAMES)
def test_any_text_is_the_same_in_toml(name: str) -> None:
    said = in_settings(f"name it: --target-col {argument(name)}, or so")
    written = said.removeprefix("name it: ").removesuffix(", or so")
    assert tomllib.loads(written) == {"target-col": name}


@pytest.mark.parametrize("name", NAMES)
def test_any_text_is_the_same_as_an_option_and_in_python(name: str) -> None:
    hint = f"name it: --target-col {argument(name)}"
    assert options_in(hint) == {"target-col": name}
    written = PYTHON.write(hint).partition("=")[2]
    assert str(ast.literal_eval(written)) == name


@pytest.mark.parametrize(
    ("option", "setting"),
    [
        ("--max-loss 0.35", "max-loss = 0.35"),
        ("--max-loss ce=0.35", 'max-loss = "ce=0.35"'),
        ("--max-loss -1E-300", "max-loss = -1E-300"),
        ("--max-loss 007", 'max-loss = "007"'),
        ("--max-increase 2%", 'max-increase = "2%"'),
        ("--min-rows 100.", "min-rows = 100."),
        ("--pos-label 1", 'pos-label = "1"'),
    ],
)
def test_only_limits_are_numbers(option: str, setting: str) -> None:
    assert in_settings(option) == setting


@pytest.mark.parametrize("column", ["true", 'sp"am', "a\\d", "it's"])
def test_a_hint_that_is_followed_leads_to_a_check(run: Run, write: Write, column: str) -> None:
    cell = '"' + column.replace('"', '""') + '"'
    write({"p.csv": f"{cell},p\n1,2\n0,1\n"})
    check = "[[check]]\nname='a'\npredictions='p.csv'\nloss='mae'\nmax-loss=9\n"
    write({"lossctl.toml": f"{check}{in_settings(f'--target-col {argument(column)}')}\n"})
    assert run("check").code == 0


LINES = {
    'loss = "mae"\nmax-loss = 1\ndelimiter = "coma"': 6,
    'loss = "mae"\nmax-loss = 1\nencoding = "no loss"': 6,
    'delimiter = "tab"\nmax-loss = "loss"\nloss = "mae"': 5,
    'max-loss = 1\nloss = "max-loss"': 5,
    'max-loss = 1\nnan = "skip"\nfrom = "logits"\nloss = "mae"': 6,
    'loss = "mae"\nmax-loss = 1\nid = "x"\nindex = "align"': 7,
}


@pytest.mark.parametrize(("settings", "line"), LINES.items())
def test_a_mistake_is_told_at_the_setting_that_it_names(
    run: Run, write: Write, settings: str, line: int
) -> None:
    head = "[[check]]\nname='a'\npredictions='p.csv'\n"
    write({"lossctl.toml": head + settings})
    outcome = run("check")
    assert outcome.code == 2
    assert outcome.err.startswith(f"lossctl: error: lossctl.toml:{line}: check 'a': ")
