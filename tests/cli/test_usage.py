"""Help, the version, usage errors, and how errors are said: `--debug`, text that is not ours."""

import re
import sys

import pytest
from conftest import Outcome, Run, Write

from lossctl.base.wording import either
from lossctl.losses import LOSSES, entry
from lossctl.renderers import ROW_FORMATS

ROW_FILES = either(entry.extension for entry in ROW_FORMATS.values())


def test_version(run: Run) -> None:
    outcome = run("--version")
    assert (outcome.code, outcome.err) == (0, "")
    parser = r"\(text is parsed (in C\+\+|with pandas: there is no parser in C\+\+)\)"
    assert re.fullmatch(rf"lossctl \d+\.\d+\.\d+ {parser}\n", outcome.out)
    assert run("-m", "lossctl", "--version", program=(sys.executable,)) == outcome


@pytest.mark.parametrize("arguments", [[], ["eval"], ["losses"]], ids=["lossctl", "eval", "losses"])
def test_help(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments, "-h")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(" ".join(["Usage: lossctl", *arguments]))
    assert outcome == run(*arguments, "--help")
    assert outcome == run("-m", "lossctl", *arguments, "-h", program=(sys.executable,))


CLASSES = ["--classes", "a,b,c"]
USAGE = {
    "command": (["evil"], "no command is called 'evil'\nlossctl: hint: did you mean eval?"),
    "loss": (["--loss=bcee"], "no loss is called 'bcee'\nlossctl: hint: did you mean bce?"),
    "no-such-loss": (
        ["--loss=zzz"],
        f"no loss is called 'zzz'\nlossctl: hint: one of: {', '.join(LOSSES)}",
    ),
    "format": (["-f", "jsn"], "no format is called 'jsn'\nlossctl: hint: did you mean json?"),
    "delimiter": (
        ["--delimiter=tba"],
        "--delimiter: no delimiter is called 'tba'\nlossctl: hint: did you mean tab?",
    ),
    "digits-0": (["--digits=0"], "--digits '0': a number from 1 to 17, or full"),
    "digits-18": (["--digits=18"], "--digits '18': a number from 1 to 17, or full"),
    "digits-of-json": (
        ["--digits=3", "--format=json"],
        "--digits: json is for programs; its numbers are never rounded",
    ),
    "rows": (["--rows=-1"], "--rows '-1': a number from 0 to 1000, or all"),
    "quiet-format": (
        ["-q", "-f", "md", "-o", "r.md"],
        "-q asks for bare numbers in 'r.md', and --format for a report\n"
        "lossctl: hint: leave out one of the two",
    ),
    "quiet-unknown-format": (
        ["-q", "-f", "jsn"],
        "no format is called 'jsn'\nlossctl: hint: did you mean json?",
    ),
    "file-called-as-a-format": (
        ["-o", "json"],
        "--output 'json' would be a file of this name\n"
        "lossctl: hint: did you mean --format json? For a file called so pass --output ./json",
    ),
    "table-in-a-csv": (
        ["-f", "table", "-o", "w.csv"],
        "--format table is for people, and 'w.csv' is called as csv is\n"
        "lossctl: hint: leave --format out for csv, or name a file that ends in .txt",
    ),
    "worst-and-rows": (
        ["--worst=3", "--rows=5", "-f", "tsv"],
        "--worst and --rows: each selects the rows of tsv, so choose one",
    ),
    "rows-of-json": (["--rows=5", "-f", "json"], "--rows: json has no per-sample rows"),
    "per-sample-json": (
        ["--per-sample=rows.json"],
        "--per-sample 'rows.json': none of its formats has this extension\n"
        f"lossctl: hint: name a file that ends in {ROW_FILES}",
    ),
    "classes": (CLASSES, "--classes names 3 columns, but p.csv has 2"),
    "classes-and-header": (
        ["--classes=dog,cat"],
        "--classes has the names in the header of p.csv in another order\n"
        "lossctl: hint: it renames the columns in the order they stand in; leave it out, and "
        "they go by "
        "their own names",
    ),
    "escape": (
        ["--loss=\x1b[31m"],
        f"no loss is called '\\x1b[31m'\nlossctl: hint: one of: {', '.join(LOSSES)}",
    ),
}


