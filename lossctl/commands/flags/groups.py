"""Options that several commands share: a group is a function from its options to one value."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from inspect import Parameter, signature
from typing import Any

Command = Callable[..., None]
Group = Callable[..., Any]


def grouped(**groups: Group) -> Callable[[Command], Command]:
    """Give a command, for each of its parameters named here, the options of that group instead.

    What Typer parses for them comes as one dict, by the names of the group's parameters; the
    command can add what is said elsewhere before it `call`s the group.
    """

    def decorate(command: Command) -> Command:
        members = {name: _parameters(group) for name, group in groups.items()}
        parameters: dict[str, Parameter] = {}
        for name, parameter in _parameters(command, except_for=members).items():
            parameters |= members.get(name, {name: parameter})

        def called(**given: Any) -> None:
            for name, options in members.items():
                given[name] = {option: given.pop(option) for option in options}
            command(**given)

        called.__doc__, called.__name__ = command.__doc__, command.__name__
        called.__annotations__ = {key: value.annotation for key, value in parameters.items()}
        called.__signature__ = signature(command).replace(  # type: ignore[attr-defined]
            parameters=[value.replace(kind=Parameter.KEYWORD_ONLY) for value in parameters.values()]
        )
        return called

    return decorate


def call(group: Group, values: Mapping[str, Any]) -> Any:
    """Call a group with those of the values that are its own; the others have their defaults."""
    return group(**{name: values[name] for name in signature(group).parameters if name in values})


def stated(context: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return those values, by the names of their parameters, that stood on the command line."""
    source = context.get_parameter_source
    return {name: value for name, value in values.items() if source(name).name == "COMMANDLINE"}


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
