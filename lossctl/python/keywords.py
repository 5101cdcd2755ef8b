"""Messages for those who call `lossctl.evaluate`: options are written as its keywords."""

from __future__ import annotations

import re
from dataclasses import replace

from lossctl.base.errors import LossctlError
from lossctl.evaluation.options import Options
from lossctl.results.losses import Losses
from lossctl.results.report import Report

_OPTION = re.compile(
    r"""--(?P<name>[a-z][a-z-]*)(?:[ =](?P<value>'[^']*'|"[^"]*"|[^\s'"(-]\S*))?"""
)
_ARGUMENT = re.compile(r"""(?<!['"\w])(?:PREDS|TARGETS)(?!['"\w])""")
_ARGUMENTS = {"PREDS": "predictions", "TARGETS": "targets"}
_WITHOUT_VALUE = {"header", "targets_header", "unlimited"}
_SAYS = {"are", "can", "gives", "has", "is", "names", "needs", "pairs", "says", "takes"}
"""Verbs of which an option is the subject."""
_NO_VALUES = _SAYS | {"and", "as", "at", "beside", "for", "if", "in", "leaves", "of", "or", "out"}
_NO_VALUES |= {"so", "that", "the", "there", "to", "where", "with"}
"""Words that go on with the sentence."""
_BARE = re.compile(r"[A-Z]+|[0-9.]+")
"""What stands for a value, and numbers, are not quoted."""


def in_python(text: str) -> str:
    """Return a message in which `--nan skip` is `nan="skip"`, and PREDS is `predictions`.

    What follows an option is its value unless it goes on with the sentence; an option that is no
    keyword of `evaluate` stays as it is.
    """
    return _ARGUMENT.sub(lambda found: _ARGUMENTS[found[0]], _OPTION.sub(_keyword, text))


def _keyword(found: re.Match[str]) -> str:
    name, text = found["name"].replace("-", "_"), found["value"] or ""
    name = "from_" if name == "from" else name
    rest = found[0][len(found["name"]) + 2 :]
    if (positive := name.removeprefix("no_")) in _WITHOUT_VALUE:
        return f"{positive}={name == positive}{rest}"
    if name not in Options.__annotations__:
        return found[0]
    value = text if text[:1] in "'\"" else text.rstrip(").;:?!,") or text
    if not text or value in _NO_VALUES:
        subject = value in _SAYS or found.string[found.end() :].startswith(":")
        return f"{name}{'' if subject else '='}{rest}"
    bare = value.strip("'\"")
    quoted = bare if _BARE.fullmatch(bare) else f'"{bare}"'
    return f"{name}={quoted}{text[len(value) :]}"


def reword(error: LossctlError) -> None:
    """Have an error speak of keywords, and a traceback show its hint."""
    error.reason = in_python(error.reason)
    error.args = (error.reason, *error.args[1:])
    if error.hint is not None:
        error.hint = in_python(error.hint)
        error.add_note(f"hint: {error.hint}")


def reworded(report: Report) -> Report:
    """Return a report whose warnings and notes speak of keywords."""
    warnings = tuple(replace(one, message=in_python(one.message)) for one in report.warnings)
    losses = Losses(
        {
            name: replace(loss, notes=tuple(map(in_python, loss.notes)))
            for name, loss in report.losses.items()
        }
    )
    return replace(report, warnings=warnings, losses=losses)
