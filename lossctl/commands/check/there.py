"""The file of checks that is there already when `lossctl check --init` begins."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from os.path import normpath
from typing import Any, NamedTuple

from typer import Context

from lossctl.base.errors import ConfigurationError, LossctlError, UsageError
from lossctl.base.wording import quoted
from lossctl.commands.check.project import OF_A_CHECK, OF_ALL_CHECKS, project_of
from lossctl.commands.check.settings import Settings
from lossctl.gate.configuration import FILE, parsed, present, read, text_of
from lossctl.tables.inputs import Input


class There(NamedTuple):
    """A file of checks in this folder, which stays as it is."""

    path: str
    heading: str
    """A check that is added to it begins with this, in brackets."""
    text: str
    defaults: dict[str, Any]
    """These values its defaults give, by the names of the command's parameters."""
    checks: list[dict[str, Any]]
    """And these each of its checks has, with those of the defaults."""

    @property
    def names(self) -> set[str]:
        """What its checks are called."""
        return {str(check.get("name")) for check in self.checks}

    @property
    def predictions(self) -> set[str]:
        """The files of predictions that its checks read."""
        return set(_files(check.get("predictions") for check in self.checks))

    @property
    def pairs(self) -> list[str]:
        """The predictions of each check, and its targets if these are in other files."""
        inputs = [[one.get(key) for key in ("predictions", "targets")] for one in self.checks]
        names = [[quoted(one.name) for one in pair if one and one.name] for pair in inputs]
        return [" and ".join(pair) for pair in names if pair]

    @property
    def files(self) -> set[str]:
        """All files that its checks read or write."""
        named = [check.get(key) for check in self.checks for key in ("baseline", "per_sample")]
        targets = _files(check.get("targets") for check in self.checks)
        return self.predictions.union(targets, (normpath(path) for path in named if path))

    def having(self, predictions: str, targets: str | None) -> list[str]:
        """Return what its checks are called that read these files and no others."""
        asked = [None if path is None else Input(path) for path in (predictions, targets)]
        wanted = [{*_files([one])} for one in asked]
        return [
            str(check.get("name"))
            for check in self.checks
            if [{*_files([check.get(key)])} for key in ("predictions", "targets")] == wanted
        ]

    def require_loadable(self, blocks: str, context: Context) -> None:
        """Raise LossctlError where it would not load with these checks behind its end."""
        try:
            project_of(parsed(self.path, self.text + blocks), (), context, {})
        except ConfigurationError as error:
            if self.checks:
                project_of(read(self.path), (), context, {})  # raises what is wrong without them
            message = f"{self.path}: what was found cannot be added to it: {error.reason}"
            raise UsageError(message, error.hint) from None


def file_there(context: Context) -> There | None:
    """Return the file of checks of this folder, if it has one.

    Raises ConfigurationError for what is wrong with it, and UsageError where nothing can stand
    behind its end.
    """
    path = next(iter(present()), None)
    if path is None:
        return None
    heading = "check" if path == FILE else "tool.lossctl.check"
    text = text_of(path)
    try:
        file = parsed(path, f"{text}\n[[{heading}]]\n")
    except ConfigurationError:
        read(path)  # raises what is wrong with it as it is
        raise UsageError(
            f"{path}: no [[{heading}]] can stand behind its end",
            f"begin each of its own checks with [[{heading}]], too",
        ) from None
    defaults = Settings(context, OF_A_CHECK | OF_ALL_CHECKS).values(file.defaults, "")
    keys = Settings(context, {"name", *OF_A_CHECK})
    checks = [defaults | keys.values(part, "") for part in file.checks[:-1]]
    return There(path, heading, text, defaults, checks)


def _files(inputs: Iterable[Input | None]) -> Iterable[str]:
    """Yield the files that inputs stand for, as far as they are there."""
    for one in inputs:
        if one is not None:
            with suppress(LossctlError):
                yield from (normpath(location.path) for location in one.locations)
