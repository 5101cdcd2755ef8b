"""A text may be cut off where it ends without a newline at what is bad: that is said first."""

import pytest
from conftest import Run, Write

MAY_BE = "lossctl: hint: the file ends here without a newline, so it may be cut off"
SKIP = "; if it is not: to leave out samples with a missing value, and count them, pass --nan skip"
TARGETS = {"t.csv": "id,y\n1,1\n2,1\n3,1\n"}


def hint(run: Run, name: str, *more: str) -> str:
    outcome = run("eval", name, "t.csv", "--loss=mae", "--id=id", *more)
    assert outcome.code == 3
    return "\n".join(line for line in outcome.err.splitlines() if "hint: " in line)


@pytest.mark.parametrize(
    ("name", "text", "way"),
    [
        ("p.csv", "id,y\n1,1\n2,1\n3,", SKIP),
        ("p.tsv", "id\ty\n1\t1\n2\t1\n3\t", SKIP),
        ("p.csv", 'id,y\n"1",1\n"2",1\n"3",', SKIP),
        ("p.csv", "id,y\n1,1\n2,1\n3", ""),
        ("p.csv", "id,y\n1,1\n2,1\n3,-", ""),
        ("p.csv", 'id,y\n1,1\n2,1\n"3', ""),
        ("p.jsonl", '{"id": 1, "y": 1}\n{"id": 2, "y": 1}\n{"id": 3, "y"', ""),
    ],
)
def test_the_end_is_doubted_first(run: Run, write: Write, name: str, text: str, way: str) -> None:
    write(TARGETS | {name: text})
    assert hint(run, name) == MAY_BE + way


def test_a_check_says_so_in_its_own_words(run: Run, write: Write) -> None:
    check = '[[check]]\nname = "a"\npredictions = "p.csv"\ntargets = "t.csv"\nid = "id"\n'
    write(TARGETS | {"p.csv": "id,y\n1,1\n2,1\n3,", "lossctl.toml": f'{check}loss = "mae"\n'})
    outcome = run("check", "--max-loss=1")
    assert f"{MAY_BE}; if it is not: " in outcome.err
    assert 'write nan = "skip" (in lossctl.toml:1)' in outcome.err


def test_the_end_of_many_rows_is_doubted(run: Run, write: Write) -> None:
    rows = "".join(f"{number},1\n" for number in range(300_000))
    write({"p.csv": f"id,y\n{rows}300000,", "t.csv": "id,y\n1,1\n"})
    assert hint(run, "p.csv") == MAY_BE + SKIP


@pytest.mark.parametrize(
    ("files", "more"),
    [
        ({"q.csv": "a,b\n1,0\n1,0\n", "l.csv": "l\na\nno-lab"}, ["--loss=ce"]),
        ({"q.csv": "p\n1\n1\n", "l.tsv": "l\tm\na\tb\na\t"}, ["--loss=bce", "--pos-label=b"]),
    ],
)
def test_labels_may_be_cut_off(
    run: Run, write: Write, files: dict[str, str], more: list[str]
) -> None:
    write(dict(files))
    outcome = run("eval", *files, *more, *(["--target-col=m"] if "l.tsv" in files else []))
    assert outcome.code == 3
    assert f"\n{MAY_BE}; if it is not: " in outcome.err


@pytest.mark.parametrize(
    "text",
    [
        "id,y\n1,1\n2,1\n3,\n",  # the line has its end
        "id,y\n1,1\n2,\n3,1",  # it is another line
        "y,id\n1,1\n1,2\n,3",  # it is another cell
        "id,y\n1,1\n2,1\n3,1,1",  # a cut makes no row longer
    ],
)
def test_nothing_is_said_where_that_is_no_cause(run: Run, write: Write, text: str) -> None:
    write(TARGETS | {"p.csv": text})
    assert "cut off" not in hint(run, "p.csv")
