"""Limits as they are written: which texts are numbers, and which loss each is for."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import examples

from lossctl.base.decimals import finite_decimal
from lossctl.base.errors import UsageError
from lossctl.gate.limits import NO_INCREASE, Increase, Limits, limits_of, overridden
from lossctl.gate.rules import RULES

NUMBERS = {
    "0": Decimal(0),
    "-0": Decimal(0),
    "0.35": Decimal("0.35"),
    "+0.35": Decimal("0.35"),
    "-1e-7": Decimal("-0.0000001"),
    ".5": Decimal("0.5"),
    "5.": Decimal(5),
    "1E+3": Decimal(1000),
    "007": Decimal(7),
    "1e-9999": Decimal("1e-9999"),
    "1.7976931348623157e308": Decimal("1.7976931348623157e308"),
    "0.1000000000000000055511151231257827": Decimal("0.1000000000000000055511151231257827"),
    "1" + "0" * 300: Decimal(10) ** 300,
}
NO_NUMBERS = [
    *("", " ", ".", "-", "e5", "1e", "1e+", "--1", "1 2", "1\n", " 1", "1 ", "\x001"),
    *("nan", "NaN", "-nan", "nan1", "sNaN", "inf", "-inf", "+Infinity", "1e309", "-1e309"),
    *("1e99999", "1e-99999", "1_000", "0x10", "0b1", "1,5", "1.2.3", "1f", "1%"),
    *("\u00bd", "\u0663", "\u0967", "\uff11", "1\u0660"),  # digits, or nearly so
    "1" + "0" * 400,
]


@pytest.mark.parametrize(("text", "number"), NUMBERS.items(), ids=lambda it: str(it)[:30])
def test_a_number_is_taken_as_written(text: str, number: Decimal) -> None:
    found = finite_decimal(text)
    assert found == number
    assert limits_of(["ce"], {"max-loss": [text]}).highest == {"max-loss": {"ce": number}}


@pytest.mark.parametrize("text", NO_NUMBERS, ids=lambda it: ascii(it)[:30])
def test_what_is_no_finite_decimal_number(text: str) -> None:
    assert finite_decimal(text) is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("text", [text for text in NO_NUMBERS if "," not in text], ids=ascii)
def test_such_a_limit_is_refused(rule: str, text: str) -> None:
    if finite_decimal(text.strip()) is not None:  # spaces around it do not matter
        assert limits_of(["ce"], {rule: [text]}).highest[rule]["ce"] == Decimal(text.strip())
        return
    with pytest.raises(UsageError, match=f"^--{rule} '.*' is not a finite number$"):
        limits_of(["ce"], {rule: [text]})
    with pytest.raises(UsageError, match=r"^--max-increase '.*' is not a finite number$"):
        limits_of(["ce"], {}, [text.strip() + "%"])


@examples
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_as_it_is_shown(number: float) -> None:
    assert finite_decimal(repr(number)) == Decimal(repr(number))


@examples
@given(st.text(max_size=8) | st.from_regex(r"[+-]?[0-9]*\.?[0-9]*(e[+-]?[0-9]+)?", fullmatch=True))
def test_any_text_is_a_finite_number_or_none(text: str) -> None:
    found = finite_decimal(text)
    if found is not None:
        assert found.is_finite()
        assert math.isfinite(float(text))
        assert text.isascii()


COMMAS = "commas part the limits of losses; the decimal point is a point"
BOTH = ["ce", "mse"]
HIGHEST: dict[str, tuple[list[str], list[str], dict[str, str]]] = {
    "one": (["ce"], ["0.5"], {"ce": "0.5"}),
    "named": (["ce"], ["ce=0.5"], {"ce": "0.5"}),
    "several": (BOTH, ["ce=0.5,mse=1"], {"ce": "0.5", "mse": "1"}),
    "several options": (BOTH, ["mse=1", "ce=0.5"], {"ce": "0.5", "mse": "1"}),
    "only some": (BOTH, ["mse=1"], {"mse": "1"}),
    "spaces": (BOTH, [" ce = 0.5 , mse =1"], {"ce": "0.5", "mse": "1"}),
    "none": (BOTH, [], {}),
}


@pytest.mark.parametrize(("losses", "given_", "expected"), HIGHEST.values(), ids=HIGHEST)
def test_which_loss_a_limit_is_for(
    losses: list[str], given_: list[str], expected: dict[str, str]
) -> None:
    found = limits_of(iter(losses), {"max-loss": given_, "warn-loss": []}, [], 3)
    numbers = {loss: Decimal(text) for loss, text in expected.items()}
    assert found == Limits({"max-loss": numbers, "warn-loss": {}}, {}, 3)


INCREASES: dict[str, tuple[list[str], list[str], dict[str, tuple[str, bool]]]] = {
    "absolute": (["ce"], ["0.1"], {"ce": ("0.1", False)}),
    "percent": (["ce"], ["2%"], {"ce": ("0.02", True)}),
    "part of a percent": (["ce"], ["0.3%"], {"ce": ("0.003", True)}),
    "for all": (BOTH, ["2%"], {"ce": ("0.02", True), "mse": ("0.02", True)}),
    "each its own": (BOTH, ["ce=2%,mse=0.1"], {"ce": ("0.02", True), "mse": ("0.1", False)}),
    "zero": (["ce"], ["0"], {"ce": ("0", False)}),
    "zero percent": (["ce"], ["0%"], {"ce": ("0", True)}),
    "minus zero": (["ce"], ["-0"], {"ce": ("0", False)}),
    "none": (["ce"], [], {}),
}


@pytest.mark.parametrize(("losses", "given_", "expected"), INCREASES.values(), ids=INCREASES)
def test_an_increase(
    losses: list[str], given_: list[str], expected: dict[str, tuple[str, bool]]
) -> None:
    found = limits_of(losses, {}, given_)
    amounts = {loss: Increase(Decimal(text), part) for loss, (text, part) in expected.items()}
    assert found == Limits({}, amounts, None)


def test_without_an_increase_there_is_none() -> None:
    assert Increase(Decimal(0), relative=True) == NO_INCREASE


WRONG: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "ambiguous": (
        {"highest": {"max-loss": ["0.5"]}},
        "--max-loss '0.5': which loss is it for?",
        "--max-loss ce=0.5,mse=0.5",
    ),
    "half ambiguous": (
        {"highest": {"max-loss": ["mse=1,0.5"]}},
        "--max-loss '0.5': which loss is it for?",
        "--max-loss ce=0.5,mse=0.5",
    ),
    "decimal comma": (
        {"losses": ["ce"], "highest": {"max-loss": ["1,5"]}},
        "--max-loss '1,5' has a comma in a number",
        "did you mean 1.5? Commas part the limits of several losses",
    ),
    "named decimal comma": (
        {"highest": {"max-loss": ["ce=1,5"]}},
        "--max-loss 'ce=1,5' has a comma in a number",
        "did you mean ce=1.5? Commas part the limits of several losses",
    ),
    "decimal comma of the second": (
        {"max_increase": ["ce=1%,mse=0,1"]},
        "--max-increase 'mse=0,1' has a comma in a number",
        "did you mean mse=0.1? Commas part the limits of several losses",
    ),
    "decimal comma of a share": (
        {"max_increase": ["0,5%"]},
        "--max-increase '0,5%' has a comma in a number",
        "did you mean 0.5%? Commas part the limits of several losses",
    ),
    "twice": (
        {"highest": {"max-loss": ["ce=1,ce=1"]}},
        "--max-loss has two limits for ce",
        COMMAS,
    ),
    "twice by options": (
        {"losses": ["ce"], "highest": {"max-loss": ["1", "ce=1"]}},
        "--max-loss has two limits for ce",
        COMMAS,
    ),
    "unknown": (
        {"highest": {"max-stderr": ["mes=1"]}},
        "no loss of this check (--max-stderr) is called 'mes'",
        "did you mean mse?",
    ),
    "not of this check": (
        {"highest": {"max-loss": ["bce=1,huber=2"]}, "losses": ["mae"]},
        "no loss of this check (--max-loss) is called 'bce'",
        "one of: mae",
    ),
    "no name": (
        {"highest": {"max-loss": ["=1"]}},
        "no loss of this check (--max-loss) is called ''",
        "one of: ce, mse",
    ),
    "two names": (
        {"highest": {"max-loss": ["ce=mse=1"]}},
        "no loss of this check (--max-loss) is called 'ce=mse'",
        "one of: ce, mse",
    ),
    "no number": ({"highest": {"max-loss": ["ce="]}}, "--max-loss '' is not a finite number", None),
    "empty": (
        {"losses": ["ce"], "highest": {"max-loss": [""]}},
        "--max-loss '' is not a finite number",
        None,
    ),
    "percent of a limit": (
        {"highest": {"max-loss": ["ce=2%"]}},
        "--max-loss '2%' is not a finite number",
        "write a number such as 0.35: only --max-increase takes a share, of a baseline",
    ),
    "negative": ({"max_increase": ["-0.1"]}, "--max-increase '-0.1': must not be negative", None),
    "negative percent": (
        {"max_increase": ["mse=-1%"]},
        "--max-increase '-1%': must not be negative",
        None,
    ),
    "two percent": (
        {"max_increase": ["2%%"]},
        "--max-increase '2%%' is not a finite number",
        "a number such as 0.01, or a share of the baseline such as 1%",
    ),
    "increase twice": (
        {"max_increase": ["1%", "ce=2%"]},
        "--max-increase has two limits for ce",
        COMMAS,
    ),
    "never warns": (
        {"highest": {"max-loss": ["ce=1,mse=2"], "warn-loss": ["mse=2.5"]}},
        "--warn-loss 2.5 is above --max-loss 2: it would never warn",
        None,
    ),
}


@pytest.mark.parametrize(("asked", "message", "hint"), WRONG.values(), ids=WRONG)
def test_wrong_limits(asked: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        limits_of(**({"losses": BOTH, "highest": {}} | asked))
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize("warn", ["1", "0.9", "-2"])
def test_a_warning_may_be_as_low_as_the_limit(warn: str) -> None:
    found = limits_of(["ce"], {"max-loss": ["1"], "warn-loss": [warn]})
    assert found.highest == {"max-loss": {"ce": Decimal(1)}, "warn-loss": {"ce": Decimal(warn)}}


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        (Limits({}, {}), False),
        (Limits({"max-loss": {}}, {"ce": NO_INCREASE}), False),
        (Limits({"max-loss": {}, "warn-loss": {"ce": Decimal(0)}}, {}), True),
        (Limits({}, {}, min_rows=1), True),
        (Limits({}, {}, min_rows=0), True),
    ],
)
def test_whether_anything_is_asked(limits: Limits, asked: bool) -> None:
    assert bool(limits) is asked


OVERRIDDEN: list[tuple[list[str], list[str], list[str], list[str]]] = [
    (["ce=1,mse=2"], ["ce=3"], ["ce", "mse"], ["mse=2", "ce=3"]),
    (["ce=1", " mse = 2"], ["mse=3"], ["ce"], ["ce=1", "mse=3"]),
    (["1"], ["mse=3"], ["ce"], ["ce=1", "mse=3"]),
    (["2%"], ["mse=3%"], ["ce", "mse"], ["ce=2%", "mse=3%"]),
    (["ce=1,mse=2"], ["3"], ["ce", "mse"], ["3"]),
    (["ce=1"], ["mse=2", "3"], ["ce"], ["mse=2", "3"]),
    (["1"], ["2"], ["ce"], ["2"]),
]


@pytest.mark.parametrize(("given", "by", "losses", "found"), OVERRIDDEN)
def test_limits_that_are_beaten(
    given: list[str], by: list[str], losses: list[str], found: list[str]
) -> None:
    assert overridden(given, by, losses) == found
