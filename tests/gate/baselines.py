"""Baselines as `lossctl check` and `lossctl eval` write them, and a check that is held to one."""

import json

from conftest import Outcome, Run

CHECK = ("check", "p.csv", "t.csv", "--loss=mae")  # of 1 and 2: Loss(W) is 1.5
SIGNATURE = "lossctl|0|mae|eps=none|reduction=sum-components,mean-samples|k=1|paired=position"


def entry(**changed: object) -> dict[str, object]:
    return {"mean": 9.0, "n": 2, "signature": SIGNATURE} | changed


def ratchet(losses: object, **more: object) -> str:
    return json.dumps({"schema": 1, "checks": {"p.csv": {"losses": losses}}} | more)


def written(mean: str) -> str:
    return ratchet({"mae": entry(mean="?")}).replace('"?"', mean)


def judged(run: Run, *more: str) -> Outcome:
    return run(*CHECK, "--baseline=base.json", *more)


def report(*losses: object) -> str:
    return json.dumps({"schema": 1, "losses": losses})


GOOD = written("9")
