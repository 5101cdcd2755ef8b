"""A baseline that was defined otherwise is refused; what does not define the number is not."""

import json

import pytest
from conftest import Run, Write

from lossctl import __version__
from lossctl.results.signature import definition, signature

OPTIONS = ("--loss=ce", "--id=id", "--missing=present", "--nan=skip")
CHECK = ("check", "p.csv", "t.csv", *OPTIONS, "--baseline=base.json")
OURS = (
    "lossctl|0|ce|from=probs|eps=1e-07|reduction=sum-components,mean-samples|n=2|k=2"
    "|targets=rows|paired=id|missing=present(0,0)|nan=skip(0)"
)
FILES = {
    "p.csv": "id,y,z\n1,0.5,0.5\n2,0.25,0.75\n",
    "t.csv": "id,y,z\n1,1,0\n2,0,1\n",
}
DEFINING = {  # what stands there instead, and what is said of it
    "convention": ("lossctl|", "torch|", "convention is lossctl here, torch there"),
    "from": ("from=probs", "from=logits", "from is probs here, logits there"),
    "from unset": ("from=probs|", "", "from is probs here, not set there"),
    "eps": ("eps=1e-07", "eps=none", "eps is 1e-07 here, none there"),
    "eps as written": ("eps=1e-07", "eps=1e-7", "eps is 1e-07 here, 1e-7 there"),
    "reduction": (
        "sum-components",
        "mean-components",
        "reduction is sum-components,mean-samples here, mean-components,mean-samples there",
    ),
    "k": ("k=2", "k=3", "k is 2 here, 3 there"),
    "k unset": ("k=2|", "", "k is 2 here, not set there"),
    "paired": ("paired=id", "paired=position", "paired is id here, position there"),
    "missing otherwise": ("=present(0,0)", "=strict", "missing is present here, strict there"),
    "ignored": ("|nan", "|ignored=-100(3)|nan", "ignored is not set here, -100 there"),
    "repeated": ("|nan", "|repeated-ids=keep(0,1)|nan", "repeated-ids is not set here, keep there"),
    "nan otherwise": ("nan=skip(0)", "nan=error", "nan is skip here, error there"),
    "another fact": ("|nan", "|trim=1|nan", "trim is not set here, 1 there"),
    "two": ("eps=1e-07", "eps=0|w=1", "eps is 1e-07 here, 0 there; w is not set here, 1 there"),
}
IRRELEVANT = {
    "version": ("lossctl|0", "lossctl|99.9.9"),
    "n unset": ("n=2|", ""),
    "targets": ("targets=rows", "targets=labels"),
    "targets unset": ("targets=rows|", ""),
    "missing nothing": ("missing=present(0,0)|", ""),
    "skipping nothing": ("|nan=skip(0)", ""),
    "ignoring nothing": ("|nan", "|ignored=-100(0)|nan"),
    "repeating nothing": ("|nan", "|repeated-ids=first(0,0)|nan"),
    "count of missing": ("present(0,0)", "present(17,4)"),
    "no count of missing": ("present(0,0)", "present"),
    "count of skipped": ("skip(0)", "skip(3)"),
    "order": ("|k=2|targets=rows|paired=id", "|paired=id|targets=rows|k=2"),
}


def ratchet(signed: str) -> str:
    losses = {"ce": {"mean": 0.4905, "n": 2, "signature": signed}}
    return json.dumps({"schema": 1, "checks": {"p.csv": {"losses": losses}}})


def report(signed: str) -> str:
    losses = [{"loss": "ce", "mean": 0.4905, "n": 2, "signature": signed}]
    return json.dumps({"schema": 1, "losses": losses})


def replaced(old: str, new: str) -> str:
    assert OURS.count(old) == 1
    return OURS.replace(old, new)


