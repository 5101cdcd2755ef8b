"""Mistakes for which no check is made: they are shown wherever the verdicts would have been."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


class Mistakes:
    """What is known while checks are found out, for where one of them cannot be."""

    def __init__(self, display: VerdictFlags, listed: bool) -> None:
        """`listed` says that checks are to be listed alone, which writes no verdicts."""
        self.display = display
        self.name = "lossctl check"
        """Results call what went wrong so."""
        self.path: str | None = None
        """The file of checks."""
        self.tables: list[Input] = []
        """What the checks read, as far as that is known."""
        self._listed = listed
        self._is_read = False

    def read(self, file: Configuration) -> None:
        """Take notice of what the checks of a file read."""
        self._is_read = True
        for part in [file.defaults, *file.checks]:
            for key in ("predictions", "targets", "baseline"):
                if path := part.settings.get(key):
                    paths = path if isinstance(path, list) else [path]
                    self.tables += [Input(str(path), file.folder) for path in paths]

    @contextmanager
    def shown(self) -> Iterator[Mistakes]:
        """Show a mistake that is raised here, and raise it all the same."""
        try:
            yield self
        except (UsageError, ResourceError) as error:
            self._show(error)
            raise

    def _show(self, error: LossctlError) -> None:
        file = self.path if isinstance(error, ConfigurationError) and self.path else ""
        line = 1 if file else 0
        result = CheckResult(self.name, error=error, file=file, line=line, is_check=False)
        display = self._harmless()
        try:
            with open_outputs(display) as opened:
                unseen = self._listed or (opened.is_table and opened.to_stdout)
                summary = opened.summary if display is self.display else None
                quiet = opened.quiet or unseen
                told = show([result], opened._replace(quiet=quiet, summary=summary), _TITLE)
        except (UsageError, ResourceError) as another:
            if another.message != error.message:
                complain(another.message, another.hint)
            return
        error.told = bool(told)

    def _harmless(self) -> VerdictFlags:
        """Return where a mistake is to be shown: in no file that may be read."""
        none = self.display._replace(output=None, junit=None)
        if self._listed:
            return none
        files = [file_of(self.display.output), self.display.junit, job_summary(self.display)]
        try:
            config = [] if self.path is None else [self.path]
            refuse_overwriting(self.tables, files, config)
            if self.path is not None and not self._is_read:
                from lossctl.gate.configuration import text_of

                text = text_of(self.path)
                if any(file and os.path.basename(file) in text for file in files):
                    return none
        except LossctlError:
            return none
        return self.display
