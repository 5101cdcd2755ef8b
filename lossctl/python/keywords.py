"""Messages for those who call `lossctl.evaluate`: options are written as its keywords."""

from __future__ import annotations

import json
import re

from lossctl.evaluation.options import Options, option_of
from lossctl.evaluation.rewording import Language

_BARE = re.compile(r"[A-Z]+|(0|[1-9][0-9]*)([.][0-9]+)?")
"""What stands for a value, and numbers, are not quoted."""
_FLAGS = "header", "targets_header", "unlimited"


def _assigned(name: str, value: str) -> str:
    return (
        f"{name}={value}"
        if _BARE.fullmatch(value)
        else f"{name}={json.dumps(value, ensure_ascii=False)}"
    )


PYTHON = Language(
    names={option_of(name): name for name in Options.__annotations__},
    without_value={option_of(flag): f"{flag}=True" for flag in _FLAGS}
    | {f"no-{option_of(flag)}": f"{flag}=False" for flag in _FLAGS},
    assign=_assigned,
    alone="=",
)
"""`--nan skip` is `nan="skip"`, `--no-header` is `header=False`."""
