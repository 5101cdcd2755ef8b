"""Where results go: new files and old ones, links, pipes, devices, and none at all."""

import errno
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from conftest import Outcome, Run, Write
from samples import BIG, TSV, names

pytestmark = pytest.mark.usefixtures("folder")

EVAL = ("eval", "p.csv", "t.csv", "--loss=mae")
NO_SPACE = os.strerror(errno.ENOSPC)


FILES = {
    "out.tsv": TSV,
    "out.csv": TSV.replace("\t", ","),
    "OUT.TSV": TSV,
    "out.jsonl": '{"row": 1, "mae": 1.0}\n{"row": 2, "mae": 2.0}\n',
}


@pytest.mark.parametrize(("name", "text"), FILES.items(), ids=FILES)
@pytest.mark.parametrize("option", ["-o", "--per-sample"])
def test_format_by_extension(run: Run, folder: Path, option: str, name: str, text: str) -> None:
    outcome = run(*EVAL, option, name)
    assert (outcome.code, outcome.err) == (0, "")
    assert (folder / name).read_text() == text
    assert bool(outcome.out) is (option == "--per-sample")


def test_json_md_and_unknown_extensions(run: Run, folder: Path) -> None:
    for name in ("out.json", "out.md", "out", "out.txt"):
        assert run(*EVAL, "-o", name) == Outcome(0, "", "")
    assert json.loads((folder / "out.json").read_text())["n"] == 2
    assert (folder / "out.md").read_text().startswith("### Loss(W)\n")
    refused = run(*EVAL, "-o", "out.dat")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(
        "lossctl: error: --output 'out.dat': none of its formats has this extension\n"
    )
    for name in ("out.txt", "out"):
        assert (folder / name).read_text() == run(*EVAL).out
    assert (folder / "out.txt").read_text() == run(
        *EVAL, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}
    ).out


def test_format_option_outranks_the_extension(run: Run, folder: Path) -> None:
    assert run(*EVAL, "-o", "out.json", "--format=tsv") == Outcome(0, "", "")
    assert (folder / "out.json").read_text() == TSV
    assert run(*EVAL, "-q", "-o", "bare.txt") == Outcome(0, "", "")
    assert (folder / "bare.txt").read_text() == "1.5\n"


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o077, 0o600)])
def test_mode_of_a_new_file_by_umask(run: Run, folder: Path, umask: int, mode: int) -> None:
    assert run(*EVAL, "-o", "out.tsv", umask=umask).code == 0
    assert stat.S_IMODE((folder / "out.tsv").stat().st_mode) == mode


def test_existing_file_is_replaced_whole(run: Run, folder: Path) -> None:
    path = folder / "out.tsv"
    path.write_text("old\n" * 1000)
    path.chmod(0o604)
    with path.open() as reader:
        assert run(*EVAL, "-o", "out.tsv").code == 0
        assert reader.read() == "old\n" * 1000
    assert path.read_text() == TSV
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.parametrize("exists", [True, False], ids=["file", "dangling"])
def test_symlink_is_followed(run: Run, folder: Path, exists: bool) -> None:
    (folder / "there").mkdir()
    target = folder / "there" / "real.tsv"
    if exists:
        target.write_text("old\n")
    (folder / "out.tsv").symlink_to("there/real.tsv")
    assert run(*EVAL, "-o", "out.tsv").code == 0
    assert (folder / "out.tsv").is_symlink()
    assert target.read_text() == TSV
    assert names(folder / "there") == {"real.tsv"}


FAILURES = {
    "bad-data": (["bad.csv", "t.csv"], 3),
    "row-counts": (["p.csv", "long.csv"], 3),
    "missing-input": (["none.csv", "t.csv"], 4),
    "other-output-fails": (["p.csv", "t.csv", "--per-sample=/dev/full"], 4),
}


