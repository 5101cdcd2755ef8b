"""The options that say what `lossctl check` shows, and where."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer


class Shown(NamedTuple):
    """What is shown of all checks."""

    format_: str | None
    output: str | None
    junit: str | None
    digits: str | None
    no_github: bool
    no_color: bool


def shown(
    format_: Annotated[
        str | None, typer.Option("--format", "-f", metavar="NAME", help="table, json or md.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write there, whole or not at all."),
    ] = None,
    junit: Annotated[
        str | None, typer.Option(metavar="FILE", help="Also write JUnit XML, a test case a check.")
    ] = None,
    digits: Annotated[
        str | None,
        typer.Option(metavar="N|full", help="Significant digits; default 6 on a terminal."),
    ] = None,
    no_github: Annotated[
        bool,
        typer.Option(
            "--no-github",
            help="In GitHub Actions (GITHUB_ACTIONS=true), no annotations and no job summary.",
        ),
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Never colour.")] = False,
) -> Shown:
    """Return what is shown."""
    return Shown(**locals())
