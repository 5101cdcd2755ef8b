"""The checks of a project, from its configuration and the flags that beat it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from typer import Context

from lossctl.base.errors import UsageError
from lossctl.base.wording import choose, quoted, visible
from lossctl.commands.check.check import Check, check_of
from lossctl.commands.check.settings import TABLES, Settings
from lossctl.commands.flags.display import shown
from lossctl.commands.flags.inputs import inputs
from lossctl.commands.flags.limits import limits
from lossctl.gate import configuration
from lossctl.gate.limits import overridden
from lossctl.gate.verdicts import RULES

_OF_A_CHECK = {*TABLES, *signature(inputs).parameters, *signature(limits).parameters}
_OF_A_RUN = set(signature(shown).parameters)
_PER_LOSS = {"max_increase", *(rule.replace("-", "_") for rule in RULES)}
"""The options whose limits may name a loss."""


class Project:
    """A configuration, read as the command line is; a flag beats it."""

    def __init__(self, path: str | None, context: Context) -> None:
        self._file = configuration.read(configuration.find() if path is None else path)
        self.folder, self.path = self._file.folder, self._file.path
        self.sources: list[str] = []
        """What all of its checks read."""
        self._of_a_check = Settings(context, {"name", *_OF_A_CHECK})
        defaults = Settings(context, _OF_A_CHECK | _OF_A_RUN)
        self.defaults = self._read(defaults, self._file.defaults, "[defaults]")

    def checks(self, given: dict[str, Any], only: Sequence[str]) -> list[Check]:
        """Return all checks, or `only` some; raise UsageError if any of all is wrong."""
        found: dict[str, Check] = {}
        for table, line in zip(self._file.checks, self._file.lines, strict=True):
            where = f"[[check]] of line {line}"
            settings = self._read(self._of_a_check, table, where)
            for key in ("name", "predictions", "loss"):
                if not (settings.get(key) or self.defaults.get(key) or given.get(key)):
                    raise UsageError(f"{visible(self.path)}: {where} has no {key}")
            name = settings["name"]
            if name in found:
                raise UsageError(f"{visible(self.path)}: two checks are called {quoted(name)}")
            try:
                flags = given if not only or name in only else {}
                merged = _merged(_merged(self.defaults, settings), flags)
                found[name] = check_of(merged, self.path, line)
            except UsageError as error:
                message = f"{visible(self.path)}: check {quoted(name)}: {error.message}"
                raise UsageError(message, error.hint) from None
        self.sources = [
            path
            for check in found.values()
            for path in (check.predictions, check.targets, check.asked.baseline)
            if path is not None
        ]
        for name in only:
            if name not in found:
                raise UsageError(*choose("check", name, found))
        return [check for name, check in found.items() if not only or name in only]

    def _read(self, settings: Settings, table: Mapping[str, Any], where: str) -> dict[str, Any]:
        return settings.values(table, f"{visible(self.path)}: {where}", self._file.folder)


def _merged(settings: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    """Return settings that others beat; a limit for one loss leaves those for others alone."""
    both = _PER_LOSS & settings.keys() & by.keys()
    texts = settings.get("loss", by.get("loss", []))
    losses = [name.strip() for text in texts for name in text.split(",")]
    limits = {name: overridden(settings[name], by[name], losses) for name in both}
    return settings | by | limits
