"""The path of a descriptor, /dev/fd/3, is what the caller opened, never a file of our own."""

from pathlib import Path

import pytest
from conftest import Run
from samples import TSV

pytestmark = pytest.mark.usefixtures("folder")
SHELL = ("bash", "-c")


@pytest.mark.parametrize(
    "call",
    [
        "lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0 3<&-",
        "lossctl check p.csv /dev/stdin --loss mae --max-loss 0 <&-",
        "lossctl check p.csv /dev/fd/0 --loss mae --max-loss 0 <&-",
        "lossctl check p.csv - --loss mae --max-loss 0 <&-",
    ],
)
def test_a_descriptor_that_is_closed_is_not_our_own_file(run: Run, call: str) -> None:
    assert run(call, program=SHELL, stdin=None).code in (3, 4)
    inherited = call.replace("<&-", "<t.csv").replace("--max-loss 0", "--max-loss 1.5")
    assert run(inherited, program=SHELL, stdin=None).code == 0


NOT_GIVEN = [
    "lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0.1",
    "lossctl check p.csv /dev/fd/100 --loss mae --max-loss 0.1",
    "lossctl check p.csv /proc/self/fd/4 --loss mae --max-loss 0.1",
    "ulimit -n 64; lossctl check p.csv /dev/fd/3 --loss mae --max-loss 0.1",
    "lossctl eval p.csv /dev/fd/3 --loss mae",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o out.txt --junit /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 --junit out.xml -o /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --update-baseline -o /dev/fd/3",
    "lossctl eval p.csv t.csv --loss mae -o r.txt --per-sample /dev/fd/3",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/stdout >&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/fd/1 >&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 -o /dev/fd/0 <&-",
    "lossctl check p.csv t.csv --loss mae --max-loss 2 --junit /dev/stderr 2>&-",
    "lossctl eval p.csv t.csv --loss mae -o /dev/stdout >&-",
    "GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=/dev/stderr "
    "lossctl check p.csv t.csv --loss mae --max-loss 2 2>&-",
]


@pytest.mark.parametrize("call", NOT_GIVEN)
def test_a_descriptor_that_was_not_given_is_refused(run: Run, folder: Path, call: str) -> None:
    before = {path.name for path in folder.iterdir()}
    assert run(f"exec 3>&- 4>&-; {call}", program=SHELL).code == 4
    assert {path.name for path in folder.iterdir()} == before


def test_a_descriptor_that_was_given_is_read_and_written(run: Run, folder: Path) -> None:
    call = "lossctl eval p.csv /dev/fd/5 --loss mae --format tsv -o /dev/fd/6 5<t.csv 6>out.txt"
    assert run(call, program=SHELL).code == 0
    assert (folder / "out.txt").read_text() == TSV
    many = "lossctl eval p.csv <(cat t.csv) --loss mae -q"
    assert run(many, program=SHELL).out == "1.5\n"
