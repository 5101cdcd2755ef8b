"""A column of probabilities that is called by the label that is not the event."""

import pandas as pd
import pytest
from conftest import Run, Write

import lossctl

ROWS = [(0.9, "benign"), (0.2, "malignant"), (0.7, "benign"), (0.6, "benign")]
WORDS = pd.DataFrame(ROWS, columns=["p_benign", "label"])
EVAL = ("both.csv", "--target-col", "label", "--loss", "bce", "-q")
NAMED = (*EVAL, "--pred-cols", "p_benign")


@pytest.fixture(autouse=True)
def files(write: Write) -> None:
    write({"both.csv": WORDS.to_csv(index_label="id")})


def test_the_hint_names_the_label_of_the_column(run: Run) -> None:
    refused = run("eval", *NAMED)
    assert refused.code == 3
    assert refused.err.endswith("is predicted: --pos-label benign\n")
    assert run("eval", *NAMED, "--pos-label", "benign").err == ""


def test_the_other_label_is_a_doubt(run: Run) -> None:
    other = (*NAMED, "--pos-label", "malignant")
    told = run("eval", *other)
    assert told.code == 0
    assert "'p_benign' was read as the probability of 'malignant', though its name" in told.err
    assert "if it is that, pass --pos-label benign\n" in told.err
    failed = run("check", *other, "--max-loss", "9")
    assert failed.code == 1
    assert "named-by-other-label" in failed.err
    assert run("check", *other, "--max-loss", "9", "--allow-doubts").code == 0


@pytest.mark.parametrize("name", ["prob_0", "negative", "not_spam"])
def test_what_targets_of_0_mean_is_a_doubt(run: Run, write: Write, name: str) -> None:
    write({"p.csv": f"{name}\n0.1\n0.8\n", "y.csv": "y\n0\n1\n"})
    command = ("p.csv", "y.csv", "--loss", "bce", "-q")
    refused = run("eval", *command)
    assert refused.code == 3
    assert f"name it with --pred-cols {name}\n" in refused.err
    told = run("eval", *command, "--pred-cols", name)
    assert f"{name!r} was read as the probability of '1', though its name says" in told.err
    assert run("check", *command, "--pred-cols", name, "--max-loss", "9").code == 1


def test_what_the_event_is_not_is_a_doubt(run: Run, write: Write) -> None:
    write({"p.csv": "p_not_spam\n0.9\n0.2\n", "y.csv": "y\nletter\nspam\n"})
    command = ("p.csv", "y.csv", "--loss", "bce", "-q", "--pos-label", "spam")
    refused = run("eval", *command)
    assert refused.code == 3
    assert "'p_not_spam' is called by what 'spam' is not, 'letter', but" in refused.err
    assert run("eval", *command[:-1], "letter").err == ""
    told = run("eval", *command, "--pred-cols", "p_not_spam")
    assert "'p_not_spam' was read as the probability of 'spam', though its name" in told.err


@pytest.mark.parametrize("names", [("0", "1"), ("p0", "p1")])
def test_the_first_of_two_that_add_up_to_1_is_a_doubt(
    run: Run, write: Write, names: tuple[str, str]
) -> None:
    """As a data frame of predict_proba has them; columns that do not may be two models."""
    write({"p.csv": ",".join(names) + "\n0.9,0.1\n0.2,0.8\n", "y.csv": "y\n0\n1\n"})
    command = ("p.csv", "y.csv", "--loss", "bce", "-q", "--pred-cols", names[0], "--header")
    told = run("eval", *command)
    assert f"{names[0]!r} was read as the probability of '1', though its name says" in told.err
    assert run("eval", *command[:-2], names[1], "--header").err == ""
    write({"p.csv": ",".join(names) + "\n0.3,0.1\n0.7,0.8\n"})
    assert run("eval", *command).err == ""


def test_a_series_is_called_so_too() -> None:
    p, labels = WORDS["p_benign"], WORDS["label"]
    with pytest.raises(lossctl.DataError, match="'p_benign' is called by the negative label"):
        lossctl.evaluate(p, labels, loss="bce", pos_label="malignant")
    with pytest.raises(lossctl.DataError) as asked:
        lossctl.evaluate(p, labels, loss="bce")
    assert str(asked.value.hint).endswith('is predicted: pos_label="benign"')
    with pytest.warns(lossctl.LossWarning, match="named-by-other-label"):
        lossctl.evaluate(p, labels, loss="bce", pos_label="malignant", pred_cols=1)
    with pytest.raises(lossctl.DataError, match="'prob_0' is called by what targets of 0 mean"):
        lossctl.evaluate(p.rename("prob_0"), [1, 0, 1, 1], loss="bce")
