"""What changes while it is read is an error; what only gets or loses a name is none."""

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, Write

import lossctl
from lossctl.tables.streams import source as sources
from lossctl.tables.streams.source import Source
from lossctl.tables.streams.state import Descriptor

CHANGED = pytest.raises(lossctl.ResourceError, match="the file changed while it was read")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.csv"
    path.write_bytes(b"old content")
    os.utime(path, (1, 1))
    return path


def times_put_back(path: Path) -> None:
    path.write_bytes(b"new content")
    os.utime(path, (1, 1))


def _new_file_in_its_place(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_bytes(b"new content")
    other.replace(path)


NAMES: dict[str, Callable[[Path], object]] = {
    "replaced": _new_file_in_its_place,
    "removed": Path.unlink,
    "renamed": lambda path: path.rename(path.with_name("renamed.csv")),
    "linked": lambda path: path.with_name("link.csv").hardlink_to(path),
    "read": Path.read_bytes,
}


@pytest.mark.parametrize("how", NAMES)
def test_a_file_whose_names_change_is_read_on(path: Path, how: str) -> None:
    source = Source(str(path))
    NAMES[how](path)
    assert source.read_at(0, 3) == b"old"
    source.close()


@pytest.mark.parametrize("how", NAMES)
def test_a_change_behind_a_change_of_names_is_told(path: Path, how: str) -> None:
    path.with_name("kept.csv").hardlink_to(path)
    source = Source(str(path))
    NAMES[how](path)
    assert source.read_at(0, 3) == b"old"
    times_put_back(path.with_name("kept.csv"))
    with CHANGED:
        source.read_at(0, 3)


def test_a_file_whose_times_were_put_back_has_changed(path: Path) -> None:
    source = Source(str(path))
    times_put_back(path)
    with CHANGED:
        source.read_at(0, 3)
    with CHANGED:
        source.close()


def test_stdin_whose_times_were_put_back_has_changed(path: Path) -> None:
    program = (
        "import os, sys\nfrom lossctl.tables.streams.source import Source\nsource = Source('-')\n"
        "open(sys.argv[1], 'r+b').write(b'new')\nos.utime(sys.argv[1], (1, 1))\nsource.close()\n"
    )
    with path.open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-c", program, path], stdin=stdin, capture_output=True, check=False
        )
    assert b"stdin: the file changed while it was read" in done.stderr


@pytest.fixture
def resting(tmp_path: Path) -> Iterator[list[Source]]:
    """More sources at rest than stay open."""
    found = []
    for number in range(sources._MOST_AT_REST + 5):
        (tmp_path / f"{number}.csv").write_text(f"number {number:02}")
        found.append(Source(str(tmp_path / f"{number}.csv")))
        found[-1].rest()
    yield found
    for source in found:
        source.close()


def open_descriptors() -> int:
    return len(os.listdir("/dev/fd"))


def test_sources_at_rest_are_few_open_and_are_read_all_the_same(resting: list[Source]) -> None:
    before = open_descriptors()
    for _ in range(2):
        for number, source in enumerate(resting):
            assert source.read_at(7, 2) == f"{number:02}".encode()
            source.check()
            assert open_descriptors() == before
    assert pickle.loads(pickle.dumps(resting[0])) is resting[0]


def test_another_file_in_the_place_of_one_at_rest_is_an_error(resting: list[Source]) -> None:
    _new_file_in_its_place(Path(resting[0].path))
    with CHANGED:
        resting[0].read_at(0, 1)
    times_put_back(Path(resting[1].path))
    with CHANGED:
        resting[1].read_at(0, 1)


def test_what_is_closed_is_not_opened_again(resting: list[Source]) -> None:
    resting[0].close()
    with pytest.raises(lossctl.ResourceError, match="Bad file descriptor"):
        resting[0].read_at(0, 1)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("kind", ["npy", "csv", "npz"])
def test_many_shards_under_few_descriptors(run: Run, write: Write, kind: str, jobs: str) -> None:
    folder = write({"t.npy": np.zeros((900, 2))}).parent / "p"
    folder.mkdir()
    for number in range(300):
        values = np.full((3, 2), number / 2)
        if kind == "npz":
            np.savez(folder / f"part-{number}.npz", values)
        elif kind == "npy":
            np.save(folder / f"part-{number}.npy", values)
        else:
            np.savetxt(folder / f"part-{number}.csv", values, delimiter=",")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    outcome = run(
        *("eval", "p", "t.npy", "--loss", "mae", "-q", "--jobs", jobs),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, limits[1])),
    )
    assert (outcome.out, outcome.err) == ("149.5\n", "")


def test_a_descriptor_that_a_signal_kept_from_being_made_has_nothing_to_close() -> None:
    Descriptor.__new__(Descriptor).__del__()
