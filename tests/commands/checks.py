"""What `lossctl check` says, read from its JSON."""

import json
from typing import Any

from conftest import Outcome, Run

CHECK = """
[[check]]
name = "a"
predictions = "p.csv"
targets = "t.csv"
loss = "mae"
max-loss = 2
"""
"""A file of one check, of which Loss(W) is 1.5."""


def verdicts(outcome: Outcome) -> list[tuple[str, str, float | None, float | None, str]]:
    """Return name, rule, value, limit and verdict of every line."""
    content = json.loads(outcome.out)
    assert content["exit_code"] == outcome.code
    return [
        (check["name"], line["rule"], line["value"], line["limit"], line["verdict"])
        for check in content["checks"]
        for line in check["verdicts"]
    ]


def judge(run: Run, *arguments: str, **options: Any) -> list[tuple[Any, ...]]:
    return list(verdicts(run("check", *arguments, "--format=json", **options)))
