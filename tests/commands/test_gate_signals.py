"""`lossctl check`, ended by a signal at any moment: all files are whole, and old or new."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import LOSSCTL, environment
from gate_scene import ALL, CODES, GITHUB, Scene, scene_of

from lossctl.base.errors import Terminated, explained

TEMPORARY = ".lossctl."
# Killed while it starts, the interpreter has its own ways to end; what matters is that none is 0.
ENDS = {
    signal.SIGKILL: {-signal.SIGKILL},
    signal.SIGTERM: {-signal.SIGTERM, 143},
    signal.SIGINT: {-signal.SIGINT, 130, 1},
}


def heed() -> None:
    """Have SIGINT heeded, which a shell's background jobs ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def end(scene: Scene, number: int, after: float) -> int:
    """Start a run, send it a signal after so many seconds, and return its exit code."""
    scene.reset()
    with subprocess.Popen(
        [LOSSCTL, *ALL],
        cwd=scene.folder,
        env=environment(GITHUB),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=heed,  # noqa: PLW1509, there are no threads
    ) as process:
        time.sleep(after)
        process.send_signal(number)
        return process.wait(timeout=60)


def sweep(scene: Scene, number: signal.Signals, count: int) -> set[int]:
    """Send a signal at so many moments from the start of a run until after its end."""
    begun = time.monotonic()
    assert end(scene, 0, 0) == scene.code
    duration = time.monotonic() - begun
    chance = random.Random(number)
    found = set()
    for turn in range(count):
        code = end(scene, number, 1.3 * duration * (turn + chance.random()) / count)
        found.add(code)
        assert code in ENDS[number] | {scene.code}
        # A file that is whole has a name of its own for the moment in which it takes its place.
        scene.assert_whole(
            code, lambda name: number == signal.SIGKILL and name.startswith(TEMPORARY)
        )
        for path in scene.folder.glob(f"{TEMPORARY}*"):
            path.unlink()
    return found


@pytest.mark.parametrize(("number", "count"), [("SIGKILL", 50), ("SIGTERM", 14), ("SIGINT", 14)])
def test_a_signal_at_any_moment(tmp_path: Path, number: str, count: int) -> None:
    found = sweep(scene_of(tmp_path, "pass"), signal.Signals[number], count)
    assert found & ENDS[signal.Signals[number]]


@pytest.mark.parametrize("outcome", ["fail", "error"])
@pytest.mark.parametrize("number", ["SIGKILL", "SIGTERM"])
def test_a_signal_never_lets_a_failure_pass(tmp_path: Path, outcome: str, number: str) -> None:
    scene = scene_of(tmp_path, outcome)
    assert sweep(scene, signal.Signals[number], 4) <= {scene.code} | ENDS[signal.Signals[number]]


STEPPER = """
import os, sys
import lossctl.__main__, lossctl.commands.check.command, lossctl.commands.check.checks
import lossctl.renderers.junit, lossctl.renderers.github, lossctl.renderers.table, numpy

class Step:
    number, left = 0, -1
    def reached(self):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), self.number)

step = Step()

def watch(event, details):
    nameless = event == "open" and details[2] & os.O_TMPFILE == os.O_TMPFILE
    if nameless or event in ("os.link", "os.rename"):
        step.reached()

def flushed(run):
    def last(arguments):
        code = run(arguments)
        step.reached()
        return code
    return last

sys.addaudithook(watch)
lossctl.__main__.run = flushed(lossctl.__main__.run)
print(flush=True)
for line in sys.stdin:
    step.number, step.left = map(int, line.split())
    if not os.fork():
        try:
            lossctl.__main__.main()
        except SystemExit as end:
            os._exit(end.code)
        finally:
            os._exit(99)
    print(os.waitstatus_to_exitcode(os.wait()[1]), flush=True)
"""
# Four files are opened without a name; each is then given one, and renamed. Then it is all over.
STEPS = 4 + 2 * 4 + 1


@pytest.fixture(params=CODES)
def scene(tmp_path: Path, request: pytest.FixtureRequest) -> Scene:
    return scene_of(tmp_path, request.param)


@pytest.fixture
def stepper(scene: Scene) -> Iterator["subprocess.Popen[str]"]:
    """Start what runs a check for every line that it reads: a signal, and when to send it."""
    with subprocess.Popen(
        [sys.executable, "-c", STEPPER, *ALL, "--format=json"],
        cwd=scene.folder,
        env=environment(GITHUB),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed,  # noqa: PLW1509, there are no threads
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "\n"
        yield process


@pytest.mark.parametrize(
    ("number", "code"), [("SIGKILL", -9), ("SIGTERM", 143), ("SIGINT", 130)], ids=str
)
def test_a_signal_at_every_step(
    scene: Scene, stepper: "subprocess.Popen[str]", number: str, code: int
) -> None:
    assert stepper.stdin
    assert stepper.stdout
    steps = STEPS - 2 if scene.code else STEPS  # the baseline is opened, and left alone
    killed, strays = number == "SIGKILL", 0
    for step in range(1, steps + 2):
        scene.reset()
        print(signal.Signals[number], step, file=stepper.stdin, flush=True)
        ended = int(stepper.stdout.readline())
        assert ended == (code if step <= steps else scene.code), step
        scene.assert_whole(ended, lambda name: killed and name.startswith(TEMPORARY))
        for path in scene.folder.glob(f"{TEMPORARY}*"):
            path.unlink()
            strays += 1
    assert strays == (steps - 1) // 3 * killed
    stepper.stdin.close()
    assert stepper.stderr
    assert "Traceback" not in stepper.stderr.read()


STARTING = """
import os, signal, sys
from lossctl.__main__ import main

def watch(event, details):
    if event == "open" and details[0] == "/proc/sys/vm/overcommit_memory":
        os.kill(os.getpid(), signal.SIGTERM)

sys.addaudithook(watch)
main()
"""


def test_a_signal_before_the_command_is_no_failed_check(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STARTING, "--version"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
    )
    assert (ended.returncode, ended.stderr) == (-signal.SIGTERM, b"")


@pytest.mark.parametrize("arrived", [KeyboardInterrupt, Terminated])
def test_a_signal_that_python_wrapped_in_an_error_is_still_one(
    arrived: type[BaseException],
) -> None:
    wrapped = RuntimeError("Error calling __set_name__")
    wrapped.__cause__ = arrived()
    with pytest.raises(arrived):
        explained(wrapped)