@pytest.mark.parametrize(("old", "new", "said"), DEFINING.values(), ids=DEFINING)
def test_what_defines_the_number(run: Run, write: Write, old: str, new: str, said: str) -> None:
    write(FILES | {"base.json": ratchet(replaced(old, new))})
    outcome = run(*CHECK)
    assert outcome.code == 3
    assert outcome.err.splitlines() == [
        f"lossctl: error: base.json: its ce of check 'p.csv' was computed in another way: {said}",
        "lossctl: hint: to take today's number: the same command with --update-baseline "
        "--allow-increase",
        "lossctl: error: 1 check: 1 could not be judged",
    ]


@pytest.mark.parametrize(("old", "new"), IRRELEVANT.values(), ids=IRRELEVANT)
def test_what_does_not(run: Run, write: Write, old: str, new: str) -> None:
    write(FILES | {"base.json": ratchet(replaced(old, new))})
    outcome = run(*CHECK)
    assert (outcome.code, outcome.err) == (0, "")


def test_a_report_that_was_defined_otherwise(run: Run, write: Write) -> None:
    write(FILES | {"base.json": report(replaced("eps=1e-07", "eps=0"))})
    outcome = run(*CHECK)
    assert outcome.code == 3
    assert outcome.err.splitlines()[:2] == [
        "lossctl: error: base.json: its ce was computed in another way: eps is 1e-07 here, 0 there",
        "lossctl: hint: evaluate as it was done there, or make it anew",
    ]
    write({"base.json": report(OURS)})
    assert run(*CHECK).code == 0


EVALUATED = {  # with which options the baseline was evaluated, and the check is
    "scale": (["--from=probs"], ["--from=logits"], "from is logits here, probs there"),
    "pairing": (["--id=id"], ["--pred-cols=y,z", "--target-col=y,z"], "paired is position here"),
}


@pytest.mark.parametrize(("before", "now", "said"), EVALUATED.values(), ids=EVALUATED)
def test_options_that_changed(
    run: Run, write: Write, before: list[str], now: list[str], said: str
) -> None:
    write(FILES)
    if "--id=id" not in before:
        write(
            {
                name: text.replace("id,", "").replace("\n1,", "\n").replace("\n2,", "\n")
                for name, text in FILES.items()
            }
        )
    evaluated = run("eval", "p.csv", "t.csv", "--loss=ce", "--format=json", *before)
    write({"base.json": evaluated.out})
    check = ("check", "p.csv", "t.csv", "--loss=ce", "--baseline=base.json", "--max-increase=9")
    assert run(*check, *before).code == 0
    outcome = run(*check, *now)
    assert (outcome.code, said in outcome.err) == (3, True)


def test_more_samples_as_labels_are_the_same_number(run: Run, write: Write) -> None:
    plain = {"p.csv": "y,z\n0.5,0.5\n", "t.csv": "y,z\n1,0\n"}
    write(plain)
    evaluated = run("eval", "p.csv", "t.csv", "--loss=ce", "--format=json")
    write({"base.json": evaluated.out, "p.csv": plain["p.csv"] + "0.5,0.5\n", "t.csv": "y\nz\n"})
    assert run("check", "p.csv", "t.csv", "--loss=ce", "--baseline=base.json").code == 0


def test_a_signature_is_read_as_it_was_written() -> None:
    facts = {"eps": "none", "n": 3, "k": 2, "nan": "skip(3)", "missing": "present(1,2)"}
    line = signature("mae", facts)
    assert line == f"lossctl|{__version__}|mae|eps=none|n=3|k=2|nan=skip(3)|missing=present(1,2)"
    found = {"convention": "lossctl", "loss": "mae", "eps": "none", "k": "2"}
    assert definition(line) == found | {"nan": "skip", "missing": "present"}


NO_SIGNATURES = {
    "": "unpack",
    "a": "unpack",
    "a|b": "unpack",
    "a|b|c|d": "^d$",
    "a|b|c|k=1|k=1": "^k=1$",
    "a|b|c|loss=d": "^loss=d$",
}


@pytest.mark.parametrize(("text", "reason"), NO_SIGNATURES.items())
def test_what_is_no_signature(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        definition(text)
