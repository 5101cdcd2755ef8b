"""Which names are slips of others."""

import pytest
from conftest import Run, Write

from lossctl.base.wording import nearest

SLIPS = ["pred_odl", "predold", "pred-old", "prd_old", "PRED_OLD"]
OTHERS = ["pred_new", "pred", "pred_old_2", "true_old", "p"]


@pytest.mark.parametrize("word", SLIPS)
def test_letters_inside_a_word_are_a_slip(word: str) -> None:
    assert nearest(word, ["pred_old"]) == "pred_old"


@pytest.mark.parametrize("word", OTHERS)
def test_a_whole_word_makes_another_name(word: str) -> None:
    assert nearest(word, ["pred_old"]) is None


NAMES = ["apple", "banana", "cherry", "versicolor"]
NEAR = {
    **{"appel": "apple", "aple": "apple", "Apple": "apple", "bananna": "banana", "chery": "cherry"},
    **{"versicolour": "versicolor", "verscolour": "versicolor"},
}


@pytest.mark.parametrize(("word", "meant"), NEAR.items())
def test_a_slip_is_near(word: str, meant: str) -> None:
    assert nearest(word, NAMES) == meant


@pytest.mark.parametrize("word", ["grape", "berry", "pear", "peach", "virginica"])
def test_another_word_is_not_near(word: str) -> None:
    assert nearest(word, NAMES) is None


def test_a_label_that_is_far_from_all_classes_gets_their_list(run: Run, write: Write) -> None:
    write({"p.csv": "apple,banana,cherry\n1,0,0\n1,0,0\n", "t.csv": "label\napple\ngrape\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "ce")
    assert refused.code == 3
    classes = "the classes are 'apple', 'banana', 'cherry'"
    assert refused.err.endswith(f"hint: there is no column for 'grape': {classes}\n")


def test_the_column_of_another_model_is_not_offered(run: Run, write: Write) -> None:
    write({"p.csv": "pred_old,x\n1,2\n", "t.csv": "y\n1\n"})
    refused = run("eval", "p.csv", "t.csv", "--loss", "mae", "--pred-cols", "pred_new")
    assert "hint: it has 'pred_old', 'x'" in refused.err


@pytest.mark.parametrize("files", [("p.csv", "t.csv"), ("both.csv", "--target-col", "y")])
def test_of_two_models_one_is_to_be_named(files: tuple[str, ...], run: Run, write: Write) -> None:
    write(
        {
            "p.csv": "pred_old,pred_new\n1,2\n",
            "t.csv": "y\n1.5\n",
            "both.csv": "pred_old,pred_new,y\n1,2,1.5\n",
        }
    )
    refused = run("eval", *files, "--loss", "mae", "--pred-cols", "pred_old,pred_new")
    assert "are the predictions those of several models? Name one with --pred-cols" in refused.err
