"""The tables below a folder, and what their paths say: what they hold, and which go together."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from lossctl.tables.series import ending_of, without_extensions

_NO_TEXT = re.compile("[\ud800-\udfff]")
"""These stand for bytes of a name that are not UTF-8, which TOML cannot hold."""
_OF_PROGRAMS = {"node_modules", "site-packages", "venv"}
"""These folders hold programs, and are not searched."""
_DEEPEST = 3
"""Folders are searched no deeper than this."""
_PARTS = re.compile(r"[-_. ]+")
"""These part the words of a name."""
Key: TypeAlias = tuple[str, ...]
"""A path without what says which of two tables it is: those that go together have the same."""


class _Called(NamedTuple):
    """What files are called that have something."""

    part: re.Pattern[str]
    """This is a part of their names."""
    whole: Collection[str]
    """Or these are the whole of them."""
    folders: Collection[str]
    """Or these are the whole names of folders that they are in."""

    def names(self, name: str) -> bool:
        """Return whether a name without its extensions says so, or a word of it."""
        return name.lower() in self.whole or self.part.search(name) is not None

    def names_folder(self, name: str) -> bool:
        """Return whether the name of a folder says so."""
        return name.lower() in self.folders or self.names(name)

    def key(self, path: str) -> Key:
        """Return the path without what says so: folders, and words of the file's name."""
        folders, name = _split(path)
        words = [] if name.lower() in self.whole else _PARTS.split(name.lower())
        rest = [word for word in words if not (self.names(word) or word in _BESIDE)]
        return (*(one for one in folders if not self.names_folder(one)), "_".join(rest))


PREDICTIONS = _Called(
    re.compile("pred|prob|y_?hat|forecast", re.IGNORECASE),
    {"p"},
    {"out", "output", "outputs", "result", "results"},
)
TARGETS = _Called(
    re.compile("target|label|truth|true|actual|gold", re.IGNORECASE),
    {"y", "test", "y_test"},
    {"data", "input", "inputs"},
)
_COLUMNS = {
    *("pred", "preds", "prediction", "predictions", "predicted", "forecast", "yhat"),
    *("prob", "probs", "proba", "probability", "probabilities"),
}
"""Columns hold predictions whose names have one of these words, or are y_hat."""
_BESIDE = {"p", "y", "hat"}
"""These words of names say the same beside others, as in y_pred and y_true."""


def are_predictions(columns: Collection[str]) -> bool:
    """Return whether the names of all columns but one, which may be an id, say predictions."""
    others = [
        name
        for name in map(str.lower, columns)
        if name != "y_hat" and not _COLUMNS.intersection(_PARTS.split(name))
    ]
    return len(others) < len(columns) and len(others) <= 1


class Folder(NamedTuple):
    """The tables that lie in a folder, by what they are called."""

    predictions: list[str]
    targets: list[str]
    others: list[str]


def _folders_here() -> Iterator[Folder]:
    """Yield the tables of this folder, and of those below it."""
    for folder, folders, files in os.walk("."):
        deep = os.path.normpath(folder).count(os.sep) + 1 >= _DEEPEST
        folders[:] = [] if deep else sorted(n for n in folders if _may_hold_tables(n))
        paths = [os.path.normpath(os.path.join(folder, name)) for name in sorted(files)]
        tables = [path for path in paths if _may_be_table(os.path.basename(path))]
        predictions = [path for path in tables if _is_called(path, PREDICTIONS)]
        others = [path for path in tables if path not in predictions]
        targets = [path for path in others if _is_called(path, TARGETS)]
        yield Folder(predictions, targets, [path for path in others if path not in targets])


class TablesHere:
    """The tables of this folder and of those below it, and which of other folders go with one.

    The folders are searched once, when they are asked for.
    """

    @cached_property
    def folders(self) -> list[Folder]:
        """All folders, each with its tables."""
        return [*_folders_here()]

    @cached_property
    def _targets(self) -> dict[Key, list[str]]:
        found: dict[Key, list[str]] = defaultdict(list)
        for _, targets, others in self.folders:
            for path in (*targets, *(path for path in others if _lies_in(path) is TARGETS)):
                found[TARGETS.key(path)].append(path)
        return found

    @cached_property
    def _others(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for folder in self.folders:
            for path in (path for path in folder.others if _lies_in(path) is None):
                found[_split(path)[1]].append(path)
        return found

    def targets(self, path: str, *, is_sure: bool = False) -> list[str]:
        """Return the targets in other folders whose paths are as that of these predictions.

        Those that have the very name of the file come before all others. None are those of a file
        of which neither its name nor that of a folder says that it has predictions, unless it is
        sure all the same: then they may also be those whose name says nothing but that.
        """
        is_called = _is_called(path, PREDICTIONS) or _lies_in(path) is PREDICTIONS
        if not (is_called or is_sure):
            return []
        key = PREDICTIONS.key(path)
        others = self._elsewhere(key, path)
        if is_sure and not others:
            return self._elsewhere((*key[:-1], ""), path)
        return [one for one in others if _split(one)[1] == _split(path)[1]] or others

    def _elsewhere(self, key: Key, path: str) -> list[str]:
        """Return the targets of such paths that lie in other folders than this one."""
        folder = os.path.dirname(path)
        return [one for one in self._targets.get(key, []) if os.path.dirname(one) != folder]

    def of_one_name(self, path: str) -> list[str]:
        """Return this file and one in another folder, where they alone are called the same.

        No name says which of the two has the predictions.
        """
        found = self._others.get(_split(path)[1], [])
        return found if len(found) == 2 and len({*map(os.path.dirname, found)}) == 2 else []


def says_more(path: str) -> bool:
    """Return whether the name of a file of predictions says more than that it holds these."""
    words = _PARTS.split(PREDICTIONS.key(path)[-1])
    return not all(PREDICTIONS.names_folder(word) for word in words if word)


def in_order(targets: Iterable[str], predictions: str) -> list[str]:
    """Return targets in the order in which they may be those of predictions beside them.

    First are those of which a name says so, then those that are written in the same way.
    """
    key, ending = PREDICTIONS.key(predictions), ending_of(predictions)
    return sorted(targets, key=lambda one: (TARGETS.key(one) != key, ending_of(one) != ending))


def _split(path: str) -> tuple[list[str], str]:
    """Return the folders of a path, and the name of its file without extensions."""
    *folders, name = path.split(os.sep)
    return folders, without_extensions(name)


def _is_called(path: str, called: _Called) -> bool:
    """Return whether the name of a file says what it holds."""
    return called.names(_split(path)[1])


def _lies_in(path: str) -> _Called | None:
    """Return what the innermost folder says that says what its files hold."""
    for folder in reversed(_split(path)[0]):
        for called in (PREDICTIONS, TARGETS):
            if called.names_folder(folder):
                return called
    return None


def _may_hold_tables(folder: str) -> bool:
    hidden = folder.startswith((".", "_"))
    return not hidden and folder not in _OF_PROGRAMS and not _NO_TEXT.search(folder)


def _may_be_table(file: str) -> bool:
    return without_extensions(file) != file and not _NO_TEXT.search(file)
