"""What a terminal is shown, and what is never coloured."""

import re
from collections import Counter

import numpy as np
import pytest
from conftest import Run, RunOnTerminal, Write
from samples import TWICE, plain

EVAL = ("eval", "p.csv", "t.csv", "--loss=mae,ce,mse,bce")
WARNED = f"lossctl: warning: {TWICE}\n"
ESCAPE = "\x1b"


@pytest.mark.usefixtures("pair")
def test_terminal_shows_six_digits_in_colour(run_on_terminal: RunOnTerminal) -> None:
    outcome = run_on_terminal(*EVAL)
    assert (outcome.code, outcome.err) == (0, WARNED)
    assert f"{ESCAPE}[1m" in outcome.out
    assert "0.490414 " in plain(outcome.out)
    assert ESCAPE not in plain(outcome.out)


@pytest.mark.parametrize("columns", [20, 40, 60])
@pytest.mark.usefixtures("pair")
def test_narrow_terminal_loses_no_digit(run_on_terminal: RunOnTerminal, columns: int) -> None:
    wide = plain(run_on_terminal(*EVAL, columns=200).out)
    narrow = plain(run_on_terminal(*EVAL, columns=columns).out)
    there, here = (Counter(re.findall(r"\S*[0-9]\S*", text)) for text in (wide, narrow))
    assert there <= here, narrow
    assert set(here - there) <= {"1", "2"}, narrow  # a table that is folded has its rows again


NO_COLOUR: dict[str, tuple[list[str], dict[str, str]]] = {
    "NO_COLOR": ([], {"NO_COLOR": "1"}),
    "NO_COLOR-and-FORCE_COLOR": ([], {"NO_COLOR": "1", "FORCE_COLOR": "1"}),
    "TERM": ([], {"TERM": "dumb"}),
    "option": (["--no-color"], {}),
    "option-and-FORCE_COLOR": (["--no-color"], {"FORCE_COLOR": "1"}),
    "tsv": (["--format=tsv"], {}),
    "quiet": (["-q"], {}),
}


@pytest.mark.parametrize(("options", "env"), NO_COLOUR.values(), ids=NO_COLOUR)
@pytest.mark.usefixtures("pair")
def test_no_colour_on_a_terminal(
    run_on_terminal: RunOnTerminal, options: list[str], env: dict[str, str]
) -> None:
    outcome = run_on_terminal(*EVAL, *options, env=env)
    assert (outcome.code, outcome.err[-len(WARNED) :]) == (0, WARNED)
    assert ("note: mae: " in outcome.err) is ("--format=tsv" in options)
    assert ESCAPE not in outcome.err
    assert "0." in outcome.out
    assert ESCAPE not in outcome.out


@pytest.mark.usefixtures("pair")
def test_force_color_in_a_pipe(run: Run) -> None:
    coloured, without = run(*EVAL, env={"FORCE_COLOR": "1"}), run(*EVAL)
    assert ESCAPE in coloured.out
    assert plain(coloured.out) == without.out


IN_CI = {
    "table": (*EVAL,),
    "md": (*EVAL, "--format=md"),
    "help": ("--help",),
    "eval-help": ("eval", "--help"),
    "losses": ("losses",),
    "usage-error": ("eval", "p.csv", "--worst=x"),
    "data-error": ("eval", "p.csv", "p.csv", "--loss=mae"),
}


@pytest.mark.parametrize("arguments", IN_CI.values(), ids=IN_CI)
@pytest.mark.usefixtures("pair")
def test_github_turns_no_colour_on(run: Run, arguments: tuple[str, ...]) -> None:
    there = run(*arguments, env={"GITHUB_ACTIONS": "true", "CI": "true", "COLUMNS": "20"})
    assert ESCAPE not in there.out + there.err
    if "help" not in arguments[-1]:
        assert there == run(*arguments, env={"COLUMNS": "20"})


def whole_numbers(text: str) -> Counter[str]:
    """Count the words with a decimal point; a number that was split is another word."""
    return Counter(word for word in plain(text).split() if re.fullmatch(r"-?\d+\.[\de+-]*", word))


def test_narrow_terminal_splits_no_number(run_on_terminal: RunOnTerminal, write: Write) -> None:
    y, d = np.random.default_rng(1).dirichlet([0.2] * 3, (2, 8))
    write({"p.npy": y, "t.npy": d})
    arguments = ("eval", "p.npy", "t.npy", "--loss=mae,mse,ce")
    wide, narrow = (run_on_terminal(*arguments, columns=columns).out for columns in (200, 40))
    assert sum(whole_numbers(wide).values()) >= 8 * 3 + 3 * 4
    assert whole_numbers(narrow) == whole_numbers(wide), narrow
