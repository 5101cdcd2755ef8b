"""Mistakes for which no check is made: they are shown wherever the verdicts would have been."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lossctl.base.errors import ConfigurationError, LossctlError, ResourceError, UsageError
from lossctl.commands.check.showing import job_summary, open_outputs, show
from lossctl.commands.delivery import refuse_overwriting
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.commands.output import file_of
from lossctl.gate.verdicts import CheckResult
from lossctl.outputs.messages import complain
from lossctl.tables.inputs import Input

if TYPE_CHECKING:
    from lossctl.gate.configuration import Configuration

_TITLE = "No check could be made"
_HEAD = 512
"""In so many first bytes a result says what it is."""


class Preparation:
    """What is known while checks are found out, and shows a mistake for which none is made."""

    def __init__(self, display: VerdictFlags, listed: bool) -> None:
        """`listed` says that checks are to be listed alone, which writes no verdicts."""
        self.display = display
        """It is shown so: as the command line says and, once that is read, the file of checks."""
        self.name = "lossctl check"
        """Results call what went wrong so."""
        self.path: str | None = None
        """The file of checks."""
        self.tables: list[Input] = []
        """What the checks read, as far as that is known."""
        self._listed = listed
        self._knows_tables = False

    def read(self, file: Configuration, display: VerdictFlags) -> None:
        """Take notice of how the checks of a file are shown, and of what they read."""
        self.display = display
        self._knows_tables = True
        for part in [file.defaults, *file.checks]:
            for key in ("predictions", "targets", "baseline"):
                if path := part.settings.get(key):
                    paths = path if isinstance(path, list) else [path]
                    self.tables += [Input(str(path), file.folder) for path in paths]

    @contextmanager
    def shown(self) -> Iterator[Preparation]:
        """Show a mistake that is raised here, and raise it all the same."""
        try:
            yield self
        except (UsageError, ResourceError) as error:
            try:
                error.told = self._show(error)
            except (UsageError, ResourceError) as another:  # of the outputs
                if another.message != error.message:
                    complain(another.message, another.hint)
            raise

    def _show(self, error: LossctlError) -> bool:
        """Show a mistake where verdicts would be; return whether GitHub was told."""
        file = self.path if isinstance(error, ConfigurationError) and self.path else ""
        line = 1 if file else 0
        result = CheckResult(self.name, error=error, file=file, line=line, is_check=False)
        to_files = not self._listed and self._spares_inputs()
        display = self.display if to_files else self.display._replace(output=None, junit=None)
        with open_outputs(display) as opened:
            on_stderr = self._listed or (opened.is_table and opened.to_stdout)
            summary = opened.summary if to_files else None
            outputs = opened._replace(quiet=opened.quiet or on_stderr, summary=summary)
            return bool(show([result], outputs, _TITLE))

    def _spares_inputs(self) -> bool:
        """Return whether no file is written to that checks may read."""
        files = [file_of(self.display.output), self.display.junit, job_summary(self.display)]
        try:
            refuse_overwriting(self.tables, files, [] if self.path is None else [self.path])
            if self.path is None or self._knows_tables:
                return True
            from lossctl.gate.configuration import text_of

            text = text_of(self.path)
        except LossctlError:
            return False
        named = [file for file in files if file and os.path.basename(file) in text]
        return all(map(_is_free, named))


def _is_free(path: str) -> bool:
    """Return whether nothing is there, or the result of an earlier run, which is no input."""
    if not os.path.lexists(path):
        return True
    with suppress(OSError), open(path, "rb") as file:
        head = file.read(_HEAD)
        return b"<testsuites" in head or (head.startswith(b"{") and b'"verdict"' in head)
    return False