@pytest.mark.parametrize(("arguments", "code"), FAILURES.values(), ids=FAILURES)
def test_old_file_survives_a_failure(
    run: Run, folder: Path, arguments: list[str], code: int
) -> None:
    (folder / "long.csv").write_text("y\n" + "0\n" * 9)
    (folder / "old.tsv").write_text("old\n")
    before = names(folder)
    for output in ("old.tsv", "new.tsv"):
        assert run("eval", *arguments, "--loss=mae", "-o", output).code == code
    assert (folder / "old.tsv").read_text() == "old\n"
    assert names(folder) == before


def test_fifo_is_written_through(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "out.tsv")
    with subprocess.Popen(["cat", "out.tsv"], cwd=folder, stdout=subprocess.PIPE) as reader:
        assert run(*EVAL, "-o", "out.tsv") == Outcome(0, "", "")
        assert reader.communicate(timeout=60)[0].decode() == TSV
    assert stat.S_ISFIFO((folder / "out.tsv").stat().st_mode)


def test_dev_null_is_written_through(run: Run) -> None:
    assert run(*EVAL, "-o", "/dev/null", "--format=tsv") == Outcome(0, "", "")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("option", ["-o", "--per-sample"])
@pytest.mark.parametrize("link", ["", "hardlink_to", "symlink_to"])
def test_output_that_is_an_input_is_refused(run: Run, folder: Path, option: str, link: str) -> None:
    name = "link.csv" if link else "./p.csv"
    if link:
        getattr(folder / name, link)(folder / "p.csv")
    outcome = run(*EVAL, option, name)
    message = f"lossctl: error: {name}: is an input, and would be overwritten\n"
    assert outcome == Outcome(2, "", message)
    assert (folder / "p.csv").read_text() == "y\n1\n2\n"


def test_one_file_for_two_outputs_is_refused(run: Run, folder: Path) -> None:
    outcome = run(*EVAL, "-o", "out.tsv", "--per-sample", "./out.tsv")
    assert outcome == Outcome(2, "", "lossctl: error: ./out.tsv: is named for two outputs\n")
    assert "out.tsv" not in names(folder)


@pytest.mark.parametrize(
    "files", [("p.csv", "t.csv"), ("big.npy", "zeros.npy")], ids=["small", "streamed"]
)
def test_no_space(run: Run, write: Write, files: tuple[str, str]) -> None:
    write(BIG)
    arguments = ("eval", *files, "--loss=mae", "--format=tsv")
    assert run(*arguments, "-o", "/dev/full") == Outcome(
        4, "", f"lossctl: error: /dev/full: {NO_SPACE}\n"
    )
    with Path("/dev/full").open("wb") as full:
        assert run(*arguments, stdout=full) == Outcome(
            4, "", f"lossctl: error: stdout: {NO_SPACE}\n"
        )


def test_error_of_one_output_is_not_blamed_on_another(run: Run) -> None:
    outcome = run(*EVAL, "-o", "/dev/null", "--per-sample=/dev/full")
    assert outcome == Outcome(4, "", f"lossctl: error: /dev/full: {NO_SPACE}\n")


def lay_traps(folder: Path) -> None:
    (folder / "directory").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")


TRAPS = {
    "missing": ("none.csv", "No such file or directory"),
    "below-a-file": ("p.csv/x.csv", "Not a directory"),
    "loop": ("loop.csv", "Too many levels of symbolic links"),
    "missing-NPY": ("none.npy", "No such file or directory"),
    "name-too-long": ("x" * 300, "File name too long"),
    "terminal-escape": ("\x1b7.csv", "No such file or directory"),
}


@pytest.mark.parametrize(("name", "message"), TRAPS.values(), ids=TRAPS)
def test_input_that_cannot_be_read(run: Run, folder: Path, name: str, message: str) -> None:
    lay_traps(folder)
    shown = name.replace("\x1b", "\\x1b")
    expected = Outcome(4, "", f"lossctl: error: {shown}: {message}\n")
    assert run("eval", name, "t.csv", "--loss=mae") == expected
    assert run("eval", "t.csv", name, "--loss=mae") == expected


