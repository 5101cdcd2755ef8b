"""Messages speak of options as the command line has them; here they are written as elsewhere."""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from lossctl.base.errors import LossctlError
from lossctl.results.losses import Losses
from lossctl.results.report import Report

_OPTION = re.compile(
    r"""--(?P<name>[a-z][a-z-]*)(?:[ =](?P<value>'[^']*'(?:\\''[^']*')*|"[^"]*"|-?[^\s'"(-]\S*))?"""
)
_WORD = r"""'[^']*'(?:\\''[^']*')*|(?:[^\s',;()]|,(?=\S))+"""
"""A word of a command."""
_COMMAND_OR_OPTION = re.compile(rf"lossctl (?:check|eval)(?: (?:{_WORD}))+|{_OPTION.pattern}")
_ARGUMENT = re.compile(r"""(?<!['"\w])(?:PREDS|TARGETS)(?!['"\w])""")
_SAYS = {"are", "can", "gives", "has", "is", "names", "needs", "pairs", "says", "takes"}
"""Verbs of which an option is the subject."""
_NO_VALUES = _SAYS | {"and", "as", "at", "beside", "for", "if", "in", "leaves", "of", "or", "out"}
_NO_VALUES |= {"so", "that", "the", "there", "to", "where", "with"}
"""Words that go on with the sentence."""


class Language(NamedTuple):
    """How options are written in another place than the command line."""

    names: Mapping[str, str]
    """What each option is called there, by its name without the dashes; others stay as they are."""
    without_value: Mapping[str, str]
    """What stands there for each option that takes no value."""
    assign: Callable[[str, str], str]
    """It returns what gives an option, by its name there, a value."""
    alone: str
    """This stands behind the name of an option that is given no value."""

    def write(self, text: str) -> str:
        """Return a message in which `--nan skip` is, in Python, `nan="skip"`, and so on.

        What follows an option is its value unless it goes on with the sentence. PREDS and TARGETS
        are `predictions` and `targets`.
        """
        arguments = {"PREDS": "predictions", "TARGETS": "targets"}
        written = _COMMAND_OR_OPTION.sub(self._option, text)
        return _ARGUMENT.sub(lambda found: arguments[found[0]], written)

    def _option(self, found: re.Match[str]) -> str:
        option = found["name"]
        if option is None:
            return found[0]  # a command of a shell, wherever it is told
        rest = found[0][len(option) + 2 :]
        if option in self.without_value:
            return f"{self.without_value[option]}{rest}"
        if option not in self.names:
            return found[0]
        name, (value, behind) = self.names[option], _value(found)
        if not value:
            subject = found["value"] in _SAYS or found.string[found.end() :].startswith(":")
            return f"{name}{'' if subject else self.alone}{rest}"
        is_followed = not behind and found.string[found.end() :].startswith(" --")
        return f"{self.assign(name, value)}{behind}{',' * is_followed}"


def options_in(text: str) -> dict[str, str]:
    """Return the options that a message names, without the dashes, and their values or "".

    Of two values the first one counts: what is likely is told first.
    """
    values = dict[str, str]()
    for found in _OPTION.finditer(text):
        values.setdefault(found["name"], _value(found)[0])
    return values


def _value(found: re.Match[str]) -> tuple[str, str]:
    """Return what an option is given, as a shell hands it on, and what stands behind it."""
    text = found["value"] or ""
    if text[:1] in ("'", '"'):
        return shlex.split(text)[0], ""
    value = text.rstrip(").;:?!,") or text
    return ("", text) if value in _NO_VALUES else (value, text[len(value) :])


def reword(error: LossctlError, language: Language) -> None:
    """Have an error speak of options as another place has them."""
    error.reason = language.write(error.reason)
    error.args = (error.reason, *error.args[1:])
    if error.hint is not None:
        error.hint = language.write(error.hint)


def reworded(report: Report, language: Language) -> Report:
    """Return a report whose warnings and notes speak of options as another place has them."""
    write = language.write
    warnings = tuple(replace(one, message=write(one.message)) for one in report.warnings)
    losses = Losses(
        {
            name: replace(loss, notes=tuple(map(write, loss.notes)))
            for name, loss in report.losses.items()
        }
    )
    return replace(report, warnings=warnings, losses=losses)
