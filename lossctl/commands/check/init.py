"""`lossctl check --init`: a configuration for the files that are there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import islice

from lossctl.base.errors import UsageError
from lossctl.base.wording import argument, counted, quoted
from lossctl.commands.check.finding import Found, Unfit, candidates
from lossctl.commands.check.language import toml_text
from lossctl.gate.configuration import FILE, present
from lossctl.outputs.files import open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.series import without_extensions

_MOST = 20
"""No more checks than this are written, as each is evaluated once."""
_MOST_TOLD = 5
"""Of no more files than this it is said why there is no check."""

_HEAD = """\
# What `lossctl check` asks of the predictions in this project. A check takes inputs and limits
# under the names of their options (`lossctl check --help`). Paths are relative to this file. An
# option on the command line beats what is said here.

[defaults]
# Of all checks that do not say otherwise:
# baseline = "lossctl-baseline.json"  # `lossctl check --update-baseline` writes it: commit it
# max-increase = "1%"                 # the increase over the baseline that is allowed
# junit = "lossctl.xml"               # for CI servers
"""
_CHECK = """
[[check]]
name = {name}
{inputs}
loss = "{loss}"
max-loss = {limit}  # Loss(W) is {mean!r} today: choose what you can live with
min-rows = {n}
"""


def write_configuration() -> None:
    """Write lossctl.toml; raise UsageError if this folder has checks already, or none to find."""
    for path in present():
        raise UsageError(f"{path}: is there already, and stays as it is")
    tried = list(islice(candidates(), _MOST))
    found = [one for one in tried if isinstance(one, Found)]
    unfit = [one for one in tried if isinstance(one, Unfit)]
    for one in unfit[:_MOST_TOLD]:
        _tell(one)
    if not found:
        where = "no file here has a name such as preds.csv beside one such as targets.csv"
        raise UsageError(
            f"{FILE} was not written: {'no check could be made' if unfit else where}",
            _by_hand(unfit[0] if unfit else Unfit("preds.csv", "targets.csv", "mse", None)),
        )
    with open_output(FILE) as write:
        write(_HEAD + "".join(_checks(found)))
    tell(NOTE, f"{FILE}: written, with {counted(len(found), 'check')}")
    tell(HINT, "now choose the limits, then: lossctl check")


def _tell(unfit: Unfit) -> None:
    """Say why there is no check of some predictions, and what an evaluation hints at."""
    if unfit.error is None:
        beside = "no file beside it is called as targets are: target, label, truth, actual, gold"
        tell(NOTE, f"no check of {quoted(unfit.predictions)}: {beside}")
        return
    pair = [quoted(path) for path in (unfit.predictions, unfit.targets) if path]
    tell(NOTE, f"no check of {' and '.join(pair)}: {unfit.error.message}")
    if unfit.error.hint:
        tell(HINT, unfit.error.hint)


def _by_hand(unfit: Unfit) -> str:
    targets = "TARGETS" if unfit.targets is None else argument(unfit.targets)
    command = f"lossctl check {argument(unfit.predictions)} {targets} --loss {unfit.loss}"
    return (
        f"by hand: {command} --max-loss X; in {FILE} the same is predictions, targets, loss and "
        "max-loss below [[check]], with a name"
    )


def _checks(found: list[Found]) -> Iterator[str]:
    names: set[str] = set()
    for one in found:
        bare = without_extensions(one.predictions)
        name = one.predictions if bare in names else bare
        names.add(name)
        mean = one.report.losses[one.loss].mean
        yield _CHECK.format(
            name=toml_text(name),
            inputs="\n".join(_inputs(one)),
            loss=one.loss,
            limit=f"{_somewhat_above(mean):f}",
            mean=mean,
            n=one.report.n,
        )


def _inputs(found: Found) -> Iterator[str]:
    """Yield the settings that say what is read, a line each."""
    yield f"predictions = {toml_text(found.predictions)}"
    if found.targets is not None:
        yield f"targets = {toml_text(found.targets)}"
    for name, text in found.settings.items():
        line = f"{name} = {toml_text(text)}"
        if name == "nan":
            rows = counted(found.report.skipped, "row")
            line += f"  # leaves out {rows} with a missing value"
        yield line


def _somewhat_above(mean: float) -> Decimal:
    """Return a limit of two digits that is a tenth above, and not below 0."""
    limit = max(Decimal(repr(mean)) * Decimal("1.1"), Decimal(0))
    return limit.quantize(Decimal(1).scaleb(limit.adjusted() - 1), ROUND_CEILING).normalize()
