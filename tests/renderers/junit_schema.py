"""Validate JUnit files of `lossctl check` with a schema.

Run it by `PYTHONPATH=tests python tests/renderers/junit_schema.py XSD`.

Jenkins publishes one: junit-10.xsd of github.com/jenkinsci/xunit-plugin. It is not copied here;
`junit_rules.py` says in our own words what it demands. This needs lxml.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conftest import LOSSCTL, environment
from test_gate_outputs import HOSTILE, MIXED, SEVENTH, check

FILES = {
    "p.csv": "y\n1\n2\n",
    "t.csv": "y\n0\n0\n",
    "bad.csv": "y\n1\nn/a\n",
    "hostile.csv": "y\n]]>\n2\n",
    "sevenths.csv": f"y\n{SEVENTH!r}\n{SEVENTH!r}\n",
    "base.json": '{"schema": 1, "checks": {}}\n',
}
CASES: Mapping[str, tuple[int, str]] = {
    "pass": (0, check("a")),
    "warning": (0, check("a", "warn-loss = 1")),
    "failure": (1, check("a", "max-loss = 1\nmin-rows = 9")),
    "bad data": (3, check("a", predictions="bad")),
    "bad cell": (3, check("a", predictions="hostile")),
    "no file": (4, check("a", predictions="none")),
    "no baseline": (3, check("a", "baseline = 'base.json'")),
    "mixed": (4, MIXED),
    "many": (1, "".join(check(f"n{number}", f"max-loss = {number % 3}") for number in range(99))),
    "hostile names": (0, "".join(map(check, HOSTILE))),
    "hostile names fail": (1, "".join(check(name, "max-loss = 1") for name in HOSTILE)),
}


def errors_of(schema: Any, folder: Path, case: str) -> list[str]:
    """Return what is wrong with the JUnit file of a run, or with the run itself."""
    from lxml import etree

    expected, config = CASES[case]
    (folder / "lossctl.toml").write_text(config)
    done = subprocess.run(
        [LOSSCTL, "check", "--junit=out.xml"],
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode != expected:
        return [f"exit code {done.returncode}, not {expected}"]
    schema.validate(etree.parse(folder / "out.xml"))
    return [json.dumps(str(error)) for error in schema.error_log]


def main() -> None:
    """Print a line for each case; exit 1 if a file is not valid."""
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(sys.argv[1]))
    with TemporaryDirectory() as name:
        for path, text in FILES.items():
            Path(name, path).write_text(text)
        found = {case: errors_of(schema, Path(name), case) for case in CASES}
    for case, errors in found.items():
        print(f"{case:<20} {'; '.join(errors) or 'valid'}")
    sys.exit(any(found.values()))


if __name__ == "__main__":
    main()
