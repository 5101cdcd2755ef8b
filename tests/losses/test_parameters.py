"""Losses with parameters: how they are written, what they are called, and what is refused."""

import json
import pickle
from typing import Any

import pytest
from conftest import Outcome, Run, Write
from parametrised import COMMAND, HUBER, PLACE

import lossctl
from lossctl.base.errors import UsageError
from lossctl.losses import LOSSES, canonical_name, loss_of, split_losses


@pytest.fixture(autouse=True)
def _with_huber(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LOSSES, "huber", PLACE)


SPLIT = {
    "": [""],
    "ce": ["ce"],
    "ce, mae": ["ce", "mae"],
    "ce,": ["ce", ""],
    "huber:delta=1,gamma=2": ["huber:delta=1,gamma=2"],
    "huber:delta=1, gamma=2 ,mae": ["huber:delta=1,gamma=2", "mae"],
    "mae,huber:delta=1,gamma=2,huber:gamma=3": ["mae", "huber:delta=1,gamma=2", "huber:gamma=3"],
    "0.5": ["0.5"],
    "ce=1,mse=2": ["ce=1", "mse=2"],
    "huber:delta=1,gamma=2=0.5,mae=1": ["huber:delta=1,gamma=2=0.5", "mae=1"],
    "huber:delta=1=0.5,mae=1": ["huber:delta=1=0.5", "mae=1"],
    "mae=1,huber:delta=1=5%,huber:gamma=2=1": ["mae=1", "huber:delta=1=5%", "huber:gamma=2=1"],
    "huber:delta=1,mae=1": ["huber:delta=1,mae=1"],
}


@pytest.mark.parametrize(("text", "items"), SPLIT.items())
def test_commas_behind_a_colon_part_parameters_up_to_a_limit(text: str, items: list[str]) -> None:
    assert split_losses(text) == items


NAMES = {
    "huber": "huber",
    "huber:delta=1.5": "huber",
    "huber:gamma=1,delta=1.50": "huber",
    "huber:delta=1": "huber:delta=1",
    "huber:delta=1.0": "huber:delta=1",
    "huber:delta=1e0,gamma=+1": "huber:delta=1",
    "huber:gamma=2, delta=1": "huber:delta=1,gamma=2",
    "huber:delta=0.1,gamma=0": "huber:delta=0.1,gamma=0",
    "huber:gamma=-0": "huber:gamma=0",
    "huber:delta=.0001": "huber:delta=0.0001",
    "huber:delta=1e-5": "huber:delta=1e-05",
    "huber:delta=1000000": "huber:delta=1000000",
}


@pytest.mark.parametrize(("text", "name"), NAMES.items())
def test_the_same_loss_has_one_name_however_it_is_written(text: str, name: str) -> None:
    assert loss_of(text).name == canonical_name(text) == name
    assert loss_of(name) == loss_of(text) == pickle.loads(pickle.dumps(loss_of(text)))


@pytest.mark.parametrize("text", ["mae", "mea", "huber:dleta=1", "huber:delta=1,mae", "x:y", ""])
def test_what_asks_for_no_loss_stays_as_it_is(text: str) -> None:
    assert canonical_name(text) == text


REFUSED = {
    "huber:delta": ("--loss: 'delta' sets no parameter, or sets it again", None),
    "huber:delta=1,delta=2": ("--loss: 'delta=2' sets no parameter, or sets it again", None),
    "huber:dleta=1": ("no parameter of this loss is called 'dleta'", "did you mean delta?"),
    "huber:delta=0": (
        "--loss 'huber:delta=0': delta is '0', but must be a number from 1e-06 to 1e+06",
        None,
    ),
    "mae:delta=1": ("--loss 'mae:delta=1': this loss has no parameters", None),
    "mae:": ("--loss 'mae:': no parameter stands behind the colon", None),
    "huber: ": ("--loss 'huber: ': no parameter stands behind the colon", None),
}


@pytest.mark.parametrize(("text", "wrong"), REFUSED.items())
def test_wrong_parameters(text: str, wrong: tuple[str, str | None]) -> None:
    with pytest.raises(UsageError) as caught:
        loss_of(text)
    assert caught.value.message == wrong[0]
    if wrong[1] is not None:
        assert caught.value.hint == wrong[1]