def test_a_file_of_nearly_the_same_name_is_named(run: Run, folder: Path) -> None:
    lay_traps(folder)
    (folder / "preds.csv").write_text("1\n2\n")
    (folder / "targets.csv").symlink_to("preds.csv")
    (folder / "target.csv").symlink_to("nothing.csv")
    for name, meant in (
        ("pred.csv", "preds.csv"),
        ("preds.cvs", "preds.csv"),
        ("./Preds.csv", "./preds.csv"),
        ("targts.csv", "targets.csv"),
        ("target.tsv", "targets.csv"),
        (f"{folder}/pred.csv", f"{folder}/preds.csv"),
    ):
        message = f"{name}: No such file or directory\nlossctl: hint: did you mean '{meant}'?"
        assert run("eval", name, "t.csv", "--loss=mae") == Outcome(
            4, "", f"lossctl: error: {message}\n"
        )
    for name in ("loops.csv", "p1.csv", "none/preds.csv"):  # a link to itself, and other names
        message = f"lossctl: error: {name}: No such file or directory\n"
        assert run("eval", name, "t.csv", "--loss=mae") == Outcome(4, "", message)


TRAPPED = {
    "directory": ("directory", "Is a directory"),
    "below-a-file": ("p.csv/out.tsv", "Not a directory"),
    "loop": ("loop.csv", "Too many levels of symbolic links"),
    "new-directory": ("newdir/", "Is a directory"),
}


@pytest.mark.parametrize(
    "options",
    [
        ("eval", "-o", "no ne/x/out.tsv"),
        ("eval", "--per-sample", "no ne/x/out.tsv"),
        ("check", "--max-loss=9", "-o", "no ne/x/out.json"),
        ("check", "--max-loss=9", "--junit", "no ne/x/out.xml"),
        ("check", "--max-loss=9", "--per-sample", "no ne/x/out.tsv"),
        ("check", "--update-baseline", "--baseline", "no ne/x/out.json"),
    ],
    ids=" ".join,
)
def test_a_folder_that_does_not_exist_is_told_with_how_to_make_it(
    run: Run, folder: Path, options: tuple[str, ...]
) -> None:
    lay_traps(folder)
    command, *rest = options
    call = (command, *EVAL[1:], *rest)
    outcome = run(*call)
    way = "mkdir -p 'no ne/x'"
    assert outcome.code == 4
    assert f": {rest[-1]}: No such file or directory\n" in outcome.err
    assert f"lossctl: hint: that folder does not exist; to make it: {way}\n" in outcome.err
    subprocess.run(way, shell=True, check=True, cwd=folder)
    assert run(*call).code == 0
    assert (folder / rest[-1]).exists()


@pytest.mark.parametrize(("name", "message"), TRAPPED.values(), ids=TRAPPED)
def test_an_output_that_cannot_be_written(run: Run, folder: Path, name: str, message: str) -> None:
    lay_traps(folder)
    before = names(folder)
    assert run(*EVAL, "-o", name) == Outcome(4, "", f"lossctl: error: {name}: {message}\n")
    assert names(folder) == before


def test_rows_as_parquet_are_written_by_pandas(run: Run, write: Write) -> None:
    write({"p.csv": "y\n1\n", "t.csv": "y\n0\n"})
    outcome = run("eval", "p.csv", "t.csv", "--loss=mae", "--per-sample=out/x.parquet")
    assert outcome.code == 2
    assert outcome.err == (
        "lossctl: error: --per-sample 'out/x.parquet': none of its formats has this extension\n"
        "lossctl: hint: name a file that ends in .tsv, .csv or .jsonl; then "
        "pandas.read_csv('out/x.csv').to_parquet('out/x.parquet') converts it\n"
    )
