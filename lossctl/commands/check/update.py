"""`--update-baseline`: the baselines that take the numbers of checks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import NamedTuple

from lossctl.commands.check.check import Check
from lossctl.gate.baseline import FILE, Baselines
from lossctl.gate.ratchet import updated_text
from lossctl.gate.verdicts import CheckResult
from lossctl.outputs.files import Write, locked, open_output
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.tables.paths import relative_to


class Update(NamedTuple):
    """That baselines take the numbers of checks, if none is higher or that is allowed."""

    allow_increase: bool

    def path(self, check: Check) -> str:
        """Return the path of the baseline that takes the numbers of a check."""
        return relative_to(check.folder, FILE) if check.baseline is None else check.baseline


@contextmanager
def open_baselines(update: Update, checks: Sequence[Check]) -> Iterator[dict[str, Write]]:
    """Yield what writes each baseline, by path; all are replaced at the end, if all went well."""
    paths = sorted({update.path(check) for check in checks})
    before = {path: _content(path) for path in paths}
    with ExitStack() as files:
        for folder in sorted({os.path.dirname(path) for path in paths}):
            files.enter_context(locked(folder))
        yield {path: files.enter_context(open_output(path)) for path in paths}
    for path in paths:
        same = before[path] is not None and before[path] == _content(path)
        tell(NOTE, f"{path}: {'unchanged' if same else 'written'}")
    if not all(check.baseline for check in checks):
        tell(HINT, f"to be held to it: --baseline {FILE}, or the same in [defaults]")


def write_baselines(
    writes: dict[str, Write],
    update: Update,
    checks: Sequence[Check],
    results: Sequence[CheckResult],
    baselines: Baselines,
) -> None:
    """Write the numbers of all checks, with the hashes of what they are of."""
    paths = {check.name: update.path(check) for check in checks}
    for path, write in writes.items():
        write(updated_text(baselines[path], [r for r in results if paths[r.name] == path]))


def _content(path: str) -> bytes | None:
    """Return what a regular file holds; None where there is none that can be read."""
    if not os.path.isfile(path):
        return None
    with suppress(OSError), open(path, "rb") as file:
        return file.read()
    return None
