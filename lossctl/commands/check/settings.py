"""The settings of a file of checks, each of which is an option of the command line.

A setting has the name of its option, without the dashes, and its value is read by the parser of the
command line: so it means the same in both places.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from typer import BadParameter, Context

from lossctl.base.wording import argument, choose, quoted
from lossctl.commands.check.language import assigned
from lossctl.gate.configuration import Part
from lossctl.tables.inputs import Input
from lossctl.tables.paths import one_by_one, relative_to

ARGUMENTS = {"predictions", "targets"}
"""These parameters of the command are arguments: each is an input."""

_KINDS = {
    " is not a valid int range": "which is no whole number",
    " is not a valid int": "which is no whole number",
    " is not a valid float range": "which is no number",
    " is not a valid float": "which is no number",
}
"""What the parser of the command line says of a number that is none, and what is said here."""
_OUTSIDE = re.compile(r"(\S+) is not in the range (?:(\S+)<=)?x(?:>=(\S+)|<=(\S+))")
"""And of one that is too low or too high."""


class Settings:
    """The settings that a table of the file may have: some parameters of the command."""

    def __init__(self, context: Context, names: Collection[str]) -> None:
        """`names` are those of the parameters that may be set."""
        self._context = context
        self._parameters: dict[str, Any] = {}
        self._opposites: dict[str, Any] = {}
        for parameter in context.command.params:
            if parameter.name in names:
                self._parameters[_key(parameter, parameter.opts)] = parameter
                if parameter.secondary_opts:  # of --header/--no-header the second one
                    self._opposites[_key(parameter, parameter.secondary_opts)] = parameter

    def values(self, part: Part, folder: str) -> dict[str, Any]:
        """Return what a table of the file sets, by the names of the command's parameters.

        The table's paths are relative to `folder`. ConfigurationError is raised for a key that is
        no setting, or a value that its option does not take.
        """
        settings: dict[str, Any] = {}
        for key, value in part.settings.items():
            parameter = self._parameters.get(key, self._opposites.get(key))
            if parameter is None:
                raise part.error(*choose("setting", key, self._parameters), key)
            try:
                setting = self._value(parameter, value, folder)
                if key in self._opposites:
                    setting = not setting
            except (BadParameter, TypeError, ValueError) as error:
                raise part.error(f"{key}{_refusal(error)}", key=key) from None
            if parameter.metavar == "FILE":
                setting = relative_to(folder, setting)
            if parameter.name in settings:
                raise part.error(f"{key} says again what another key says", key=key)
            settings[parameter.name] = setting
        return settings

    def _value(self, parameter: Any, value: object, folder: str) -> Any:
        """Return what the parser of the command line makes of a value; an argument is an input.

        TypeError, ValueError or BadParameter is raised for what the option does not take.
        """
        if getattr(parameter, "is_flag", False):
            if not isinstance(value, bool):
                raise TypeError(f"is true or false, not {_shown(value)}")
            return value
        texts = _texts(value)
        if parameter.name in ARGUMENTS:
            return _input(texts, folder)
        text = texts if getattr(parameter, "multiple", False) else ",".join(texts)
        return parameter.type_cast_value(self._context, text)


def written(context: Context, values: Mapping[str, Any]) -> dict[str, str]:
    """Return settings as lines of TOML, by their keys, of values of the command's parameters."""
    return {
        (key := _key(parameter, parameter.opts)): assigned(key, values[parameter.name])
        for parameter in context.command.params
        if parameter.name and parameter.name in values
    }


def repeated(context: Context, values: Mapping[str, Any]) -> str:
    """Return options of the command as they are given these values on the command line."""
    words: list[str] = []
    for parameter in context.command.params:
        if not parameter.name or parameter.name not in values:
            continue
        value = values[parameter.name]
        if isinstance(value, bool):
            ways = parameter.opts if value else parameter.secondary_opts
            words.append(f"--{_key(parameter, ways)}")
        else:
            option = f"--{_key(parameter, parameter.opts)}"
            items = value if isinstance(value, list | tuple) else [value]
            words += [f"{option} {argument(str(item))}" for item in items]
    return " ".join(words)


def _refusal(error: Exception) -> str:
    """Return what the parser of the command line has against a value, in plain words."""
    message = str(getattr(error, "message", error)).rstrip(".")
    for kind, words in _KINDS.items():
        value, said, range_ = message.partition(kind)
        if said:
            return f" is {value}, {words}{range_}"
    if found := _OUTSIDE.fullmatch(message):
        value, least, at_least, most = found.groups()
        return f" is {value}, but must be " + (
            f"at least {at_least}" if at_least else f"from {least} to {most}"
        )
    return f"{' ' if message.startswith('is ') else ': '}{message}"


def _input(paths: list[str], folder: str) -> Input | None:
    """Return the input that a path names in a folder, or that several name, a shard each."""
    if len(paths) > 1:
        return Input(one_by_one(paths, folder))
    return Input(paths[0], folder) if paths[0] else None


def _key(parameter: Any, options: list[str]) -> str:
    """Return the name of a setting: that of its option without the dashes, or of its argument."""
    flags = [option.lstrip("-") for option in options if option.startswith("--")]
    return flags[0] if flags else str(parameter.name)


def _texts(value: object) -> list[str]:
    """Return the texts that would stand on the command line for a value of TOML.

    TypeError is raised for a value that could not stand there.
    """
    if value in ([], {}):
        raise TypeError("is empty, and so would ask for nothing")
    if isinstance(value, dict):
        return [f"{name}={text}" for name, item in value.items() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"is a text or a number, not {_shown(value)}")
    text = str(value)
    if "\0" in text:
        raise TypeError("is a text that holds a NUL")
    return [text]


def _shown(value: object) -> str:
    """Return a value as TOML has it: true is not True."""
    return str(value).lower() if isinstance(value, bool) else quoted(str(value))
