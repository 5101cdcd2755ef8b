"""What became of checks as JUnit XML, which CI servers show: a test case a check."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from lossctl.base.wording import visible
from lossctl.gate.stale import Stale
from lossctl.gate.verdicts import CheckResult, Outcome
from lossctl.renderers.complaints import complaints, told_of, word


def render(
    results: Sequence[CheckResult], digits: int | None = None, stale: Sequence[Stale] = ()
) -> str:
    """Return a failure for a limit that was missed, an error for what could not be judged.

    A check that only a baseline has was skipped.
    Numbers have so many significant digits; None: all.
    """
    suite = TestSuite("lossctl")
    for result, name in zip(results, _names(results), strict=True):
        case = TestCase(name, classname=f"lossctl.{name}", time=round(result.seconds, 3))
        lines = _lines(result, digits)
        lines += [line for one in stale if one.is_of(result.name) for line in _told(one)]
        if result.outcome > Outcome.WARN:
            case.result = [_result(result.outcome, lines)]
        elif lines:
            case.system_out = "\n".join(lines)
        suite.add_testcase(case)
    for one in (one for one in stale if not one.losses):
        for name in map(visible, one.checks):
            case = TestCase(name, classname=f"lossctl.{name}", time=0)
            case.result = [Skipped("\n".join(_told(one)))]
            suite.add_testcase(case)
    suites = JUnitXml()
    suites.add_testsuite(suite)
    suites.update_statistics()  # type: ignore[no-untyped-call]
    del suites._elem.attrib["skipped"]  # which the schema of Jenkins knows of a suite only
    text: bytes = suites.tostring()  # type: ignore[no-untyped-call]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text.decode()}\n'


def _names(results: Sequence[CheckResult]) -> list[str]:
    """Return the names of checks, numbered where several look the same."""
    names: list[str] = []
    for result in results:
        name = visible(result.name)
        numbered = (f"{name} ({number})" for number in count(2))
        while name in names:
            name = next(numbered)
        names.append(name)
    return names


def _lines(result: CheckResult, digits: int | None) -> list[str]:
    return [visible(line) for complaint in complaints(result, digits) for line in complaint.lines]


def _told(stale: Stale) -> list[str]:
    return [visible(line) for line in told_of(stale).complaint.lines]


def _result(outcome: Outcome, lines: list[str]) -> Failure | Error:
    kind = Failure if outcome is Outcome.FAIL else Error
    written = kind(lines[0], word(outcome))
    written.text = "\n".join(lines)
    return written
