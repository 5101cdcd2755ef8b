"""Messages about a check of a file: options are written as its settings."""

from __future__ import annotations

import json
import re
from typing import Any

from lossctl.base.errors import LossctlError
from lossctl.base.wording import visible
from lossctl.commands.flags.groups import options_of
from lossctl.commands.flags.inputs import InputFlags
from lossctl.commands.flags.limits import LimitFlags, RuleFlags
from lossctl.evaluation.options import option_of
from lossctl.evaluation.rewording import Language, reword, reworded
from lossctl.gate.rules import RULES
from lossctl.gate.verdicts import CheckResult, Verdict

_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?(e[-+]?[0-9]+)?|nan|inf", re.IGNORECASE)
"""What TOML has for a number, too."""
_NUMBERS = {*RULES, "max-increase", "min-rows", "sum-tolerance", "worst"}
"""The values of these settings are numbers, as a rule."""
_PASS = re.compile(r"\bpass (?=--)")
_FLAGS = (
    "header",
    "targets-header",
    "unlimited",
    "same-targets",
    "fail-on-warnings",
    "allow-doubts",
    "allow-fewer-rows",
    "allow-no-final-newline",
)


def toml_text(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def assigned(name: str, value: object) -> str:
    """Return the line of TOML that gives a setting a value, or several."""
    if isinstance(value, list | tuple) and len(value) > 1:
        return f"{name} = [{', '.join(toml_text(str(item)) for item in value)}]"
    (text,) = value if isinstance(value, list | tuple) else [value]
    if isinstance(text, bool):
        return f"{name} = {str(text).lower()}"
    is_number = name in _NUMBERS and _NUMBER.fullmatch(str(text))
    return f"{name} = {text if is_number else toml_text(str(text))}"


_TOML = Language(
    names={
        option_of(field): option_of(field)
        for group in (RuleFlags, LimitFlags, InputFlags)
        for field in options_of(group)
    },
    without_value={flag: f"{flag} = true" for flag in _FLAGS}
    | {f"no-{flag}": f"{flag} = false" for flag in _FLAGS},
    assign=assigned,
    alone="",
)


def in_settings(text: str) -> str:
    """Return a message in which `--nan skip` is `nan = "skip"`."""
    return _TOML.write(_PASS.sub("write ", text))


def hint_for(hint: str | None, file: str, line: int) -> str | None:
    """Return a hint that says where the settings stand that it speaks of, if it speaks of any."""
    if hint is None or (written := in_settings(hint)) == hint:
        return hint
    return f"{written} (in {visible(file)}:{line})"


def as_settings(result: CheckResult) -> CheckResult:
    """Return what became of a check of a file, in the words of the file."""
    file, line = result.file, result.line
    for error in result.errors:
        _reword(error, file, line)
    report = None if result.report is None else reworded(result.report, _TOML)
    verdicts = tuple(_reworded(verdict, file, line) for verdict in result.verdicts)
    return result._replace(report=report, verdicts=verdicts)


def _reworded(verdict: Verdict, file: str, line: int) -> Verdict:
    texts: dict[str, Any] = {
        "hint": hint_for(verdict.hint, file, line),
        "note": None if verdict.note is None else in_settings(verdict.note),
        "advice": None if verdict.advice is None else in_settings(verdict.advice),
    }
    return verdict._replace(**texts)


def _reword(error: LossctlError, file: str, line: int) -> None:
    hint = hint_for(error.hint, file, line)
    reword(error, _TOML)
    error.hint = hint