@pytest.mark.parametrize(("options", "message"), USAGE.values(), ids=USAGE)
@pytest.mark.usefixtures("pair")
def test_usage_error(run: Run, options: list[str], message: str) -> None:
    arguments = (
        options if options == ["evil"] else ["eval", "p.csv", "t.csv", "-l", "mae", *options]
    )
    outcome = run(*arguments)
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"lossctl: error: {message}\n")


QUIET = (["-f", "json"], ["--rows=0"], ["--worst=0"], ["-f", "table", "--worst=3", "--rows=all"])


@pytest.mark.parametrize("beside", QUIET, ids=" ".join)
@pytest.mark.usefixtures("pair")
def test_quiet_wins_over_what_is_said_of_a_report(run: Run, beside: list[str]) -> None:
    bare = ("eval", "p.csv", "t.csv", "-l", "mae", "-q")
    assert run(*bare, *beside) == run(*bare)
    assert run(*bare).code == 0


SLIPS = {
    ("--from-logits",): "did you mean --from logits?",
    ("--nan-skip",): "did you mean --nan skip?",
    ("--json",): "did you mean --format json or --format-in json?",
    ("--mse",): "did you mean --loss mse?",
    ("--metric=mae",): "did you mean --loss?",
    ("--scoring=mae",): "did you mean --loss?",
    ("--sep=;",): "did you mean --delimiter?",
    ("--threshold=3",): "a limit is for lossctl check: --max-loss",
    ("-worst", "10"): "did you mean --worst?",
    ("-loss", "mae"): "did you mean --loss?",
    ("-l", "mse", "mae"): "several losses have commas between them: --loss mse,mae",
    ("--missing=skip",): "did you mean present?",
    ("--repeated-ids=drop",): "did you mean first?",
}


