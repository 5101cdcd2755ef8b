"""The options that say what a check asks of an evaluation."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import typer

from lossctl.commands.flags.display import PerSample, Worst


class Asked(NamedTuple):
    """What is asked of one check, as it was written."""

    max_loss: list[str]
    warn_loss: list[str]
    max_stderr: list[str]
    max_sample: list[str]
    max_increase: list[str]
    min_rows: int | None
    baseline: str | None
    allow_no_final_newline: bool
    per_sample: str | None
    worst: int

    @property
    def highest(self) -> dict[str, list[str]]:
        """The limits of each rule that names a highest number."""
        from lossctl.gate.verdicts import RULES

        return {rule: getattr(self, rule.replace("-", "_")) for rule in RULES}


def limits(
    max_loss: Annotated[
        list[str],
        typer.Option(metavar="X", help="Loss(W) is at most this; of several losses: ce=X,mse=Y."),
    ] = [],  # noqa: B006
    warn_loss: Annotated[
        list[str], typer.Option(metavar="X", help="A warning above this; the check still passes.")
    ] = [],  # noqa: B006
    max_stderr: Annotated[
        list[str], typer.Option(metavar="X", help="The standard error of Loss(W) is at most this.")
    ] = [],  # noqa: B006
    max_sample: Annotated[
        list[str], typer.Option(metavar="X", help="No sample has a higher loss.")
    ] = [],  # noqa: B006
    min_rows: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At least so many samples.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Loss(W) is at most what this says: a JSON report of eval, or the file that "
            "--update-baseline writes.",
        ),
    ] = None,
    max_increase: Annotated[
        list[str],
        typer.Option(
            metavar="X|P%",
            help="At most so far above the baseline, or by such a part of its magnitude; else 0.",
        ),
    ] = [],  # noqa: B006
    allow_no_final_newline: Annotated[
        bool,
        typer.Option(
            "--allow-no-final-newline", help="Text that ends within a line is not cut off."
        ),
    ] = False,
    per_sample: PerSample = None,
    worst: Worst = 0,
) -> Asked:
    """Return what a check asks."""
    return Asked(**locals())
