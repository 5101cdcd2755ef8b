"""The compact protocol of Apache Thrift, as far as what stands above a page of Parquet takes it."""

from __future__ import annotations

from typing import Any

_MOST_FIELDS = 1000
"""Of a structure and all in it, elements of lists included."""


class CutOff(Exception):
    """The bytes end within the structure."""


class Damaged(Exception):
    """The bytes are no structure."""


class Reader:
    """A structure as a dictionary by the numbers of its fields; texts in it are passed over."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._left = _MOST_FIELDS
        self.at = 0
        """How many bytes were read."""

    def struct(self) -> dict[int, Any]:
        """Return the structure; raise CutOff or Damaged where there is none."""
        try:
            return self._struct()
        except IndexError:
            raise CutOff from None
        except RecursionError:
            raise Damaged from None

    def _struct(self) -> dict[int, Any]:
        found: dict[int, Any] = {}
        field = 0
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._integer()
            found[field] = self._value(head & 15)
        return found

    def _value(self, kind: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Damaged
        if kind in (1, 2):
            return kind == 1
        if kind in (4, 5, 6):
            return self._integer()
        if kind == 3:
            return self._byte()
        if kind in (7, 8):
            size = 8 if kind == 7 else self._unsigned()
            self.at += size
            return None
        if kind in (9, 10):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._unsigned()
            return [self._value(head & 15) for _ in range(min(size, _MOST_FIELDS + 1))]
        if kind == 12:
            return self._struct()
        raise Damaged

    def _byte(self) -> int:
        byte = self._content[self.at]
        self.at += 1
        return byte

    def _integer(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._content[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise Damaged
