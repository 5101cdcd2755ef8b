"""The layers of the house, and what starting a command may import."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "lossctl"

FLOORS = [
    {"base"},
    {"losses", "results", "outputs", "engines"},
    {"tables"},
    {"pairing", "gate"},
    {"evaluation"},
    {"renderers"},
    {"commands"},
    {"cli"},
    {"__main__"},
]


def module_name(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def imports_of(path: Path, registries: bool = False) -> set[str]:
    """Return the modules of the package that a file imports, or names in a registry, anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif registries and isinstance(node, ast.Constant) and isinstance(node.value, str):
            names = [node.value.split(":")[0]]  # "module:attribute"
        found |= {name for name in names if name in MODULES}
    return found - {"lossctl", module_name(path)}


def floor_of(module: str) -> int:
    room = module.split(".")[1]
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


COMMANDS = "lossctl.commands"
OPTIONS = {
    f"{COMMANDS}.{name}"
    for name in ("check.command", "eval", "flags.inputs", "flags.limits", "flags.display")
}  # functions that are long lists
INSIDE = sorted(set(MODULES) - {"lossctl"})


@pytest.mark.parametrize("module", INSIDE)
def test_imports_go_only_downwards(module: str) -> None:
    room = module.split(".")[1]
    upwards = {
        other
        for other in imports_of(MODULES[module], registries=True)
        if other.split(".")[1] != room and floor_of(other) > floor_of(module)
    }
    assert upwards == set()


def test_no_cycle_between_modules() -> None:
    # Registries are left out: what they name is imported when it is used, and imports them back.
    graph = {module: imports_of(MODULES[module]) for module in INSIDE}
    order = list(TopologicalSorter(graph).static_order())  # raises CycleError
    assert set(order) == set(INSIDE)


@pytest.mark.parametrize("module", INSIDE)
def test_modules_and_functions_stay_small(module: str) -> None:
    text = MODULES[module].read_text()
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and module not in OPTIONS:
            assert (node.end_lineno or 0) - node.lineno < 42, node.name


def loaded(code: str, *arguments: str) -> set[str]:
    """Return the modules that were imported after some code has run."""
    report = "\nimport json, sys\nprint('\\n' + json.dumps(list(sys.modules)), file=sys.stderr)"
    run = subprocess.run(
        [sys.executable, "-c", code + report, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(run.stderr.splitlines()[-1]))


CALL = """
import sys
from lossctl.__main__ import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
HEAVY = {"numpy", "pandas", "rich", "scipy", "pyarrow"}
COSTLY = {
    "pandas",
    "junitparser",
    "tomllib",
    "tempfile",
    "concurrent.futures",
    "numpy.typing",
    "pydantic",
}


def test_importing_the_library_imports_nothing_heavy() -> None:
    assert loaded("import lossctl") & HEAVY == set()
    assert "numpy" in loaded("import lossctl; lossctl.evaluate([0.5], [1.0], loss='mse')")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["eval", "--help"], ["check", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    modules = loaded(CALL, *arguments)
    assert modules & HEAVY == set()
    assert "lossctl.evaluation.pipeline" not in modules


@pytest.mark.parametrize("command", [["eval"], ["check", "--max-loss=1"]])
def test_a_small_csv_is_evaluated_without_what_costs_time(command: list[str]) -> None:
    folder = "sample_data/digits"
    modules = loaded(CALL, *command, f"{folder}/preds.csv", f"{folder}/targets.csv", "-lce")
    assert "lossctl.evaluation.pipeline" in modules
    assert modules & COSTLY == set()
    assert "lossctl.commands.losses" not in modules
