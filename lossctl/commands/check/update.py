"""`--update-baseline`: the baselines that take the numbers of checks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from lossctl.base.wording import listed, visible
from lossctl.commands.check.check import Check
from lossctl.gate.baseline import FILE, Baselines
from lossctl.gate.ratchet import CHANGED, NEW, Allowed, news, updated_text
from lossctl.gate.verdicts import CheckResult
from lossctl.outputs.files import Write, locked, open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.paths import relative_to

LOWER_ONLY = "--lower-only"
"""This option asks that numbers are kept that are higher, but may be."""
_MOST_NAMES = 5
"""No more numbers that are new are named."""


class Update(NamedTuple):
    """That baselines take the numbers of checks, if none is higher or that is allowed."""

    allow_increase: bool = False
    lower_only: bool = False
    """A number that is higher by what its check allows stays as it is."""

    def allows(self, check: Check) -> Allowed:
        """Return what the baseline of a check may become worse by."""
        increases = check.limits.max_increase
        return Allowed(self.allow_increase, check.allow_fewer_rows, increases, self.lower_only)

    def path(self, check: Check) -> str:
        """Return the path of the baseline that takes the numbers of a check."""
        return relative_to(check.folder, FILE) if check.baseline is None else check.baseline


@contextmanager
def open_baselines(update: Update, checks: Sequence[Check]) -> Iterator[dict[str, Write]]:
    """Yield what writes each baseline, by path; all are replaced at the end, if all went well."""
    paths = sorted({update.path(check) for check in checks})
    with ExitStack() as files:
        for folder in sorted({os.path.dirname(path) for path in paths}):
            files.enter_context(locked(folder))
        yield {path: files.enter_context(open_output(path)) for path in paths}


def tell_written(became: dict[str, str], checks: Sequence[Check]) -> None:
    """Tell what became of each baseline, and how checks that name none are held to it."""
    for path, what in became.items():
        tell(NOTE, f"{path}: {what}")
    if all(check.baseline for check in checks):
        return
    if checks[0].line:
        setting, file = f'baseline = "{FILE}"', visible(checks[0].file)
        tell(HINT, f"to hold the checks to it, write {setting} in the defaults of {file}")
    else:
        tell(HINT, f"to hold the check to it, pass --baseline {FILE}")


def write_baselines(
    writes: dict[str, Write],
    update: Update,
    checks: Sequence[Check],
    results: Sequence[CheckResult],
    baselines: Baselines,
) -> dict[str, str]:
    """Write the numbers of all checks, with the hashes of what they are of.

    Returns what becomes of each baseline, in words, by its path.
    """
    paths, became = {check.name: update.path(check) for check in checks}, dict[str, str]()
    for path, write in writes.items():
        of_path = [result for result in results if paths[result.name] == path]
        text = updated_text(baselines[path], of_path)
        is_same = _content(path) == text.encode()
        became[path] = "unchanged" if is_same else _written(news(baselines[path], of_path))
        write(text)
    return became


def _written(found: dict[str, list[str]]) -> str:
    """Return what is written of numbers that are new, changed or unchanged, in words."""
    if not (found[NEW] or found[CHANGED]):
        return "written, with the same numbers"
    counts = [f"{len(names)} {became}" for became, names in found.items() if names]
    if found[NEW]:
        counts[0] += f" ({listed(found[NEW], _MOST_NAMES)})"
    return f"written: {', '.join(counts)}"


def _content(path: str) -> bytes | None:
    """Return what a regular file holds; None where there is none that can be read."""
    if not os.path.isfile(path):
        return None
    with suppress(OSError), open(path, "rb") as file:
        return file.read()
    return None
