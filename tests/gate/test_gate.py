"""The gate: which number passes which limit, and the exit code; the functions themselves."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from gates import VALUES, no_file, report_of, result_of, table

from lossctl.base.errors import (
    ChecksFailed,
    ClosedPipe,
    DataError,
    ExitCode,
    LossctlError,
    ResourceError,
    UsageError,
)
from lossctl.gate.judgement import Reference, outcome_of, verdict_on, verdicts_on
from lossctl.gate.limits import Increase, Limits
from lossctl.gate.rules import RULES
from lossctl.gate.verdicts import CheckResult, Outcome, Verdict, exit_code

NONE = Limits({}, {})
ABSOLUTE = Limits({}, {"mae": Increase(Decimal("0.125"), relative=False)})
RELATIVE = Limits({}, {"mae": Increase(Decimal("0.25"), relative=True)})
LIMITS: dict[str, tuple[Limits, Reference | None, tuple[float, float, float]]] = {
    "max-loss": (Limits({"max-loss": {"mae": Decimal("0.5")}}, {}), None, (0.25, 0.5, 0.75)),
    "warn-loss": (Limits({"warn-loss": {"mae": Decimal("0.5")}}, {}), None, (0.25, 0.5, 0.75)),
    "absolute": (ABSOLUTE, lambda _: Decimal("0.375"), (0.25, 0.5, 0.75)),
    "relative": (RELATIVE, lambda _: Decimal("0.4"), (0.25, 0.5, 0.75)),
    "zero": (NONE, lambda _: Decimal(0), (-1e-7, 0.0, 5e-324)),
    "absent": (NONE, no_file, (-1e-7, 0.0, 5e-324)),
}
BAD = (math.nan, math.inf)
PASS, WARN, FAIL, ERROR = Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.ERROR


def checked(*verdicts: Verdict, error: LossctlError | None = None) -> CheckResult:
    return CheckResult("a", verdicts, error=error)


def verdict_of(outcome: Outcome, error: LossctlError | None = None) -> Verdict:
    return Verdict("max-loss", "mae", 1.0, 1.0, outcome, error=error)


def limit_of(rule: str, limit: str, *losses: str) -> Limits:
    return Limits({rule: {loss: Decimal(limit) for loss in losses or ("mae",)}}, {})


@pytest.mark.parametrize(
    ("limit", "value", "verdict", "code"),
    [(limit, value, *expected) for (limit, value), expected in table(absent=4).items()],
)
def test_every_value_against_every_limit(limit: str, value: str, verdict: str, code: int) -> None:
    limits, reference, finite = LIMITS[limit]
    numbers = dict(zip(VALUES, (*finite, *BAD), strict=False))
    results = [] if value == "missing" else [result_of(numbers[value])]
    check = checked(*verdicts_on(report_of(*results), limits, reference))
    assert (check.outcome.name.lower(), check.exit_code) == (verdict, code)
    assert exit_code([check]) == code


@pytest.mark.parametrize("above", [WARN, FAIL])
@pytest.mark.parametrize("limit", [0.1, -1e-7, 5e-324, 1.7e308, -1.7e308])
def test_one_ulp_decides(limit: float, above: Outcome) -> None:
    assert outcome_of(math.nextafter(limit, math.inf), limit, above) is above
    assert outcome_of(limit, limit, above) is PASS
    assert outcome_of(math.nextafter(limit, -math.inf), limit, above) is PASS


def test_above_a_limit_is_a_failure_unless_said_otherwise() -> None:
    assert outcome_of(2.0, 1.0) is FAIL
    assert verdict_on("max-loss", "mae", 2.0, 1.0).outcome is FAIL
    assert outcome_of(-0.0, 0.0) is outcome_of(0.0, -0.0) is PASS


UNJUDGED = [None, math.nan, -math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("above", [WARN, FAIL])
@pytest.mark.parametrize("limit", [1.0, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("value", UNJUDGED, ids=repr)
def test_no_such_value_is_ever_judged(value: float | None, limit: float, above: Outcome) -> None:
    assert outcome_of(value, limit, above) is ERROR


@pytest.mark.parametrize("above", [WARN, FAIL])
@pytest.mark.parametrize("limit", [math.nan, math.inf, -math.inf])
def test_no_such_limit_ever_passes(limit: float, above: Outcome) -> None:
    assert outcome_of(-1.0, limit, above) is ERROR
    verdict = verdict_on("max-loss", "mae", -1.0, limit, above)
    assert str(verdict.error) == f"max-loss of mae cannot be judged: -1.0 against {limit!r}"


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "a missing value"), (math.nan, "nan"), (math.inf, "inf")]
)
def test_why_it_cannot_be_judged(value: float | None, shown: str) -> None:
    verdict = verdict_on("max-stderr", "ce", value, 0.5)
    assert (verdict.rule, verdict.loss, verdict.limit) == ("max-stderr", "ce", 0.5)
    assert isinstance(verdict.error, DataError)
    assert str(verdict.error) == f"max-stderr of ce cannot be judged: {shown} against 0.5"
    assert verdict_on("max-stderr", "ce", 0.5, 0.5).error is None


NUMBERS = {  # of a report whose mean is 1, standard error 0.125, highest sample 2
    "max-loss": (1.0, FAIL),
    "warn-loss": (1.0, WARN),
    "max-stderr": (0.125, FAIL),
    "max-sample": (2.0, FAIL),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_its_number(rule: str) -> None:
    stated = getattr(result_of(1.0), RULES[rule].value), WARN if RULES[rule].only_warns else FAIL
    value, above = NUMBERS.get(rule, stated)
    for limit, outcome in ((value, PASS), (math.nextafter(value, 0.0), above)):
        verdicts = verdicts_on(report_of(result_of(1.0)), limit_of(rule, repr(limit)), None)
        assert verdicts == [Verdict(rule, "mae", value, limit, outcome, None, None, None)]


def test_no_standard_error_is_bad_data() -> None:
    one = report_of(result_of(1.0, stderr=None), n=1)
    check = checked(*verdicts_on(one, limit_of("max-stderr", "9"), None))
    assert (check.outcome, check.exit_code) == (ERROR, ExitCode.BAD_DATA)


@pytest.mark.parametrize(("n", "outcome"), [(1, FAIL), (2, PASS), (3, PASS)])
def test_min_rows(n: int, outcome: Outcome) -> None:
    found = verdicts_on(report_of(result_of(1.0), n=n), NONE._replace(min_rows=2), None)
    assert found == [Verdict("min-rows", None, n, 2, outcome, None, None, None)]
    assert checked(*found).exit_code == (0 if outcome is PASS else 1)


def test_every_loss_has_its_own_limit_and_baseline() -> None:
    baselines = {"mae": Decimal("0.5"), "mse": Decimal("0.25"), "ce": Decimal("-0.125")}
    limits = Limits(
        {"max-loss": {"mae": Decimal("0.75"), "mse": Decimal("0.125")}},
        {"mae": Increase(Decimal("0.25"), relative=False)},
        min_rows=1,
    )
    report = report_of(result_of(0.75), result_of(0.1875, "mse"), result_of(-0.0625, "ce"), n=1)
    found = verdicts_on(report, limits, lambda result: baselines[result.loss])
    assert [(line.rule, line.loss, line.value, line.baseline, line.delta) for line in found] == [
        ("min-rows", None, 1, None, None),
        ("max-loss", "mae", 0.75, None, None),
        ("max-loss", "mse", 0.1875, None, None),
        ("max-increase", "mae", 0.75, 0.5, 0.25),
        ("max-increase", "mse", 0.1875, 0.25, -0.0625),
        ("max-increase", "ce", -0.0625, -0.125, 0.0625),
    ]
    assert [line.outcome for line in found] == [PASS, PASS, FAIL, PASS, PASS, FAIL]
    assert checked(*found).exit_code == ExitCode.CHECK_FAILED


def test_a_limit_of_another_loss_is_not_met() -> None:
    found = verdicts_on(report_of(result_of(0.0)), limit_of("max-loss", "1", "mae", "mse"), None)
    assert [line.outcome for line in found] == [PASS, ERROR]
    assert checked(*found).exit_code == ExitCode.BAD_DATA


def test_without_a_reference_there_is_no_word_of_a_baseline() -> None:
    assert verdicts_on(report_of(result_of(1.0)), ABSOLUTE, None) == []


def test_why_there_is_no_baseline() -> None:
    (found,) = verdicts_on(report_of(result_of(0.5)), NONE, no_file)
    assert found[:5] == ("max-increase", "mae", 0.5, None, ERROR)
    assert (found.baseline, found.delta) == (None, None)
    assert isinstance(found.error, ResourceError)


ERRORS: Mapping[LossctlError, int] = {
    UsageError("?"): 2,
    DataError("?"): 3,
    ResourceError("?"): 4,
    LossctlError("?"): 5,
    ClosedPipe("?"): 141,
    ChecksFailed("?", ExitCode.BAD_DATA): 3,
}


@pytest.mark.parametrize(("error", "code"), ERRORS.items(), ids=lambda it: type(it).__name__)
def test_every_error_of_a_check_has_its_code(error: LossctlError, code: int) -> None:
    def reference(_: Any) -> Decimal:
        raise error

    judged_so = checked(*verdicts_on(report_of(result_of(0.5)), NONE, reference))
    for check in (checked(error=error), checked(verdict_of(PASS), error=error), judged_so):
        assert (check.outcome, check.errors, check.exit_code) == (ERROR, [error], code)
        assert exit_code([checked(verdict_of(FAIL)), check, checked(verdict_of(PASS))]) == code


WORST = [
    ((PASS,), PASS, 0),
    ((PASS, WARN), WARN, 0),
    ((WARN, FAIL, PASS), FAIL, 1),
    ((FAIL, ERROR, WARN), ERROR, 3),
    ((), ERROR, 3),
]


@pytest.mark.parametrize(("outcomes", "worst", "code"), WORST, ids=str)
def test_the_worst_verdict_is_that_of_the_check(
    outcomes: tuple[Outcome, ...], worst: Outcome, code: int
) -> None:
    check = checked(*map(verdict_of, outcomes))
    assert (check.outcome, check.errors, check.exit_code) == (worst, [], code)


def test_the_worst_error_is_that_of_the_check() -> None:
    errors = [ResourceError("a"), DataError("b"), UsageError("c")]
    verdicts = [verdict_of(ERROR, error) for error in errors[1:]]
    check = checked(*verdicts, verdict_of(FAIL), error=errors[0])
    assert (check.errors, check.exit_code) == (errors, 4)
    assert checked(*verdicts, verdict_of(FAIL)).exit_code == 3


def test_each_reason_is_told_once_but_no_code_is_lost() -> None:
    errors = [ResourceError("a"), DataError("a"), ResourceError("a"), DataError("b")]
    check = checked(*[verdict_of(ERROR, error) for error in errors])
    found = [(str(error), error.exit_code) for error in check.errors]
    assert (found, check.exit_code) == ([("a", 4), ("a", 3), ("b", 3)], 4)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [((PASS,), 0), ((PASS, WARN), 0), ((FAIL, WARN, PASS), 1), ((PASS, ERROR, FAIL), 3), ((), 5)],
)
def test_the_worst_check_is_the_exit_code(outcomes: tuple[Outcome, ...], code: int) -> None:
    assert exit_code(checked(verdict_of(outcome)) for outcome in outcomes) == code


def test_the_outcomes_are_in_their_order() -> None:
    assert sorted(Outcome) == [PASS, WARN, FAIL, ERROR]


def test_a_check_is_of_no_file_until_it_is_said() -> None:
    assert CheckResult("a") == ("a", (), None, None, "", 0, {}, (), (), 0.0, True)
