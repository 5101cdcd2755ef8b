"""A run of `lossctl check` with every output at once, and what it may leave behind."""

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conftest import LOSSCTL, environment

ROWS = 20_000
CHECK = """
[[check]]
name = "{name}"
predictions = "{predictions}"
targets = "zeros.csv"
loss = "mae"
max-loss = {limit}
"""
OLD = {
    "out.json": b"old\n",
    "out.xml": b"<old/>\n",
    "rows.tsv": b"old\n",
    "lossctl-baseline.json": b'{"schema": 1, "checks": {}}\n',
    "summary.md": b"",
}
ALL = ("check", "-o", "out.json", "--junit=out.xml", "--update-baseline")
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md"}
CODES = {"pass": 0, "fail": 1, "error": 3}
_NEW: dict[str, dict[str, bytes]] = {}
"""What a run without a fault writes, by its outcome."""


@dataclass
class Scene:
    """A folder with two checks, and every output as it is before and after a run of them."""

    folder: Path
    code: int
    inputs: set[str]
    new: Mapping[str, bytes] = field(default_factory=dict)

    def reset(self) -> None:
        """Put the old outputs back."""
        for name, content in OLD.items():
            (self.folder / name).write_bytes(content)

    def outputs(self) -> dict[str, bytes]:
        """Return what is there besides the inputs, without what differs from run to run."""
        paths = [path for path in self.folder.iterdir() if path.name not in self.inputs]
        return {path.name: without_times(path.read_bytes()) for path in paths}

    def assert_whole(self, code: int, stray: Callable[[str], bool] = lambda _: False) -> None:
        """Require every file to be the old one or the new one, and the new ones if all passed."""
        found = self.outputs()
        for name, content in found.items():
            if name in OLD:
                assert content in (OLD[name], self.new[name]), name
            else:
                assert stray(name), name
                assert content in self.new.values(), name
        assert found.keys() >= OLD.keys()
        if self.code:
            assert code
        if code in (self.code, 0):
            assert found == self.new


def without_times(content: bytes) -> bytes:
    return re.sub(rb' time="[0-9.e-]+"', b"", content)


def scene_of(folder: Path, outcome: str) -> Scene:
    """Return a scene whose second check passes, fails or cannot be judged."""
    numbers = "".join(f"{row / 4}\n" for row in range(ROWS))
    files: Mapping[str, str] = {
        "quarters.csv": "y\n" + numbers,
        "bad.csv": "y\nn/a\n" + numbers,
        "zeros.csv": "y\n" + "0\n" * ROWS,
        "lossctl.toml": CHECK.format(name="a", predictions="quarters.csv", limit=9999)
        + "per-sample = 'rows.tsv'\n"
        + CHECK.format(
            name="b",
            predictions="bad.csv" if outcome == "error" else "quarters.csv",
            limit=1 if outcome == "fail" else 9999,
        ),
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    scene = Scene(folder, CODES[outcome], set(files))
    if outcome not in _NEW:
        scene.reset()
        done = subprocess.run([LOSSCTL, *ALL], cwd=folder, env=environment(GITHUB), check=False)
        assert done.returncode == scene.code
        _NEW[outcome] = scene.outputs()
        same = {"lossctl-baseline.json"} if scene.code else set()
        assert {name for name, old in OLD.items() if _NEW[outcome].get(name) == old} == same
        assert _NEW[outcome].keys() == OLD.keys()
    scene.new = _NEW[outcome]
    scene.reset()
    return scene
