"""The ratchet: a baseline is written whole, by passing checks, and its numbers only go down."""

import hashlib
import json
from pathlib import Path

import pytest
from baselines import CHECK
from conftest import Run, Write
from ratchets import FILE, HIGHER, LOWER, content, means, update
from samples import snapshot

from lossctl import __version__

pytestmark = pytest.mark.usefixtures("folder")
SIGNATURE = "lossctl|{}|mae|eps=none|reduction=sum-components,mean-samples|n={}|k=1"
SIGNATURE += "|targets=rows|paired=position"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_written(run: Run, folder: Path) -> None:
    outcome = update(run)
    assert (outcome.code, outcome.err.splitlines()) == (
        0,
        [
            f"lossctl: note: {FILE}: written: 1 new (p.csv mae)",
            f"lossctl: hint: to hold the check to it, pass --baseline {FILE}",
        ],
    )
    named = update(run, f"--baseline={FILE}")
    assert (named.code, named.err) == (0, f"lossctl: note: {FILE}: unchanged\n")
    entry = {"mean": 1.5, "n": 2, "signature": SIGNATURE.format(__version__, 2), "stderr": 0.5}
    inputs = {name: sha256(folder / name) for name in ("p.csv", "t.csv")}
    expected = {
        "checks": {"p.csv": {"inputs": inputs, "losses": {"mae": entry}, "targets": ["t.csv"]}},
        "lossctl": __version__,
        "schema": 1,
    }
    assert (folder / FILE).read_text() == json.dumps(expected, indent=2, sort_keys=True) + "\n"
    assert list(content(folder)) == sorted(expected)
    before = (folder / FILE).read_bytes()
    assert update(run).code == 0
    assert (folder / FILE).read_bytes() == before
    assert run(*CHECK, f"--baseline={FILE}").code == 0


def test_numbers_are_written_in_full(run: Run, write: Write, folder: Path) -> None:
    write({"p.csv": "y\n0.1\n0.20000000000000004\n0.3\n", "t.csv": "y\n0\n0\n0\n"})
    assert update(run, "--loss=mse").code == 0
    report = json.loads(run("eval", *CHECK[1:], "-lmse", "--format=json").out)
    found = content(folder)["checks"]["p.csv"]["losses"]
    for loss in report["losses"]:
        assert found[loss["loss"]] == {key: loss[key] for key in found[loss["loss"]]}
    assert run(*CHECK, "--loss=mse", f"--baseline={FILE}").code == 0


def test_it_is_never_written_unasked(run: Run, folder: Path) -> None:
    before = snapshot(folder)
    assert run(*CHECK, f"--baseline={FILE}").code == 4
    assert run(*CHECK, "--max-loss=2").code == 0
    assert snapshot(folder) == before
    assert update(run).code == 0
    (folder / "p.csv").write_text(LOWER)
    before = snapshot(folder)
    assert run(*CHECK, f"--baseline={FILE}").code == 0
    assert snapshot(folder) == before


def test_a_lower_number_is_taken(run: Run, write: Write, folder: Path) -> None:
    assert update(run).code == 0
    write({"p.csv": LOWER})
    assert update(run).code == 0
    assert means(folder) == {"p.csv": {"mae": 1.0}}


def test_a_higher_number_is_refused(run: Run, write: Write, folder: Path) -> None:
    assert update(run).code == 0
    write({"p.csv": HIGHER})
    before = snapshot(folder)
    outcome = update(run)
    assert outcome.code == 1
    assert outcome.err.splitlines() == [
        "lossctl: error: Loss(W) of mae is 2: 33.3% above its baseline 1.5, where "
        "update-baseline allows none",
        "lossctl: hint: to write it all the same: the same command with --allow-increase",
        "lossctl: note: no baseline was written: all checks have to pass",
        "lossctl: error: 1 check: 1 failed",
    ]
    assert snapshot(folder) == before
    assert update(run, "--allow-increase").code == 0
    assert means(folder) == {"p.csv": {"mae": 2.0}}


