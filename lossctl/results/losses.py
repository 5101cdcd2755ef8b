"""Losses by their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn, TypeVar

from lossctl.base.wording import listed, quoted, visible

T = TypeVar("T")
_SHOWN = 10


class Losses(dict[str, T]):
    """A dict whose KeyError says which losses there are."""

    def __missing__(self, name: object) -> T:
        raise not_here(name, self)

    if not TYPE_CHECKING:  # to which no other attribute is known

        def __getattr__(self, name: str) -> NoReturn:
            """Say how a loss is taken, or what each of them has."""
            hint = f': a loss is taken by its name, ["{name}"]' if name in self else ""
            first = next(iter(self), None)
            if not hint and first is not None and hasattr(self[first], name):
                hint = f', but that of each loss has: ["{first}"].{name}'
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}")


def not_here(name: object, there: Iterable[str]) -> KeyError:
    """Return the error for a name that is none of those that are there."""
    known = listed(map(visible, there), _SHOWN)
    return KeyError(f"there is no {quoted(str(name))} here: {known}")
