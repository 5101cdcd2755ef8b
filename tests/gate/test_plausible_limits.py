"""Limits that could never hold, increases that are odd, and numbers that would look alike."""

import json
from pathlib import Path

import numpy as np
import pytest
from baselines import CHECK, entry, judged, ratchet
from conftest import Run, Write

pytestmark = pytest.mark.usefixtures("folder")  # the mae of p.csv against t.csv is 1.5
TWO = {"y2.csv": "a,b\n0.5,0.5\n0.25,0.75\n", "d2.csv": "a,b\n1,0\n0,1\n"}
CE = ("check", "y2.csv", "d2.csv", "--loss=ce")
UPDATE = "to hold it there: the same command with --update-baseline"


# Below the least value of a loss.


@pytest.mark.parametrize("loss", ["mae", "mse"])
@pytest.mark.parametrize("rule", ["max-loss", "warn-loss", "max-sample", "max-stderr"])
def test_a_limit_below_0_could_never_hold(run: Run, loss: str, rule: str) -> None:
    outcome = run("check", "p.csv", "t.csv", f"--loss={loss}", f"--{rule}=-1e-300")
    said = f"--{rule} -1E-300 is below 0, than which nothing is lower: it could never pass"
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0] == f"lossctl: error: {said}"
    assert outcome.err.splitlines()[1].startswith("lossctl: hint: ")
    assert outcome.err.splitlines()[1].endswith(" is 0 at its least")
    assert run("check", "p.csv", "t.csv", f"--loss={loss}", f"--{rule}=0").code in (0, 1)


@pytest.mark.parametrize("loss", ["ce", "bce"])
def test_a_log_loss_may_be_as_low_as_the_guard(run: Run, write: Write, loss: str) -> None:
    write(TWO | {"y2.csv": TWO["d2.csv"]})
    check = ("check", "y2.csv", "d2.csv", f"--loss={loss}", "--allow-doubts")
    codes = {limit: run(*check, f"--max-loss={limit}").code for limit in ("-9e-8", "-1.9e-7")}
    assert codes == {"-9e-8": 0, "-1.9e-7": 1 if loss == "ce" else 0}  # two components of bce
    least = "-3e-6" if loss == "ce" else "-0.2"  # of a bce of a million components
    assert run(*check, f"--max-loss={least}").code == 2
    assert run(*check, "--max-stderr=-1e-9").code == 2
    assert run(*check, "--max-stderr=0").code == 0


ABOVE_1 = [[1 + 9e-7, 0], [0, 1 + 9e-7]]
"""What low precision makes of probabilities of 1."""
ROUGH = [[0.75, 0.25], [0.5, 0.509]], [[0.75, 0.25], [0.491, 0.5]]


@pytest.mark.parametrize(
    ("asked", "y", "d"),
    [
        (("ce", "probs"), ABOVE_1, [[1, 0], [0, 1]]),
        (("perplexity", "probs"), ABOVE_1, [[1, 0], [0, 1]]),
        (("ce", "log-probs"), [[9e-7, -40], [-40, 9e-7]], [[1, 0], [0, 1]]),
        (("kl", "probs"), *ROUGH),
        (("kl", "logits"), np.log(ROUGH[0]), ROUGH[1]),
        (("kl", "log-probs"), np.log(ROUGH[0]), ROUGH[1]),
    ],
)
def test_a_baseline_may_be_as_low_as_a_loss_is_where_probabilities_are_a_little_off(
    run: Run, tmp_path: Path, asked: tuple[str, str], y: object, d: object
) -> None:
    loss, scale = asked
    np.save(tmp_path / "y.npy", np.array(y, np.float64))
    np.save(tmp_path / "d.npy", np.array(d, np.float64))
    check = ("check", "y.npy", "d.npy", f"--loss={loss}", f"--from={scale}", "--allow-doubts")
    made = run(*check, "--update-baseline", "--baseline=b.json")
    assert (made.code, run(*check, "--baseline=b.json").code) == (0, 0), made.err
    mean = json.loads(run(*check, "--max-loss=9", "--format=json").out)["checks"][0]["verdicts"]
    assert mean[0]["value"] < (1.0 if loss == "perplexity" else 0.0)


def test_a_limit_of_a_function_of_a_mean_is_told_by_that_function(run: Run, write: Write) -> None:
    write(TWO)
    check = ("check", "y2.csv", "d2.csv", "--loss=perplexity")
    outcome = run(*check, "--max-loss=0.9")
    assert outcome.code == 2
    assert "0.9 is below 0.999998, than which nothing is lower" in outcome.err
    assert run(*check, "--max-loss=1").code == 1


