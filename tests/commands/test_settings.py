"""A file of checks takes what the command line takes, under the same names."""

import re
import tomllib
from typing import Any

import pytest
import typer
from conftest import Run, Write

from lossctl.base.errors import UsageError
from lossctl.cli import app
from lossctl.commands.check.settings import Settings
from lossctl.commands.flags.groups import options_of
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.gate.configuration import Part
from lossctl.gate.positions import Lines
from lossctl.gate.rules import RULES
from lossctl.tables.inputs import Input

COMMAND: Any = typer.main.get_command(app)
CHECK: Any = COMMAND.get_command(None, "check")
CONTEXT = CHECK.make_context("check", ["p.csv"])
GROUPS = options_of(InputFlags) | options_of(LimitFlags) | options_of(RuleFlags)
FLAGS = {
    flag.removeprefix("--"): parameter
    for parameter in CHECK.params
    for flag in [*parameter.opts, *parameter.secondary_opts]
    if flag.startswith("--") and parameter.name in GROUPS
}
OTHERS = {"predictions", "targets", "name", "output", "junit"}
SETTINGS = Settings(CONTEXT, GROUPS | OTHERS)


def settings(text: str, folder: str = "") -> dict[str, Any]:
    content = tomllib.loads(text, parse_float=str)
    part = Part("here", Lines(text), (), "", content)
    return SETTINGS.values(part, folder)


def test_there_are_flags() -> None:
    assert {"max-loss", "from", "id", "no-header", "unlimited", "format-in", "worst"} <= set(FLAGS)
    assert len(FLAGS) > 30
    assert set(RULES) <= set(FLAGS)


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_is_a_key_and_means_the_same(flag: str) -> None:
    parameter = FLAGS[flag]
    if parameter.is_flag:
        given, written = [f"--{flag}"], f"{flag} = true"
    else:
        given, written = [f"--{flag}=2"], f"{flag} = 2"
    parsed = CHECK.make_context("check", ["p.csv", *given]).params[parameter.name]
    assert settings(written) == {parameter.name: parsed}
    assert parsed not in (None, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("header = false", {"header": False}),
        ("no-header = false", {"header": True}),
        ('classes = ["cat", "dog"]', {"classes": ("cat", "dog")}),
        ('loss = ["ce", "mse"]', {"loss": ("ce", "mse")}),
        ("max-loss = {ce = 0.35, mse = 1e-3}", {"max_loss": ("ce=0.35", "mse=1e-3")}),
        ("max-loss.ce = 0.350", {"max_loss": ("ce=0.350",)}),
        ('max-increase = "2%"', {"max_increase": ("2%",)}),
        ("sum-tolerance = 0.01", {"sum_tolerance": 0.01}),
    ],
)
def test_values_as_toml_has_them(text: str, expected: dict[str, Any]) -> None:
    assert settings(text) == expected


@pytest.mark.parametrize(
    ("path", "of_a_table", "of_a_file"),
    [
        ("p.csv", "deep/p.csv", "deep/p.csv"),
        ("/p.csv", "/p.csv", "/p.csv"),
        ("-", "-", "-"),
        ("a.csv,../b.csv", "deep/a.csv,deep/../b.csv", "deep/a.csv,../b.csv"),
        ("part-*.npz:y", "deep/part-*.npz:y", "deep/part-*.npz:y"),
    ],
)
@pytest.mark.parametrize(
    "key", ["predictions", "targets", "baseline", "per-sample", "output", "junit"]
)
def test_paths_are_seen_from_the_folder(
    key: str, path: str, of_a_table: str, of_a_file: str
) -> None:
    expected = of_a_table if key in {"predictions", "targets"} else of_a_file
    for folder, seen in (("deep", expected), ("", path)):
        (setting,) = settings(f"{key} = '{path}'", folder).values()
        assert (setting.name if isinstance(setting, Input) else setting) == seen


WRONG = {
    "nothing = 1": "1: no setting is called 'nothing'",
    "header = true\nno-header = true": "2: no-header says again what another key says",
    "header = 1": "1: header is true or false, not '1'",
    "\nid = 2026-11-23": "2: id is a text or a number, not '2026-11-23'",
    "id = true": "1: id is a text or a number, not true",
    "min-rows = 1.5": "1: min-rows is '1.5', which is no whole number",
    "min-rows = '1e2'": "1: min-rows is '1e2', which is no whole number",
    "sum-tolerance = 'x'": "1: sum-tolerance is 'x', which is no number",
    "worst = -1": "1: worst is -1, but must be from 0 to 1000",
    "min-rows = -5": "1: min-rows is -5, but must be at least 1",
    "max-loss = []": "1: max-loss is empty, and so would ask for nothing",
    "max-loss = {ce = 1, mse = {}}": "1: max-loss is empty, and so would ask for nothing",
    "max-loss = [[true]]": "1: max-loss is a text or a number, not true",
    'nan = """\nskip\n"""\nid = [\n]': "4: id is empty, and so would ask for nothing",
}


@pytest.mark.parametrize(("text", "message"), WRONG.items())
def test_values_that_cannot_be(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"here:{message}")):
        settings(text)


def test_headers_by_the_file(run: Run, write: Write) -> None:
    write({"p.csv": "1,2\n3,4\n", "t.csv": "1,2\n0,0\n"})
    check = "[[check]]\nname='a'\npredictions='p.csv'\ntargets='t.csv'\nloss='mae'\nmin-rows=2\n"
    write({"lossctl.toml": check + "no-header = true"})
    assert run("check").code == 0
    write({"lossctl.toml": check + "header = true"})
    assert run("check").code == 1
