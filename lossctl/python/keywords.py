"""Messages for those who call `lossctl.evaluate`: options are written as its keywords."""

from __future__ import annotations

import json
import re

from lossctl.evaluation.options import Options
from lossctl.evaluation.rewording import Language

_BARE = re.compile(r"[A-Z]+|(0|[1-9][0-9]*)([.][0-9]+)?")
"""What stands for a value, and numbers, are not quoted."""
_FLAGS = "header", "targets-header", "unlimited"


def _keyword(name: str) -> str:
    return "from_" if name == "from" else name.replace("-", "_")


def _assigned(name: str, value: str) -> str:
    return (
        f"{name}={value}"
        if _BARE.fullmatch(value)
        else f"{name}={json.dumps(value, ensure_ascii=False)}"
    )


PYTHON = Language(
    names={
        option: _keyword(option)
        for option in (name.rstrip("_").replace("_", "-") for name in Options.__annotations__)
    },
    without_value={flag: f"{_keyword(flag)}=True" for flag in _FLAGS}
    | {f"no-{flag}": f"{_keyword(flag)}=False" for flag in _FLAGS},
    assign=_assigned,
    alone="=",
)
"""`--nan skip` is `nan="skip"`, `--no-header` is `header=False`."""
