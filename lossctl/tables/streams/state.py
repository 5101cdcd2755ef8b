"""What an open file was like when it was opened, and the descriptor that it is read by."""

import os
from typing import NamedTuple


class State(NamedTuple):
    """A regular file as it was when it was opened; in another state it is another file."""

    path: str
    """The absolute one, links followed."""
    size: int
    modified: int
    """When its content changed last, in nanoseconds; whoever writes to it can set this back."""
    changed: int
    """When anything about it changed last, in nanoseconds, which nobody can set back."""
    links: int
    """So many names it has."""
    named: bool = True
    """The path is one of them."""

    @classmethod
    def of(cls, path: str, status: os.stat_result) -> "State":
        """Return the state of the file at a path, links followed."""
        return cls(os.path.realpath(path), *_facts(status))

    def is_of(self, status: os.stat_result) -> bool:
        """Return whether nothing about the open file changed."""
        return self[1:5] == _facts(status)

    def only_renamed(self, status: os.stat_result, path: str | None) -> "State | None":
        """Return the new state where only names of the file came or went; None for other changes.

        That is so where another file takes its place, or a backup links to it: it changes the time
        of the last change, too, and says nothing of the content. `path` is the name that the file
        was opened by, if it has one.
        """
        if (self.size, self.modified) != (status.st_size, status.st_mtime_ns):
            return None
        named = self.named and (path is None or _leads_to(path, status))
        if (status.st_nlink, named) == (self.links, self.named):
            return None
        return State(self.path, *_facts(status), named)


def _facts(status: os.stat_result) -> tuple[int, int, int, int]:
    """Return what a state has beside its path."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_nlink


def _leads_to(path: str, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(path), status)
    except OSError:
        return False


class Descriptor:
    """A descriptor, closed behind its last reader: no thread reads another file by its number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        if hasattr(self, "number"):  # a signal may end `__init__` before its first line
            os.close(self.number)
