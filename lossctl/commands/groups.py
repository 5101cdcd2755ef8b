"""Options that several commands share: a group is a function from its options to one value."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from inspect import Parameter, signature
from typing import Any

Command = Callable[..., None]
Group = Callable[..., Any]


def grouped(**groups: Group) -> Callable[[Command], Command]:
    """Give a command, for each of its parameters named here, the options of that group instead.

    What Typer parses for them goes to the group, and what the group returns to the command.
    """

    def decorate(command: Command) -> Command:
        members = {name: _parameters(group) for name, group in groups.items()}

        def called(**given: Any) -> None:
            for name, group in groups.items():
                given[name] = group(**{member: given.pop(member) for member in members[name]})
            command(**given)

        return _with_parameters(called, command, members)

    return decorate


def gathered(**groups: Group) -> Callable[[Command], Command]:
    """Give a command, for each of its parameters named here, the options of that group instead.

    The command gets those that stood on the command line, by the names of the group's parameters,
    to add others from elsewhere and `call` the group. It has a parameter `context`.
    """

    def decorate(command: Command) -> Command:
        members = {name: _parameters(group) for name, group in groups.items()}

        def called(**given: Any) -> None:
            source = given["context"].get_parameter_source
            for name, parameters in members.items():
                values = {member: given.pop(member) for member in parameters}
                given[name] = {
                    member: value
                    for member, value in values.items()
                    if source(member).name == "COMMANDLINE"
                }
            command(**given)

        return _with_parameters(called, command, members)

    return decorate


def call(group: Group, values: Mapping[str, Any]) -> Any:
    """Call a group with those of the values that are its own; the others have their defaults."""
    return group(**{name: values[name] for name in signature(group).parameters if name in values})


def _with_parameters(
    called: Command, command: Command, members: Mapping[str, Mapping[str, Parameter]]
) -> Command:
    """Return `called`, looking to Typer like `command` with the members for their parameter."""
    parameters: dict[str, Parameter] = {}
    for name, parameter in _parameters(command, except_for=members).items():
        parameters |= members.get(name, {name: parameter})
    called.__doc__, called.__name__ = command.__doc__, command.__name__
    called.__annotations__ = {key: value.annotation for key, value in parameters.items()}
    called.__signature__ = signature(command).replace(  # type: ignore[attr-defined]
        parameters=[value.replace(kind=Parameter.KEYWORD_ONLY) for value in parameters.values()]
    )
    return called


def _parameters(
    function: Callable[..., Any], except_for: Container[str] = ()
) -> dict[str, Parameter]:
    """Return the parameters with their annotations evaluated, as Typer needs them."""
    names = function.__globals__
    return {
        key: parameter
        if key in except_for
        else parameter.replace(annotation=eval(parameter.annotation, names))
        for key, parameter in signature(function).parameters.items()
    }