@pytest.mark.parametrize(("loss", "inner"), [("perplexity", "ce"), ("rmse", "mse")])
def test_a_function_of_a_mean_has_no_limit_of_each_sample(
    run: Run, write: Write, loss: str, inner: str
) -> None:
    write(TWO)
    check = ("check", "y2.csv", "d2.csv")
    outcome = run(*check, f"--loss={loss}", "--max-sample=0.9")
    assert outcome.code == 2
    assert f"--max-sample: a sample has no {loss}, which is a function of the mean" in outcome.err
    assert f"--loss {loss},{inner} --max-sample {inner}=X" in outcome.err
    assert run(*check, f"--loss={loss},{inner}", f"--max-sample={inner}=0.9").code == 0
    asked = run(*check, f"--loss={loss},{inner}", "--max-sample=0.9")
    assert (asked.code, f"hint: --max-sample {inner}=0.9\n" in asked.err) == (2, True)


def test_such_a_limit_is_refused_in_a_file_before_anything_is_read(run: Run, write: Write) -> None:
    check = "[[check]]\nname='a'\npredictions='none.csv'\ntargets='t.csv'\nloss='mae,mse'\n"
    write({"lossctl.toml": check + "max-loss = {mae = 1, mse = -0.5}\n"})
    outcome = run("check")
    assert (outcome.code, outcome.out) == (2, "")
    said = "lossctl.toml:6: check 'a': max-loss = -0.5 is below 0, than which nothing is lower"
    assert outcome.err.startswith(f"lossctl: error: {said}")


# Increases over a baseline.


def held(run: Run, write: Write, mean: float, *more: str) -> tuple[int, list[str], str]:
    """Return the exit code, the messages and the verdict of a check whose baseline is `mean`."""
    write({"base.json": ratchet({"mae": entry(mean=mean)})})
    outcome = judged(run, *more, "--format=json")
    verdict, rows = json.loads(outcome.out)["checks"][0]["verdicts"]
    assert rows["verdict"] == "pass"
    return outcome.code, outcome.err.splitlines(), str(verdict["note"] or verdict["advice"])


@pytest.mark.parametrize(
    ("increase", "much", "meant"),
    [
        *(("10", "more than", "10%"), ("1.6", "more than", "1.6%"), ("1.5", "as much as", "1.5%")),
        *(("1.49", None, None), ("0.1", None, None), ("10%", None, None), ("99.9%", None, None)),
        *(("100%", "as much as", "1%"), ("200%", "more than", "2%"), ("150%", "more than", "1.5%")),
    ],
)
def test_an_increase_as_large_as_the_baseline_itself(
    run: Run, write: Write, increase: str, much: str | None, meant: str | None
) -> None:
    code, messages, note = held(run, write, 1.5, f"--max-increase={increase}")
    said = f"--max-increase {increase} is {much} the baseline itself: did you mean {meant}?"
    odd = much is not None
    assert code == 0
    assert messages == ([f"lossctl: warning: {said}"] if odd else [])
    assert note == (said if odd else "None")
    shown = judged(run, f"--max-increase={increase}").out.splitlines()
    assert shown[0] == f"1 check: 1 passed{' with a warning' if odd else ''}"
    (verdict,) = (cells[0] for line in shown if "max-increase" in (cells := line.split())[1:])
    assert verdict == ("warn" if odd else "pass")


def test_of_a_baseline_of_0_every_increase_is_more(run: Run, write: Write) -> None:
    assert held(run, write, 0.0, "--max-increase=10")[:2] == (0, [])


def test_a_baseline_below_0_has_a_size_too(run: Run, write: Write) -> None:
    write({"y2.csv": TWO["d2.csv"], "d2.csv": TWO["d2.csv"]})
    report = run("eval", "y2.csv", "d2.csv", "--loss=ce", "--format=json", "-o", "base.json")
    assert report.code == 0
    said = "--max-increase 200% is more than the baseline itself: did you mean 2%?"
    assert said in run(*CE, "--baseline=base.json", "--max-increase=200%").err
    assert said not in run(*CE, "--baseline=base.json", "--max-increase=2%").err


