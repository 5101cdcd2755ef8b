"""What became of checks, shown everywhere it was asked for: stdout, JUnit, GitHub, stderr."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from lossctl.base.descriptors import named_by
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.commands.output import (
    choose_color,
    choose_format,
    choose_view,
    file_of,
)
from lossctl.gate.stale import Stale
from lossctl.gate.verdicts import CheckResult
from lossctl.outputs.files import Write, append, open_output
from lossctl.outputs.messages import complain, inert, is_beside_stdout, on_github, say
from lossctl.renderers import DRAWN, FORMATS, RESULT_FORMATS, Format, Showable, View
from lossctl.renderers.complaints import Told, all_complaints, told_of
from lossctl.renderers.verdicts import VerdictsShown

_STDOUT = 1
"""This descriptor is stdout, also where a path such as /dev/stdout names it."""


class Outputs(NamedTuple):
    """Where results are shown, and how; all that is written to is open."""

    format: Format
    view: View
    write: Write
    in_log: bool
    """What is written may be in the log of a CI job."""
    quiet: bool
    """Nothing is written there."""
    junit: Write | None
    annotates: bool
    """GitHub is told, too."""
    summary: str | None
    """The file of GitHub's job summary."""

    to_stdout: bool

    @property
    def is_table(self) -> bool:
        """Whether it is a table for people, who are told on stderr what is wrong."""
        return self.format is FORMATS["table"]

    @property
    def concludes(self) -> bool:
        """Whether people who read stderr see here how many checks came out how."""
        is_read = self.to_stdout and not self.quiet and self.format.kind == DRAWN
        return is_read and is_beside_stdout()

    @property
    def digits(self) -> int | None:
        """Numbers for people have so many significant digits, wherever they are shown."""
        return self.view.digits

    def put(self, shown: Showable) -> None:
        """Write what is shown; in the log of a CI job it is no command."""
        text = self.format.render(shown, self.view)
        self.write(inert(text) if self.in_log else text)


@contextmanager
def open_outputs(display: VerdictFlags) -> Iterator[Outputs]:
    """Yield the outputs; files appear at the end, if all went well.

    Raises UsageError for what cannot be shown so, and what is not installed is told here, too.
    """
    choose_color(display)
    path = file_of(display.output)
    name = choose_format(display.format, path, RESULT_FORMATS)
    view = choose_view(name, path, display.digits)
    RESULT_FORMATS[name].load()
    with ExitStack() as files:
        junit = None
        if display.junit is not None:
            junit = files.enter_context(open_output(display.junit))
        yield Outputs(
            format=RESULT_FORMATS[name],
            view=view,
            write=files.enter_context(open_output(path)),
            in_log=path is None or named_by(path) is not None,
            quiet=display.shows_nothing,
            junit=junit,
            annotates=_annotates(display),
            summary=job_summary(display),
            to_stdout=path is None or named_by(path) == _STDOUT,
        )


def job_summary(display: VerdictFlags) -> str | None:
    """Return the file of GitHub's job summary, where one is to be written."""
    return (os.environ.get("GITHUB_STEP_SUMMARY") or None) if _annotates(display) else None


def _annotates(display: VerdictFlags) -> bool:
    return on_github() and not display.no_github


def show(
    results: Sequence[CheckResult],
    outputs: Outputs,
    of: str | None = None,
    stale: Sequence[Stale] = (),
) -> list[Told]:
    """Write results to all outputs; return the complaints that GitHub was told."""
    shown = VerdictsShown(results, of, stale)
    told = _annotate(results, outputs.digits, stale) if outputs.annotates else []
    if outputs.summary is not None:
        append(outputs.summary, FORMATS["md"].render(shown, View(outputs.digits)))
    if outputs.junit is not None:
        from lossctl.renderers.junit import render as as_junit

        outputs.junit(as_junit(results, outputs.digits, stale))
    if not outputs.quiet:
        outputs.put(shown)
    return told


def _annotate(
    results: Sequence[CheckResult], digits: int | None, stale: Sequence[Stale]
) -> list[Told]:
    from lossctl.renderers.github import commands

    written, told = commands(results, os.environ.get("GITHUB_WORKSPACE"), digits, stale)
    for command in written:
        say(command)
    return told


def tell_complaints(
    results: Sequence[CheckResult],
    digits: int | None,
    told: Sequence[Told],
    stale: Sequence[Stale] = (),
) -> None:
    """Tell people the warnings and what is wrong, with the ways out, but what was told already."""
    for one in [*all_complaints(results, digits), *map(told_of, stale)]:
        if one not in told:
            whose = one.whose if len(results) > 1 else ""
            complain(f"{whose}{one.complaint.text}", one.complaint.hint, one.complaint.kind)
