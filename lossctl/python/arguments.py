"""What a call gives: keywords that there are, of the types that their annotations tell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from inspect import Parameter, signature
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from lossctl.base.errors import UsageError
from lossctl.base.wording import either, nearest, quoted
from lossctl.evaluation.elsewhere import called_here

_NOUNS: dict[Any, str] = {str: "text", int: "a whole number", float: "a number"}
_KINDS: dict[Any, Any] = {int: Integral, float: Real}
"""What is taken for a number: those of NumPy, too."""


def require_arguments(function: Callable[..., Any], args: Any, kwargs: Mapping[str, Any]) -> None:
    """Raise TypeError for a call that Python would refuse, with what was most likely meant."""
    called, known = f"{function.__name__}()", signature(function)
    parameters = known.parameters
    for name in kwargs:
        if name not in parameters:
            meant = called_here(name)
            meant = meant if meant in parameters else nearest(name, parameters)
            hint = "" if meant is None else f". Did you mean {meant!r}?"
            raise TypeError(f"{called} got an unexpected keyword argument {name!r}{hint}")
    places = [name for name, one in parameters.items() if one.kind != Parameter.KEYWORD_ONLY]
    if len(args) > len(places):
        loss = args[2] if isinstance(args[2], str) else "mse"
        raise TypeError(
            f"{called} takes {' and '.join(places)}, and all else by its keyword: "
            f"loss={json.dumps(loss)}"
        )
    if "loss" not in kwargs:
        raise TypeError(f'{called} needs to be told the loss, as in loss="mse"')
    try:
        known.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{called}: {error}") from None


def of_their_types(function: Callable[..., Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keywords, what can be iterated but once as a tuple.

    Raises UsageError for one that is not of the type that its annotation tells.
    """
    hints, checked = _hints(function), {}
    for name, value in keywords.items():
        checked[name] = tuple(value) if isinstance(value, Iterator) else value
        parts = hints.get(name, ())
        if parts and not any(_fits(checked[name], part) for part in parts):
            text = json.dumps(value) if isinstance(value, str) else quoted(repr(value), mark="")
            raise UsageError(f"{name}={text}: {_said(parts)}")
    return checked


@cache
def _hints(function: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
    """Return the types that each keyword may have; tables are looked at when they are opened."""
    hints = get_type_hints(function)
    return {
        name: get_args(hints[name])
        if get_origin(hints[name]) in (Union, UnionType)
        else (hints[name],)
        for name, one in signature(function).parameters.items()
        if one.kind == Parameter.KEYWORD_ONLY
    }


def _fits(value: object, hint: Any) -> bool:
    """Return whether a value is of a type; which text it has to be is asked where it is used."""
    if get_origin(hint) is Literal:
        return isinstance(value, str)
    if get_origin(hint) is Iterable:
        without_order = (str, bytes, Mapping, set, frozenset)
        if not isinstance(value, Iterable) or isinstance(value, without_order):
            return False
        return all(_fits(one, get_args(hint)[0]) for one in value)
    if isinstance(value, bool | np.bool_):
        return hint in (bool, object)
    return isinstance(value, _KINDS.get(hint, hint))


def _said(parts: tuple[Any, ...]) -> str:
    """Return what a keyword may be: one of some values, or what kind of value."""
    kinds = [_NOUNS[part] for part in parts if part in _NOUNS]
    kinds += [
        "a list of text" if get_args(part) == (str,) else "a list"
        for part in parts
        if get_origin(part) is Iterable
    ]
    texts = (get_args(part) for part in parts if get_origin(part) is Literal)
    words = [json.dumps(text) for several in texts for text in several]
    if str in parts and words:
        kinds[0] += f" such as {words[0]}"
        words = []
    words += ["True", "False"] if bool in parts else []
    words += ["None"] if NoneType in parts else []
    return either([*kinds, *words]) if kinds else f"one of {', '.join(words)}"