@pytest.mark.parametrize(
    ("mean", "fell"),
    [(3.0, "50%"), (1.6, "6.25%"), (1.5152, "1%"), (1.5150, None), (1.5, None), (1.4999, None)],
)
def test_a_loss_that_fell_by_a_hundredth(
    run: Run, write: Write, mean: float, fell: str | None
) -> None:
    code, messages, advice = held(run, write, mean, "--max-increase=9%")
    said = f"mae fell by {fell} from its baseline: {UPDATE}"
    assert code == 0
    assert messages == ([f"lossctl: note: {said}"] if fell else [])
    assert advice == (said if fell else "None")


def test_where_the_note_is_told(run: Run, write: Write) -> None:
    write({"base.json": ratchet({"mae": entry(mean=3)})})
    outcome = run(
        *(*CHECK, "--baseline=base.json", "-fmd", "--junit=out.xml"),
        env={"GITHUB_ACTIONS": "true"},
    )
    said = f"mae fell by 50% from its baseline: {UPDATE}"
    assert outcome.code == 0
    told = "::notice file=p.csv,title=lossctl%3A p.csv"
    assert f"{told}::check 'p.csv': {said.replace('%', '%25')}" in outcome.err
    assert f"- **p.csv**: note: {said}\n" in outcome.out
    assert f"note: {said}" in (write({}) / "out.xml").read_text()
    assert "fell by" not in run(*CHECK, "--update-baseline").err


def test_delta_in_percent_of_the_baseline(run: Run, write: Write) -> None:
    for mean, percent, shown in (
        (1.0, 50.0, "+50"),
        (1.4, 100 / 14, "+7.14"),
        (0.5, 200.0, "+200"),
    ):
        write({"base.json": ratchet({"mae": entry(mean=mean)})})
        check = json.loads(judged(run, "--format=json").out)["checks"][0]
        assert check["verdicts"][0]["delta_percent"] == pytest.approx(percent, rel=1e-12)
        header, _, line = judged(run).out.splitlines()[1:]
        assert (header.split()[-1], line.split()[-1]) == ("%", shown)
    write({"base.json": ratchet({"mae": entry(mean=0)})})
    check = json.loads(judged(run, "--format=json").out)["checks"][0]
    assert check["verdicts"][0]["delta_percent"] is None
    assert "%" not in judged(run).out


# Numbers in messages.


def test_messages_have_the_digits_of_the_table(run: Run, write: Write) -> None:
    write({"p.csv": "y\n0.142857142857\n", "t.csv": "y\n0\n"})
    limit = ("--max-loss=0.1",)
    for digits, value in (("6", "0.142857"), ("3", "0.143"), ("full", "0.142857142857")):
        outcome = run(*CHECK, *limit, f"--digits={digits}")
        said = f"Loss(W) of mae is {value}, above max-loss 0.1"
        assert outcome.err.splitlines()[0] == f"lossctl: error: {said}"
        assert outcome.out.splitlines()[-1].split()[-2:] == [value, "0.1"]
    exact = run(*CHECK, *limit, "--format=json")
    assert exact.err.startswith("lossctl: error: Loss(W) of mae is 0.142857")
    (verdict,) = json.loads(exact.out)["checks"][0]["verdicts"]
    assert verdict["message"] == "Loss(W) of mae is 0.142857142857, above max-loss 0.1"


LOOK_ALIKE = {
    "0.30000000000000004": ("0.3", "0.30000000000000004"),
    "0.30000001": ("0.3", "0.30000001"),
    "0.3000004": ("0.3", "0.3000004"),
    "0.300001": ("0.3", "0.300001"),
    "123456789": ("123456788", "123456789"),
}


@pytest.mark.parametrize(("value", "numbers"), LOOK_ALIKE.items(), ids=LOOK_ALIKE)
@pytest.mark.parametrize("rule", ["max-loss", "warn-loss"])
def test_more_digits_where_value_and_limit_would_look_alike(
    run: Run, write: Write, value: str, numbers: tuple[str, str], rule: str
) -> None:
    write({"p.csv": f"y\n{value}\n", "t.csv": "y\n0\n"})
    limit, shown = numbers
    outcome = run(*CHECK, f"--{rule}={limit}")
    assert outcome.code == (rule == "max-loss")
    said = outcome.err.splitlines()[0].partition("Loss(W) of ")[2]
    assert said == f"mae is {shown}, above {rule} {limit}"
    assert outcome.out.splitlines()[-1].split()[-2:] == [shown, limit]


def test_what_passes_may_look_like_its_limit(run: Run, write: Write) -> None:
    write({"p.csv": "y\n0.29999999\n", "t.csv": "y\n0\n"})
    outcome = run(*CHECK, "--max-loss=0.3")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[-1].split()[-2:] == ["0.3", "0.3"]
