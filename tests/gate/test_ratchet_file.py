"""The file that the ratchet writes: whole or not at all, and never over what is not its own."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from baselines import CHECK
from conftest import LOSSCTL, Run, Write, environment
from ratchets import FILE, HIGHER, LOWER, means, update
from samples import drop_privileges, names, snapshot

pytestmark = pytest.mark.usefixtures("folder")
SHELL = ("bash", "-c")
CONFIGURED = "[[check]]\nname='{}'\npredictions='{}'\ntargets='t.csv'\n{}\n"


DAMAGED = ["", "{", "[]", "null", "<<<<<<< HEAD\n", '{"schema": 2, "checks": {}}']
DAMAGED += ['{"schema": 1, "checks": []}', '{"schema": 1, "checks": {"b": {}}}']
DAMAGED += ['{"schema": 1, "checks": {"p.csv": {"losses": {"mae": {"mean": NaN}}}}}']
DAMAGED += ['{"schema": 1, "checks": {"b": {"losses": {"mse": {"mean": 1}}}}}']


@pytest.mark.parametrize("more", [[], ["--allow-increase"]], ids=["", "allow-increase"])
@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_file_is_never_overwritten(
    run: Run, write: Write, folder: Path, text: str, more: list[str]
) -> None:
    write({FILE: text})
    before = snapshot(folder)
    outcome = update(run, *more)
    assert (outcome.code, snapshot(folder)) == (3, before)
    assert outcome.err.startswith((f"lossctl: error: {FILE}: is ", f"lossctl: error: {FILE}: has "))


def test_a_report_is_not_what_check_writes(run: Run, write: Write, folder: Path) -> None:
    write({"base.json": run("eval", *CHECK[1:], "--format=json").out})
    before = snapshot(folder)
    outcome = update(run, "--baseline=base.json")
    assert (outcome.code, snapshot(folder)) == (2, before)
    message = "base.json is a report of eval, which check does not write"
    assert outcome.err.splitlines()[:2] == [
        f"lossctl: error: {message}",
        f"lossctl: hint: name another file: --baseline {FILE}",
    ]


@pytest.mark.parametrize("name", ["p.csv", "./t.csv"])
def test_an_input_is_not_overwritten(run: Run, folder: Path, name: str) -> None:
    before = snapshot(folder)
    outcome = update(run, f"--baseline={name}")
    assert (outcome.code, snapshot(folder)) == (2, before)


def test_a_symbolic_link_stays_one(run: Run, folder: Path) -> None:
    (folder / "deep").mkdir()
    assert update(run, "--baseline=deep/base.json").code == 0
    (folder / "link.json").symlink_to("deep/base.json")
    (folder / "p.csv").write_text(LOWER)
    assert update(run, "--baseline=link.json").code == 0
    assert os.readlink(folder / "link.json") == "deep/base.json"
    assert means(folder, "deep/base.json") == {"p.csv": {"mae": 1.0}}
    assert names(folder / "deep") == {"base.json"}


@pytest.mark.parametrize("more", [[], ["--allow-increase"]], ids=["", "allow-increase"])
@pytest.mark.parametrize(
    "name", ["/dev/full", ".", "none/base.json", "p.csv/base.json", "/proc/b.json"]
)
def test_where_it_cannot_be_written(run: Run, folder: Path, name: str, more: list[str]) -> None:
    before = snapshot(folder)
    outcome = update(run, f"--baseline={name}", *more)
    assert outcome.code == (3 if name == "/dev/full" else 4)
    assert f"lossctl: error: {name}: " in outcome.err
    assert snapshot(folder) == before


LIMITED = 'ulimit -f 0; trap "" XFSZ; exec "$@"'


def test_a_full_disk(run: Run, folder: Path) -> None:
    (folder / "p.csv").write_text(HIGHER)
    assert update(run).code == 0
    (folder / "p.csv").write_text(LOWER)
    before = snapshot(folder)
    outcome = update(run, program=("bash", "-c", LIMITED, "bash", "lossctl"))
    assert (outcome.code, outcome.err.splitlines()[-1]) == (
        4,
        f"lossctl: error: {FILE}: File too large",
    )
    assert ": written" not in outcome.err
    assert snapshot(folder) == before


def test_a_folder_that_must_not_be_written_to(run: Run, folder: Path) -> None:
    assert update(run).code == 0
    (folder / "p.csv").write_text(LOWER)
    before = snapshot(folder)
    folder.chmod(0o555)
    outcome = update(run, preexec_fn=drop_privileges)
    assert (outcome.code, outcome.err) == (4, f"lossctl: error: {FILE}: Permission denied\n")
    assert snapshot(folder) == before
    folder.chmod(0o755)
    (folder / FILE).chmod(0o200)
    for options in ([f"--baseline={FILE}"], ["--update-baseline"]):
        outcome = run(*CHECK, *options, preexec_fn=drop_privileges)
        assert (outcome.code, outcome.err.splitlines()[0]) == (
            4,
            f"lossctl: error: {FILE}: Permission denied",
        )
    assert snapshot(folder) == before


def test_a_stream_is_not_read_again_for_its_hash(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    call = "(cat p.csv > pipe &); lossctl check pipe t.csv -lmae --update-baseline"
    assert run(call, program=SHELL).code == 0
    inputs = json.loads((folder / "lossctl-baseline.json").read_text())["checks"]["pipe"]["inputs"]
    assert inputs["pipe"] is None
    assert len(inputs["t.csv"]) == 64


def test_a_file_with_a_number_beyond_float64_is_not_overwritten(
    run: Run, write: Write, folder: Path
) -> None:
    assert run(*CHECK, "--update-baseline").code == 0
    text = (folder / "lossctl-baseline.json").read_text()
    file = write({"lossctl-baseline.json": text.replace('"stderr": 0.5', '"stderr": 1e999')})
    damaged = file.read_text()
    assert run(*CHECK, "--name=other", "--update-baseline").code == 3
    assert file.read_text() == damaged


@pytest.mark.parametrize(
    ("before", "after"),
    [(True, True), (True, False), (False, True)],
    ids=["lowers", "goes", "comes"],
)
def test_a_baseline_that_changes_meanwhile_is_not_overwritten(
    run: Run, folder: Path, before: bool, after: bool
) -> None:
    os.mkfifo(folder / "slow.csv")
    both = CONFIGURED.format("a", "p.csv", "loss='mae'") + CONFIGURED.format(
        "b", "slow.csv", "loss='mae'"
    )
    file = folder / "lossctl-baseline.json"
    assert run(*CHECK, "--name=a", "--update-baseline").code == 0
    lower = file.read_text().replace("1.5", "0.5")
    if not before:
        file.unlink()
    (folder / "lossctl.toml").write_text(both)
    with subprocess.Popen(
        [LOSSCTL, "check", "--update-baseline"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with (folder / "slow.csv").open("w") as slow:  # opens when b is read, a is judged
            if after:
                file.write_text(lower)
            else:
                file.unlink()
            slow.write("y\n1\n2\n")
        err = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert "lossctl-baseline.json: changed meanwhile, and was not written" in err
    assert file.exists() is after
    assert not after or file.read_text() == lower


def test_updates_at_the_same_time_lose_nothing(folder: Path) -> None:
    arguments = [LOSSCTL, *CHECK, "--update-baseline", "--name"]
    names = {f"check {number}" for number in range(6)}
    started = [
        subprocess.Popen([*arguments, name], cwd=folder, stdout=subprocess.DEVNULL)
        for name in names
    ]
    assert [process.wait(timeout=60) for process in started] == [0] * len(names)
    content = json.loads((folder / "lossctl-baseline.json").read_text())
    assert set(content["checks"]) == names
