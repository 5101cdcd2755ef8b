"""Options that several commands share: a group is a function from its options to one value."""

from __future__ import annotations

from collections.abc import Callable, Container
from inspect import Parameter, signature
from typing import Any


def grouped(**groups: Callable[..., Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, for each of its parameters named here, the options of that group instead.

    What Typer parses for them goes to the group, and what the group returns to the command.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        members = {name: _parameters(group) for name, group in groups.items()}
        parameters: dict[str, Parameter] = {}
        for name, parameter in _parameters(command, except_for=groups).items():
            parameters |= members.get(name, {name: parameter})

        def called(**given: Any) -> None:
            for name, group in groups.items():
                given[name] = group(**{member: given.pop(member) for member in members[name]})
            command(**given)

        called.__doc__, called.__name__ = command.__doc__, command.__name__
        called.__annotations__ = {key: value.annotation for key, value in parameters.items()}
        called.__signature__ = signature(command).replace(  # type: ignore[attr-defined]
            parameters=[value.replace(kind=Parameter.KEYWORD_ONLY) for value in parameters.values()]
        )
        return called

    return decorate


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