@pytest.mark.parametrize(("options", "hint"), SLIPS.items(), ids=str)
@pytest.mark.usefixtures("pair")
def test_options_as_others_have_them(run: Run, options: tuple[str, ...], hint: str) -> None:
    loss = [] if {"-l", "-loss"} & {*options} else ["--loss=mae"]
    outcome = run("eval", "p.csv", "t.csv", *loss, *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[1:] == [f"lossctl: hint: {hint}"]


def test_a_threshold_of_a_check_is_its_limit(run: Run) -> None:
    outcome = run("check", "p.csv", "t.csv", "--loss=mae", "--threshold=3")
    assert outcome.err.splitlines()[1:] == ["lossctl: hint: did you mean --max-loss?"]


def test_a_value_that_begins_like_an_option_is_one_behind_an_equals_sign(
    run: Run, write: Write
) -> None:
    write({"p.csv": "0.5\n0.5\n", "t.csv": "a\n-id\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss=bce", "--pos-label=a", "--ignore-label=-id")
    assert (outcome.code, outcome.err.count("warning")) == (0, 1)


@pytest.mark.parametrize("arguments", [("-V",), ("version",)], ids=str)
def test_the_version_as_others_ask_for_it(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments) == run("--version")
    assert run("--version").code == 0


def test_columns_that_are_named_one_by_one_are_all_meant(run: Run, write: Write) -> None:
    write({"p.csv": "ham,x,spam\n0.9,7,0.1\n", "t.csv": "ham\n"})
    both = run("eval", "p.csv", "t.csv", "--loss=ce", "--pred-cols=ham,spam")
    assert both.code == 0
    found = run("eval", "p.csv", "t.csv", "--loss=ce", "--pred-cols=ham", "--pred-cols=spam")
    assert found == both


@pytest.mark.parametrize("name", LOSSES)
def test_what_is_told_of_a_loss_ends_in_an_example_that_holds(run: Run, name: str) -> None:
    *facts, command, number = run("losses", name).out.splitlines()
    assert facts[0].startswith(f"{name}: ")
    assert any(
        line.split() == ["formula", *entry(name).formula.text.split()] for line in facts
    ) or any(line.startswith("  probs ") for line in facts)
    shell = command.removeprefix("  $ ")
    assert run(shell, program=("bash", "-c")).out == f"{number.strip()}\n"


def test_the_losses_are_listed_by_their_families(run: Run) -> None:
    lines = run("losses").out.splitlines()
    families = {line.rstrip(":") for line in lines if not line.startswith(" ")}
    assert families == {entry(name).family for name in LOSSES}
    assert [line.split()[0] for line in lines if line.startswith(" ")] == list(LOSSES)


def test_an_unknown_loss_is_not_told(run: Run) -> None:
    assert run("losses", "cee").err.splitlines()[1:] == ["lossctl: hint: did you mean ce?"]


PARSING = {
    "option": (["eval", "p.csv", "t.csv", "--los", "mae"], "--loss"),
    "version": (["--verison"], "--version"),
    "no-targets": (["eval", "p.csv", "--loss=mae"], "--target-col"),
    "no-loss": (["eval", "p.csv", "t.csv"], "--loss"),
    "no-value": (["eval", "p.csv", "t.csv", "--loss"], "--loss"),
    "one-more": (["eval", "p.csv", "t.csv", "u.csv", "--loss=mae"], "(u.csv)"),
    "no-integer": (["eval", "p.csv", "t.csv", "--loss=mae", "--worst=x"], "--worst"),
    "out-of-range": (["eval", "p.csv", "t.csv", "--loss=mae", "--jobs=0"], "--jobs"),
    "nan": (["eval", "p.csv", "t.csv", "--loss=ce", "--sum-tolerance=nan"], "--sum-tolerance"),
}


@pytest.mark.parametrize(("arguments", "named"), PARSING.values(), ids=PARSING)
@pytest.mark.usefixtures("pair")
def test_usage_error_in_our_form(run: Run, arguments: list[str], named: str) -> None:
    outcome = run(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("lossctl: error: ")
    assert named in outcome.err
    assert "Traceback" not in outcome.err


def test_ce_of_one_column_points_to_bce(run: Run, write: Write) -> None:
    write({"p.csv": "0.9\n0.2\n", "t.csv": "1\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "ce")
    message = "ce needs a column for each class, but p.csv has one column"
    hint = "for the probability of one class use --loss bce; predictions come first, and is "
    hint += "the delimiter right?"
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == f"lossctl: error: {message}\nlossctl: hint: {hint}\n"


HEADERS = {
    "escape": ("\x1b[31mred", "\\x1b[31mred"),
    "markup": ("[red]", "[red]"),
    "closing-markup": ("[/foo]", "[/foo]"),
    "bidi": ("\u202egnp", "\\u202egnp"),
    "C1": ("\x9b31m", "\\x9b31m"),
    "bell": ("\x07", "\\x07"),
}


@pytest.mark.parametrize(("header", "shown"), HEADERS.values(), ids=HEADERS)
def test_header_text_is_shown_never_obeyed(run: Run, write: Write, header: str, shown: str) -> None:
    write({"p.csv": f"a,{header}\n1,1x\n", "t.csv": "1,0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss", "mae", env={"FORCE_COLOR": "1"})
    assert (outcome.code, outcome.out) == (3, "")
    told = f"p.csv:2: column \"{shown}\": '1x' is not a number"
    assert outcome.err == f"lossctl: \x1b[1;31merror:\x1b[0m {told}\n"


ERRORS = {
    "data": ("eval", "p.csv", "t.csv", "--loss=mae,ce,mse,bce"),
    "file": ("eval", "none.csv", "t.csv", "--loss=mae"),
    "usage": ("evil",),
}


@pytest.mark.parametrize("arguments", ERRORS.values(), ids=ERRORS)
def test_traceback_only_with_debug(run: Run, write: Write, arguments: tuple[str, ...]) -> None:
    write({"p.csv": "a,b\n1,x\n", "t.csv": "1,0\n"})
    quiet, loud = run(*arguments), run("--debug", *arguments)
    assert quiet.code == loud.code > 0
    assert "Traceback" not in quiet.err
    assert loud.err.startswith("Traceback")
    assert loud.err.endswith(quiet.err)
    for anywhere in ((*arguments, "--debug"), (arguments[0], "--debug", *arguments[1:])):
        assert run(*anywhere).err.endswith(quiet.err)
        assert run(*anywhere).err.startswith("Traceback")


def test_no_argument_is_answered_with_the_help_on_stderr(run: Run) -> None:
    assert run() == Outcome(2, "", run("--help").out)
    assert run("--debug") == run()
    assert run().err.startswith("Usage: lossctl ")
