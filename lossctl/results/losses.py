"""Losses by their names."""

from __future__ import annotations

from typing import NoReturn, TypeVar

from lossctl.base.wording import listed, quoted

T = TypeVar("T")
_SHOWN = 10


class Losses(dict[str, T]):
    """A dict whose KeyError says which losses there are."""

    def __missing__(self, name: object) -> NoReturn:
        there = listed(map(quoted, self), _SHOWN)
        raise KeyError(f"{quoted(str(name))} was not evaluated, but {there}")