def test_a_higher_number_within_the_slack_is_not_taken(
    run: Run, write: Write, folder: Path
) -> None:
    assert update(run).code == 0
    before = (folder / FILE).read_text()
    for cell in ("2.000000000000001", "2.000000000002"):
        write({"p.csv": f"y\n1\n{cell}\n"})
        assert update(run).code == 0
        assert means(folder) == {"p.csv": {"mae": 1.5}}
    assert content(folder)["checks"]["p.csv"]["inputs"]["p.csv"] == sha256(folder / "p.csv")
    write({"p.csv": "y\n1\n2\n"})
    assert update(run).code == 0
    assert (folder / FILE).read_text() == before
    write({"p.csv": "y\n1\n2.0000000000032\n"})
    assert update(run).code == 1
    write({"p.csv": "y\n1\n2.000000000002\n"})
    assert update(run, "--allow-increase").code == 0
    assert means(folder) == {"p.csv": {"mae": 1.500000000001}}


def test_max_increase_does_not_let_a_number_creep_up(run: Run, write: Write, folder: Path) -> None:
    assert update(run).code == 0
    write({"p.csv": "y\n1\n2.001\n"})
    before = snapshot(folder)
    creeping = (f"--baseline={FILE}", "--max-increase=10%")
    assert run(*CHECK, *creeping).code == 0
    assert update(run, *creeping).code == 1
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("--max-loss=1.4", 1),
        ("--max-sample=1.8", 1),
        ("--min-rows=3", 1),
        ("--max-stderr=mse=1", 2),
        ("--max-loss=nan", 2),
        ("--id=none", 2),
        ("--format=tsv", 2),
    ],
)
@pytest.mark.parametrize("exists", [True, False], ids=["old", "new"])
def test_nothing_is_written_unless_every_check_passed(
    run: Run, folder: Path, limit: str, code: int, exists: bool
) -> None:
    if exists:
        assert update(run).code == 0
        (folder / "p.csv").write_text(LOWER.replace("\n1\n1", "\n1\n1.9"))
    before = snapshot(folder)
    outcome = update(run, limit, "--allow-increase")
    assert outcome.code == code
    assert snapshot(folder) == before
    assert ": written" not in outcome.err


def test_a_warning_is_a_pass(run: Run, folder: Path) -> None:
    assert update(run, "--warn-loss=0").code == 0
    assert means(folder) == {"p.csv": {"mae": 1.5}}


def test_bad_data_writes_nothing(run: Run, folder: Path) -> None:
    before = snapshot(folder)
    assert run("check", "bad.csv", "t.csv", "--loss=mae", "--update-baseline").code == 3
    assert snapshot(folder) == before


def test_other_losses_and_checks_are_kept(run: Run, write: Write, folder: Path) -> None:
    assert update(run, "--loss=mse").code == 0
    assert update(run, "--name=b").code == 0
    write({"p.csv": LOWER})
    assert update(run).code == 0
    assert means(folder) == {"p.csv": {"mae": 1.0, "mse": 1.25}, "b": {"mae": 1.5}}
    assert run(*CHECK, "--loss=mse", f"--baseline={FILE}").code == 0


def test_a_new_loss_of_a_check_is_added(run: Run, folder: Path) -> None:
    assert update(run).code == 0
    assert run(*CHECK, "-lmse", f"--baseline={FILE}").code == 3
    assert update(run, "--loss=mse").code == 0
    assert set(means(folder)["p.csv"]) == {"mae", "mse"}


def test_what_else_the_file_says_is_kept(run: Run, write: Write, folder: Path) -> None:
    write({FILE: '{"schema": 1, "note": "ours", "lossctl": "0.0.1", "checks": {}}'})
    assert update(run).code == 0
    assert (content(folder)["note"], content(folder)["lossctl"]) == ("ours", __version__)


def test_a_number_that_is_defined_otherwise_is_not_replaced(
    run: Run, write: Write, folder: Path
) -> None:
    assert update(run).code == 0
    write({"p.csv": "y\n0\n\n0.5\n".replace("\n\n", "\nNA\n"), "t.csv": "y\n0\n0\n0\n"})
    before = snapshot(folder)
    outcome = update(run, "--nan=skip")
    assert outcome.code == 3
    assert "was computed in another way: nan is skip here, not set there" in outcome.err
    assert snapshot(folder) == before
    assert update(run, "--nan=skip", "--allow-increase").code == 0
    assert means(folder) == {"p.csv": {"mae": 0.25}}
