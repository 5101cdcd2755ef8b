"""The text of the checks that `lossctl check --init` finds: a table of TOML each."""

from __future__ import annotations

import os
import re
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from itertools import chain, count

from lossctl.base.wording import counted, quoted, visible
from lossctl.commands.check.candidates import Found
from lossctl.commands.check.files import says_more
from lossctl.commands.check.language import toml_text
from lossctl.tables.series import without_extensions

_ABOVE = re.compile(r"^(\.\./)+")
"""A path begins so that leads out of this folder."""
_WIDTH = 100
"""Comments are no wider than this."""


def names_of(found: list[Found], taken: Collection[str]) -> Iterator[str]:
    """Yield what each check is called: its file or its folder, and none as others are.

    A file whose name says no more than that it holds predictions is called as its folder. Files of
    predictions and targets with one name have that.
    """
    paths = [os.path.normpath(one.attempt.predictions) for one in found]
    folders = Counter(map(os.path.dirname, paths))
    stems = Counter(map(_stem, paths))
    names = {"", os.curdir, os.pardir, *taken}
    for one, path in zip(found, paths, strict=True):
        folder = os.path.dirname(path)
        short = os.path.basename(folder) if folders[folder] == 1 else ""
        stem = _stem(path)
        is_of_both = stem == _stem(one.attempt.targets or "")  # it says what both files are of
        if is_of_both or (says_more(path) and stems[stem] == 1):
            short = stem
        inner = _ABOVE.sub("", path, count=1)
        possible = [short, without_extensions(inner), inner]
        numbered = (f"{inner}-{number}" for number in count(2))
        name = next(name for name in chain(possible, numbered) if name not in names)
        names.add(name)
        yield name


def _stem(path: str) -> str:
    return without_extensions(os.path.basename(path))


def block(
    heading: str,
    name: str,
    found: Found,
    settings: Mapping[str, str],
    inherited: Mapping[str, object],
    twins: Collection[str] = (),
) -> str:
    """Return a check below its heading, with these settings that were asked for, as lines.

    What the defaults of the file say is inherited, and not said again. The twins are checks of the
    same files.
    """
    head, *rest = _lines(heading, name, found, settings, inherited)
    also = [f"# check {visible(quoted(twin))} has these files, too" for twin in twins]
    return "\n".join([head, *also, *rest])


def _lines(
    heading: str,
    name: str,
    found: Found,
    settings: Mapping[str, str],
    inherited: Mapping[str, object],
) -> Iterator[str]:
    """Yield the lines of a check: what is read, what was asked for, and limits if none were."""
    predictions, targets, hinted, *_ = found.attempt
    yield f"\n[[{heading}]]"
    yield f"name = {toml_text(name)}"
    yield f"predictions = {toml_text(predictions)}"
    if targets is not None and targets != getattr(inherited.get("targets"), "name", None):
        yield f"targets = {toml_text(targets)}"
    for key, text in hinted.items():
        rows = counted(found.report.skipped, "row")
        remark = f"  # leaves out {rows} with a missing value" if key == "nan" else ""
        yield f"{key} = {toml_text(text)}{remark}"
    yield from _explained(found)
    proposed = {
        "loss": f"loss = {toml_text(found.loss)}",
        "max-loss": f"max-loss = {_limit(found)}",
        "min-rows": f"min-rows = {found.report.n}",
    }
    lines = {key: proposed[key] for key in proposed if key in settings or key not in inherited}
    lines |= settings
    means = ", ".join(f"{one.mean!r}" for one in found.report.losses.values())
    today = f"# Loss(W) is {means} today"
    if "max-loss" in lines:
        choose = "" if "max-loss" in settings else ": choose what you can live with"
        lines["max-loss"] += f"  {today}{choose}"
    else:
        lines["max-loss"] = f"{today}; max-loss is that of the defaults"
    yield from lines.values()
    yield ""


def _explained(found: Found) -> Iterator[str]:
    """Yield comments that say what each loss is."""
    for one in found.report.losses.values():
        yield from textwrap.wrap(
            f"{one.loss}: {visible(one.explanation)}",
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="#   ",
            break_on_hyphens=False,
        )


def _limit(found: Found) -> str:
    """Return a limit that holds today, or that of each loss."""
    limits = {loss: f"{_somewhat_above(one.mean):f}" for loss, one in found.report.losses.items()}
    if len(limits) == 1:
        return limits.popitem()[1]
    return f"{{{', '.join(f'{toml_text(loss)} = {limit}' for loss, limit in limits.items())}}}"


def _somewhat_above(mean: float) -> Decimal:
    """Return a limit of two digits that is a tenth above, and not below 0."""
    limit = max(Decimal(repr(mean)) * Decimal("1.1"), Decimal(0))
    return limit.quantize(Decimal(1).scaleb(limit.adjusted() - 1), ROUND_CEILING).normalize()
