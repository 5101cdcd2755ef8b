"""The lines of keys in a TOML document."""

import tomllib
from typing import Any

import pytest

from lossctl.gate.positions import Keys, Lines

TEXT = '''# a comment
a = 1
[defaults]
x = [
  "a", # ]
  "b",
]
m.ce = 3

[[check]]
name = """
[[check]]
b = 2
"""
"max loss" = {ce = 1,
mse = 2}
[check.deep]
ce = 1
 [[ "check" ]] # the second one
b = {c = 1}
[[check.list]]
d = 1
[[check.list]]
d = 1
'''.replace("{ce = 1,\nmse = 2}", "{ce = 1, mse = 2}")
PLACES: dict[Keys, int] = {
    ("a",): 2,
    ("defaults",): 3,
    ("defaults", "x"): 4,
    ("defaults", "m"): 8,
    ("defaults", "m", "ce"): 8,
    ("check", 0): 10,
    ("check", 0, "name"): 11,
    ("check", 0, "max loss", "mse"): 15,
    ("check", 0, "deep"): 16,
    ("check", 0, "deep", "ce"): 17,
    ("check", 1): 18,
    ("check", 1, "b", "c"): 19,
    ("check", 1, "list", 1, "d"): 23,
}


@pytest.mark.parametrize(("keys", "line"), PLACES.items())
def test_a_key_has_the_line_in_which_it_is_set(keys: Keys, line: int) -> None:
    assert Lines(TEXT).of(*keys) == line
    assert Lines(TEXT.replace("\n", "\r\n")).of(*keys) == line


def test_what_is_not_set_has_the_line_of_what_is_around_it() -> None:
    assert Lines(TEXT).of("check", 1, "none") == 18
    assert Lines(TEXT).of("check", 1, "b", "c", "d") == 19
    assert Lines(TEXT).of("none") == 1
    assert Lines("check = [{a = 1}, {a = 2}]\n").of("check", 1, "a") == 1


HIDING = {
    "in texts": "x = [\n" + '"part[i].csv",\n' * 50 + "]\n",
    "at the end of lines": "x = [\n" + "['a[i]'],\n['a']\n,\n" * 50 + "]\n",
    "in comments": "x = [\n" + '"a", # see [1]\n' * 50 + "]\n",
    "in a long text": 'x = """\n' + '[a]\n\\"""]\n' * 50 + '"""\n',
    "in a long literal": "x = '''\n" + '\\]\n"""\n' * 50 + "'''\n",
    "with marks at the end": 'x = """' + '\n"]"\n' * 50 + '"""""\n',
}


@pytest.mark.parametrize("text", HIDING.values(), ids=HIDING)
def test_each_statement_is_parsed_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    loads = tomllib.loads

    def counted(text: str) -> dict[str, Any]:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr(tomllib, "loads", counted)
    lines = Lines(f"a = 1\n{text}[b]\nc = 1\n")
    assert lines.of("x") == 2
    assert lines.of("b", "c") == text.count("\n") + 3
    assert len(parsed) == 4
