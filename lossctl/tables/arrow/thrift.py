"""The compact protocol of Apache Thrift, in which Parquet says what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TRUE, _BYTE, _DOUBLE, _TEXT, _LIST, _SET, _STRUCT = 1, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_LONGEST_INTEGER = 63
"""In bits."""


class CutOff(Exception):
    """The bytes end within a value."""


class Damaged(Exception):
    """The bytes are no value."""


def size_in(found: dict[int, Any], field: int) -> int:
    """Return a field of a structure, which is a whole number from 0 on; raise Damaged otherwise."""
    size = found.get(field)
    if type(size) is not int or size < 0:
        raise Damaged
    return size


def struct_in(found: dict[int, Any], field: int) -> dict[int, Any]:
    """Return a field of a structure, which is a structure; raise Damaged otherwise."""
    inner = found.get(field)
    if not isinstance(inner, dict):
        raise Damaged
    return inner


class Reader:
    """Values one after another; texts and lists are passed over, and are None."""

    def __init__(self, content: bytes, most: int, at: int = 0) -> None:
        """`most` is how many elements all lists may have together."""
        self._content = content
        self._left = most
        self.at = at
        """Where the next value starts."""

    def struct(self) -> dict[int, Any]:
        """Return a structure by the numbers of its fields; raise CutOff or Damaged for none."""
        try:
            return self._struct()
        except IndexError:
            raise CutOff from None
        except RecursionError:
            raise Damaged from None

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield the numbers and the types of a structure's fields, whose values are then read."""
        field = 0
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._integer()
            yield field, head & 15

    def elements(self) -> range:
        """Return the indices of the structures of a list, which are then read."""
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._unsigned()
        if head & 15 != _STRUCT:
            raise Damaged
        return range(size)

    def value(self, kind: int) -> Any:
        """Return a value of this type."""
        if kind <= _TRUE + 1:
            return kind == _TRUE
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BYTE:
            return self._byte()
        if kind in (_DOUBLE, _TEXT):
            size = 8 if kind == _DOUBLE else self._unsigned()
            self.at += size
            return None
        if kind in (_LIST, _SET):
            self._pass_list()
            return None
        if kind == _STRUCT:
            return self._struct()
        raise Damaged

    def _pass_list(self) -> None:
        head = self._byte()
        size, kind = head >> 4 if head >> 4 < 15 else self._unsigned(), head & 15
        self._left -= size
        if self._left < 0:
            raise Damaged
        if kind <= _TRUE + 1:  # a byte each
            self.at += size
        elif kind in _INTEGERS:
            for _ in range(size):
                self._unsigned()
        else:
            for _ in range(size):
                self.value(kind)

    def _struct(self) -> dict[int, Any]:
        content, at = self._content, self.at
        found: dict[int, Any] = {}
        field = 0
        while head := content[at]:
            at += 1
            kind = head & 15
            if head >> 4:
                field += head >> 4
            else:
                self.at = at
                field = self._integer()
                at = self.at
            short = content[at]  # nine in ten fields begin with it; the rest is for these, too
            if short < 128 and kind in _INTEGERS:
                found[field] = short >> 1 ^ -(short & 1)
                at += 1
            elif short < 128 and kind == _TEXT:
                found[field] = None
                at += 1 + short
            else:
                self.at = at
                found[field] = self.value(kind)
                at = self.at
        self.at = at + 1
        return found

    def _byte(self) -> int:
        byte = self._content[self.at]
        self.at += 1
        return byte

    def _integer(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)

    def _unsigned(self) -> int:
        content, at = self._content, self.at
        value = shift = 0
        while True:
            byte = content[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                self.at = at
                return value
            shift += 7
            if shift > _LONGEST_INTEGER:
                raise Damaged