def test_a_loss_is_evaluated_once_with_its_parameters() -> None:
    texts = "huber:delta=1,gamma=2,huber:gamma=2.0,delta=1.0,huber,huber:delta=1.5,mae"
    report = lossctl.evaluate([3.0, 0.5], [0.0, 0.0], loss=texts)
    assert {name: one.mean for name, one in report.losses.items()} == {
        "huber:delta=1,gamma=2": (2 * 2.5 + 2 * 0.125) / 2,
        "huber": (1.5 * 2.25 + 0.125) / 2,
        "mae": 1.75,
    }
    listed = lossctl.evaluate([3.0, 0.5], [0.0, 0.0], loss=texts.split(",huber")[:1])
    (one,) = listed.losses.values()
    assert one.signature.endswith("|delta=1.0|gamma=2.0")
    assert HUBER.formula.text == "gamma h(y - d)"


# As the command has it.


@pytest.fixture
def check(run: Run, write: Write) -> Run:
    write({"p.csv": "y\n3\n0.5\n", "t.csv": "y\n0\n0\n"})

    def with_huber(*args: str | bytes, **options: Any) -> Outcome:
        return run("check", *args, program=COMMAND, **options)

    return with_huber


def limits(outcome: Outcome) -> dict[str, object]:
    """Return the limits of the losses, as the report has them."""
    (one,) = json.loads(outcome.out)["checks"]
    return {verdict["loss"]: verdict["limit"] for verdict in one["verdicts"]}


ASKED = {
    "two parameters": ("huber:delta=1,gamma=2=2.75,mae=3", {"huber:delta=1,gamma=2": 2.75}),
    "in another order": ("mae=3,huber:gamma=2.0,delta=1.0=4", {"huber:delta=1,gamma=2": 4}),
}


@pytest.mark.parametrize(("limit", "found"), ASKED.values(), ids=ASKED)
def test_a_limit_of_a_loss_with_two_parameters(
    check: Run, limit: str, found: dict[str, float]
) -> None:
    losses = ("-l", "huber:gamma=2,delta=1", "-l", "mae")
    outcome = check("p.csv", "t.csv", *losses, "--max-loss", limit, "--format=json")
    assert outcome.code == 0, outcome.err
    assert limits(outcome) == found | {"mae": 3}


WITHOUT = {
    "one parameter short": ("huber:delta=1=1", "'huber:delta=1'"),
    "no limit": ("huber:delta=1,gamma=2", "'huber:delta=1,gamma'"),
    "no limit before another": ("huber:delta=1,mae=1", "'huber:delta=1,mae'"),
}


@pytest.mark.parametrize(("limit", "name"), WITHOUT.values(), ids=WITHOUT)
def test_a_limit_of_no_loss_of_the_check_is_refused(check: Run, limit: str, name: str) -> None:
    outcome = check("p.csv", "t.csv", "-lhuber:delta=1,gamma=2,mae", "--max-loss", limit)
    assert outcome.code == 2
    first = outcome.err.splitlines()[0]
    assert first == f"lossctl: error: no loss of this check (--max-loss) is called {name}"


def test_a_file_and_flags_may_write_the_same_loss_otherwise(check: Run, write: Write) -> None:
    file = """
    [[check]]
    name = "a"
    predictions = "p.csv"
    targets = "t.csv"
    loss = "huber:delta=1,gamma=2,mae"
    max-loss = {limit}
    """
    write({"lossctl.toml": file.format(limit='"huber:delta=1.0,gamma=2=1,mae=9"')})
    assert check("--format=json").code == 1
    outcome = check("--max-loss", "huber:gamma=2,delta=1=5", "--format=json")
    assert outcome.code == 0, outcome.err
    assert limits(outcome) == {"mae": 9, "huber:delta=1,gamma=2": 5}
    write({"lossctl.toml": file.format(limit=7)})
    outcome = check("--max-loss", "mae=6", "--format=json")
    assert limits(outcome) == {"mae": 6, "huber:delta=1,gamma=2": 7}


def test_a_baseline_knows_the_loss_however_it_is_written(check: Run) -> None:
    how = ("--baseline", "b.json", "--update-baseline")
    assert check("p.csv", "t.csv", "-lhuber:delta=1,gamma=2", *how).code == 0
    outcome = check(
        *("p.csv", "t.csv", "-lhuber:gamma=2.0,delta=1.0", "--baseline", "b.json"),
        *("--max-increase", "huber:gamma=2,delta=1=0"),
    )
    assert outcome.code == 0, outcome.err + outcome.out
