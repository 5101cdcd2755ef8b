"""All checks of a call: refused beforehand if they cannot be, then judged and shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from lossctl.base.errors import ChecksFailed, LossctlError, UsageError
from lossctl.base.wording import listed, quoted, visible
from lossctl.commands.check.check import Check
from lossctl.commands.check.judging import judged
from lossctl.commands.check.showing import (
    job_summary,
    open_outputs,
    show,
    tell_complaints,
)
from lossctl.commands.check.update import (
    LOWER_ONLY,
    Update,
    open_baselines,
    tell_written,
    write_baselines,
)
from lossctl.commands.delivery import refuse_overwriting
from lossctl.commands.flags.verdicts import VerdictFlags
from lossctl.commands.output import file_of
from lossctl.gate.baseline import Baselines
from lossctl.gate.ratchet import is_better, may_stay, withheld
from lossctl.gate.stale import Stale
from lossctl.gate.verdicts import CheckResult, exit_code
from lossctl.outputs.files import STDOUT
from lossctl.outputs.messages import HINT, NOTE, tell
from lossctl.renderers.complaints import conclusion


def run_checks(
    checks: Sequence[Check], others: Sequence[Check], display: VerdictFlags, update: Update | None
) -> None:
    """Judge checks and show what became of them; raise ChecksFailed unless all passed.

    `others` are those of the file that are not made.
    """
    baselines = Baselines(check.name for check in [*checks, *others])
    if update is None:
        if not display.quiet:
            _tell_unlimited(checks)
        results, is_told = _judge_and_show(checks, others, display, baselines, update)
        _require_passes(results, is_told)
        return
    with open_baselines(update, checks) as writes:
        results, is_told = _judge_and_show(checks, others, display, baselines, update)
        if exit_code(results):
            _tell_withheld(checks, results, update)
        _require_passes(results, is_told)
        became = write_baselines(writes, update, checks, results, baselines)
    tell_written(became, checks)


def _tell_unlimited(checks: Sequence[Check]) -> None:
    """Tell which losses have no limit of those that are asked for, where others have one."""
    for check in checks:
        limited = set().union(*check.limits.highest.values())
        free = [loss for loss in check.options.losses() if loss not in limited]
        if limited and free and check.baseline is None:
            those = f"{listed(free, 5)} {'has' if len(free) == 1 else 'have'} no limit"
            tell(NOTE, f"check {quoted(check.name)}: {those}")


def _stale(checks: Sequence[Check], baselines: Baselines) -> Iterator[Stale]:
    """Yield what the baselines that were read have, and the file of checks asks for no more."""
    known = {check.name for check in checks}
    for path in sorted(
        {check.baseline for check in checks if check.baseline and check.line} & baselines.keys()
    ):
        with suppress(LossctlError):  # told by the checks themselves
            if gone := [name for name in baselines[path].checks() if name not in known]:
                yield Stale(path, gone, (), checks[0].file)
            for check in checks:
                if check.baseline == path and (dropped := _dropped(check, baselines)):
                    yield Stale(path, [check.name], dropped, check.file, check.line)


def _with_stale(
    checks: Sequence[Check], results: Sequence[CheckResult], stale: Sequence[Stale]
) -> list[CheckResult]:
    """Return results that count what is stale as a warning, where warnings fail a check.

    It counts once: for the check whose losses are stale, or else for the first that is held to the
    baseline and that warnings fail.
    """
    found = list(results)
    for one in stale:
        for number, check in enumerate(checks):
            is_its = one.is_of(check.name) or not one.losses
            if check.limits.fail_on_warnings and check.baseline == one.baseline and is_its:
                found[number] = one.counted_in(found[number])
                break
    return found


def _dropped(check: Check, baselines: Baselines) -> list[str]:
    """Return the losses that a baseline has of a check, which does not ask for them any more."""
    known = baselines[check.baseline or ""].entries(check.name)
    return sorted(known.keys() - check.options.losses().keys())


def _tell_withheld(checks: Sequence[Check], results: Sequence[CheckResult], update: Update) -> None:
    """Tell that nothing was written, and what could be, if it were asked for alone."""
    tell(NOTE, "no baseline was written: all checks have to pass")
    if not update.allow_increase and all(map(may_stay, results)):
        to_keep = "what is higher is within max-increase: to keep its baseline, and write the rest"
        tell(HINT, f"{to_keep}: the same command with {LOWER_ONLY}")
        return
    better = [
        check.name
        for check, result in zip(checks, results, strict=True)
        if check.line and result.exit_code == 0 and is_better(result)
    ]
    if better:
        options = LOWER_ONLY if update.lower_only else ""
        tell(HINT, f"to write what is lower: {checks[0].update_of(better, options)}")


def _judge_and_show(
    checks: Sequence[Check],
    others: Sequence[Check],
    display: VerdictFlags,
    baselines: Baselines,
    update: Update | None,
) -> tuple[list[CheckResult], bool]:
    """Return what became of checks, after it was shown everywhere it was asked for.

    What is stale in baselines is shown there, too: else a lost check passes without a word.
    It is also returned whether whoever reads stderr was told there how many came out how.
    """
    with open_outputs(display) as outputs:
        results = [judged(check, baselines, update) for check in checks]
        if exit_code(results):
            results = [withheld(result) for result in results]
        stale = [*_stale([*checks, *others], baselines)]
        if update is None:
            results = _with_stale(checks, results, stale)
        told = show(results, outputs, stale=stale)
    tell_complaints(results, outputs.digits, told, stale)
    return results, outputs.concludes


def _require_passes(results: Sequence[CheckResult], is_told: bool) -> None:
    if code := exit_code(results):
        cause = next((error for result in results for error in result.errors), None)
        failed = ChecksFailed(conclusion(results), code)
        failed.told = is_told
        raise failed from cause


def refuse_limitless(checks: Sequence[Check]) -> None:
    """Raise UsageError for a check that could not fail."""
    for check in checks:
        if not check.limits and check.baseline is None:
            raise check.error(
                f"check {quoted(check.name)} has no limit, so it could not fail",
                "give it one, such as --max-loss 0.35 or --baseline FILE",
            )


def refuse_overwritten(
    checks: Sequence[Check],
    others: Sequence[Check],
    display: VerdictFlags,
    update: Update | None,
) -> None:
    """Raise UsageError where an output is another, or an input of these or of other checks."""
    _refuse_shared_rows(checks)
    shown = None if display.shows_nothing else file_of(display.output) or STDOUT
    written = [shown, display.junit]
    written += [check.per_sample for check in checks]
    written.append(job_summary(display))
    updated = set() if update is None else {update.path(check) for check in checks}
    tables = [table for check in [*checks, *others] for table in check.tables]
    files = {check.file for check in checks if check.line}
    files |= {check.baseline for check in [*checks, *others] if check.baseline} - updated
    refuse_overwriting(tables, [*written, *updated], sorted(files))


def _refuse_shared_rows(checks: Sequence[Check]) -> None:
    """Raise UsageError where one file would take the per-sample rows of several checks."""
    paths = [check.per_sample for check in checks if check.per_sample not in (None, STDOUT)]
    for path in paths:
        if path is not None and (count := paths.count(path)) > 1:
            raise UsageError(
                f"{visible(path)}: would take the per-sample rows of {count} checks",
                "choose one with --only NAME, or give each check a per-sample of its own in "
                f"{visible(checks[0].file)}",
            )
