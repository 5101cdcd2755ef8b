"""Groups of options: a command takes each as one value, and several commands may take the same.

A group is a class that is called with its options. Most groups are a NamedTuple, whose fields are
the options, annotated as Typer reads them. Modules of options therefore leave out `from __future__
import annotations`, with which the annotations would be texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, isclass, signature
from typing import Any, TypeVar

Command = Callable[..., None]
Group = TypeVar("Group")


def grouped(command: Command) -> Command:
    """Return a command for Typer that has the options of each group in the place of the group.

    When it is called, it makes the groups of the options, and calls the command with them.
    """
    options: list[Parameter] = []
    groups: dict[str, Callable[..., Any]] = {}
    for name, parameter in signature(command).parameters.items():
        if isclass(parameter.annotation) and issubclass(parameter.annotation, tuple | dict):
            groups[name] = parameter.annotation
            options += signature(parameter.annotation).parameters.values()
        else:
            options.append(parameter)

    @wraps(command)
    def called(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{option: values.pop(option) for option in options_of(group)})
        command(**values)

    called.__signature__ = signature(command).replace(  # type: ignore[attr-defined]
        parameters=[option.replace(kind=Parameter.KEYWORD_ONLY) for option in options]
    )
    return called


def options_of(group: Callable[..., Any]) -> set[str]:
    """Return the names of the parameters that are the options of a group."""
    return set(signature(group).parameters)


def group_of(group: Callable[..., Group], values: Mapping[str, Any]) -> Group:
    """Return the group with its own ones of the values; its other options have their defaults."""
    return group(**{name: values[name] for name in options_of(group) & values.keys()})


def stated(context: Any) -> dict[str, Any]:
    """Return the values that were given on the command line, by the names of their parameters."""
    source = context.get_parameter_source
    return {
        name: value for name, value in context.params.items() if source(name).name == "COMMANDLINE"
    }
