"""`lossctl check` when the system fails it: it never says that all passed, nothing is left half."""

import errno
import json
import os
import resource
import sys
from pathlib import Path

import pytest
from conftest import Outcome, Run, Write
from gate_scene import ALL, CODES, GITHUB, OLD, Scene, scene_of
from running import start, write_when_read
from samples import names

NO_SPACE = os.strerror(errno.ENOSPC)
TOO_LARGE = os.strerror(errno.EFBIG)
LIMIT = 100  # bytes: fewer than any output has


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


def lean() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))


@pytest.fixture(params=CODES)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Scene:
    return scene_of(tmp_path, request.param)


@pytest.fixture
def passing(tmp_path: Path) -> Scene:
    return scene_of(tmp_path, "pass")


DEVICES = {
    "output": (("check", "--format=json", "-o/dev/full"), {}),
    "junit": (("check", "--junit=/dev/full"), {}),
    "per-sample": (("check", "--only=b", "--per-sample=/dev/full"), {}),
    "summary": (("check",), {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/dev/full"}),
}


@pytest.mark.parametrize(("arguments", "env"), DEVICES.values(), ids=DEVICES)
def test_full_device(
    run: Run, passing: Scene, arguments: tuple[str, ...], env: dict[str, str]
) -> None:
    outcome = run(*arguments, env=env)
    assert outcome.code == 4
    assert f"lossctl: error: /dev/full: {NO_SPACE}\n" in outcome.err
    written = {} if "--only=b" in arguments else {"rows.tsv": passing.new["rows.tsv"]}
    assert passing.outputs() == OLD | written


def test_full_stdout(run: Run, scene: Scene) -> None:
    for env in ({}, {"PYTHONUNBUFFERED": "1"}):
        with Path("/dev/full").open("wb") as full:
            outcome = run("check", "--junit=out.xml", env=env, stdout=full)
        assert outcome == Outcome(4, "", f"lossctl: error: stdout: {NO_SPACE}\n")


@pytest.mark.parametrize("env", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
def test_disk_that_is_full_half_way_through_stdout(
    run: Run, scene: Scene, env: dict[str, str]
) -> None:
    with (scene.folder / "out.json").open("wb") as file:
        outcome = run("check", "--only=b", "-fjson", env=env, stdout=file, preexec_fn=limited)
    assert outcome == Outcome(4, "", f"lossctl: error: stdout: {TOO_LARGE}\n")
    assert (scene.folder / "out.json").stat().st_size == LIMIT


SINGLE = {
    "out.json": ("--only=b", "-o", "out.json"),
    "out.xml": ("--only=b", "--junit=out.xml"),
    "rows.tsv": ("--only=a",),
    "summary.md": ("--only=b",),
    "lossctl-baseline.json": ("--only=b", "--update-baseline"),
}


@pytest.mark.parametrize(("name", "arguments"), SINGLE.items(), ids=SINGLE)
def test_disk_that_is_full_half_way(
    run: Run, scene: Scene, name: str, arguments: tuple[str, ...]
) -> None:
    env = GITHUB if name == "summary.md" else {}
    scene.reset()
    (scene.folder / "summary.md").write_text("### Other\n")
    outcome = run("check", *arguments, env=env, preexec_fn=limited)
    if scene.code and name == "lossctl-baseline.json":  # which is not written then
        assert outcome.code == scene.code
    else:
        assert outcome.code == 4
        messages = {f"lossctl: error: {name}: {what}" for what in (NO_SPACE, TOO_LARGE)}
        assert messages & set(outcome.err.splitlines())
    assert scene.outputs() == OLD | {"summary.md": b"### Other\n"}


def test_baseline_on_a_device(run: Run, passing: Scene) -> None:
    ended = run("check", "--update-baseline", "--baseline=/dev/null", "--only=b")
    assert (ended.code, ended.err.splitlines()[0]) == (
        3,
        "lossctl: error: /dev/null: is no JSON: Expecting value: line 1 column 1 (char 0)",
    )
    for device in ("/dev/full", "/dev/zero"):  # which never end
        arguments = ("check", "--update-baseline", f"--baseline={device}", "--only=b")
        endless = run(*arguments, preexec_fn=lean)
        assert (endless.code, endless.err.splitlines()[0]) == (
            3,
            f"lossctl: error: {device}: is no JSON: it is longer than 67108864 bytes",
        )
    assert passing.outputs() == OLD


CLOSED = {
    "stdout": (">&-", ("lossctl: error: stdout is closed",), {0: 4, 1: 4, 3: 4}),
    "reader": ("| true; exit ${PIPESTATUS[0]}", (), {0: 141, 1: 141, 3: 141}),
    "stderr": ("2>&-", (), {}),
    "stdin-stderr": ("<&- 2>&-", (), {}),
}


@pytest.mark.parametrize(("redirection", "said", "codes"), CLOSED.values(), ids=CLOSED)
def test_closed_streams(
    run: Run, scene: Scene, redirection: str, said: tuple[str, ...], codes: dict[int, int]
) -> None:
    outcome = run("-c", f"lossctl check --junit=out.xml {redirection}", program=("bash",))
    assert outcome.code == codes.get(scene.code, scene.code)
    assert tuple(outcome.err.splitlines()) == said
    assert bool(outcome.out) is not bool(codes)
    assert "lossctl:" not in outcome.out  # what is for stderr goes nowhere else
    found = scene.outputs()
    for name in ("out.xml", "rows.tsv"):
        assert found.pop(name) in ((OLD[name], scene.new[name]) if codes else (scene.new[name],))
    assert found.items() <= OLD.items()


@pytest.mark.parametrize("redirection", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_matter_to_files(run: Run, scene: Scene, redirection: str) -> None:
    command = f"{' '.join(ALL)} {redirection}"
    assert run("-c", f"lossctl {command}", program=("bash",), env=GITHUB).code == scene.code
    scene.assert_whole(scene.code)


UNWRITABLE = {
    "none/out.xml": "No such file or directory\n"
    "lossctl: hint: that folder does not exist; to make it: mkdir -p none",
    "directory": "Is a directory",
    "zeros.csv/out.xml": "Not a directory",
    "new/": "Is a directory",
}


@pytest.mark.parametrize(("path", "message"), UNWRITABLE.items(), ids=UNWRITABLE)
def test_unwritable_junit(run: Run, scene: Scene, path: str, message: str) -> None:
    (scene.folder / "directory").mkdir()
    scene.inputs.add("directory")
    outcome = run(*ALL, f"--junit={path}", env=GITHUB)
    assert outcome == Outcome(4, "", f"lossctl: error: {path}: {message}\n")
    assert scene.outputs() == OLD


SLOW = """
[[check]]
name = "slow"
predictions = "p.csv"
targets = "slow.csv"
loss = "mae"
max-loss = 9
[[check]]
name = "after"
predictions = "p.csv"
targets = "t.csv"
loss = "mae"
max-loss = 9
"""
CHANGED = "p.csv: the file changed while it was read"
CUTS = {
    "a row": (SLOW, "y\n1\n", [CHANGED, "p.csv has 1 rows and t.csv 2"]),
    "a number": (SLOW, "y\n1\n2", [CHANGED, "p.csv: no newline at the end"]),
    "all": (SLOW, "", [CHANGED, "p.csv: the file is empty"]),
    "between": (SLOW.replace("p.csv", "t.csv", 1), "y\n1\n2", [None, "p.csv: no newline"]),
}


@pytest.mark.parametrize(("config", "rest", "errors"), CUTS.values(), ids=CUTS)
def test_predictions_cut_off_meanwhile(
    folder: Path, write: Write, config: str, rest: str, errors: list[str | None]
) -> None:
    write({"p.csv": "y\n1\n2.5\n", "lossctl.toml": config})
    os.mkfifo(folder / "slow.csv")
    with start(folder, "check", "--format=json", "--junit=out.xml", "--update-baseline") as process:
        writer = write_when_read(folder / "slow.csv", process)
        os.truncate(folder / "p.csv", 0)
        (folder / "p.csv").write_text(rest)
        os.write(writer, b"y\n0\n1\n")  # no copy of t.csv
        os.close(writer)
        out, _ = process.communicate(timeout=60)
    content = json.loads(out)
    assert process.returncode == content["exit_code"] == (4 if CHANGED in errors else 3)
    for check, expected in zip(content["checks"], errors, strict=True):
        assert check["verdict"] == ("error" if expected else "pass")
        assert not expected or check["errors"][0]["message"].startswith(expected)
    assert "lossctl-baseline.json" not in names(folder)


def test_a_pipe_is_not_waited_for_again(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    check = "timeout 30 lossctl check pipe.csv t.csv --loss=mae --max-loss=9 --update-baseline"
    assert run("-c", f"cat p.csv > pipe.csv & {check}", program=("sh",)).code == 0
    (known,) = json.loads((folder / "lossctl-baseline.json").read_text())["checks"].values()
    assert known["losses"]["mae"]["mean"] == 1.5
    assert known["inputs"]["pipe.csv"] is None
    assert len(known["inputs"]["t.csv"]) == 64


@pytest.mark.usefixtures("folder")
def test_out_of_memory(run: Run, write: Write) -> None:
    components = 1 << 22
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': (1, {components})}}"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    config = SLOW.replace('"p.csv"', '"p.npy"', 1).replace('"slow.csv"', '"t.npy"')
    folder = write({"p.npy": content, "t.npy": content, "lossctl.toml": config}).parent
    for name in ("p.npy", "t.npy"):
        os.truncate(folder / name, len(content) + 8 * components)
    limit = 1 << 29
    outcome = run(
        *("check", "--format=json", "--junit=out.xml", "--update-baseline"),
        env={"OPENBLAS_NUM_THREADS": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert outcome.code == 4
    content_ = json.loads(outcome.out)
    assert [check["verdict"] for check in content_["checks"]] == ["error", "pass"]
    assert outcome.err.startswith("lossctl: error: check 'slow': out of memory\n")
    assert "lossctl-baseline.json" not in names(folder)


INTERPRETERS = {
    "-O": (("-O",), {}),
    "-OO -W error": (("-OO", "-W", "error"), {}),
    "unbuffered": ((), {"PYTHONUNBUFFERED": "1"}),
    "dev": (("-X", "dev", "-W", "error"), {}),
}


@pytest.mark.parametrize(("flags", "env"), INTERPRETERS.values(), ids=INTERPRETERS)
def test_other_ways_to_run(
    run: Run, scene: Scene, flags: tuple[str, ...], env: dict[str, str]
) -> None:
    program = (sys.executable, *flags, "-m", "lossctl")
    outcome = run(*ALL, program=program, env=GITHUB | env)
    assert outcome.code == scene.code
    scene.assert_whole(outcome.code)
